"""Replies: what patients write is understood exactly, or is for a person."""

from datetime import timedelta

import pytest

from clinic.models import Channel, Consent, Patient, PatientStatus
from reminders.channels.base import InboundMessage
from reminders.flow.replies import OutcomeMissing, deal_with, read_replies, store_reply
from reminders.models import (
    Alert,
    AlertKind,
    AlertStatus,
    Delivery,
    DeliveryStatus,
    Meaning,
    Purpose,
    Reply,
    ReplyStatus,
    Tier,
)
from tests.factories import (
    NOON,
    AlertFactory,
    ClinicFactory,
    ConsentFactory,
    DeliveryFactory,
    PatientFactory,
    ReplyFactory,
    StaffFactory,
)

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SCALE = [
    {"code": "1", "meaning": "all well", "action": "none"},
    {"code": "2", "meaning": "wound leaks", "action": "staff_same_day"},
    {"code": "3", "meaning": "new appointment", "action": "staff_rebook"},
]

pytestmark = pytest.mark.django_db


def say(patient, text, *, at=NOON, **also):
    """The patient writes, and the reply is read at once; returns it as it stands then."""
    reply = ReplyFactory(by=patient, text=text, received_at=at, **also)
    read_replies(now=at, limit=100)
    reply.refresh_from_db()
    return reply


def ask(patient, *, at=NOON - MINUTE, status=DeliveryStatus.DELIVERED, replies=SCALE):
    """A question that went out to the patient."""
    return DeliveryFactory(
        reminder__surgery__patient=patient,
        reminder__step__replies=replies,
        queued_at=at,
        status=status,
    )


def may_be_texted(patient):
    return Consent.objects.in_force([patient.pk]).get(channel=Channel.SMS).given


def answers():
    return Delivery.objects.filter(purpose=Purpose.ANSWER)


class TestStop:
    @pytest.mark.parametrize("text", ["STOP", "stop.", "Stopp", "ＳＴＯＰ", "arret", "توقف"])
    def test_is_obeyed_at_once_and_confirmed_once(self, text):
        patient = PatientFactory()

        reply = say(patient, text)

        assert not may_be_texted(patient)
        assert (reply.status, reply.meaning) == (ReplyStatus.UNDERSTOOD, Meaning.OPT_OUT)
        assert "no more texts" in answers().get().text

    def test_is_about_texts_and_leaves_mails_alone(self):
        patient = PatientFactory()

        say(patient, "STOP")

        assert Consent.objects.in_force([patient.pk]).get(channel=Channel.EMAIL).given

    def test_said_twice_is_told_to_staff_once(self):
        patient = PatientFactory()

        say(patient, "STOP")
        say(patient, "STOP", at=NOON + MINUTE)

        assert Alert.objects.count() == 1

    def test_keeps_the_patients_own_words_and_moment(self):
        patient = PatientFactory()

        say(patient, "Please stop texting me", at=NOON + MINUTE)

        word = patient.consents.get(given=False)
        assert (word.wording, word.at) == ("Please stop texting me", NOON + MINUTE)

    def test_in_other_words_is_obeyed_and_read_by_a_person(self):
        patient = PatientFactory()

        reply = say(patient, "take me off this list")

        assert not may_be_texted(patient)
        assert reply.status == ReplyStatus.FOR_A_PERSON

    def test_tells_staff_that_the_patient_gets_no_more_texts(self):
        say(PatientFactory(), "STOP")

        alert = Alert.objects.get()
        assert (alert.kind, alert.tier) == (AlertKind.OPTED_OUT, Tier.ROUTINE)

    @pytest.mark.parametrize("status", [AlertStatus.OPEN, AlertStatus.ACKNOWLEDGED])
    def test_leaves_an_alert_as_it_is(self, status):
        by = StaffFactory() if status == AlertStatus.ACKNOWLEDGED else None
        alert = AlertFactory(status=status, acknowledged_by=by)

        say(alert.patient, "STOP")

        alert.refresh_from_db()
        assert alert.status == status

    def test_from_a_shared_telephone_is_obeyed_for_both_and_bound_to_neither(self):
        one = PatientFactory()
        other = PatientFactory(clinic=one.clinic, mobile=one.mobile)

        reply = say(one, "STOP")

        assert not may_be_texted(one)
        assert not may_be_texted(other)
        assert reply.patient is None
        assert {alert.patient for alert in Alert.objects.all()} == {one, other}

    def test_says_nothing_about_another_clinic_with_a_number_of_its_own(self):
        one = PatientFactory()
        other = PatientFactory(mobile=one.mobile)

        say(one, "STOP")

        assert may_be_texted(other)

    def test_quoted_by_a_tap_back_is_none(self):
        patient = PatientFactory()

        reply = say(patient, 'Liked "Reply STOP to end"')

        assert may_be_texted(patient)
        assert (reply.status, reply.meaning) == (ReplyStatus.UNDERSTOOD, Meaning.TAP_BACK)
        assert not answers().exists()


