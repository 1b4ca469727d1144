"""An operation and a day → what the patient may do, what not yet, and from when.

Only what clinicians have signed: the rules that the live version of the patient's pathway carries,
with what a clinician has decided for this patient. It feeds the recovery picture of the patient's
page and of the panel.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils import timezone

from clinic.models import Surgery, SurgeryStatus
from reminders.flow.calendar import RULES, read_rules
from reminders.flow.limits import newest_changes
from reminders.flow.plan import LiveSteps, choose
from reminders.flow.record import read_record
from reminders.models import ChangeKind, PathwayVersion, RestrictionChange
from reminders.rules.content import RestrictionContent, RestrictionKind
from reminders.rules.language import EVERYWHERE, language_of
from reminders.rules.restrictions import first_free_day, rule_in, with_free_day
from reminders.rules.wording import Unfillable


class State(StrEnum):
    """Where one activity stands on the day."""

    NOT_YET = "not_yet"  # held back until `free_on`
    ALLOWED = "allowed"  # its day has come, or a clinician released it
    UNTIL_TOLD = "until_told"  # no day ends it: until the surgeon says, or as its words say
    ADVICE = "advice"  # said, but holds nothing back


class Problem(StrEnum):
    """Why a picture is empty, or not for the patient's eyes."""

    NONE = ""
    NOT_CONFIRMED = "not_confirmed"  # nobody has said that the operation took place
    NO_LIVE_CONTENT = "no_live_content"  # no signed pathway for this operation
    NO_SIGNED_CALENDAR = "no_signed_calendar"  # signed before the calendar was part of it


@dataclass(frozen=True, slots=True)
class Restriction:
    """One activity of one patient on one day.

    `title` and `rule` are in `language`: the patient's, the clinic's or English, the first that
    has words; `rule` is empty where the clinic lacks a value that it names. `activity` and `until`
    are the panel's English words. Days count from the operation. `calendar_day` is the clinic's
    own first free day, before `change`; `free_day` and `free_on` are None where no day ends it.
    """

    key: str
    activity: str
    title: str
    rule: str
    language: str
    kind: RestrictionKind
    state: State
    from_day: int
    free_day: int | None
    free_on: date | None
    calendar_day: int | None
    reviewed_days: tuple[int, int] | None
    until: str
    change: RestrictionChange | None


@dataclass(frozen=True, slots=True)
class RecoveryPicture:
    """All activities of one patient on one day, by the day on which they are free.

    With a `problem` it is not shown to the patient; the panel shows what there is, and why.
    """

    today: date
    day: int
    restrictions: tuple[Restriction, ...]
    problem: Problem = Problem.NONE


def picture_of(surgery: Surgery, *, today: date) -> RecoveryPicture:
    """Return the recovery picture of this operation on the patient's local day `today`.

    Reads the live versions of the clinic and the decisions about this operation: two queries.
    `surgery` comes with its patient and clinic.
    """
    day = (today - surgery.surgery_date).days
    version = live_version_of(surgery)
    if version is None:
        return RecoveryPicture(today, day, (), Problem.NO_LIVE_CONTENT)
    rules = read_rules(version.head.get(RULES, ()))
    if not rules:
        return RecoveryPicture(today, day, (), Problem.NO_SIGNED_CALENDAR)
    changes = newest_changes(surgery)
    shown = [_shown(rule, changes.get(rule.key), surgery=surgery, day=day) for rule in rules]
    shown.sort(key=lambda one: (one.free_day is None, one.free_day or 0, one.key))
    took_place = surgery.status == SurgeryStatus.CONFIRMED
    problem = Problem.NONE if took_place else Problem.NOT_CONFIRMED
    return RecoveryPicture(today, day, tuple(shown), problem)


def live_version_of(surgery: Surgery) -> PathwayVersion | None:
    """Return the live version that this operation is planned from; None where none fits."""
    versions = {
        version.pathway_id: version
        for version in PathwayVersion.objects.live()
        .filter(pathway__clinic=surgery.patient.clinic_id)
        .select_related("pathway")
        .order_by("pathway__title")
    }
    live = [LiveSteps(version.pathway, steps=(), ids={}) for version in versions.values()]
    chosen = choose(live, read_record(surgery, closures=[]))
    return None if chosen is None else versions[chosen.pathway.pk]


def rules_of(surgery: Surgery) -> tuple[RestrictionContent, ...]:
    """Return the signed rules for this operation; empty where there are none."""
    version = live_version_of(surgery)
    return () if version is None else read_rules(version.head.get(RULES, ()))


def _shown(
    rule: RestrictionContent, change: RestrictionChange | None, *, surgery: Surgery, day: int
) -> Restriction:
    own = _decided(rule, change, surgery)
    free = first_free_day(own)
    language, title, words = _words(own, surgery)
    return Restriction(
        key=rule.key,
        activity=rule.activity,
        title=title,
        rule=words,
        language=language,
        kind=rule.kind,
        state=_state(own, free, day=day),
        from_day=rule.day_from if rule.kind is not RestrictionKind.START else 0,
        free_day=free,
        free_on=None if free is None else surgery.surgery_date + timedelta(days=free),
        calendar_day=first_free_day(rule),
        reviewed_days=rule.reviewed_days,
        until=own.until,
        change=None if change is None or change.kind == ChangeKind.AS_CALENDAR else change,
    )


def _decided(
    rule: RestrictionContent, change: RestrictionChange | None, surgery: Surgery
) -> RestrictionContent:
    """Return the rule with what a clinician has decided for this patient."""
    if change is None or rule.kind is RestrictionKind.ADVICE:
        return rule
    if change.kind == ChangeKind.NEW_DAY and change.first_free_day is not None:
        return with_free_day(rule, day=change.first_free_day)
    if change.kind == ChangeKind.RELEASED:
        said_on = timezone.localdate(change.at, surgery.patient.tz)
        since, free = (said_on - surgery.surgery_date).days, first_free_day(rule)
        return with_free_day(rule, day=since if free is None else min(free, since))
    return rule


def _state(rule: RestrictionContent, free: int | None, *, day: int) -> State:
    if rule.kind is RestrictionKind.ADVICE:
        return State.ADVICE
    if free is None:
        return State.UNTIL_TOLD
    return State.NOT_YET if day < free else State.ALLOWED


def _words(rule: RestrictionContent, surgery: Surgery) -> tuple[str, str, str]:
    """Return language, title and rule, in the first language of the patient's that has words."""
    patient, clinic = surgery.patient, surgery.patient.clinic
    spoken = language_of(rule.rule, patient=patient.language, clinic=clinic.language)
    language = spoken or EVERYWHERE
    values = {"lift_limit": clinic.lift_limit, "sit_limit": clinic.sit_limit}
    try:
        words = rule_in(rule, language=language, values=values)
    except Unfillable:
        words = ""
    return language, rule.title.get(language, rule.activity), words
