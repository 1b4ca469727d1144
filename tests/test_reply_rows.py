"""Each row of section R of the list of bad inputs, from the provider's call to what comes of it.

What a text means stands in rules/replies.csv; here it is sent to the door, read, and looked at in
the record: the consent, the alert, the answer to the question, the hold, and what is sent back.
R56 by mail and R58 are about mail.
"""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from clinic.models import Channel, Consent, PatientStatus, Role
from reminders.flow.replies import read_replies
from reminders.models import (
    Alert,
    AlertStatus,
    Delivery,
    DeliveryStatus,
    Meaning,
    Purpose,
    Reply,
    ReplyStatus,
    Tier,
)
from reminders.rules.triage import Heard
from tests.factories import NOON, AlertFactory, DeliveryFactory, PatientFactory, StaffFactory
from tests.provider_calls import INBOUND, TOKEN, post_signed, text_message
from tests.rules.test_triage import rows

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
SCALE = "1 2 3 4 5"
UNANSWERED = {Heard.THANKS, Heard.TAP_BACK, Heard.AUTOMATIC, Heard.ANSWER}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_settings(settings, tmp_path):
    settings.TWILIO_AUTH_TOKEN = TOKEN
    settings.STATIC_ROOT = tmp_path


def texted(patient, body, *, at=NOON, sender=None, **also):
    """The patient sends a text; it comes by the provider's call and is read at once."""
    sid = f"SM{uuid.uuid4().hex}"
    message = text_message(
        sid, sender=sender or patient.mobile, recipient=patient.clinic.sms_sender, body=body, **also
    )
    with time_machine.travel(at, tick=False):
        assert post_signed(INBOUND, message).status_code == 200
    read_replies(now=at, limit=100)
    return Reply.objects.get(provider_message_id=sid)


def asked(patient, codes=SCALE, *, at=NOON - MINUTE):
    answers = [{"code": code, "meaning": f"said {code}", "action": "none"} for code in codes]
    return DeliveryFactory(
        reminder__surgery__patient=patient,
        reminder__step__replies=answers,
        status=DeliveryStatus.DELIVERED,
        queued_at=at,
    )


def may_be_texted(patient):
    return Consent.objects.in_force([patient.pk]).get(channel=Channel.SMS).given


def sent_back():
    return list(Delivery.objects.filter(purpose=Purpose.ANSWER).values_list("text", flat=True))


@pytest.mark.parametrize(("text", "codes", "verdict"), list(rows()))
def test_a_text_through_the_providers_door_leads_to_its_verdict(text, codes, verdict):
    patient = PatientFactory()
    if codes:
        asked(patient, codes)

    reply = texted(patient, text)

    patient.refresh_from_db()
    urgent = Alert.objects.filter(tier=Tier.EMERGENCY)
    for_a_person = reply.status == ReplyStatus.FOR_A_PERSON
    nobody_said_stop = verdict.heard is Heard.OPT_IN  # START without a STOP opts in as before
    assert reply.meaning == verdict.heard.value
    assert may_be_texted(patient) is (verdict.heard is not Heard.OPT_OUT)
    assert urgent.count() == int(verdict.is_urgent)
    assert (patient.status == PatientStatus.ON_HOLD) is verdict.is_hold
    assert for_a_person is verdict.for_a_person or nobody_said_stop
    assert reply.answer_code == verdict.code
    assert len(sent_back()) == int(verdict.heard not in UNANSWERED)


class TestStop:
    def test_closes_no_alert_and_staff_are_told(self):  # R13
        patient = PatientFactory()
        alert = AlertFactory(patient=patient, status=AlertStatus.OPEN)

        texted(patient, "STOP")

        alert.refresh_from_db()
        assert alert.status == AlertStatus.OPEN
        assert "The patient stopped our texts" in Alert.objects.values_list("summary", flat=True)

    def test_and_start_two_seconds_later_are_both_kept_and_the_last_one_holds(self):  # R14
        patient = PatientFactory()

        texted(patient, "STOP")
        texted(patient, "START", at=NOON + 2 * SECOND)

        assert may_be_texted(patient)
        said = patient.consents.filter(at__gte=NOON).values_list("given", flat=True)
        assert sorted(said) == [False, True]

    @pytest.mark.parametrize("word", ["START", "UNSTOP"])
    def test_is_undone_by_start(self, word):  # R16
        patient = PatientFactory()
        texted(patient, "STOP")

        texted(patient, word, at=NOON + MINUTE)

        assert may_be_texted(patient)

    @pytest.mark.parametrize("codes", ["", "YN"])
    def test_is_not_undone_by_yes(self, codes):  # R17
        patient = PatientFactory()
        if codes:
            asked(patient, codes)
        texted(patient, "STOP")

        reply = texted(patient, "YES", at=NOON + MINUTE)

        assert not may_be_texted(patient)
        assert reply.meaning == (Meaning.ANSWER if codes else Meaning.UNCLEAR)

    def test_quoted_by_a_tap_back_is_counted_and_nothing_else(self):  # R20
        patient = PatientFactory()

        reply = texted(patient, 'Liked "Reply STOP to end"')

        assert (may_be_texted(patient), reply.status) == (True, ReplyStatus.UNDERSTOOD)
        assert sent_back() == []

    def test_from_a_shared_telephone_is_obeyed_for_both_and_bound_to_neither(self):
        patient = PatientFactory()
        other = PatientFactory(clinic=patient.clinic, mobile=patient.mobile)

        reply = texted(patient, "STOP")

        assert reply.patient is None
        assert not may_be_texted(patient)
        assert not may_be_texted(other)


