"""What a pathway is made of: plain, frozen values that the editor, the loader and the linter share.

`reminders/pathways/reading.py` makes them from the YAML files.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import time
from enum import StrEnum

GENERAL_KNOWLEDGE = "GK"  # the source key that means: no reference, a clinician must review it


class Category(StrEnum):
    ACTIVITY = "activity"
    APPOINTMENT = "appointment"
    CHECK_IN = "check_in"
    HISTOLOGY = "histology"
    LIFESTYLE = "lifestyle"
    MEDICATION = "medication"
    PHYSIO = "physio"
    WARNING_SIGNS = "warning_signs"
    WOUND = "wound"


class Audience(StrEnum):
    PATIENT = "patient"
    CARER = "carer"
    STAFF = "staff"


class Anchor(StrEnum):
    """The date that a step's days are counted from; without that date the step plans nothing."""

    SURGERY = "surgery_date"
    DISCHARGE = "discharge_date"
    ENROLMENT = "enrolment_date"
    APPOINTMENT = "appointment_date"
    HISTOLOGY_RESULT = "histology_result_date"


class Shift(StrEnum):
    """What a day off does to the day of a step."""

    NONE = "none"
    NEXT_WORKDAY = "next_workday"
    PREV_WORKDAY = "prev_workday"


class Region(StrEnum):
    LUMBAR = "lumbar"
    CERVICAL = "cervical"


class Channel(StrEnum):
    SMS = "sms"
    EMAIL = "email"
    TASK = "task"  # for staff: a line on their list


class Privacy(StrEnum):
    LOCK_SCREEN = "P1"  # fit for any lock screen
    PRIVATE = "P2"  # by email or behind the patient's link only
    STAFF = "staff"


class Priority(StrEnum):
    HIGH = "high"
    NORMAL = "normal"


class Action(StrEnum):
    """What an answer starts."""

    NONE = "none"
    STAFF_SAME_DAY = "staff_same_day"
    STAFF_REBOOK = "staff_rebook"
    CALLBACK_ROUTINE = "callback_routine"


class Evidence(StrEnum):
    REFERENCE = "ref"
    MIXED = "mixed"
    GENERAL_KNOWLEDGE = "gk"


class Grade(StrEnum):
    """Weight of a source. A and B may carry a message alone; C and M only show a range."""

    A = "A"
    B = "B"
    C = "C"
    M = "M"
    NONE = "-"


@dataclass(frozen=True, slots=True)
class SourceContent:
    key: str
    title: str
    publisher: str
    date: str  # as on the document; "stored copy, undated" when it bears none
    where: str
    grade: Grade
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReplyContent:
    code: str  # what the patient types
    meaning: str
    action: Action


@dataclass(frozen=True, slots=True)
class StepTexts:
    """The words of one step in one language. An empty text is one that the step does not have."""

    sms: str = ""
    sms_detailed: str = ""  # instead of `sms`, for a patient who agreed to detailed texts
    subject: str = ""
    heading: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class StepContent:
    """One message, or one task for staff, and when it is due.

    Due: `day_from` calendar days after the anchor (or each of `repeat_days` instead, then every
    `every_working_days` working days), at `at` on the local clock. Too late: at the local end of
    `day_to`, and, where `late_hours` is set, that many hours after the due moment if that is
    sooner. `requires`: in each group at least one fact holds; `excludes`: none of them holds.
    `regions` and `procedures`: empty means any.
    """

    key: str
    category: Category
    intent: str
    day_from: int
    day_to: int
    at: str  # "HH:MM", "at_once" or "at_discharge"
    evidence: Evidence
    sources: tuple[str, ...]
    audience: Audience = Audience.PATIENT
    anchor: Anchor = Anchor.SURGERY
    repeat_days: tuple[int, ...] = ()
    every_working_days: int | None = None
    shift: Shift = Shift.NONE
    late_hours: int | None = None
    regions: tuple[Region, ...] = ()
    procedures: tuple[str, ...] = ()
    requires: tuple[tuple[str, ...], ...] = ()
    excludes: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = (Channel.SMS, Channel.EMAIL)
    privacy: Privacy = Privacy.LOCK_SCREEN
    priority: Priority = Priority.NORMAL
    must_have: tuple[str, ...] = ()
    replies: tuple[ReplyContent, ...] = ()
    questions: tuple[str, ...] = ()  # what its page asks, keys of check_in.yaml
    staff_action: str = ""
    restrictions: tuple[str, ...] = ()
    permits: tuple[str, ...] = ()
    range_note: str = ""
    texts: Mapping[str, StepTexts] = field(default_factory=dict)  # by language code

    @property
    def local_time(self) -> time | None:
        """The time on the patient's wall, or None when the step goes out at its event."""
        return time.fromisoformat(self.at) if ":" in self.at else None

    @property
    def due_days(self) -> tuple[int, ...]:
        """The days on which it is due, counted from the anchor."""
        return self.repeat_days or (self.day_from,)

    @property
    def for_patients(self) -> bool:
        return self.audience is Audience.PATIENT

    @property
    def is_sent(self) -> bool:
        """True when somebody outside reads it: a patient or a carer, and not only staff."""
        return self.audience is not Audience.STAFF