class TestStart:
    @pytest.mark.parametrize("text", ["START", "unstop", "Start!"])
    def test_undoes_a_stop(self, text):
        patient = PatientFactory()
        say(patient, "STOP")

        say(patient, text, at=NOON + MINUTE)

        assert may_be_texted(patient)

    @pytest.mark.parametrize("word", [None, False])
    def test_opts_nobody_in_who_never_said_yes(self, word):
        patient = PatientFactory(consented=())
        if word is not None:
            ConsentFactory(patient=patient, given=word)

        reply = say(patient, "START")

        assert not patient.consents.filter(given=True).exists()
        assert reply.status == ReplyStatus.FOR_A_PERSON
        assert "you will get our texts again" not in answers().get().text

    def test_yes_is_not_start(self):
        patient = PatientFactory()
        say(patient, "STOP")

        say(patient, "YES", at=NOON + MINUTE)

        assert not may_be_texted(patient)

    @pytest.mark.parametrize(
        ("first", "then", "allowed"), [("STOP", "START", 1), ("START", "STOP", 0)]
    )
    def test_the_order_is_that_in_which_they_came_and_not_that_of_reading(
        self, first, then, allowed
    ):
        patient = PatientFactory()
        say(patient, then, at=NOON + timedelta(seconds=2))

        say(patient, first, at=NOON)

        assert may_be_texted(patient) == bool(allowed)
        assert patient.consents.filter(source="reply").count() == 2


class TestWhoItIs:
    def test_the_one_patient_with_the_number(self):
        patient = PatientFactory()
        PatientFactory(clinic=patient.clinic)
        PatientFactory(mobile=patient.mobile)  # at another clinic, with another number of ours

        assert say(patient, "Hello").patient == patient

    @pytest.mark.parametrize("text", ["Hello", "2", "STOP", "cant breathe"])
    def test_never_one_of_two(self, text):
        patient = PatientFactory()
        PatientFactory(clinic=patient.clinic, mobile=patient.mobile)
        question = ask(patient)

        reply = say(patient, text)

        assert reply.patient is None
        assert not question.replies.exists()

    @pytest.mark.parametrize("text", ["Hello", "STOP", "thanks", "HELP", "👍"])
    @pytest.mark.parametrize("sender", ["+447700900899", "NHS-NoReply", "88222", "", "+266696687"])
    def test_nobody_when_no_patient_has_it_and_then_a_person_reads_it(self, sender, text):
        clinic = ClinicFactory()
        PatientFactory(clinic=clinic, mobile="")

        reply = ReplyFactory(by=None, clinic=clinic, sender=sender, text=text)
        read_replies(now=NOON, limit=10)

        reply.refresh_from_db()
        assert (reply.patient, reply.status) == (None, ReplyStatus.FOR_A_PERSON)

    @pytest.mark.parametrize("sender", ["NHS-NoReply", "88222", ""])
    def test_a_sender_that_is_no_telephone_is_sent_nothing(self, sender):
        ReplyFactory(by=None, clinic=ClinicFactory(), sender=sender, text="Hello")

        read_replies(now=NOON, limit=10)

        assert not answers().exists()

    def test_a_text_to_a_number_that_is_no_clinics_is_kept_for_a_person(self):
        reply = ReplyFactory(by=None, clinic=None, sender="+447700900123", recipient="+15550100")

        read_replies(now=NOON, limit=10)

        reply.refresh_from_db()
        assert (reply.clinic, reply.status) == (None, ReplyStatus.FOR_A_PERSON)

    def test_an_unknown_sender_is_told_nothing_about_a_patient(self):
        clinic = ClinicFactory()
        PatientFactory(clinic=clinic, given_name="Wilhelmina")
        ReplyFactory(by=None, clinic=clinic, sender="+447700900899", text="who is this")

        read_replies(now=NOON, limit=10)

        assert "Wilhelmina" not in answers().get().text


