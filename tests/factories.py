"""Rows for tests. A test names only what it is about; these fill in the rest.

The patient of a plain `SurgeryFactory()` was operated on the day before NOON, consented to both
channels, and belongs to a clinic that may send. Numbers and addresses are from drama ranges.
"""

import uuid
from datetime import UTC, date, datetime, timedelta

import factory
from factory.django import DjangoModelFactory

from clinic.models import (
    Carer,
    CarerConsent,
    Channel,
    Clinic,
    Closure,
    Consent,
    ConsentSource,
    EmergencyAccess,
    Hold,
    HoldKind,
    Patient,
    Role,
    Staff,
    Surgery,
    SurgeryStatus,
)
from reminders.models import (
    AgreedTo,
    Alert,
    AlertKind,
    AlertStatus,
    Anchor,
    Attempt,
    AttemptStatus,
    Category,
    ChangeKind,
    CheckIn,
    CheckInAnswer,
    Delivery,
    DeliveryStatus,
    Export,
    Pathway,
    PathwayVersion,
    PhoneCall,
    PlanAgreement,
    Privacy,
    PulledStep,
    Reached,
    Receipt,
    Reminder,
    ReminderStatus,
    Reply,
    ReplyStatus,
    RestrictionChange,
    Signature,
    Source,
    Step,
    StepText,
    Tier,
    VersionEvent,
    VersionEventKind,
    VersionStatus,
)

NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)  # a Tuesday; 12:00 in London too
OPERATED_ON = date(2026, 3, 2)
ENROLLED_AT = datetime(2026, 2, 16, 10, 0, tzinfo=UTC)


class ClinicFactory(DjangoModelFactory):
    class Meta:
        model = Clinic

    key = factory.Sequence("clinic-{}".format)
    name = factory.Sequence("Harbourside Clinic {}".format)
    sender_name = "Harbourside Care"
    country = "GB"
    subdivision = "ENG"
    zone = "Europe/London"
    phone = "020 7946 0100"
    urgent_phone = "020 7946 0101"
    emergency_phone = "999"
    # Patients live on 07700 900000-899; texts come from elsewhere, no two clinics' from one number.
    sms_sender = factory.Sequence(lambda n: f"+1{201 + n // 100 % 700}55501{n % 100:02}")
    email_sender = "care@example.org"
    staff_email = "desk@example.org"
    live_since = ENROLLED_AT


class ClosureFactory(DjangoModelFactory):
    class Meta:
        model = Closure

    clinic = factory.SubFactory(ClinicFactory)
    first_day = date(2026, 3, 9)
    last_day = factory.SelfAttribute("first_day")


class StaffFactory(DjangoModelFactory):
    class Meta:
        model = Staff

    clinic = factory.SubFactory(ClinicFactory)
    username = factory.Sequence("staff-{}".format)
    role = Role.NURSE
    registration_number = factory.Sequence("NMC{:06}".format)
    is_staff = True
    email = factory.LazyAttribute(lambda staff: f"{staff.username}@example.org")


class PatientFactory(DjangoModelFactory):
    """`consented` names the channels the patient said yes to; `consented=()` for none."""

    class Meta:
        model = Patient
        skip_postgeneration_save = True

    clinic = factory.SubFactory(ClinicFactory)
    record_number = factory.Sequence("R{:05}".format)
    given_name = "Ana"
    family_name = factory.Sequence("Example{}".format)
    mobile = factory.Sequence(lambda n: f"+447700900{n % 900:03}")
    email = factory.Sequence("patient-{}@example.com".format)

    @factory.post_generation
    def consented(self, create, channels, **_):
        asked = Channel if channels is None else channels
        for channel in asked if create else ():
            ConsentFactory(patient=self, channel=channel)


class ConsentFactory(DjangoModelFactory):
    class Meta:
        model = Consent

    patient = factory.SubFactory(PatientFactory)
    channel = Channel.SMS
    given = True
    at = ENROLLED_AT
    source = ConsentSource.IMPORT
    wording = "May we text and mail you?"


