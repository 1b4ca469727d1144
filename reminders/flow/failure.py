"""Deliveries that failed → the other channel once, or a person. Nothing that matters just stops."""

from collections.abc import Iterable
from datetime import datetime

from clinic.models import Carer, Channel, ConsentSource
from reminders.channels.base import Outcome, SendResult
from reminders.flow.alerts import new_alert, raise_alerts
from reminders.flow.consent import opted_out, patient_of, write_consent
from reminders.flow.dispatch import new_delivery, not_reached
from reminders.flow.notices import notices_failed
from reminders.flow.reach import Consents, Recipient, consents_for, obstacle
from reminders.models import (
    Alert,
    AlertKind,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    Reminder,
    Tier,
)

ENDED_BADLY = frozenset(
    {
        DeliveryStatus.UNDELIVERED,
        DeliveryStatus.REFUSED,
        DeliveryStatus.SKIPPED,
        DeliveryStatus.EXPIRED,
    }
)
# The record itself says that nothing more is wanted: no other channel, and nobody to call.
NOTHING_MORE = frozenset(
    {
        DeliveryReason.DECEASED,
        DeliveryReason.CARE_ENDED,
        DeliveryReason.CARER_ENDED,
        DeliveryReason.SURGERY_CANCELLED,
        DeliveryReason.PLAN_CHANGED,
        DeliveryReason.ON_HOLD,
        DeliveryReason.NOT_CONFIRMED,
        DeliveryReason.PULLED,
    }
)


def after_failure(delivery_ids: Iterable[int], *, now: datetime) -> None:
    """See to reminders of which a delivery failed: try the other channel, or raise an alert.

    Only for messages that matter (high priority); of any other the failed delivery tells staff.
    The other channel is used once and only with consent. Where a notice to staff failed, the next
    step of its alert is due at once. Twice is once.
    """
    delivery_ids = list(delivery_ids)
    if not delivery_ids:  # the usual case, after each batch
        return
    notices_failed(delivery_ids, now=now)
    reminders = list(
        Reminder.objects.filter(deliveries__in=delivery_ids, is_high_priority=True)
        .select_related("step", "surgery__patient__clinic", "carer")
        .prefetch_related("deliveries")
        .distinct()
    )
    consents = consents_for({reminder.recipient for reminder in reminders})
    raise_alerts(
        alert
        for reminder in reminders
        if (alert := _see_to(reminder, consents, now=now)) is not None
    )


def _see_to(reminder: Reminder, consents: Consents, *, now: datetime) -> Alert | None:
    deliveries = list(reminder.deliveries.all())
    if any(d.failure_reason in NOTHING_MORE for d in deliveries):
        return None
    if any(d.status not in ENDED_BADLY for d in deliveries):
        return None
    if now <= reminder.not_after and (channel := _unused_channel(reminder, deliveries, consents)):
        Delivery.objects.bulk_create(
            [new_delivery(reminder, channel, now=now)], ignore_conflicts=True
        )
        return None
    return not_reached(reminder, now=now)


def _unused_channel(
    reminder: Reminder, deliveries: list[Delivery], consents: Consents
) -> str | None:
    used = {delivery.channel for delivery in deliveries}
    channels: list[str] = reminder.step.channels
    person, clinic = reminder.recipient, reminder.surgery.patient.clinic
    for channel in channels:
        is_free = channel in Channel.values and channel not in used
        if is_free and not obstacle(person, channel, consents, clinic=clinic):
            return channel
    return None


def send_over_other_channel(delivery: Delivery, *, now: datetime) -> bool:
    """Send a message in doubt once over the other channel, saying that it may be a repeat.

    Only a message that matters, and only where the other channel has had none yet; tells whether
    one was queued. Twice is once. (DESIGN 3, unknown; reliability 2.5)
    """
    reminder = delivery.reminder
    if reminder is None or not reminder.is_high_priority or now > reminder.not_after:
        return False
    consents = consents_for([reminder.recipient])
    channel = _unused_channel(reminder, list(reminder.deliveries.all()), consents)
    if channel is None:
        return False
    repeat = new_delivery(reminder, channel, now=now, may_be_repeat=True)
    Delivery.objects.bulk_create([repeat], ignore_conflicts=True)
    return True


def mirror_refusals(answers: list[tuple[Delivery, SendResult]], *, now: datetime) -> None:
    """Write down what refusals say of a person: opted out at the provider, or a dead address."""
    alerts: list[Alert] = []
    for delivery, result in answers:
        if result.outcome is not Outcome.REFUSED or delivery.recipient is None:
            continue
        if result.blocked:
            alerts += mirror_opt_out(delivery.recipient, delivery.channel, at=now, now=now)
        elif result.bad_address:
            alerts.append(mark_address_failed(delivery.recipient, delivery.channel, now=now))
    raise_alerts(alerts)


def mirror_opt_out(
    recipient: Recipient, channel: str, *, at: datetime, now: datetime
) -> list[Alert]:
    """Record that the provider refused then, because the person had told it to stop.

    Returns the alert that tells staff, as a STOP does: one for each yes that is withdrawn, however
    many messages meet it. None where we know of the stop already, or where a START came later.
    """
    yes = recipient.consents.filter(channel=channel, given=True).order_by("-at", "-pk").first()
    was_allowed = not consents_for([recipient]).refusal(recipient, channel)
    write_consent(
        recipient,
        channel=Channel(channel),
        given=False,
        at=at,
        source=ConsentSource.PROVIDER,
        wording="The provider blocks messages to this number",
    )
    if yes is None or not was_allowed or not consents_for([recipient]).refusal(recipient, channel):
        return []
    return [opted_out(recipient, channel=Channel(channel), by=f"provider-{yes.pk}", now=now)]


def mark_address_failed(recipient: Recipient, channel: str, *, now: datetime) -> Alert:
    """Use this address no more until somebody corrects it; return the alert that asks for it.

    One alert however often it fails; another once a corrected address has failed as well.
    """
    field = "mobile_failed_at" if channel == Channel.SMS else "email_failed_at"
    rows = type(recipient)._default_manager.filter(pk=recipient.pk)
    rows.filter(**{field: None}).update(**{field: now})
    since = rows.values_list(field, flat=True).get() or now
    word = "mobile number" if channel == Channel.SMS else "email address"
    patient, key, who, whose = patient_of(recipient), f"{recipient.pk}", "the patient", ""
    if isinstance(recipient, Carer):
        key, who, whose = f"carer-{recipient.pk}", "the carer", f" of {recipient}"
    return new_alert(
        patient.clinic,
        kind=AlertKind.CONTACT,
        tier=Tier.ROUTINE,
        cause=f"contact:{key}:{channel}:{since:%Y-%m-%dT%H:%M:%S}",
        summary=f"The {word}{whose} does not work",
        to_do=f"Ask {who} for their {word} and correct the record.",
        patient=patient,
        now=now,
    )
