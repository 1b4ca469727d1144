"""What the same telephone has written since an alert was raised (bad_inputs R59).

A second urgent text joins the alert that waits already. Whoever calls should know of it.
"""

from dataclasses import dataclass

from reminders.models import Alert, Reply

SHOWN = 3
COUNTED_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class LaterTexts:
    """How many came, up to `COUNTED_AT_MOST`, and the last few, the newest first."""

    count: int
    shown: tuple[Reply, ...]

    @property
    def not_shown(self) -> int:
        return self.count - len(self.shown)


def later_texts(alert: Alert) -> LaterTexts | None:
    """Return what came after the reply that raised the alert, in one query; None for nothing."""
    if alert.reply is None or not alert.reply.sender:
        return None
    since = Reply.objects.filter(
        clinic=alert.clinic_id,
        patient=alert.reply.patient_id,  # or of nobody known: the index of threads finds both
        sender=alert.reply.sender,
        received_at__gte=alert.reply.received_at,
    ).exclude(pk=alert.reply.pk)
    if alert.closed_at is not None:
        since = since.filter(received_at__lte=alert.closed_at)
    found = tuple(since.order_by("-received_at", "-pk")[:COUNTED_AT_MOST])
    return LaterTexts(len(found), found[:SHOWN]) if found else None
