"""A link and a birth date → a visit to the patient's page, or the reason why not. (H34)

Looking at a link changes nothing, ever. What is unknown, has expired or was revoked gets the same
answer by the same way; a wrong date counts, and the fifth locks the link and tells staff.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet

from reminders.flow.alerts import new_alert, raise_alerts
from reminders.flow.message_links import has_own_page
from reminders.flow.page_limits import count_wrong_try, too_many_tries
from reminders.models import AlertKind, LinkPurpose, PatientLink, PatientVisit, Tier
from reminders.models.patient_link import TRIES_AT_MOST, hash_of, new_token

# However long somebody is active: a borrowed telephone is given back.
LONGEST_VISIT = timedelta(hours=12)


class LinkState(StrEnum):
    """What a link is at a moment. DEAD: unknown, expired, revoked, or of nobody we care for."""

    WORKS = "works"
    LOCKED = "locked"
    DEAD = "dead"


class Answer(StrEnum):
    """What came of naming a birth date."""

    OPENED = "opened"
    WRONG = "wrong"
    LOCKED = "locked"
    DEAD = "dead"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class Knock:
    """The answer; with OPENED the secret of the visit, with WRONG how many tries are left."""

    answer: Answer
    secret: str = ""
    tries_left: int = 0


def look_at(token: str, *, now: datetime) -> tuple[LinkState, PatientLink | None]:
    """Return what the link is, and the link itself unless it is dead. Changes nothing."""
    link = _page_links(token).first()
    state = _state(link, now=now)
    return state, None if state is LinkState.DEAD else link


def knock(token: str, *, birth_date: date, source: str, now: datetime) -> Knock:
    """Open a visit when the date fits; else count the try.

    At once from many places: the link's row is locked, so five tries are five.
    """
    with transaction.atomic():
        if too_many_tries(source):
            return Knock(Answer.TOO_MANY)
        link = _page_links(token).select_for_update(of=("self",)).first()
        state = _state(link, now=now)
        if link is None or state is LinkState.DEAD:
            count_wrong_try(source, at_a_link=False)
            return Knock(Answer.DEAD)
        if state is LinkState.LOCKED:
            return Knock(Answer.LOCKED)
        if link.patient.birth_date == birth_date:
            return Knock(Answer.OPENED, secret=_start_visit(link, now=now))
        count_wrong_try(source, at_a_link=True)
        return _wrong(link, now=now)


def _page_links(token: str) -> QuerySet[PatientLink]:
    links = PatientLink.objects.filter(token_hash=hash_of(token), purpose=LinkPurpose.PAGE)
    return links.select_related("patient__clinic")


def _state(link: PatientLink | None, *, now: datetime) -> LinkState:
    if link is None or not _holds(link, now=now):
        return LinkState.DEAD
    return LinkState.LOCKED if link.locked_at else LinkState.WORKS


def _holds(link: PatientLink, *, now: datetime) -> bool:
    return link.revoked_at is None and link.expires_at > now and has_own_page(link.patient)


def _wrong(link: PatientLink, *, now: datetime) -> Knock:
    link.tries += 1
    if link.tries < TRIES_AT_MOST:
        link.save(update_fields=["tries"])
        return Knock(Answer.WRONG, tries_left=TRIES_AT_MOST - link.tries)
    link.locked_at = now
    link.save(update_fields=["tries", "locked_at"])
    raise_alerts(
        [
            new_alert(
                link.patient.clinic,
                kind=AlertKind.PAGE,
                tier=Tier.ROUTINE,
                cause=f"link-locked:{link.pk}",
                summary="Five wrong birth dates: the link to the patient's page is locked",
                to_do="Ask the patient whether they tried. Check their birth date, mobile and email"
                " on record, then send a new link from their timeline.",
                patient=link.patient,
                reminder=link.reminder,
                now=now,
            )
        ]
    )
    return Knock(Answer.LOCKED)


def _start_visit(link: PatientLink, *, now: datetime) -> str:
    secret = new_token()
    PatientVisit.objects.create(
        token_hash=hash_of(secret),
        link=link,
        started_at=now,
        ends_at=datetime.now(UTC) + LONGEST_VISIT,
    )
    return secret


def visit_of(secret: str, *, now: datetime) -> PatientVisit | None:
    """Return the visit, with its patient and clinic, while it and its link hold. Changes nothing.

    A link that was locked since ends no visit: whoever sits there knew the birth date.
    """
    visit = (
        PatientVisit.objects.filter(token_hash=hash_of(secret), left_at=None)
        .filter(ends_at__gt=datetime.now(UTC))
        .select_related("link__patient__clinic")
        .first()
    )
    return visit if visit is not None and _holds(visit.link, now=now) else None


def leave(visit: PatientVisit, *, now: datetime) -> None:
    """End a visit; its cookie opens nothing any more. Twice is once."""
    PatientVisit.objects.filter(pk=visit.pk, left_at=None).update(left_at=now)
