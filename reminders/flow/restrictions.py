"""An operation and a day → what the patient may do, what not yet, and from when.

The rules are those that the live version of the patient's pathway was signed with, on the clinic's
own days, so that nothing stands there that no clinician has read.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from clinic.models import Surgery, SurgeryStatus
from reminders.flow.calendar import RULES, read_rules, shipped_rules
from reminders.flow.plan import choose, live_steps
from reminders.flow.record import read_record
from reminders.models import Step
from reminders.rules.content import RestrictionContent, RestrictionKind
from reminders.rules.restrictions import first_free_day, rule_in
from reminders.rules.wording import Unfillable


class State(StrEnum):
    """Where one activity stands on the day."""

    NOT_YET = "not_yet"  # held back until `free_on`
    ALLOWED = "allowed"  # its day has come
    UNTIL_TOLD = "until_told"  # no day ends it: as its words say
    ADVICE = "advice"  # said, but holds nothing back


class Problem(StrEnum):
    """Why a picture is empty, or not for the patient's eyes."""

    NONE = ""
    NOT_CONFIRMED = "not_confirmed"  # nobody has said that the operation took place
    NO_LIVE_CONTENT = "no_live_content"  # no signed pathway for this operation


@dataclass(frozen=True, slots=True)
class Restriction:
    """One activity of one patient on one day.

    `title` and `rule` are in `language`: the patient's, the clinic's or English, the first that
    has words. `free_day`, counted from the operation, and `free_on` are None where no day ends it.
    """

    key: str
    title: str
    rule: str
    language: str
    state: State
    free_day: int | None
    free_on: date | None


@dataclass(frozen=True, slots=True)
class RecoveryPicture:
    """All activities of one patient on one day, by the day on which they are free."""

    today: date
    day: int
    restrictions: tuple[Restriction, ...]
    problem: Problem = Problem.NONE


def picture_of(surgery: Surgery, *, today: date) -> RecoveryPicture:
    """Return the recovery picture of this operation on the patient's local day `today`.

    `surgery` comes with its patient and clinic. Reads rows and writes none.
    """
    day = (today - surgery.surgery_date).days
    rules = _signed_rules(surgery)
    if rules is None:
        return RecoveryPicture(today, day, (), Problem.NO_LIVE_CONTENT)
    shown = [_shown(rule, surgery=surgery, day=day) for rule in rules]
    shown.sort(key=lambda one: (one.free_day is None, one.free_day or 0, one.key))
    took_place = surgery.status == SurgeryStatus.CONFIRMED
    problem = Problem.NONE if took_place else Problem.NOT_CONFIRMED
    return RecoveryPicture(today, day, tuple(shown), problem)


def _signed_rules(surgery: Surgery) -> list[RestrictionContent] | None:
    """The rules of the live version that this patient's plan is made from; None without one."""
    clinic = surgery.patient.clinic
    live = live_steps([clinic], now=surgery.enrolled_at)[clinic.pk]
    chosen = choose(live, read_record(surgery, closures=[]))
    if chosen is None:
        return None
    steps = list(Step.objects.filter(pk__in=chosen.ids.values()).select_related("version"))
    kept = next((step.version.head for step in steps), None) or {}
    return list(read_rules(kept.get(RULES, ()))) or _spoken_of(steps)


def _spoken_of(steps: list[Step]) -> list[RestrictionContent]:
    """The rules that shipped, of a version signed before versions kept theirs, if it tells them."""
    keys = {key for step in steps for key in step.restrictions}
    return [rule for key, rule in shipped_rules().items() if key in keys]


def _shown(rule: RestrictionContent, *, surgery: Surgery, day: int) -> Restriction:
    free = first_free_day(rule)
    language, title, words = _words(rule, surgery)
    return Restriction(
        key=rule.key,
        title=title,
        rule=words,
        language=language,
        state=_state(rule, free, day=day),
        free_day=free,
        free_on=None if free is None else surgery.surgery_date + timedelta(days=free),
    )


def _state(rule: RestrictionContent, free: int | None, *, day: int) -> State:
    if rule.kind is RestrictionKind.ADVICE:
        return State.ADVICE
    if free is None:
        return State.UNTIL_TOLD
    return State.NOT_YET if day < free else State.ALLOWED


def _words(rule: RestrictionContent, surgery: Surgery) -> tuple[str, str, str]:
    """Return language, title and rule, in the first language of the patient's that has words."""
    patient, clinic = surgery.patient, surgery.patient.clinic
    wanted = (patient.language, clinic.language, "en")
    language = next((code for code in wanted if code in rule.rule), "en")
    values = {"lift_limit": clinic.lift_limit, "sit_limit": clinic.sit_limit}
    try:
        words = rule_in(rule, language=language, values=values)
    except Unfillable:
        words = ""
    return language, rule.title.get(language, rule.activity), words
