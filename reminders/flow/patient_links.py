"""What staff do about the links to a patient's page: send a new one, revoke those that are out."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q

from clinic.models import Channel, Patient, Staff
from reminders.flow.dispatch import open_channels
from reminders.flow.mails import Rendered
from reminders.flow.message_links import CARED_FOR, MessageLink, has_own_page
from reminders.flow.reach import consents_of
from reminders.flow.render import render
from reminders.models import Delivery, LinkPurpose, PatientLink, Purpose, Step, StepText
from reminders.rules.language import language_of
from reminders.rules.service_texts import TEXTS, ServiceText, template_of

# A stop in a mail has to work however the page's links fare.
REVOCABLE = (LinkPurpose.PAGE, LinkPurpose.CALENDAR)
# The patient is on the telephone, waiting for it; later it would surprise them.
OF_USE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class LinksOut:
    """How many links to a patient's page work at a moment, and how many are locked."""

    working: int
    locked: int


class CannotSendLink(Exception):
    """A new link can not be sent; the message says what is missing and names no patient."""


def send_new_link(patient: Patient, *, now: datetime) -> Delivery:
    """Queue a message with a new link, by text where the patient allows it, else by mail.

    The link is made when the message goes out. Those that are out already go on working. Raises
    CannotSendLink.
    """
    if patient.status not in CARED_FOR:
        raise CannotSendLink("Care has ended, so there is no page to open.")
    if not has_own_page(patient):
        raise CannotSendLink("There is no birth date on record, and the page asks for it.")
    channels = open_channels(
        patient, list(Channel.values), consents_of([patient.pk]), clinic=patient.clinic
    )
    if not channels:
        raise CannotSendLink("There is no channel that the patient allows and that works.")
    return Delivery.objects.create(
        purpose=Purpose.PAGE_LINK,
        patient=patient,
        clinic=patient.clinic,
        channel=channels[0],
        is_high_priority=True,
        queued_at=now,
        status_since=now,
        next_try_at=now,
        not_after=now + OF_USE,
    )


def new_link_words(patient: Patient, *, channel: str, link: MessageLink) -> Rendered:
    """Return the message that brings a new link. Raises CannotRender."""
    clinic = patient.clinic
    language = language_of(TEXTS, patient=patient.language, clinic=clinic.language) or "en"
    words = StepText(
        language=language,
        sms=template_of(ServiceText.NEW_LINK, language=language),
        subject=template_of(ServiceText.NEW_LINK_SUBJECT, language=language),
        heading=template_of(ServiceText.NEW_LINK_HEADING, language=language),
        email=template_of(ServiceText.NEW_LINK, language=language),
    )
    return render(
        Step(key="page_link"),
        patient=patient,
        clinic=clinic,
        surgery=None,
        channel=channel,
        text=words,
        link=link.address,
    )


def links_out(patient: Patient, *, now: datetime) -> LinksOut:
    """Count the links to this patient's page that have neither expired nor been revoked."""
    links = PatientLink.objects.filter(patient=patient, purpose=LinkPurpose.PAGE, revoked_at=None)
    counts = links.filter(expires_at__gt=now).aggregate(
        working=Count("pk", filter=Q(locked_at=None)),
        locked=Count("pk", filter=Q(locked_at__isnull=False)),
    )
    return LinksOut(**counts)


def revoke_links(patient: Patient, *, by: Staff, now: datetime) -> int:
    """Let no link to this patient's page or calendar work any more; return how many did.

    Visits end with their link, on their next step. Twice is once.
    """
    links = PatientLink.objects.filter(patient=patient, purpose__in=REVOCABLE, revoked_at=None)
    return links.filter(expires_at__gt=now).update(revoked_at=now, revoked_by=by)