class CarerFactory(DjangoModelFactory):
    """Somebody whom the patient wants told. `consented` as for a patient."""

    class Meta:
        model = Carer
        skip_postgeneration_save = True

    patient = factory.SubFactory(PatientFactory)
    name = factory.Sequence("Ben Carer{}".format)
    relation = "partner"
    # French drama numbers, so that none is a patient's by chance.
    mobile = factory.Sequence(lambda n: f"+3363998{n % 10_000:04}")
    email = factory.Sequence("carer-{}@example.com".format)
    allowed_at = ENROLLED_AT
    allowed_wording = "May we tell your partner?"

    @factory.post_generation
    def consented(self, create, channels, **_):
        asked = Channel if channels is None else channels
        for channel in asked if create else ():
            CarerConsentFactory(carer=self, channel=channel)


class CarerConsentFactory(DjangoModelFactory):
    class Meta:
        model = CarerConsent

    carer = factory.SubFactory(CarerFactory)
    channel = Channel.SMS
    given = True
    at = ENROLLED_AT
    source = ConsentSource.IMPORT
    wording = "May we text and mail you?"


class SurgeryFactory(DjangoModelFactory):
    """An operation that took place. Stale, as any new one: nobody has planned it yet."""

    class Meta:
        model = Surgery

    patient = factory.SubFactory(PatientFactory)
    status = SurgeryStatus.CONFIRMED
    surgery_date = OPERATED_ON
    enrolled_at = ENROLLED_AT


class PathwayFactory(DjangoModelFactory):
    class Meta:
        model = Pathway

    clinic = factory.SubFactory(ClinicFactory)
    key = factory.Sequence("pathway-{:06}".format)
    title = factory.Sequence("After a lumbar operation {:06}".format)


class PathwayVersionFactory(DjangoModelFactory):
    """A live version, sealed. `signed=True` adds the signatures that it would have."""

    class Meta:
        model = PathwayVersion
        skip_postgeneration_save = True

    pathway = factory.SubFactory(PathwayFactory)
    number = factory.Sequence(lambda n: n + 1)
    label = factory.Sequence("1.{}".format)
    status = VersionStatus.LIVE
    digest = factory.Sequence("{:064x}".format)
    created_at = ENROLLED_AT
    live_from = ENROLLED_AT
    sealed = factory.LazyAttribute(lambda version: version.status == VersionStatus.LIVE)

    @factory.post_generation
    def signed(self, create, signed, **_):
        if signed and create:
            for role in (Role.SURGEON, Role.NURSE, Role.PHYSIOTHERAPIST):
                signer = StaffFactory(clinic=self.pathway.clinic, role=role)
                SignatureFactory(version=self, signer=signer)


class SignatureFactory(DjangoModelFactory):
    class Meta:
        model = Signature

    version = factory.SubFactory(PathwayVersionFactory)
    signer = factory.SubFactory(
        StaffFactory, clinic=factory.SelfAttribute("..version.pathway.clinic")
    )
    role = factory.SelfAttribute("signer.role")
    registration_number = factory.SelfAttribute("signer.registration_number")
    signed_at = ENROLLED_AT
    digest = factory.SelfAttribute("version.digest")


class VersionEventFactory(DjangoModelFactory):
    class Meta:
        model = VersionEvent

    version = factory.SubFactory(PathwayVersionFactory)
    kind = VersionEventKind.LOADED
    at = ENROLLED_AT
    digest = factory.SelfAttribute("version.digest")


class RestrictionChangeFactory(DjangoModelFactory):
    class Meta:
        model = RestrictionChange

    surgery = factory.SubFactory(SurgeryFactory)
    restriction_key = "swim"
    kind = ChangeKind.RELEASED
    by = factory.SubFactory(StaffFactory, clinic=factory.SelfAttribute("..surgery.patient.clinic"))
    at = NOON
    reason = "The wound has healed well"


class HoldFactory(DjangoModelFactory):
    """A hold that has ended; `ended_at=None` for an open one."""

    class Meta:
        model = Hold

    surgery = factory.SubFactory(SurgeryFactory)
    kind = HoldKind.HOSPITAL
    reason = "Back on the ward"
    began_at = NOON
    ended_at = NOON + timedelta(days=1)


class PlanAgreementFactory(DjangoModelFactory):
    class Meta:
        model = PlanAgreement

    surgery = factory.SubFactory(SurgeryFactory)
    what = AgreedTo.MOVE
    counts = factory.LazyFunction(dict)
    difference = factory.LazyFunction(dict)
    by = factory.SubFactory(StaffFactory, clinic=factory.SelfAttribute("..surgery.patient.clinic"))
    at = NOON


