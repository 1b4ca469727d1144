"""A ward with one of each thing that the panel shows, and every page that it has of it."""

import re
from datetime import date, timedelta

from django.urls import reverse

from clinic.models import Role
from reminders.models import VersionStatus
from reminders.models.instance import Instance, database_identity
from tests.factories import (
    ENROLLED_AT,
    NOON,
    AlertFactory,
    AttemptFactory,
    CarerFactory,
    ClinicFactory,
    ClosureFactory,
    ConsentFactory,
    DeliveryFactory,
    EmergencyAccessFactory,
    PathwayVersionFactory,
    PatientFactory,
    PhoneCallFactory,
    ReminderFactory,
    ReplyFactory,
    SourceFactory,
    StaffFactory,
    StepFactory,
    StepTextFactory,
    SurgeryFactory,
)
from tests.ladders import LadderFactory, RungFactory, ShiftFactory, raised
from tests.signing_in import SignedIn
from tests.staff.spoken_pages import walk

# What a walk along the links does not reach, or reaches with other words.
FURTHER = ("?e=1", "?q=zzz")


def let_send(settings):
    Instance.objects.create(
        pk=Instance.ONLY,
        environment=settings.ENVIRONMENT,
        identity=database_identity(),
        released_at=ENROLLED_AT,
    )


def full_ward():
    """A clinic with one of each thing; return its surgeon."""
    clinic = ClinicFactory(name="Harbourside")
    live = PathwayVersionFactory(pathway__clinic=clinic, number=1, signed=True)
    step = StepFactory(version=live, intent="Walk every day")
    step.sources.add(SourceFactory(title="A handbook"))
    draft = PathwayVersionFactory(
        pathway=live.pathway, number=2, status=VersionStatus.DRAFT, live_from=None
    )
    StepTextFactory(step=StepFactory(version=draft, intent="Climb the stairs"), language="es")
    patient = PatientFactory(clinic=clinic, family_name="Ibanez", birth_date=date(1961, 4, 12))
    surgery = SurgeryFactory(patient=patient, planned_revision=1)
    ConsentFactory(patient=patient)
    CarerFactory(patient=patient)
    ClosureFactory(clinic=clinic)
    ReminderFactory(surgery=surgery, step=step, due_at=NOON + timedelta(days=400))
    sent = DeliveryFactory(reminder__surgery=surgery, text="Walk a little", status="delivered")
    AttemptFactory(delivery=sent, status="accepted")
    DeliveryFactory(reminder__surgery=surgery, text="Rest", status="refused")
    AlertFactory(patient=patient)
    ReplyFactory(by=patient, text="Is it normal that my foot tingles?", status="for_a_person")
    EmergencyAccessFactory(patient=patient)
    PatientFactory(clinic=clinic, mobile_failed_at=NOON)
    SurgeryFactory(patient__clinic=clinic, status="planned")
    ladder = LadderFactory(clinic=clinic)
    RungFactory(ladder=ladder)
    RungFactory(ladder=ladder, after_minutes=10, how="phone", address="020 7946 0109")
    ShiftFactory(clinic=clinic)
    raised(clinic)
    return StaffFactory(clinic=clinic, role=Role.SURGEON, first_name="Tomas", last_name="Reed")


def patient_elsewhere():
    """A patient of another clinic, with something of each kind; emergency access opens them."""
    patient = PatientFactory(
        clinic__name="Riverside", record_number="R-7001", family_name="Quill",
        birth_date=date(1957, 3, 3),
    )  # fmt: skip
    surgery = SurgeryFactory(patient=patient, durotomy=True, planned_revision=1)
    DeliveryFactory(reminder__surgery=surgery, text="Walk a little", status="delivered")
    CarerFactory(patient=patient)
    AlertFactory(patient=patient)
    ReplyFactory(by=patient, text="My foot is numb", status="for_a_person")
    PhoneCallFactory(patient=patient)
    return patient


def empty_ward():
    """A clinic in which nothing has happened yet; return its surgeon."""
    clinic = ClinicFactory(name="Riverside", live_since=None, urgent_phone="", sms_sender="")
    return StaffFactory(clinic=clinic, role=Role.SURGEON, first_name="Ines", last_name="Vale")


def operator():
    return StaffFactory(clinic=None, is_superuser=True, role=Role.MANAGER, first_name="Op")


def signed_in(staff):
    client = SignedIn()
    client.force_login(staff)
    return client


def pages_for(staff):
    """Return the address of every kind of page that links lead this person to."""
    client = signed_in(staff)
    found = [address for address, _texts in walk(client, reverse("admin:index"))]
    lists = [a for a in found if re.fullmatch(r"/staff/\w+/\w+/", a)]
    return [*found, *(a + query for a in lists for query in FURTHER)]
