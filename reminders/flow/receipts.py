"""Providers' reports → delivered, or not. Stored raw first, applied by rank.

Any order and any repetition of the same reports ends in the same state.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from reminders.channels.base import DeliveryNews, StatusEvent
from reminders.flow.alerts import raise_alerts
from reminders.flow.failure import after_failure, mark_address_failed, mirror_opt_out
from reminders.flow.reach import address_of
from reminders.flow.rows import insert_once
from reminders.models import (
    Attempt,
    AttemptStatus,
    Delivery,
    DeliveryReason,
    DeliveryStatus,
    Receipt,
)

# Not settled yet. QUEUED: it was not found at the provider and waits to be tried again; a report
# shows that it had been taken after all, and a second try would tell the patient twice.
UNSETTLED = (DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.UNKNOWN)
# From which states each report moves a delivery. "Delivered" outranks everything; a failure that
# is reported after it is kept on the receipt and changes nothing.
MOVES_FROM = {
    DeliveryNews.ACCEPTED: UNSETTLED,
    DeliveryNews.SENT: UNSETTLED,
    DeliveryNews.DELIVERED: (*UNSETTLED, DeliveryStatus.ACCEPTED, DeliveryStatus.UNDELIVERED),
    DeliveryNews.UNDELIVERED: (*UNSETTLED, DeliveryStatus.ACCEPTED),
}
MOVES_TO = {
    DeliveryNews.ACCEPTED: DeliveryStatus.ACCEPTED,
    DeliveryNews.SENT: DeliveryStatus.ACCEPTED,
    DeliveryNews.DELIVERED: DeliveryStatus.DELIVERED,
    DeliveryNews.UNDELIVERED: DeliveryStatus.UNDELIVERED,
}
# The provider's codes for an opt-out and for numbers that cannot receive (error dictionary).
OPT_OUT_CODES = frozenset({"21610"})
DEAD_NUMBER_CODES = frozenset({"21211", "21214", "21614", "30005", "30006"})


def store_receipt(event: StatusEvent, *, now: datetime) -> bool:
    """Keep a report as it came; return False when it is here already. Nothing is applied yet."""
    return insert_once(
        Receipt(
            provider=event.provider,
            event_key=event.event_key,
            provider_id=event.provider_id,
            reference=event.reference,
            news=event.status or "",
            code=event.code,
            raw=event.raw,
            received_at=now,
        )
    )


def apply_receipts(*, now: datetime, limit: int) -> int:
    """Apply up to `limit` stored reports; return how many. Any number of workers may do so."""
    with transaction.atomic():
        waiting = list(
            Receipt.objects.filter(applied_at=None)
            .order_by("received_at", "pk")
            .select_for_update(skip_locked=True)[:limit]
        )
        if not waiting:
            return 0
        attempts = _attempts_of(waiting)
        failed: list[int] = []
        for receipt in waiting:
            receipt.attempt = attempts.get(str(receipt.reference)) or attempts.get(
                receipt.provider_id
            )
            receipt.applied_at = now
            if receipt.attempt is not None and _apply(receipt, receipt.attempt, now=now):
                failed.append(receipt.attempt.delivery_id)
        Receipt.objects.bulk_update(waiting, ["attempt", "applied_at"])
        after_failure(failed, now=now)
    return len(waiting)


def _attempts_of(receipts: Iterable[Receipt]) -> dict[str, Attempt]:
    """Our attempts, by reference and by the provider's id; a stranger's report has none."""
    references = [r.reference for r in receipts if r.reference]
    ids = [r.provider_id for r in receipts if r.provider_id]
    found: dict[str, Attempt] = {}
    rows = Attempt.objects.filter(Q(pk__in=references) | Q(provider_id__in=ids))
    for attempt in rows.select_related(
        "delivery__patient__clinic", "delivery__carer__patient__clinic"
    ):
        found[str(attempt.pk)] = attempt
        if attempt.provider_id:
            found[attempt.provider_id] = attempt
    return found


def _apply(receipt: Receipt, attempt: Attempt, *, now: datetime) -> bool:
    """Move attempt and delivery on; tell whether the delivery has failed by it."""
    if not receipt.news:
        return False
    news = DeliveryNews(receipt.news)
    Attempt.objects.filter(
        pk=attempt.pk, status__in=(AttemptStatus.STARTED, AttemptStatus.UNKNOWN)
    ).update(status=AttemptStatus.ACCEPTED, provider_id=receipt.provider_id, look_up_at=None)
    undelivered = news is DeliveryNews.UNDELIVERED
    deliveries = Delivery.objects.filter(pk=attempt.delivery_id, status__in=MOVES_FROM[news])
    if undelivered:
        # that an earlier try failed says nothing of the one that is on the wire now
        deliveries = deliveries.filter(attempts_made=attempt.number)
    moved = deliveries.update(
        status=MOVES_TO[news],
        status_since=now,
        failure_reason=DeliveryReason.UNDELIVERED if undelivered else "",
        failure_code=receipt.code[:60] if undelivered else "",
    )
    if moved and undelivered:
        _learn_from(receipt, attempt, now=now)
    return bool(moved) and undelivered


def _learn_from(receipt: Receipt, attempt: Attempt, *, now: datetime) -> None:
    """An opt-out at the provider and a dead number are news about the patient, too.

    Only while it is still their number. An opt-out dates from the try that met it: a START that
    came between the two stands.
    """
    delivery = attempt.delivery
    recipient = delivery.recipient
    if recipient is None or address_of(recipient, delivery.channel) != delivery.address:
        return
    if receipt.code in OPT_OUT_CODES:
        stopped = mirror_opt_out(recipient, delivery.channel, at=attempt.started_at, now=now)
        raise_alerts(stopped)
    elif receipt.code in DEAD_NUMBER_CODES:
        raise_alerts([mark_address_failed(recipient, delivery.channel, now=now)])
