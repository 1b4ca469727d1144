"""What is known of an operation and its patient → the facts that steps ask for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from reminders.rules.content import StepContent
from reminders.rules.marking import gettext_noop
from reminders.rules.pauses import Pause
from reminders.rules.timing import IsWorkday, QuietHours

# In words, for "because: dural tear" beside a message.
FACT_NAMES = {
    "approach_anterior": gettext_noop("operated from the front of the neck"),
    "brace": gettext_noop("brace"),
    "collar_hard": gettext_noop("hard collar"),
    "collar_soft": gettext_noop("soft collar"),
    "country_gb": gettext_noop("lives in Great Britain"),
    "day_case": gettext_noop("went home the same day"),
    "desk_work": gettext_noop("desk work"),
    "driver": gettext_noop("drives"),
    "durotomy": gettext_noop("dural tear"),
    "emergency_surgery": gettext_noop("emergency operation"),
    "fusion": gettext_noop("fusion"),
    "histology_reviewed": gettext_noop("specimen result reviewed"),
    "histology_sent": gettext_noop("specimen sent"),
    "histology_unexpected": gettext_noop("a clinician talks about the specimen result"),
    "manual_work": gettext_noop("manual work"),
    "not_driving_yet": gettext_noop("not driving yet"),
    "operation_confirmed": gettext_noop("operation confirmed"),
    "opioids": gettext_noop("strong pain tablets"),
    "opt_in_intimacy": gettext_noop("asked for this advice"),
    "patient_told_of_specimen": gettext_noop("was told of the specimen"),
    "review_booked": gettext_noop("review booked"),
    "smoker": gettext_noop("smokes"),
    "staples": gettext_noop("staples"),
    "stitches_removable": gettext_noop("stitches to remove"),
    "tumour_indication": gettext_noop("operated for a tumour"),
    "weight_goal_agreed": gettext_noop("agreed a weight goal"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """All that a plan is made from, read once. Dates are the patient's local dates."""

    procedure: str
    region: str
    facts: frozenset[str]
    surgery_date: date
    enrolled_at: datetime
    tz: ZoneInfo
    quiet: QuietHours
    is_workday: IsWorkday
    discharge_date: date | None = None
    histology_result_date: date | None = None
    appointment_at: datetime | None = None
    operation_confirmed: bool = False
    texts_a_day: int = 2
    # First free days that a clinician has set for this patient, by rule of the activity calendar.
    new_days: Mapping[str, int] = field(default_factory=dict)
    hold: str = ""  # a ReminderReason: the plan waits
    hold_kind: str = ""  # a HoldKind: it says what goes on meanwhile; empty: nothing for patients
    pauses: tuple[Pause, ...] = ()  # the holds that have ended
    stop: str = ""  # a ReminderReason: nothing is asked for any more
    # How many texts staff sent by hand on a day: they count among those of the day.
    texts_by_hand: Mapping[date, int] = field(default_factory=dict)
    carer_id: int | None = None  # whose plan it is, when it is that of one of the carers


def applies(step: StepContent, record: Record) -> bool:
    """True when the step is for this region, procedure and set of facts.

    A thoracic or mixed operation gets the steps of both regions (clinical.md 1c, region).
    """
    return (
        _region_fits(step.regions, record.region)
        and (not step.procedures or record.procedure in step.procedures)
        and all(any(fact in record.facts for fact in group) for group in step.requires)
        and not any(fact in record.facts for fact in step.excludes)
    )


def _region_fits(regions: Sequence[str], region: str) -> bool:
    return not regions or region in regions or region in ("thoracic", "mixed")


def because(step: StepContent, facts: Iterable[str]) -> str:
    """Say which facts brought the step in, as in "dural tear, day case"; empty for everybody's."""
    known = set(facts)
    met = [fact for group in step.requires for fact in group if fact in known]
    return ", ".join(FACT_NAMES.get(fact, fact.replace("_", " ")) for fact in met)
