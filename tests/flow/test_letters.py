"""Mails that wait for one person at the same moment: one letter, and each its own end."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F

from clinic.models import Channel, Surgery
from reminders.channels.base import HIDDEN, Outcome, SendResult
from reminders.channels.memory import MemoryChannel
from reminders.flow.balance import balance
from reminders.flow.deliver import deliver_batch
from reminders.models import (
    Attempt,
    Category,
    Delivery,
    DeliveryStatus,
    LinkPurpose,
    PatientLink,
    ReminderStatus,
)
from reminders.models.patient_link import hash_of
from tests.factories import (
    NOON,
    CarerFactory,
    DeliveryFactory,
    ReminderFactory,
    SurgeryFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox():
    return MemoryChannel("email")


def waiting(surgery, *, heading="Walking", category=Category.PHYSIO, **changes):
    """A mail that waits to be sent at NOON."""
    reminder = ReminderFactory(
        surgery=surgery,
        step__category=category,
        status=ReminderStatus.DISPATCHED,
        step__is_high_priority=changes.pop("is_high_priority", False),
        carer=changes.get("carer"),
    )
    reminder.step.texts.update(heading=heading, email=f"About {heading}.")
    type(reminder.step.version).objects.update(sealed=True)
    return DeliveryFactory(reminder=reminder, channel=Channel.EMAIL, **changes)


def surgery_of_ana():
    return SurgeryFactory(planned_revision=1)


def send(channel, *, now=NOON, limit=8):
    return deliver_batch(channel, now=lambda: now, limit=limit)


class TestOneLetter:
    def test_two_routine_mails_of_a_patient_go_out_as_one(self, mailbox):
        surgery = surgery_of_ana()
        waiting(surgery, heading="Walking")
        waiting(surgery, heading="Sitting")

        send(mailbox)

        [mail] = mailbox.sent
        assert mail.subject == "Harbourside Care: your messages for today"
        assert mail.body.index("* Walking") < mail.body.index("* Sitting")

    def test_what_keeps_people_safe_comes_first(self, mailbox):
        surgery = surgery_of_ana()
        waiting(surgery, heading="Walking")
        waiting(surgery, heading="Tablets", category=Category.MEDICATION)

        send(mailbox)

        [mail] = mailbox.sent
        assert mail.body.index("* Tablets") < mail.body.index("* Walking")

    def test_each_has_an_attempt_and_an_end_of_its_own(self, mailbox):
        surgery = surgery_of_ana()
        rows = [waiting(surgery), waiting(surgery)]

        send(mailbox)

        assert {row.status for row in Delivery.objects.all()} == {DeliveryStatus.ACCEPTED}
        assert {a.delivery_id for a in Attempt.objects.all()} == {row.pk for row in rows}
        books = balance(now=NOON)
        assert (books.unaccounted, books.doubled) == (0, 0)

    def test_the_mail_names_the_reference_of_each(self, mailbox):
        surgery = surgery_of_ana()
        waiting(surgery)
        waiting(surgery)

        send(mailbox)

        [mail] = mailbox.sent
        named = mail.headers["X-Aftercare-Attempt"].split(", ")
        assert set(named) == {str(attempt.pk) for attempt in Attempt.objects.all()}
        assert named[0] == str(mail.reference)

    def test_one_that_waits_outside_the_batch_comes_along(self, mailbox):
        surgery = surgery_of_ana()
        waiting(surgery, heading="Walking")
        waiting(SurgeryFactory(planned_revision=1))
        waiting(surgery, heading="Sitting")

        send(mailbox, limit=1)

        [mail] = mailbox.sent
        assert "Sitting" in mail.body

    def test_surely_not_sent_is_tried_again_and_told_once(self, mailbox):
        surgery = surgery_of_ana()
        waiting(surgery, heading="Walking")
        waiting(surgery, heading="Sitting")
        mailbox.answers.append(SendResult(Outcome.NOT_SENT, code="connection"))

        send(mailbox)
        send(mailbox, now=NOON + timedelta(hours=1))

        assert sum(mail.body.count("About Walking.") for mail in mailbox.sent) == 1
        assert sum(mail.body.count("About Sitting.") for mail in mailbox.sent) == 1

    def test_a_lost_answer_leaves_each_of_them_unknown(self, mailbox):
        surgery = surgery_of_ana()
        waiting(surgery)
        waiting(surgery)
        mailbox.answers.append(SendResult(Outcome.UNKNOWN, code="timeout"))

        send(mailbox)

        assert {row.status for row in Delivery.objects.all()} == {DeliveryStatus.UNKNOWN}


class TestApart:
    def test_a_mail_that_matters_goes_alone(self, mailbox):
        surgery = surgery_of_ana()
        waiting(surgery, heading="Signs", is_high_priority=True)
        waiting(surgery)

        send(mailbox)

        assert len(mailbox.sent) == 2
        assert "Walking" not in mailbox.sent[0].body

    def test_one_that_may_be_a_repeat_goes_alone(self, mailbox):
        surgery = surgery_of_ana()
        waiting(surgery, may_be_repeat=True)
        waiting(surgery)

        send(mailbox)

        assert len(mailbox.sent) == 2

    def test_a_patient_and_their_carer_never_share_one(self, mailbox):
        surgery = surgery_of_ana()
        waiting(surgery)
        carer = CarerFactory(patient=surgery.patient)
        waiting(surgery, carer=carer)
        Surgery.objects.update(planned_revision=F("revision"))  # a new carer asks for a new plan

        send(mailbox)

        assert sorted(mail.to for mail in mailbox.sent) == sorted(
            [carer.email, surgery.patient.email]
        )

    def test_one_that_the_record_forbids_stays_out(self, mailbox):
        surgery = surgery_of_ana()
        waiting(surgery, heading="Walking")
        late = waiting(surgery, heading="Sitting", not_after=NOON - timedelta(minutes=1))

        send(mailbox)

        [mail] = mailbox.sent
        late.refresh_from_db()
        assert "Sitting" not in mail.body
        assert late.status == DeliveryStatus.EXPIRED

    def test_a_later_one_is_not_sent_early_for_it(self, mailbox):
        surgery = surgery_of_ana()
        waiting(surgery)
        waiting(surgery, queued_at=NOON + timedelta(minutes=1))

        send(mailbox)

        [mail] = mailbox.sent
        assert mail.subject == "A message from Harbourside Care"


class TestItsLink:
    def test_every_mail_can_be_stopped_with_one_click_by_a_link_of_its_own(self, mailbox):
        for _ in range(2):
            waiting(SurgeryFactory(planned_revision=1))

        send(mailbox)

        urls = [mail.headers["List-Unsubscribe"].strip("<>") for mail in mailbox.sent]
        assert len(set(urls)) == 2
        assert {m.headers["List-Unsubscribe-Post"] for m in mailbox.sent} == {
            "List-Unsubscribe=One-Click"
        }
        for mail, url in zip(mailbox.sent, urls, strict=True):
            assert url.startswith(f"{settings.PUBLIC_URL}/u/")
            assert f"{url}?lang=en" in mail.body
            assert f'href="{url}?lang=en"' in mail.html

    def test_the_token_is_kept_nowhere_but_in_the_mail(self, mailbox):
        delivery = waiting(surgery_of_ana())

        send(mailbox)

        token = mailbox.sent[0].headers["List-Unsubscribe"].rstrip("/>").rpartition("/")[2]
        delivery.refresh_from_db()
        link = PatientLink.objects.get()
        assert len(token) == 22
        assert (link.token_hash, link.purpose) == (hash_of(token), LinkPurpose.UNSUBSCRIBE)
        assert link.patient == delivery.patient
        assert token not in delivery.text + delivery.html + link.token_hash
        assert f"/u/{HIDDEN}/" in delivery.text

    def test_a_text_has_none(self):
        DeliveryFactory()
        phone = MemoryChannel("sms")

        send(phone)

        assert not PatientLink.objects.exists()
