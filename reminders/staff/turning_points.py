"""Holds and carers of a patient → what the thread says of when each began and ended."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.models import Carer, CarerConsent, Consent, Hold


@dataclass(frozen=True, slots=True)
class TurningPoint:
    """Something that began or ended, as the thread of a patient says it."""

    at: datetime
    title: str
    icon: str
    text: str


def of_holds(holds: Iterable[Hold]) -> Iterator[TurningPoint]:
    """Yield when messages began to wait and when they went on, by whom, why and how."""
    for hold in holds:
        began = _("Messages put on hold by {person}")
        began = began.format(person=hold.began_by or _("the system"))
        why = f"{hold.get_kind_display()}: {hold.reason}"
        yield TurningPoint(hold.began_at, began, "pause_circle", why)
        if hold.ended_at is None:
            continue
        ended = _("Messages let go on by {person}")
        ended = ended.format(person=hold.ended_by or _("the system"))
        yield TurningPoint(hold.ended_at, ended, "play_circle", _how(hold))


def _how(hold: Hold) -> str:
    if not hold.shifted_days:
        return str(hold.get_after_display())
    moved = ngettext(
        "Exercises and tips moved by {days} day.",
        "Exercises and tips moved by {days} days.",
        hold.shifted_days,
    )
    return moved.format(days=hold.shifted_days)


def of_carers(carers: Iterable[Carer], consents: Iterable[CarerConsent]) -> Iterator[TurningPoint]:
    """Yield when carers were added and ended, and what they said to each channel."""
    for carer in carers:
        added = _("The carer {carer} was added").format(carer=carer)
        yield TurningPoint(carer.allowed_at, added, "group_add", carer.allowed_wording)
        if carer.ended_at:
            ended = _("The carer {carer} is told no more").format(carer=carer)
            yield TurningPoint(carer.ended_at, ended, "group_remove", carer.ended_why)
    for consent in consents:
        word = (
            _("{channel} to the carer {carer} may be used")
            if consent.given
            else _("{channel} to the carer {carer} stopped")
        )
        title = word.format(channel=consent.get_channel_display(), carer=consent.carer)
        yield TurningPoint(consent.at, title, consent_icon(consent), consent.wording)


def consent_icon(consent: Consent | CarerConsent) -> str:
    """The sign beside a yes or a no."""
    return "check_circle" if consent.given else "do_not_disturb_on"
