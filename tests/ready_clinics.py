"""A clinic that lacks nothing, as its set-up leaves it, and not live yet."""

from clinic.models import Channel, Role
from reminders.models import (
    Delivery,
    DeliveryStatus,
    How,
    Purpose,
    SendingTest,
    VersionEventKind,
    Whom,
)
from tests.factories import (
    ENROLLED_AT,
    NOON,
    ClinicFactory,
    PathwayVersionFactory,
    StaffFactory,
    VersionEventFactory,
)
from tests.ladders import LadderFactory, RungFactory, ShiftFactory


def ready_clinic(**fields):
    """Return a clinic with every part of its set-up done; its manager is `manager`."""
    clinic = ClinicFactory(**{"live_since": None, **fields})
    StaffFactory(clinic=clinic, role=Role.MANAGER, username=f"manager-{clinic.pk}")
    surgeon = StaffFactory(clinic=clinic, role=Role.SURGEON)
    nurse = StaffFactory(clinic=clinic, role=Role.NURSE, phone="07700 900801")
    ladder = LadderFactory(clinic=clinic)
    RungFactory(ladder=ladder)
    RungFactory(
        ladder=ladder, after_minutes=10, whom=Whom.ADDRESS, how=How.PHONE, address="020 7946 0109"
    )
    ShiftFactory(clinic=clinic, staff=nurse)
    version = PathwayVersionFactory(pathway__clinic=clinic, signed=True)
    VersionEventFactory(version=version, kind=VersionEventKind.TRIED, by=surgeon)
    for channel in Channel:
        arrived_test(clinic, channel, by=nurse)
    return clinic


def manager_of(clinic):
    return clinic.staff.get(role=Role.MANAGER)


def arrived_test(clinic, channel, *, by):
    """A test message that the provider says has arrived."""
    sender = clinic.sms_sender if channel == Channel.SMS else clinic.email_sender
    delivery = Delivery.objects.create(
        clinic=clinic, purpose=Purpose.TEST, channel=channel, status=DeliveryStatus.DELIVERED,
        queued_at=ENROLLED_AT, status_since=ENROLLED_AT, next_try_at=ENROLLED_AT,
        not_after=NOON, attempts_made=1, address="desk@example.org",
    )  # fmt: skip
    return SendingTest.objects.create(
        clinic=clinic,
        channel=channel,
        sender=sender,
        delivery=delivery,
        asked_by=by,
        asked_at=ENROLLED_AT,
    )