@dataclass(frozen=True, slots=True)
class LanguagePack:
    """The head of one language file. A pack that is not complete is never offered to patients."""

    language: str
    title: str
    version: str
    licence: str
    review_status: str
    complete: bool = True


class RestrictionKind(StrEnum):
    LIMIT = "limit"  # avoided or limited from `day_from` until the start of `day_to`
    START = "start"  # begins between `day_from` and `day_to`, not before
    ADVICE = "advice"  # said, but holds nothing back


@dataclass(frozen=True, slots=True)
class RestrictionContent:
    """One rule of the activity calendar. Days are counted from the operation.

    `day_to` None: no day ends it, `until` says in words what does. `reviewed_days`: the earliest
    and the latest end (of a start: beginning) that a clinic may set without a new review; None
    where the sources give no days. `regions` and `pathways`: empty means any. `activity` is the
    panel's word for it, `title` the patient's, by language.
    """

    key: str
    activity: str
    day_from: int
    day_to: int | None
    kind: RestrictionKind = RestrictionKind.LIMIT
    until: str = ""
    reviewed_days: tuple[int, int] | None = None
    range_note: str = ""
    title: Mapping[str, str] = field(default_factory=dict)  # by language code
    rule: Mapping[str, str] = field(default_factory=dict)  # by language code
    sources: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    regions: tuple[Region, ...] = ()
    pathways: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForbiddenWord:
    """A word or phrase that a text may not hold, and why."""

    word: str
    why: str
    topic: str = ""  # of a private word: what it would give away


@dataclass(frozen=True, slots=True)
class PathwayContent:
    """All that a version of a pathway says.

    `restriction_days`: the clinic's own days in place of the calendar's, by the key of the rule.
    `calendar`: the activity rules as they were when the version was handed in for review, with
    those days put in; empty until then, when the rules that ship are meant.
    """

    key: str
    title: str
    version: str
    licence: str
    review_status: str
    regions: tuple[Region, ...]
    procedures: tuple[str, ...]
    steps: tuple[StepContent, ...]
    packs: tuple[LanguagePack, ...]
    requires: tuple[tuple[str, ...], ...] = ()  # facts of the operation that the pathway is for
    excludes: tuple[str, ...] = ()  # any of these facts rules the pathway out
    based_on: str = ""
    restriction_days: Mapping[str, int] = field(default_factory=dict)
    calendar: tuple[RestrictionContent, ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(pack.language for pack in self.packs)

    def step(self, key: str) -> StepContent:
        """Return the step of that key; KeyError if the pathway has none."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(key)

    @property
    def digest(self) -> str:
        """sha256 (hex) of all that the pathway says: equal content, equal digest, anywhere.

        What came later than the first digests counts only where it says something.
        """
        said = asdict(self)
        for name in ("restriction_days", "calendar"):
            if not said[name]:
                del said[name]
        canonical = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
