"""A person asks for a test → a message to the clinic's own people → it has arrived, or not.

It takes the way of every message: the queue, the workers, the provider and its receipts. So a test
that arrives shows that all of it works. Before the clinic is live this is all that goes out.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from clinic.models import Channel, Clinic, Staff
from clinic.verdicts import Rejected, phones
from reminders.flow.mails import Rendered
from reminders.flow.message_links import MessageLink
from reminders.models import Delivery, Purpose, SendingTest
from reminders.rules.gsm7 import sms_size

TEST_IS_OF_USE = timedelta(hours=1)
LEAST_BETWEEN = timedelta(seconds=60)
CODE_DIGITS = 6


class CannotTest(Exception):
    """No test goes out, or nothing is confirmed; `why` is a word for it."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def sender_of(clinic: Clinic, channel: str) -> str:
    """Return what the clinic's messages come from by this channel; empty where it has none."""
    return clinic.sms_sender if channel == Channel.SMS else clinic.email_sender


def addresses_for(clinic: Clinic, channel: str) -> dict[str, str]:
    """Return where a test may go, with whose it is: the clinic's own people and nobody else.

    Numbers that texts do not reach are left out.
    """
    people = Staff.objects.filter(clinic=clinic, is_active=True)
    if channel == Channel.EMAIL:
        found = {person.email: str(person) for person in people if person.email}
        return {clinic.staff_email: "", **found} if clinic.staff_email else found
    numbers = {_mobile(person.phone, clinic): str(person) for person in people if person.phone}
    return {number: name for number, name in numbers.items() if number}


def _mobile(written: str, clinic: Clinic) -> str:
    try:
        return phones.mobile(
            written,
            country=clinic.country,
            allowed_countries=clinic.mobile_countries,
            test_numbers=settings.TEST_NUMBERS_ALLOWED or clinic.is_demo,
        ).value
    except Rejected:
        return ""


@transaction.atomic
def ask_for_test(clinic_id: int, *, channel: str, to: str, by: Staff, now: datetime) -> SendingTest:
    """Queue a test message to one of the clinic's own addresses.

    Raises CannotTest: `no_sender`, `not_ours` for any other address, `too_soon` after another.
    """
    clinic = Clinic.objects.select_for_update(of=("self",)).get(pk=clinic_id)
    sender = sender_of(clinic, channel)
    if not sender:
        raise CannotTest("no_sender")
    if to not in addresses_for(clinic, channel):
        raise CannotTest("not_ours")
    before = latest_test(clinic, channel)
    if before is not None and now < before.asked_at + LEAST_BETWEEN:
        raise CannotTest("too_soon")
    delivery = Delivery.objects.create(
        purpose=Purpose.TEST, clinic=clinic, channel=channel, is_high_priority=True,
        queued_at=now, status_since=now, next_try_at=now, not_after=now + TEST_IS_OF_USE,
        address=to, language=clinic.language,
    )  # fmt: skip
    return SendingTest.objects.create(
        clinic=clinic, channel=channel, sender=sender, delivery=delivery, asked_by=by, asked_at=now
    )


def latest_test(clinic: Clinic, channel: str) -> SendingTest | None:
    """Return the newest test of what the clinic sends from today, arrived or not."""
    return _tests(clinic, channel).select_related("asked_by", "confirmed_by").first()


def has_arrived(clinic: Clinic, channel: str) -> bool:
    """True when a test from the sender of today has arrived at some time."""
    return any(test.has_arrived for test in _tests(clinic, channel)[:20])


def _tests(clinic: Clinic, channel: str) -> "QuerySet[SendingTest]":
    sender = sender_of(clinic, channel)
    tests = SendingTest.objects.filter(clinic=clinic, channel=channel, sender=sender)
    return tests.select_related("delivery")


def confirm_test(
    clinic_id: int, *, channel: str, code: str, by: Staff, now: datetime
) -> SendingTest:
    """Write down that somebody read the code in the newest test. Twice is once.

    Raises CannotTest: `nothing_sent`, or `wrong_code`.
    """
    clinic = Clinic.objects.get(pk=clinic_id)
    test = latest_test(clinic, channel)
    if test is None or not test.delivery.attempts_made:
        raise CannotTest("nothing_sent")
    typed = "".join(letter for letter in code if letter.isascii() and letter.isdigit())
    if not constant_time_compare(typed, code_of(test)):
        raise CannotTest("wrong_code")
    if test.confirmed_at is None:
        test.confirmed_at, test.confirmed_by = now, by
        test.save(update_fields=["confirmed_at", "confirmed_by"])
    return test


def code_of(test: SendingTest) -> str:
    """Return the code that stands in the message. It is kept nowhere: only the wire has it."""
    digest = salted_hmac("reminders.sending_test", str(test.pk), algorithm="sha256").hexdigest()
    return f"{int(digest, 16) % 10**CODE_DIGITS:0{CODE_DIGITS}}"


def test_words(delivery: Delivery) -> tuple[Rendered, MessageLink]:
    """Return what a test says, and its code as the secret that is not stored."""
    code = code_of(delivery.sending_test)
    with translation.override(delivery.clinic.language):
        text = _(
            "{clinic}: test message. Code {code}. Type it on the Set-up page. Not for patients."
        ).format(clinic=delivery.clinic.sender_name, code=code)
        subject = _("{clinic}: test message").format(clinic=delivery.clinic.sender_name)
    is_sms = delivery.channel == Channel.SMS
    words = Rendered(
        subject="" if is_sms else subject,
        text=text,
        html="",
        language=delivery.clinic.language,
        segments=sms_size(text).parts if is_sms else 0,
    )
    return words, MessageLink("", code)
