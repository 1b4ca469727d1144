"""The tests of sending on the set-up page: where one may go, how the last stands, its code."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.models import Channel, Clinic
from reminders.flow.sending_tests import (
    CannotTest,
    addresses_for,
    ask_for_test,
    confirm_test,
    latest_test,
    sender_of,
)
from reminders.models import DeliveryStatus, SendingTest
from reminders.staff.climbing import on_the_clinics_wall
from reminders.staff.duty.page import clinic_at, may
from reminders.staff.screen import staff_of
from reminders.staff.words import Words, delivery_said
from reminders.tasks import ring

CHANGE = "clinic.change_clinic"
REFUSED: dict[str, Words] = {
    "no_sender": gettext_lazy("Enter first what the clinic's messages come from."),
    "not_ours": gettext_lazy("A test goes to the clinic's own people. Choose one of the list."),
    "too_soon": gettext_lazy("A test went out a moment ago. Wait a minute before the next."),
    "nothing_sent": gettext_lazy("No test has gone out yet. Send one first."),
    "wrong_code": gettext_lazy(
        "This is not the code of the newest test. Look at the message again."
    ),
}


@dataclass(frozen=True, slots=True)
class SendingShown:
    """How the sending of one channel stands: where a test may go, and how the last one went."""

    channel: str
    may_ask: bool
    choices: tuple[tuple[str, str], ...]
    said: str
    tone: str
    waits_for_code: bool


def sending_shown(clinic: Clinic, channel: Channel, *, now: datetime) -> SendingShown:
    """Return what the page shows of one channel's tests."""
    found = addresses_for(clinic, channel)
    test = latest_test(clinic, channel)
    said, tone = _said(test, clinic, now=now) if test else ("", "quiet")
    return SendingShown(
        channel=channel.value,
        may_ask=bool(sender_of(clinic, channel)),
        choices=tuple((to, f"{to} ({name})" if name else to) for to, name in found.items()),
        said=said,
        tone=tone,
        waits_for_code=test is not None and not test.has_arrived,
    )


def _said(test: SendingTest, clinic: Clinic, *, now: datetime) -> tuple[str, str]:
    """Say how a test stands, and in which tone."""
    at = on_the_clinics_wall(test.asked_at, tz=clinic.tz, now=now)
    if test.confirmed_at is not None:
        day = on_the_clinics_wall(test.confirmed_at, tz=clinic.tz, now=now)
        words = _("Arrived: {person} typed the code, {moment}.")
        return words.format(person=test.confirmed_by, moment=day), "good"
    if test.delivery.status == DeliveryStatus.DELIVERED:
        return _("Arrived: the provider says so. Sent {moment}.").format(moment=at), "good"
    state = delivery_said(test.delivery)
    return _("Sent to {address}, {moment}: {state}. {reason}").format(
        address=test.delivery.address, moment=at, state=state.text.lower(), reason=state.reason
    ).strip(), state.tone


def test_view(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Send a test, or take the code of the last one."""
    clinic = clinic_at(request, pk, permission=CHANGE)
    may(request, CHANGE)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    channel = Channel.EMAIL if name == "email" else Channel.SMS
    by, now = staff_of(request), clock.now()
    try:
        if "code" in request.POST:
            confirm_test(clinic.pk, channel=channel, code=request.POST["code"], by=by, now=now)
            messages.success(request, _("It has arrived. This is done."))
        else:
            ask_for_test(clinic.pk, channel=channel, to=request.POST.get("to", ""), by=by, now=now)
            ring("reminders.deliver", channel_name=channel.value)
            messages.success(request, _("The test is on its way. Type the code that it brings."))
    except CannotTest as refused:
        messages.error(request, str(REFUSED[refused.why]))
    page = reverse("admin:clinic_clinic_set_up", args=[clinic.pk])
    return HttpResponseRedirect(f"{page}#{'mails' if name == 'email' else 'texts'}")