class TestAnAnswer:
    def test_to_one_of_two_open_questions_is_for_a_person(self):  # R31
        patient = PatientFactory()
        asked(patient)
        asked(patient)

        reply = texted(patient, "2")

        assert (reply.status, reply.answer_to) == (ReplyStatus.FOR_A_PERSON, None)

    def test_after_the_question_was_closed_is_kept_and_marked_late(self):  # R32
        patient = PatientFactory()
        question = asked(patient, at=NOON - 4 * DAY)

        reply = texted(patient, "2")

        assert (reply.answer_to, reply.answer_code, reply.was_late) == (question, "2", True)

    def test_from_a_shared_telephone_is_for_a_person(self):
        patient = PatientFactory()
        PatientFactory(clinic=patient.clinic, mobile=patient.mobile)
        asked(patient)

        reply = texted(patient, "2")

        assert (reply.patient, reply.status) == (None, ReplyStatus.FOR_A_PERSON)

    def test_from_a_number_of_nobody_is_for_a_person(self):
        patient = PatientFactory()
        asked(patient)

        reply = texted(patient, "2", sender="+447700900899")

        assert (reply.patient, reply.status) == (None, ReplyStatus.FOR_A_PERSON)
        assert patient.given_name not in " ".join(sent_back())


class TestAnythingElse:
    def test_from_the_wrong_person_is_answered_without_a_word_about_the_patient(self):  # R47
        patient = PatientFactory(given_name="Rosalind", family_name="Quennell")

        texted(patient, "who is this")

        [words] = sent_back()
        assert not {"Rosalind", "Quennell", "operation", "surgery"} & set(words.split())

    @pytest.mark.parametrize("body", ["", "   ", ".", "\x00\x01"])
    def test_with_no_word_in_it_alarms_nobody(self, body):  # R49
        reply = texted(PatientFactory(), body)

        assert (reply.status, Alert.objects.count()) == (ReplyStatus.FOR_A_PERSON, 0)

    def test_in_eleven_parts_is_one_reply(self):  # R50
        words = "I walked to the park and back. " * 51

        reply = texted(PatientFactory(), words[:1600], NumSegments="11")

        assert (reply.text, Reply.objects.count()) == (words[:1600], 1)

    @pytest.mark.parametrize("kind", ["image/jpeg", "audio/amr", "text/vcard"])
    def test_without_words_but_with_a_picture_a_voice_or_a_place_is_for_a_person(self, kind):  # R52
        reply = texted(
            PatientFactory(), "", NumMedia="1", MediaContentType0=kind,
            MediaUrl0="http://127.0.0.1:1/x",
        )  # fmt: skip

        assert (reply.status, reply.media_count) == (ReplyStatus.FOR_A_PERSON, 1)

    def test_with_a_link_shows_it_as_words_that_lead_nowhere(self, client):  # R53
        reply = texted(PatientFactory(), "look: http://evil.example/x?<b>")
        client.force_login(StaffFactory(clinic=reply.clinic, role=Role.NURSE))

        page = client.get(reverse("admin:reminders_reply_change", args=[reply.pk]))

        shown = page.content.decode()
        assert "http://evil.example/x?&lt;b&gt;" in shown
        assert 'href="http://evil.example' not in shown

    def test_that_a_machine_writes_all_night_is_answered_by_none(self):  # R55
        patient = PatientFactory()

        for turn in range(6):
            texted(patient, "I'm driving — sent automatically", at=NOON + turn * 11 * MINUTE)

        assert sent_back() == []

    def test_that_a_person_writes_all_night_is_answered_three_times(self):  # R55
        patient = PatientFactory()

        for turn in range(12):
            texted(patient, f"message {turn} of many", at=NOON + turn * 6 * MINUTE)

        assert len(sent_back()) == 3

    def test_told_forty_times_in_a_minute_is_stored_forty_times_and_one_alert(self):  # R59
        patient = PatientFactory()

        for second in range(40):
            texted(patient, "cant breathe", at=NOON + second * SECOND)

        assert Reply.objects.count() == 40
        assert Alert.objects.count() == 1