class TestAnswers:
    @pytest.mark.parametrize("text", ["1", " 1.", "(1)", "１", "١"])
    def test_an_exact_answer_is_tied_to_its_question(self, text):
        patient = PatientFactory()
        question = ask(patient)

        reply = say(patient, text)

        assert (reply.answer_to, reply.answer_code) == (question, "1")
        assert (reply.answer_meaning, reply.was_late) == ("all well", False)
        assert reply.status == ReplyStatus.UNDERSTOOD

    @pytest.mark.parametrize("text", ["4", "0", "-1", "12", "l", "one", "1 or 2", "1.5"])
    def test_anything_else_is_for_a_person(self, text):
        patient = PatientFactory()
        ask(patient)

        reply = say(patient, text)

        assert (reply.answer_to, reply.status) == (None, ReplyStatus.FOR_A_PERSON)

    @pytest.mark.parametrize("days", [(0, 1), (4, 5)])
    def test_with_two_questions_that_it_may_answer_it_is_for_a_person(self, days):
        patient = PatientFactory()
        for day in days:
            ask(patient, at=NOON - MINUTE - day * DAY)

        reply = say(patient, "2")

        assert (reply.answer_to, reply.status) == (None, ReplyStatus.FOR_A_PERSON)

    def test_a_question_is_answered_once(self):
        patient = PatientFactory()
        ask(patient)
        say(patient, "1")

        reply = say(patient, "2", at=NOON + MINUTE)

        assert (reply.answer_to, reply.status) == (None, ReplyStatus.FOR_A_PERSON)

    def test_an_answered_question_leaves_the_next_one_alone_open(self):
        patient = PatientFactory()
        ask(patient, at=NOON - DAY)
        say(patient, "1", at=NOON - DAY + MINUTE)
        second = ask(patient)

        assert say(patient, "1").answer_to == second

    @pytest.mark.parametrize(
        ("age", "late"), [(3 * DAY, False), (3 * DAY + MINUTE, True), (13 * DAY, True)]
    )
    def test_is_kept_and_marked_when_it_comes_late(self, age, late):
        patient = PatientFactory()
        question = ask(patient, at=NOON - age)

        reply = say(patient, "2")

        assert (reply.answer_to, reply.was_late) == (question, late)

    def test_is_not_late_because_we_read_it_late(self):
        patient = PatientFactory()
        ask(patient, at=NOON)
        reply = ReplyFactory(by=patient, text="2", received_at=NOON + MINUTE)

        read_replies(now=NOON + 5 * DAY, limit=10)

        reply.refresh_from_db()
        assert (reply.answer_code, reply.was_late) == ("2", False)

    def test_answers_nothing_that_was_asked_after_it_came(self):
        patient = PatientFactory()
        ask(patient, at=NOON + MINUTE)
        reply = ReplyFactory(by=patient, text="2", received_at=NOON)

        read_replies(now=NOON + 2 * MINUTE, limit=10)

        reply.refresh_from_db()
        assert reply.answer_to is None

    @pytest.mark.parametrize("status", sorted(set(DeliveryStatus)))
    def test_only_a_question_that_may_have_arrived_is_open(self, status):
        patient = PatientFactory()
        ask(patient, status=status)
        arrived = ("sending", "unknown", "accepted", "delivered")

        assert bool(say(patient, "1").answer_to) == (status in arrived)

    def test_our_own_short_answer_is_no_question(self):
        patient = PatientFactory()
        question = ask(patient)
        say(patient, "Hello")
        answers().update(status=DeliveryStatus.ACCEPTED)

        reply = say(patient, "1", at=NOON + MINUTE)

        assert reply.answer_to == question

    def test_a_second_message_after_our_own_short_answer_is_read_like_the_first(self):
        patient = PatientFactory()
        say(patient, "Hello")
        answers().update(status=DeliveryStatus.ACCEPTED)

        reply = say(patient, "Hello again", at=NOON + MINUTE)

        assert (reply.status, reply.meaning) == (ReplyStatus.FOR_A_PERSON, Meaning.UNCLEAR)
        assert not Alert.objects.exists()

    @pytest.mark.parametrize(("code", "tier"), [("2", Tier.SAME_DAY), ("3", Tier.ROUTINE)])
    @pytest.mark.parametrize("age", [MINUTE, 5 * DAY])
    def test_that_asks_for_a_call_raises_one_alert(self, code, tier, age):
        patient = PatientFactory()
        ask(patient, at=NOON - age)

        reply = say(patient, code)

        alert = Alert.objects.get()
        assert (alert.kind, alert.tier) == (AlertKind.CHECK_IN, tier)
        assert (alert.patient, alert.reply) == (patient, reply)

    def test_that_all_is_well_raises_none(self):
        patient = PatientFactory()
        ask(patient)

        say(patient, "1")

        assert not Alert.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_answer_is_not_understood_without_its_alert(other_worker):
    patient = PatientFactory()
    ask(patient)
    reply = ReplyFactory(by=patient, text="2")

    with other_worker(patient.clinic) as cursor:
        cursor.execute("LOCK TABLE reminders_alert IN EXCLUSIVE MODE")
        with pytest.raises(Exception, match="lock timeout"):
            read_replies(now=NOON, limit=10)

    reply.refresh_from_db()
    assert (reply.status, reply.answer_to) == (ReplyStatus.RECEIVED, None)


