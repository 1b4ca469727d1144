"""How a step is set → sentences that a nurse reads instead of fields."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

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

Values = Mapping[str, Any]  # as in reminders/flow/step_settings.py

AFTER = {
    Anchor.SURGERY: "the operation",
    Anchor.DISCHARGE: "going home",
    Anchor.ENROLMENT: "enrolment",
    Anchor.APPOINTMENT: "the appointment",
    Anchor.HISTOLOGY_RESULT: "the specimen result",
}
AT_ONCE, AT_DISCHARGE = "at_once", "at_discharge"
EVENTS = {AT_ONCE: "at once", AT_DISCHARGE: "when the patient goes home"}
SHIFTS = {
    Shift.NONE: "stays on its day",
    Shift.NEXT_WORKDAY: "moves to the next working day",
    Shift.PREV_WORKDAY: "moves to the working day before",
}
CHANNELS = {Channel.SMS: "text", Channel.EMAIL: "mail", Channel.TASK: "a line on the staff's list"}
PRIVACIES = {
    Privacy.LOCK_SCREEN: "fit for a locked phone",
    Privacy.PRIVATE: "private, so by mail only",
    Privacy.STAFF: "for staff only",
}
ACTIONS: Mapping[str, str] = {
    Action.NONE: "nothing to do",
    Action.STAFF_SAME_DAY: "staff call the same day",
    Action.STAFF_REBOOK: "staff rebook",
    Action.CALLBACK_ROUTINE: "staff call back, not urgent",
}
EVIDENCE = {
    Evidence.REFERENCE: "all of it is in the sources",
    Evidence.MIXED: "partly general knowledge",
    Evidence.GENERAL_KNOWLEDGE: "general knowledge alone",
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
    first, last = values["day_from"], values["day_to"]
    if first is None or last is None:
        return "Not said yet."
    after, at = AFTER.get(values["anchor"], "the day chosen"), values["at"]
    hour = EVENTS.get(at) or f"at {at}"
    if days := values["repeat_days"]:
        every = values["every_working_days"]
        more = f", then every {every} working days" if every else ""
        when = f"{_days(days)} after {after}{more}, {hour}, until day {last}."
    else:
        until = f", no later than day {last}" if last != first else ""
        when = f"{_day(first, after)} {hour}{until}."
    shift, late = values["shift"], values["late_hours"]
    if shift != Shift.NONE and shift in SHIFTS:
        when += f" On a day off it {SHIFTS[shift]}."
    return when + (f" Too late after {late} hours." if late else "")


def _day(day: int, after: str) -> str:
    if day == 0:
        return f"On the day of {after}"
    if day < 0:
        return f"{-day} day{'s' if day < -1 else ''} before {after}"
    return f"Day {day} after {after}"


def _days(days: Sequence[int]) -> str:
    *most, last = (str(day) for day in days)
    return f"Days {', '.join(most)} and {last}" if most else f"Day {last}"


def whom_said(values: Values, *, pathway: PathwayContent) -> str:
    """As in "Only if: dural tear. Not if: fusion."; a step for all of the pathway says so."""
    return " ".join(_whom(values, pathway)) or "For everybody on this pathway."


def _whom(values: Values, pathway: PathwayContent) -> Iterator[str]:
    regions, procedures = values["regions"], values["procedures"]
    if regions and not set(pathway.regions) <= set(regions):
        yield f"Only for: {any_of(regions)} operations."
    if procedures and not set(pathway.procedures) <= set(procedures):
        yield f"Only for: {any_of(procedures)}."
    if groups := [any_of(group) for group in values["requires"] if group]:
        yield f"Only if: {'; and '.join(groups)}."
    if values["excludes"]:
        yield f"Not if: {any_of(values['excludes'])}."


def any_of(names: Iterable[str]) -> str:
    """As in "dural tear, smokes or fusion"."""
    *most, last = (fact_said(name) for name in names)
    return f"{', '.join(most)} or {last}" if most else last


def fact_said(name: str) -> str:
    return gettext(FACT_NAMES.get(name, name.replace("_", " ")))


def how_said(values: Values) -> str:
    """As in "Wound, by text and mail, fit for a locked phone."."""
    category = values["category"]
    kind = str(Category(category).label) if category in set(Category) else "No kind chosen"
    if values["audience"] == Audience.STAFF:
        return f"{kind}, a line on the staff's list."
    by = " and ".join(CHANNELS.get(channel, channel) for channel in values["channels"])
    first = " It goes before others, and somebody calls when it reaches nobody."
    privacy = PRIVACIES.get(values["privacy"], "")
    said = ", ".join(
        part for part in (kind, f"by {by}" if by else "by no way yet", privacy) if part
    )
    return f"{said}.{first if values['is_high_priority'] else ''}"


def answers_said(replies: Sequence[Mapping[str, str]], *, questions: Sequence[str] = ()) -> str:
    """As in "1: well, nothing to do. 2: worse, staff call the same day."."""
    parts = [
        f"{reply['code']}: {reply['meaning'].replace('_', ' ')},"
        f" {ACTIONS.get(reply['action'], reply['action'])}."
        for reply in replies
    ]
    if questions:
        parts.append(f"Its page asks: {', '.join(map(question_said, questions))}.")
    return " ".join(parts) or "It asks for no answer."


def question_said(key: str) -> str:
    """Return a question's line in a table, as the panel calls it."""
    question = shipped_check_in().questions.get(key)
    return question.wording.label["en"].lower() if question else key.replace("_", " ")


def keeps_said(values: Values, *, rules: Mapping[str, RestrictionContent]) -> str:
    """As in "Must keep {emergency}. Speaks of: sitting for long."."""
    parts = []
    if values["must_have"]:
        parts.append(f"Must keep {', '.join(f'{{{name}}}' for name in values['must_have'])}.")
    for field, said in (("restrictions", "Speaks of"), ("permits", "Says may start")):
        if values[field]:
            parts.append(
                f"{said}: {', '.join(activity(key, rules=rules) for key in values[field])}."
            )
    return " ".join(parts) or "Nothing in particular."


def activity(key: str, *, rules: Mapping[str, RestrictionContent]) -> str:
    """Return the activity that a rule of the calendar is about, as the panel calls it."""
    return rules[key].activity.lower() if key in rules else key.replace("_", " ")
