"""What {link} stands for: a secret address of this message alone, or the clinic's public page.

The link is made in the transaction that puts the message on the wire, so one that is not on record
was never sent. What is stored of the message hides the token: only the wire has it.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from clinic.models import Carer, Clinic, Patient, PatientStatus
from reminders.channels.base import HIDDEN
from reminders.models import LinkPurpose, PatientLink, Reminder
from reminders.models.patient_link import new_link

# What a preview shows where the message will have a token: as long as one, and readable.
SAMPLE_TOKEN = "their-own-link-is-here"  # noqa: S105 - stands for a secret, and is none
# Of the dead, and of those whose care has ended, nothing is shown.
CARED_FOR = (PatientStatus.ACTIVE, PatientStatus.ON_HOLD)


@dataclass(frozen=True, slots=True)
class MessageLink:
    """The link of one message. Without a row it is the clinic's public page, and has no secret."""

    address: str
    token: str = ""
    row: PatientLink | None = None

    def is_in(self, *texts: str) -> bool:
        """True when one of these texts carries the secret."""
        return bool(self.token) and any(self.token in text for text in texts)

    def hidden_in(self, text: str) -> str:
        """Return the text as it is stored."""
        return text.replace(self.token, HIDDEN) if self.token else text


def page_address(token: str) -> str:
    """Return the address that opens the patient's page; no slash, which texts have no room for."""
    return f"{settings.PUBLIC_URL}/p/{token}"


def clinic_address(clinic: Clinic) -> str:
    """Return the address of the clinic's public page."""
    return f"{settings.PUBLIC_URL}/c/{clinic.key}/"


def sample_address(patient: Patient | Carer, *, clinic: Clinic) -> str:
    """Return what stands for the link where a message is only looked at."""
    return page_address(SAMPLE_TOKEN) if has_own_page(patient) else clinic_address(clinic)


def has_own_page(reader: Patient | Carer) -> bool:
    """True when this reader's messages lead to a page of their own, and it can be opened.

    Not a carer's; nor those of a patient without a birth date on record, where there would be
    nothing to tell the right reader by.
    """
    if not isinstance(reader, Patient):
        return False
    return reader.birth_date is not None and reader.status in CARED_FOR


def new_message_link(
    patient: Patient,
    *,
    clinic: Clinic,
    now: datetime,
    carer: Carer | None = None,
    reminder: Reminder | None = None,
) -> MessageLink:
    """Return the link for one message, not saved yet, with a token that nobody has had."""
    if not has_own_page(carer or patient):
        return MessageLink(clinic_address(clinic))
    row, token = new_link(patient, purpose=LinkPurpose.PAGE, now=now, reminder=reminder)
    return MessageLink(page_address(token), token, row)
