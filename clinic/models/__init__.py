"""Whom we care for: clinics, their staff, patients, operations and consents."""

from clinic.field_words import name_for_the_reader
from clinic.models.access_event import AccessEvent, AccessKind
from clinic.models.carer import Carer, CarerConsent
from clinic.models.channel import Channel, ChannelChoice
from clinic.models.clinic import Clinic, Closure, SymptomCheckMode
from clinic.models.consent import Consent, ConsentSource
from clinic.models.demo_clock import DemoClock
from clinic.models.emergency_access import EmergencyAccess
from clinic.models.hold import AfterHold, Hold
from clinic.models.patient import Patient, PatientStatus
from clinic.models.staff import Role, Staff
from clinic.models.surgery import (
    Anaesthetic,
    Approach,
    Collar,
    Destination,
    HoldKind,
    Indication,
    Procedure,
    Region,
    Side,
    Surgery,
    SurgeryStatus,
    WoundClosure,
)

__all__ = [
    "AccessEvent",
    "AccessKind",
    "AfterHold",
    "Anaesthetic",
    "Approach",
    "Carer",
    "CarerConsent",
    "Channel",
    "ChannelChoice",
    "Clinic",
    "Closure",
    "Collar",
    "Consent",
    "ConsentSource",
    "DemoClock",
    "Destination",
    "EmergencyAccess",
    "Hold",
    "HoldKind",
    "Indication",
    "Patient",
    "PatientStatus",
    "Procedure",
    "Region",
    "Role",
    "Side",
    "Staff",
    "Surgery",
    "SurgeryStatus",
    "SymptomCheckMode",
    "WoundClosure",
]

name_for_the_reader(Carer, CarerConsent, Clinic, Closure, Consent, Patient, Staff, Surgery)