class TestDanger:
    @pytest.mark.parametrize("text", ["cant breathe", "STOP BLEEDING?", "🆘", "HELP ME"])
    def test_raises_an_emergency_alert_that_a_person_reads(self, text):
        patient = PatientFactory()

        reply = say(patient, text)

        alert = Alert.objects.get()
        assert (alert.tier, alert.patient, alert.reply) == (Tier.EMERGENCY, patient, reply)
        assert reply.status == ReplyStatus.FOR_A_PERSON
        assert "999" in answers().get().text

    def test_is_told_to_the_clinic_even_when_nobody_knows_who_it_is(self):
        clinic = ClinicFactory()
        ReplyFactory(by=None, clinic=clinic, sender="+447700900899", text="cant breathe")

        read_replies(now=NOON, limit=10)

        alert = Alert.objects.get()
        assert (alert.clinic, alert.patient, alert.tier) == (clinic, None, Tier.EMERGENCY)

    def test_beside_a_stop_is_told_and_the_stop_is_obeyed(self):
        patient = PatientFactory()

        say(patient, "stop texting me, I cant breathe")

        assert not may_be_texted(patient)
        assert Alert.objects.filter(tier=Tier.EMERGENCY).count() == 1

    def test_outranks_an_answer_and_a_picture(self):
        patient = PatientFactory()
        ask(patient)

        say(patient, "1 but bleeding", media_count=1)

        assert Alert.objects.get().tier == Tier.EMERGENCY

    def test_told_forty_times_in_a_minute_is_one_alert(self):
        patient = PatientFactory()
        for second in range(40):
            ReplyFactory(
                by=patient, text="cant breathe", received_at=NOON + timedelta(seconds=second)
            )

        read_replies(now=NOON + MINUTE, limit=100)

        assert Reply.objects.filter(status=ReplyStatus.FOR_A_PERSON).count() == 40
        assert Alert.objects.count() == 1
        assert answers().count() == 1

    def test_told_again_after_somebody_took_it_in_hand_is_another_alert(self):
        patient = PatientFactory()
        say(patient, "cant breathe")
        Alert.objects.update(status=AlertStatus.ACKNOWLEDGED, acknowledged_by=StaffFactory())

        say(patient, "cant breathe at all", at=NOON + MINUTE)

        assert Alert.objects.filter(status=AlertStatus.OPEN).count() == 1

    def test_told_by_another_telephone_is_another_alert(self):
        patient = PatientFactory()
        say(patient, "cant breathe")

        say(PatientFactory(clinic=patient.clinic), "cant breathe")

        assert Alert.objects.count() == 2


