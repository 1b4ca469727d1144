"""Wrong tries at patients' links → how many came lately, from one address and from all.

Kept in PostgreSQL, so that losing Redis opens no door (ASVS 2.4.1). Only what was wrong is counted,
and only after a whole date was typed: a scanner that posts empty forms writes nothing.
"""

import ipaddress
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from reminders.models import PageTry

SPAN = timedelta(minutes=15)
KEPT = timedelta(days=1)
EVERYBODY = "all"
# A ward shares one address, and its patients mistype, but not as often as this in 15 minutes.
TRIES_FROM_ONE_ADDRESS = 20
# Wrong dates at links that work, from anywhere. Guessed tokens do not count here: whoever has no
# link at all cannot shut the door on those who have one.
TRIES_FROM_ALL = 300
IPV6_NETWORK = 64  # what one household is given


def source_of(address: str) -> str:
    """Return what is kept of a caller's address: a keyed digest of it, of its network for IPv6."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        ip = None
    if ip is not None and ip.version == 6:
        address = str(ipaddress.ip_network((ip, IPV6_NETWORK), strict=False))
    return salted_hmac("reminders.page_limits", address, algorithm="sha256").hexdigest()


def too_many_tries(source: str) -> bool:
    """True when this source, or everybody together, was wrong too often in this span."""
    rows = PageTry.objects.filter(span=_span(), source__in=(source, EVERYBODY))
    counts = dict(rows.values_list("source", "count"))
    return (
        counts.get(source, 0) >= TRIES_FROM_ONE_ADDRESS
        or counts.get(EVERYBODY, 0) >= TRIES_FROM_ALL
    )


def count_wrong_try(source: str, *, at_a_link: bool) -> None:
    """Count one wrong try; `at_a_link` when it was a wrong date at a link that works."""
    span = _span()
    sources = sorted([source, EVERYBODY] if at_a_link else [source])
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO reminders_pagetry (source, span, count) VALUES (%s, %s, 1)"
            " ON CONFLICT (source, span) DO UPDATE SET count = reminders_pagetry.count + 1",
            [(one, span) for one in sources],
        )
    PageTry.objects.filter(span__lt=span - KEPT).delete()


def _span() -> datetime:
    """The beginning of this span, by the machine's clock: a guesser waits in real time."""
    now = datetime.now(UTC)
    return now - (now - datetime.min.replace(tzinfo=UTC)) % SPAN
