"""How a step is set → sentences that a nurse reads instead of fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language, gettext_lazy, gettext_noop, ngettext, pgettext
from django.utils.translation import gettext as _

from reminders.models import Anchor, Audience, Category
from reminders.pathways.check_in import shipped_check_in
from reminders.rules.content import (
    Action,
    Channel,
    Evidence,
    PathwayContent,
    Privacy,
    RestrictionContent,
    Shift,
)
from reminders.rules.facts import FACT_NAMES
from reminders.staff.meanings import meaning_said
from reminders.staff.shipped_words import shipped_said
from reminders.staff.words import Words

Values = Mapping[str, Any]  # as in reminders/flow/step_settings.py

AFTER: Mapping[str, Words] = {
    Anchor.SURGERY: gettext_lazy("the operation"),
    Anchor.DISCHARGE: gettext_lazy("going home"),
    Anchor.ENROLMENT: gettext_lazy("enrolment"),
    Anchor.APPOINTMENT: gettext_lazy("the appointment"),
    Anchor.HISTOLOGY_RESULT: gettext_lazy("the specimen result"),
}
AT_ONCE, AT_DISCHARGE = "at_once", "at_discharge"
EVENTS: Mapping[str, Words] = {
    AT_ONCE: gettext_lazy("at once"),
    AT_DISCHARGE: gettext_lazy("when the patient goes home"),
}
SHIFTS: Mapping[str, Words] = {
    Shift.NONE: gettext_lazy("stays on its day"),
    Shift.NEXT_WORKDAY: gettext_lazy("moves to the next working day"),
    Shift.PREV_WORKDAY: gettext_lazy("moves to the working day before"),
}
gettext_noop("symptom check")  # as `question_said` calls it
CHANNELS: Mapping[str, Words] = {
    Channel.SMS: gettext_lazy("text"),
    Channel.EMAIL: gettext_lazy("mail"),
    Channel.TASK: gettext_lazy("a line on the staff's list"),
}
PRIVACIES: Mapping[str, Words] = {
    Privacy.LOCK_SCREEN: gettext_lazy("fit for a locked phone"),
    Privacy.PRIVATE: gettext_lazy("private, so by mail only"),
    Privacy.STAFF: gettext_lazy("for staff only"),
}
ACTIONS: Mapping[str, Words] = {
    Action.NONE: gettext_lazy("nothing to do"),
    Action.STAFF_SAME_DAY: gettext_lazy("staff call the same day"),
    Action.STAFF_REBOOK: gettext_lazy("staff rebook"),
    Action.CALLBACK_ROUTINE: gettext_lazy("staff call back, not urgent"),
}
EVIDENCE: Mapping[str, Words] = {
    Evidence.REFERENCE: gettext_lazy("all of it is in the sources"),
    Evidence.MIXED: gettext_lazy("partly general knowledge"),
    Evidence.GENERAL_KNOWLEDGE: gettext_lazy("general knowledge alone"),
}
FOR_WHOM: Mapping[str, Words] = {
    Audience.PATIENT: gettext_lazy("For patients"),
    Audience.CARER: gettext_lazy("For carers"),
    Audience.STAFF: gettext_lazy("For staff"),
}


def said_of(
    values: Values, *, pathway: PathwayContent, rules: Mapping[str, RestrictionContent]
) -> dict[str, str]:
    """Return a line for each part of the settings: when, whom, how, answers, keeps."""
    return {
        "when": when_said(values),
        "whom": whom_said(values, pathway=pathway),
        "how": how_said(values),
        "answers": answers_said(values["replies"], questions=values["questions"]),
        "keeps": keeps_said(values, rules=rules),
    }


def when_said(values: Values) -> str:
    """As in "Day 3 after the operation at 09:30, no later than day 5."."""
    if values["day_from"] is None or values["day_to"] is None:
        return _("Not said yet.")
    when = _repeat_said(values) if values["repeat_days"] else _once_said(values)
    shift, late = values["shift"], values["late_hours"]
    if shift != Shift.NONE and shift in SHIFTS:
        when += " " + _("On a day off it {moves}.").format(moves=SHIFTS[shift])
    if late:
        too_late = ngettext("Too late after {number} hour.", "Too late after {number} hours.", late)
        when += " " + too_late.format(number=late)
    return when


def _once_said(values: Values) -> str:
    first, last = values["day_from"], values["day_to"]
    words = _("{day} {hour}.")
    if last != first:
        words = _("{day} {hour}, no later than day {last}.")
    return words.format(day=_day(first, _event(values)), hour=_hour(values), last=last)


def _repeat_said(values: Values) -> str:
    words = _("{days} after {event}, {hour}, until day {last}.")
    if values["every_working_days"]:
        words = _(
            "{days} after {event}, then every {number} working days, {hour}, until day {last}."
        )
    return words.format(
        days=_days(values["repeat_days"]),
        event=_event(values),
        number=values["every_working_days"],
        hour=_hour(values),
        last=values["day_to"],
    )


def _event(values: Values) -> Words:
    return AFTER.get(values["anchor"]) or _("the day chosen")


def _hour(values: Values) -> Words:
    return EVENTS.get(values["at"]) or _("at {time}").format(time=values["at"])


def _day(day: int, event: Words) -> str:
    if day == 0:
        return _("On the day of {event}").format(event=event)
    if day < 0:
        before = ngettext("{number} day before {event}", "{number} days before {event}", -day)
        return before.format(number=-day, event=event)
    return _("Day {number} after {event}").format(number=day, event=event)


def _days(days: Sequence[int]) -> str:
    *most, last = (str(day) for day in days)
    if not most:
        return _("Day {number}").format(number=last)
    return _("Days {most} and {last}").format(most=", ".join(most), last=last)


def whom_said(values: Values, *, pathway: PathwayContent) -> str:
    """As in "Only if: dural tear. Not if: fusion."; a step for all of the pathway says so."""
    return " ".join(_whom(values, pathway)) or _("For everybody on this pathway.")


def _whom(values: Values, pathway: PathwayContent) -> Iterator[str]:
    regions, procedures = values["regions"], values["procedures"]
    if regions and not set(pathway.regions) <= set(regions):
        yield _("Only for: {regions} operations.").format(regions=any_of(regions))
    if procedures and not set(pathway.procedures) <= set(procedures):
        yield _("Only for: {procedures}.").format(procedures=any_of(procedures))
    if groups := [any_of(group) for group in values["requires"] if group]:
        yield _("Only if: {facts}.").format(facts=_("; and ").join(groups))
    if values["excludes"]:
        yield _("Not if: {facts}.").format(facts=any_of(values["excludes"]))


def any_of(names: Iterable[str]) -> str:
    """As in "dural tear, smokes or fusion"."""
    *most, last = (fact_said(name) for name in names)
    if not most:
        return last
    return pgettext("between two choices", " or ").join((", ".join(most), last))


def fact_said(name: str) -> str:
    """Return a fact, a region or a procedure in the words of the panel."""
    return _(FACT_NAMES.get(name, name.replace("_", " ")))


def how_said(values: Values) -> str:
    """As in "Wound, by text and mail, fit for a locked phone."."""
    category = values["category"]
    kind = str(Category(category).label) if category in set(Category) else _("No kind chosen")
    if values["audience"] == Audience.STAFF:
        return f"{kind}, {CHANNELS[Channel.TASK]}."
    ways = [str(CHANNELS.get(channel, channel)) for channel in values["channels"]]
    by = _("by {ways}").format(ways=_(" and ").join(ways)) if ways else _("by no way yet")
    privacy = str(PRIVACIES.get(values["privacy"], ""))
    said = ", ".join(part for part in (kind, by, privacy) if part) + "."
    if values["is_high_priority"]:
        said += " " + _("It goes before others, and somebody calls when it reaches nobody.")
    return said


def answers_said(replies: Sequence[Mapping[str, str]], *, questions: Sequence[str] = ()) -> str:
    """As in "1: well, nothing to do. 2: worse, staff call the same day."."""
    parts = [
        f"{reply['code']}: {meaning_said(reply['meaning'])},"
        f" {ACTIONS.get(reply['action'], reply['action'])}."
        for reply in replies
    ]
    if questions:
        asked = ", ".join(map(question_said, questions))
        parts.append(_("Its page asks: {questions}.").format(questions=asked))
    return " ".join(parts) or _("It asks for no answer.")


def question_said(key: str) -> str:
    """Return a question's line in a table, as the panel calls it."""
    question = shipped_check_in().questions.get(key)
    if question is None:
        return _(key.replace("_", " "))
    label = question.wording.label
    return label.get(get_language() or "", label["en"]).lower()


def keeps_said(values: Values, *, rules: Mapping[str, RestrictionContent]) -> str:
    """As in "Must keep {emergency}. Speaks of: sitting for long."."""
    parts = []
    if values["must_have"]:
        names = ", ".join(f"{{{name}}}" for name in values["must_have"])
        parts.append(_("Must keep {placeholders}.").format(placeholders=names))
    for field, words in (
        ("restrictions", _("Speaks of: {activities}.")),
        ("permits", _("Says may start: {activities}.")),
    ):
        if keys := values[field]:
            parts.append(
                words.format(activities=", ".join(activity(key, rules=rules) for key in keys))
            )
    return " ".join(parts) or _("Nothing in particular.")


def activity(key: str, *, rules: Mapping[str, RestrictionContent]) -> str:
    """Return the activity that a rule of the calendar is about, as the panel calls it."""
    return shipped_said(rules[key].activity).lower() if key in rules else key.replace("_", " ")