class TestFreeText:
    @pytest.mark.parametrize(
        "text", ["", "  ", "temp 36.8", "cancel my appointment", "x" * 1600, "http://evil.example"]
    )
    def test_is_for_a_person(self, text):
        reply = say(PatientFactory(), text)

        assert (reply.status, reply.meaning) == (ReplyStatus.FOR_A_PERSON, Meaning.UNCLEAR)
        assert reply.text == text

    @pytest.mark.parametrize("text", ["", "thanks", "1"])
    def test_with_a_picture_is_for_a_person_whatever_it_says(self, text):
        patient = PatientFactory()
        ask(patient)

        assert say(patient, text, media_count=1).status == ReplyStatus.FOR_A_PERSON

    def test_thanks_need_nobody_and_no_answer(self):
        reply = say(PatientFactory(), "thanks")

        assert reply.status == ReplyStatus.UNDERSTOOD
        assert not answers().exists()

    def test_that_cannot_be_read_goes_to_a_person_and_holds_up_no_other(self):
        patient = PatientFactory()
        ask(patient, replies=[{"code": "7", "meaning": "?", "action": "no such action"}])
        broken = ReplyFactory(by=patient, text="7")
        sound = ReplyFactory(text="STOP", received_at=NOON + MINUTE)

        read_replies(now=NOON + MINUTE, limit=10)

        broken.refresh_from_db()
        sound.refresh_from_db()
        assert (broken.status, broken.answer_to) == (ReplyStatus.FOR_A_PERSON, None)
        assert Alert.objects.get(reply=broken).tier == Tier.EMERGENCY
        assert sound.meaning == Meaning.OPT_OUT


class TestWrongPersonOrDied:
    @pytest.mark.parametrize("text", ["my husband has died", "not my number", "who is this"])
    def test_nothing_more_is_sent_until_a_person_has_looked(self, text):
        patient = PatientFactory()

        reply = say(patient, text)

        patient.refresh_from_db()
        assert (patient.status, bool(patient.hold_reason)) == (PatientStatus.ON_HOLD, True)
        assert patient.held_since == NOON
        assert reply.status == ReplyStatus.FOR_A_PERSON
        alert = Alert.objects.get()
        assert (alert.tier, alert.patient, alert.reply) == (Tier.SAME_DAY, patient, reply)

    def test_a_shared_telephone_is_silent_for_both(self):
        one = PatientFactory()
        PatientFactory(clinic=one.clinic, mobile=one.mobile)

        say(one, "not my number")

        assert set(Patient.objects.values_list("status", flat=True)) == {PatientStatus.ON_HOLD}
        assert Alert.objects.count() == 2

    @pytest.mark.parametrize("status", sorted(set(PatientStatus) - {PatientStatus.ACTIVE}))
    def test_who_gets_nothing_anyhow_stays_as_they_are(self, status):
        patient = PatientFactory(status=status)

        say(patient, "my husband has died")

        patient.refresh_from_db()
        assert (patient.status, patient.hold_reason) == (status, "")

    def test_said_twice_is_one_alert(self):
        patient = PatientFactory()

        say(patient, "my husband has died")
        say(patient, "she passed away", at=NOON + MINUTE)

        assert Alert.objects.count() == 1

    def test_danger_is_told_all_the_same(self):
        say(PatientFactory(), "who is this? I am bleeding")

        assert set(Alert.objects.values_list("tier", flat=True)) == {"emergency", "same_day"}


