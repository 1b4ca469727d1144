"""A test message to one's own phone or mailbox, as it stands on record, and to nobody else's.

Not a delivery: no patient, no plan. It goes to the address on the record of whoever asks, says
that it is a test, and a database that may not send sends no test either.
"""

from email.utils import formataddr
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.translation import gettext as _

from clinic.models import Carer, Channel, Clinic, Patient, Staff
from clinic.verdicts import Rejected, phones
from reminders.channels import channel
from reminders.channels.base import Outcome, Outgoing
from reminders.flow.mails import Rendered
from reminders.flow.render import CannotRender
from reminders.models.instance import sending_is_released
from reminders.rules.wording import in_order
from reminders.staff.content.look import rendered
from reminders.staff.content.page import version_of
from reminders.staff.content.step_page import step_address, step_of
from reminders.staff.kept_words import kept_said
from reminders.staff.screen import staff_of

MARK = "TEST. "
VALID_SECONDS = 600


class CannotTry(Exception):
    """The test cannot be sent; the message says why."""


def try_view(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Send the saved words of one language to whoever is signed in."""
    version = version_of(request, pk)
    staff = staff_of(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not staff.has_perm("reminders.change_pathwayversion"):
        raise PermissionDenied
    step, clinic = step_of(version, key), version.pathway.clinic
    asked = Channel.EMAIL if request.POST.get("channel") == "email" else Channel.SMS
    name = asked.value
    text = step.texts.filter(language=request.POST.get("language", "")).first()
    try:
        if text is None:
            raise CannotTry(_("There are no saved words in this language."))
        words = rendered(step, text, clinic, channel=name)
        _send(name, words, to=_address(name, staff, clinic), clinic=clinic)
    except (CannotTry, CannotRender) as reason:
        messages.error(request, kept_said(str(reason)))
    else:
        messages.success(request, _("The test is on its way to you."))
    return HttpResponseRedirect(step_address(version, key))


def _address(name: str, staff: Staff, clinic: Clinic) -> str:
    """Return where the test goes. Never to a patient: their words are signed first."""
    to = staff.email if name == Channel.EMAIL else _mobile(staff, clinic)
    if not to:
        if name == Channel.EMAIL:
            raise CannotTry(
                _("There is no mail address on your record. Ask the manager to enter it.")
            )
        raise CannotTry(_("There is no mobile number on your record. Ask the manager to enter it."))
    theirs = Q(mobile=to) | Q(email__iexact=to)
    patients = Patient.objects.filter(theirs, clinic=clinic)
    carers = Carer.objects.filter(theirs, patient__clinic=clinic)
    if patients.exists() or carers.exists():
        raise CannotTry(_("A patient is reached by this address, so no test goes there."))
    return to


def _mobile(staff: Staff, clinic: Clinic) -> str:
    try:
        return phones.mobile(
            staff.phone,
            country=clinic.country,
            allowed_countries=(),
            test_numbers=settings.TEST_NUMBERS_ALLOWED,
        ).value
    except Rejected:
        return ""


def _send(name: str, words: Rendered, *, to: str, clinic: Clinic) -> None:
    if not sending_is_released() or clinic.sending_stopped_at:
        raise CannotTry(_("Sending is stopped or not released, for tests as well."))
    reference = uuid4()
    is_text = name == Channel.SMS
    sender = formataddr((clinic.sender_name, clinic.email_sender or settings.DEFAULT_FROM_EMAIL))
    result = channel(name).send(
        Outgoing(
            reference=reference,
            to=to,
            sender=clinic.sms_sender if is_text else sender,
            body=in_order(MARK + words.text),
            subject=in_order(MARK + words.subject) if words.subject else "",
            html=words.html,
            valid_seconds=VALID_SECONDS,
            status_url=f"{settings.PUBLIC_URL}/hooks/twilio/status/{reference}/",
        )
    )
    if result.outcome is not Outcome.ACCEPTED:
        why = result.code or result.outcome
        raise CannotTry(_("The provider did not take it: {reason}.").format(reason=why))
