"""Who is in the demo: made-up people with numbers and addresses that nobody has.

Telephone numbers are from the drama ranges of the British plan; mail addresses end in the names
that are kept for examples.
"""

from dataclasses import dataclass, field
from datetime import date

from clinic.models import ChannelChoice, Role, SurgeryStatus

CLINIC_KEY = "harbourside"
PASSWORD = "demo-aftercare"  # noqa: S105 - the demo's, printed at its start


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of the demo clinic's staff."""

    username: str
    first_name: str
    last_name: str
    role: Role
    registration_number: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Character:
    """A patient of the demo. `operated` is in days from today; enrolled ten days before that."""

    record_number: str
    given_name: str
    family_name: str
    birth_date: date
    operated: int
    status: SurgeryStatus = SurgeryStatus.CONFIRMED
    channels: ChannelChoice = ChannelChoice.BOTH
    levels: str = "L4/5"
    side: str = "left"
    facts: dict[str, object] = field(default_factory=dict)
    hold_reason: str = ""
    answers: str = ""  # how they answer check-ins: sms, page, or not at all
    pain: tuple[int, int] = (7, 6)  # of leg and back on the day of the operation
    eases_in_days: int = 6  # one point less after so many days
    detailed_sms: bool = False

    def pain_on(self, day: int, *, turn: int) -> int:
        """Return the pain of leg (turn 0) or back on a day, 0 to 10; it eases, and not evenly."""
        dip = 1 if day % 14 == 0 else 0
        return min(10, max(0, self.pain[min(turn, 1)] - day // self.eases_in_days + dip))

    @property
    def mobile(self) -> str:
        return f"+4477009001{int(self.record_number[-2:]):02d}"

    @property
    def email(self) -> str:
        return f"{self.given_name}.{self.family_name}@example.com".lower().replace(" ", "")


COLLEAGUES = (
    Colleague("author", "Wren", "Abbot", Role.MANAGER),
    Colleague("surgeon", "Imogen", "Vale", Role.SURGEON, "DEMO-GMC-1001", "+447700900801"),
    Colleague("nurse", "Tomas", "Reed", Role.NURSE, "DEMO-NMC-2002", "+447700900802"),
    Colleague("physio", "Leila", "Marsh", Role.PHYSIOTHERAPIST, "DEMO-HCPC-3003", "+447700900803"),
    Colleague("reception", "Jo", "Finch", Role.RECEPTION),
)

PATIENTS = (
    Character(
        "D-0001", "Rosa", "Ibanez", date(1961, 4, 12), -10,
        facts={"wound_closure": "stitches", "driver": True, "desk_work": True, "durotomy": True},
        answers="sms", pain=(8, 6), eases_in_days=3,
    ),
    Character(
        "D-0002", "Henry", "Okafor", date(1974, 9, 30), -3, levels="L5/S1", side="right",
        facts={"day_case": True, "opioids": True, "driver": True},
    ),
    Character(
        "D-0003", "Mei", "Tanaka", date(1988, 1, 7), 6, SurgeryStatus.PLANNED,
        facts={"smoker": True, "driver": True}, answers="sms",
    ),
    Character(
        "D-0004", "Piotr", "Zielinski", date(1955, 11, 2), -1, SurgeryStatus.PLANNED,
        levels="L3/4", facts={"driver": True},
    ),
    Character(
        "D-0005", "Amara", "Nwosu", date(1969, 6, 21), -20, side="right",
        facts={"smoker": True, "histology_sent": True, "patient_told_of_specimen": True},
        answers="page", pain=(6, 7), eases_in_days=5,
    ),
    Character(
        "D-0006", "Gwen", "Pritchard", date(1948, 3, 15), -41, levels="L4/5, L5/S1",
        side="bilateral", facts={"opioids": True},
        answers="sms", pain=(8, 7), eases_in_days=7, detailed_sms=True,
    ),
    Character(
        "D-0007", "Daniel", "Rossi", date(1992, 12, 5), -27, channels=ChannelChoice.EMAIL,
        facts={"manual_work": True, "driver": True},
        answers="page", pain=(5, 6), eases_in_days=4,
    ),
    Character(
        "D-0008", "Sofia", "Lindqvist", date(1980, 8, 19), -6,
        hold_reason="Back on the ward with a fever", facts={"desk_work": True},
    ),
)  # fmt: skip

# Of the second clinic, for trying emergency access: the door's page names number and birth date.
ELSEWHERE = Character(
    "R-7071", "Vera", "Novak", date(1957, 3, 3), -9, levels="L3/4, L4/5", side="bilateral",
    facts={"procedure": "laminectomy", "durotomy": True, "drain": True, "opioids": True,
           "wound_closure": "staples"},
)  # fmt: skip