class PulledStepFactory(DjangoModelFactory):
    class Meta:
        model = PulledStep

    clinic = factory.SubFactory(ClinicFactory)
    step_key = factory.Sequence("step-{}".format)
    reason = "The dose is wrong"
    pulled_by = factory.SubFactory(StaffFactory, clinic=factory.SelfAttribute("..clinic"))
    pulled_at = NOON


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = Source

    key = factory.Sequence("S{}".format)
    title = "Recovering after a back operation"


class StepFactory(DjangoModelFactory):
    """A step that all patients get, with words in English. `texts=()` leaves the words out."""

    class Meta:
        model = Step
        skip_postgeneration_save = True

    version = factory.SubFactory(PathwayVersionFactory)
    position = factory.Sequence(lambda n: n % 30_000)
    key = factory.Sequence("step-{}".format)
    category = Category.PHYSIO
    intent = "Walk a little every day"
    anchor = Anchor.SURGERY
    day_from = 1
    day_to = factory.SelfAttribute("day_from")
    at = "09:00"
    channels = ["sms", "email"]
    privacy = Privacy.P1
    evidence = "gk"

    @factory.post_generation
    def texts(self, create, languages, **_):
        spoken = ("en",) if languages is None else languages
        for language in spoken if create else ():
            StepTextFactory(step=self, language=language)
        if create:
            seal_again(self.version)


def seal_again(version):
    """Seal a version whose rows a test has just written; the database broke its seal."""
    if version.sealed:
        PathwayVersion.objects.filter(pk=version.pk).update(sealed=True)


class StepTextFactory(DjangoModelFactory):
    class Meta:
        model = StepText

    step = factory.SubFactory(StepFactory, texts=())
    language = "en"
    sms = "{clinic}: walk a little today. Questions: {phone}"
    subject = "A message from {clinic}"
    heading = "Walking"
    email = "Walk a little today.\n\nQuestions? Call {phone}."

    @classmethod
    def _after_postgeneration(cls, instance, create, results=None):
        if create:
            seal_again(instance.step.version)


class ReminderFactory(DjangoModelFactory):
    """A reminder due at NOON, of an operation whose plan is up to date."""

    class Meta:
        model = Reminder

    surgery = factory.SubFactory(SurgeryFactory, planned_revision=1)
    step = factory.SubFactory(
        StepFactory, version__pathway__clinic=factory.SelfAttribute("....surgery.patient.clinic")
    )
    step_key = factory.SelfAttribute("step.key")
    category = factory.SelfAttribute("step.category")
    is_high_priority = factory.SelfAttribute("step.is_high_priority")
    status = ReminderStatus.PLANNED
    due_at = NOON
    not_after = factory.LazyAttribute(lambda reminder: reminder.due_at + timedelta(hours=6))
    status_since = ENROLLED_AT

    @factory.lazy_attribute
    def reason(self):
        from_plan = (ReminderStatus.PLANNED, ReminderStatus.DISPATCHED)
        return "" if self.status in from_plan else "too_late"


class DeliveryFactory(DjangoModelFactory):
    """A text of a dispatched reminder that waits to be sent at NOON."""

    class Meta:
        model = Delivery

    reminder = factory.SubFactory(ReminderFactory, status=ReminderStatus.DISPATCHED)
    patient = factory.LazyAttribute(lambda d: d.reminder.surgery.patient)
    clinic = factory.SelfAttribute("patient.clinic")
    channel = Channel.SMS
    status = DeliveryStatus.QUEUED
    is_high_priority = factory.SelfAttribute("reminder.is_high_priority")
    queued_at = NOON
    status_since = factory.SelfAttribute("queued_at")
    next_try_at = factory.SelfAttribute("queued_at")
    not_after = factory.SelfAttribute("reminder.not_after")
    address = factory.LazyAttribute(
        lambda d: d.patient.mobile if d.channel == Channel.SMS else d.patient.email
    )