class TestOurShortAnswers:
    def test_are_at_least_ten_minutes_apart(self):
        patient = PatientFactory()

        for minute in (0, 9, 10):
            say(patient, "Hello", at=NOON + minute * MINUTE)

        assert answers().count() == 2

    def test_are_three_a_day_at_most(self):
        patient = PatientFactory()

        for hour in range(12):
            say(patient, "Hello", at=NOON + timedelta(hours=hour))

        assert answers().count() == 3

    @pytest.mark.parametrize("text", ["HELP", "STOP", "START", "sent automatically"])
    def test_do_not_keep_two_machines_talking(self, text):
        patient = PatientFactory()

        for minute in range(60):
            say(patient, text, at=NOON + minute * MINUTE)

        assert answers().count() <= 3

    def test_confirm_a_stop_although_something_else_was_just_answered(self):
        patient = PatientFactory()
        say(patient, "Hello")

        say(patient, "STOP", at=NOON + MINUTE)

        assert answers().filter(reply__meaning=Meaning.OPT_OUT).exists()

    def test_are_in_the_patients_language(self):
        patient = PatientFactory(language="es")

        say(patient, "parar")

        assert "no recibira mas mensajes" in answers().get().text

    @pytest.mark.parametrize("text", ["Hello", "HELP", "STOP", "cant breathe"])
    def test_carry_the_emergency_number(self, text):
        say(PatientFactory(), text)

        assert "999" in answers().get().text

    def test_are_left_out_where_the_clinic_has_no_number_to_give(self):
        patient = PatientFactory(clinic__emergency_phone="")

        reply = say(patient, "STOP")

        assert not answers().exists()
        assert reply.status == ReplyStatus.UNDERSTOOD


class TestTwice:
    MESSAGE = InboundMessage("twilio", "SM1", "+447700900123", "+447700900999", "2", 0, {})

    def test_the_same_message_is_one_reply_and_one_alert(self):
        clinic = ClinicFactory(sms_sender=self.MESSAGE.recipient)
        ask(PatientFactory(clinic=clinic, mobile=self.MESSAGE.sender), at=NOON - MINUTE)

        for turn in range(10):
            assert store_reply(self.MESSAGE, now=NOON + turn * DAY) is (turn == 0)
            read_replies(now=NOON + turn * DAY, limit=10)

        assert Reply.objects.count() == Alert.objects.count() == answers().count() == 1

    def test_a_message_to_no_number_belongs_to_no_clinic(self):
        ClinicFactory(sms_sender="")

        store_reply(InboundMessage("twilio", "SM2", "+447700900123", "", "Hi", 0, {}), now=NOON)

        assert Reply.objects.get().clinic is None

    def test_what_is_read_is_not_read_again(self):
        say(PatientFactory(), "cant breathe")

        assert read_replies(now=NOON, limit=10) == 0


def test_words_of_danger_are_read_before_all_that_came_earlier():
    clinic = ClinicFactory(sms_sender="+447700900999")
    for number, words in enumerate(["Hi", "Thanks", "cant breathe", "Hello"]):
        message = InboundMessage(
            "twilio", f"SM{number}", f"+44770090010{number}", clinic.sms_sender, words, 0, {}
        )
        store_reply(message, now=NOON + number * MINUTE)

    assert read_replies(now=NOON + DAY, limit=1) == 1

    assert Reply.objects.exclude(status=ReplyStatus.RECEIVED).get().text == "cant breathe"


@pytest.mark.parametrize("text", ["STOP", "thanks"])
def test_a_reply_in_another_workers_hands_is_skipped(text, other_worker):
    held, free = ReplyFactory.create_batch(2, text=text)

    with other_worker(held):
        assert read_replies(now=NOON, limit=10) == 1

    held.refresh_from_db()
    free.refresh_from_db()
    assert (held.status, free.status) == (ReplyStatus.RECEIVED, ReplyStatus.UNDERSTOOD)


class TestDealtWith:
    def test_by_a_named_person_with_an_outcome(self):
        nurse = StaffFactory()

        reply = deal_with(ReplyFactory().pk, by=nurse, outcome=" called ", now=NOON)

        assert (reply.status, reply.dealt_with_by) == (ReplyStatus.ANSWERED, nurse)
        assert reply.outcome == "called"

    def test_again_overwrites_nothing(self):
        nurse, colleague = StaffFactory.create_batch(2)
        reply = ReplyFactory()
        deal_with(reply.pk, by=nurse, outcome="called", now=NOON)

        again = deal_with(reply.pk, by=colleague, outcome="emailed", now=NOON + MINUTE)

        assert (again.dealt_with_by, again.outcome, again.dealt_with_at) == (nurse, "called", NOON)

    def test_not_without_an_outcome(self):
        with pytest.raises(OutcomeMissing):
            deal_with(ReplyFactory().pk, by=StaffFactory(), outcome="  ", now=NOON)
