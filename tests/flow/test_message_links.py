"""A text with {link}: an address of its own on the wire, and no token anywhere else."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings

from clinic.models import Channel, PatientStatus, Role
from reminders.channels.base import HIDDEN, Outcome, SendResult
from reminders.channels.memory import MemoryChannel
from reminders.flow.claim import claim_batch
from reminders.flow.deliver import deliver_queued
from reminders.flow.patient_links import CannotSendLink, revoke_links, send_new_link
from reminders.models import Delivery, DeliveryStatus, LinkPurpose, PatientLink, Purpose
from reminders.models.patient_link import hash_of, new_link
from tests.factories import (
    NOON,
    ConsentFactory,
    DeliveryFactory,
    PatientFactory,
    StaffFactory,
    StepTextFactory,
)

pytestmark = pytest.mark.django_db

BORN = date(1950, 3, 27)
TOKEN = re.compile(r"/p/([\w-]{22})(?![\w-])")


def delivery_saying(text, *, born=BORN, **more):
    delivery = DeliveryFactory(
        reminder__surgery__patient__birth_date=born, reminder__step__texts=(), **more
    )
    StepTextFactory(step=delivery.reminder.step, sms=text, email=text)
    return delivery


def sent_now(channel="sms", *, times=1):
    door = MemoryChannel(channel)
    for _ in range(times):
        deliver_queued(door, now=lambda: NOON, stop_at=float("inf"))
    return door.sent


class TestTheLinkOfAMessage:
    def test_is_on_the_wire_and_kept_as_a_hash_for_its_patient_and_reminder(self, released):
        delivery = delivery_saying("{clinic}: your page: {link}")

        [message] = sent_now()

        token = TOKEN.search(message.body)[1]
        link = PatientLink.objects.get()
        assert link.token_hash == hash_of(token)
        assert (link.patient, link.reminder) == (delivery.patient, delivery.reminder)
        assert link.purpose == LinkPurpose.PAGE
        assert link.expires_at == NOON + timedelta(days=30)

    @pytest.mark.parametrize("channel", Channel.values)
    def test_is_hidden_in_all_that_is_stored(self, released, channel):
        delivery = delivery_saying("{clinic}: your page: {link}", channel=channel)

        [message] = sent_now(channel)

        token = TOKEN.search(message.body)[1]
        delivery.refresh_from_db()
        assert f"{settings.PUBLIC_URL}/p/{HIDDEN}" in delivery.text
        rows = (delivery, *PatientLink.objects.all())
        stored = [str(v) for row in rows for v in vars(row).values()]
        assert not any(token in value for value in stored)

    def test_costs_no_row_in_a_message_without_one(self, released):
        delivery_saying("{clinic}: walk a little today.")

        sent_now()

        assert not PatientLink.objects.exists()

    def test_is_another_one_for_each_attempt(self, released):
        delivery = delivery_saying("{clinic}: your page: {link}")
        door = MemoryChannel("sms")
        door.answers.append(SendResult(Outcome.NOT_SENT, code="connection"))

        deliver_queued(door, now=lambda: NOON, stop_at=float("inf"))
        Delivery.objects.filter(pk=delivery.pk).update(next_try_at=NOON)
        deliver_queued(door, now=lambda: NOON, stop_at=float("inf"))

        [message] = door.sent
        assert PatientLink.objects.count() == 2
        assert PatientLink.objects.filter(
            token_hash=hash_of(TOKEN.search(message.body)[1])
        ).exists()

    def test_is_saved_before_the_message_leaves(self, released):
        delivery_saying("{clinic}: your page: {link}")

        batch = claim_batch("sms", provider="memory", post_timeout_seconds=1.0, now=NOON, limit=10)

        token = TOKEN.search(batch.sends[0].message.body)[1]
        assert PatientLink.objects.filter(token_hash=hash_of(token)).exists()

    def test_leads_to_the_public_page_where_there_is_no_birth_date_to_ask_for(self, released):
        delivery = delivery_saying("{clinic}: your page: {link}", born=None)

        [message] = sent_now()

        assert f"/c/{delivery.clinic.key}/" in message.body
        assert not PatientLink.objects.exists()

    def test_takes_no_more_parts_than_a_preview_says(self, released):
        delivery = delivery_saying("{clinic}: your page: {link}")

        sent_now()

        delivery.refresh_from_db()
        assert delivery.segments == 1


class TestTokens:
    def test_have_128_bits_and_end_in_a_letter(self):
        patient = PatientFactory.build()

        tokens = {new_link(patient, purpose=LinkPurpose.PAGE, now=NOON)[1] for _ in range(1000)}

        assert len(tokens) == 1000
        assert all(re.fullmatch(r"[\w-]{21}[A-Za-z]", token) for token in tokens)


class TestANewLink:
    def test_goes_out_by_text_with_a_link_of_its_own(self, released):
        patient = PatientFactory(birth_date=BORN)

        send_new_link(patient, now=NOON)

        [message] = sent_now()
        assert message.to == patient.mobile
        assert PatientLink.objects.get().token_hash == hash_of(TOKEN.search(message.body)[1])

    @pytest.mark.parametrize("language", ["en", "es", "ar"])
    def test_is_one_text_in_each_language(self, released, language):
        patient = PatientFactory(birth_date=BORN, language=language)

        delivery = send_new_link(patient, now=NOON)

        sent_now()
        delivery.refresh_from_db()
        assert delivery.status == DeliveryStatus.ACCEPTED
        assert delivery.segments == (2 if language == "ar" else 1)

    def test_goes_by_mail_where_texts_are_stopped(self, released):
        patient = PatientFactory(birth_date=BORN)
        ConsentFactory(patient=patient, channel=Channel.SMS, given=False, at=NOON)

        delivery = send_new_link(patient, now=NOON)

        [message] = sent_now("email")
        assert delivery.channel == Channel.EMAIL
        assert TOKEN.search(message.body)
        assert TOKEN.search(message.html)

    def test_is_not_sent_past_a_stop_that_comes_before_it_leaves(self, released):
        patient = PatientFactory(birth_date=BORN)
        delivery = send_new_link(patient, now=NOON)
        ConsentFactory(patient=patient, channel=Channel.SMS, given=False, at=NOON)

        assert sent_now() == []

        delivery.refresh_from_db()
        assert delivery.status == DeliveryStatus.SKIPPED

    @pytest.mark.parametrize(
        "patient",
        [
            {"birth_date": None},
            {"birth_date": BORN, "consented": ()},
            {"birth_date": BORN, "status": PatientStatus.DECEASED},
            {"birth_date": BORN, "status": PatientStatus.ENDED},
        ],
        ids=["no birth date", "no consent", "deceased", "ended"],
    )
    def test_is_refused_with_a_reason(self, patient):
        with pytest.raises(CannotSendLink):
            send_new_link(PatientFactory(**patient), now=NOON)

        assert not Delivery.objects.filter(purpose=Purpose.PAGE_LINK).exists()


class TestRevoking:
    def test_ends_page_and_calendar_of_this_patient_and_no_stop_in_a_mail(self):
        patient, other = PatientFactory.create_batch(2, birth_date=BORN)
        nurse = StaffFactory(clinic=patient.clinic, role=Role.NURSE)
        for one in (patient, other):
            for purpose in LinkPurpose:
                new_link(one, purpose=purpose, now=NOON)[0].save()

        revoked = revoke_links(patient, by=nurse, now=NOON)

        gone = PatientLink.objects.exclude(revoked_at=None)
        assert revoked == 2
        assert {(link.patient, link.purpose) for link in gone} == {
            (patient, LinkPurpose.PAGE),
            (patient, LinkPurpose.CALENDAR),
        }
        assert revoke_links(patient, by=nurse, now=NOON) == 0