class AttemptFactory(DjangoModelFactory):
    """A call that was begun at NOON and whose lease has run out by the machine's clock."""

    class Meta:
        model = Attempt

    delivery = factory.SubFactory(
        DeliveryFactory,
        status=DeliveryStatus.SENDING,
        attempts_made=factory.SelfAttribute("..number"),
    )
    number = 1
    status = AttemptStatus.STARTED
    provider = "memory"
    started_at = NOON
    lease_until = NOON
    look_up_at = factory.LazyAttribute(
        lambda a: NOON if a.status == AttemptStatus.UNKNOWN else None
    )


class ReceiptFactory(DjangoModelFactory):
    class Meta:
        model = Receipt

    provider = "twilio"
    event_key = factory.LazyFunction(lambda: uuid.uuid4().hex)
    news = "delivered"
    raw = {}
    received_at = NOON


class ReplyFactory(DjangoModelFactory):
    """A text as it came from a patient, not read yet: nobody has matched it to them."""

    class Meta:
        model = Reply

    class Params:
        by = factory.SubFactory(PatientFactory)

    provider = "twilio"
    provider_message_id = factory.LazyFunction(lambda: f"SM{uuid.uuid4().hex}")
    channel = Channel.SMS
    clinic = factory.SelfAttribute("by.clinic")
    sender = factory.SelfAttribute("by.mobile")
    recipient = factory.SelfAttribute("clinic.sms_sender")
    text = "Hello"
    raw = {}
    received_at = NOON
    status = ReplyStatus.RECEIVED


class AlertFactory(DjangoModelFactory):
    class Meta:
        model = Alert

    patient = factory.SubFactory(PatientFactory)
    clinic = factory.SelfAttribute("patient.clinic")
    kind = AlertKind.REPLY
    tier = Tier.SAME_DAY
    cause = factory.Sequence("reply:{}".format)
    summary = "A reply that may be urgent"
    status = AlertStatus.OPEN
    opened_at = NOON
    act_before = NOON + timedelta(hours=2)


class PhoneCallFactory(DjangoModelFactory):
    """A call of a minute ago that reached the patient, by a nurse of the patient's clinic."""

    class Meta:
        model = PhoneCall

    patient = factory.SubFactory(PatientFactory)
    by = factory.SubFactory(StaffFactory, clinic=factory.SelfAttribute("..patient.clinic"))
    occurred_at = NOON - timedelta(minutes=1)
    noted_at = factory.LazyAttribute(lambda call: max(NOON, call.occurred_at))
    reached = Reached.PATIENT
    outcome = factory.LazyAttribute(
        lambda call: "Nothing to do" if call.reached in (Reached.PATIENT, Reached.CARER) else ""
    )


class EmergencyAccessFactory(DjangoModelFactory):
    """A nurse of another clinic opened the patient at NOON; it has not ended."""

    class Meta:
        model = EmergencyAccess

    patient = factory.SubFactory(PatientFactory)
    clinic = factory.SelfAttribute("patient.clinic")
    by = factory.SubFactory(StaffFactory)
    from_clinic = factory.SelfAttribute("by.clinic")
    at = NOON
    until = factory.LazyAttribute(lambda access: access.at + timedelta(minutes=60))
    reason = "Cannot move the left foot, came in alone"


class CheckInFactory(DjangoModelFactory):
    """A check-in on the page, not handed in yet: a factory may still write answers to it."""

    class Meta:
        model = CheckIn

    key = factory.LazyFunction(uuid.uuid4)
    patient = factory.SubFactory(PatientFactory)
    surgery = factory.SubFactory(SurgeryFactory, patient=factory.SelfAttribute("..patient"))
    day = 3
    by = "page"
    started_at = NOON
    active_at = NOON
    version = "1"
    mode = "off"


class CheckInAnswerFactory(DjangoModelFactory):
    class Meta:
        model = CheckInAnswer

    check_in = factory.SubFactory(CheckInFactory)
    question = "pain_back"
    version = "1"
    raw = "4"
    number = 4
    at = NOON


class ExportFactory(DjangoModelFactory):
    class Meta:
        model = Export

    clinic = factory.SubFactory(ClinicFactory)
    by = factory.SubFactory(StaffFactory, clinic=factory.SelfAttribute("..clinic"))
    at = NOON
    rows_of = "clinic.patient"
    format = "csv"
    row_count = 0
