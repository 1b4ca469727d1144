"""Check-ins by text: 1, 2 or 3, then the pain as a number; and what a form has answered already."""

from datetime import timedelta
from uuid import uuid4

import pytest

from clinic.models import SymptomCheckMode
from reminders.flow.check_ins import form_for, open_checks, submit
from reminders.flow.replies import read_replies
from reminders.models import (
    Alert,
    CheckIn,
    CheckInBy,
    Delivery,
    DeliveryStatus,
    Meaning,
    Purpose,
    ReplyStatus,
    Tier,
)
from reminders.pathways.check_in import shipped_check_in
from reminders.pathways.symptom_check import shipped_symptom_check
from reminders.rules.check_in_answers import fill_in
from tests.factories import (
    NOON,
    ConsentFactory,
    DeliveryFactory,
    PatientFactory,
    ReplyFactory,
    StaffFactory,
)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WELL_WORRY_CALL = [
    {"code": "1", "meaning": "no_new_problem", "action": "none"},
    {"code": "2", "meaning": "worry", "action": "staff_same_day"},
    {"code": "3", "meaning": "callback", "action": "callback_routine"},
]

pytestmark = pytest.mark.django_db


def ask(patient, *, at=NOON - MINUTE, questions=("symptom_check", "pain_limb", "pain_spine")):
    return DeliveryFactory(
        reminder__surgery__patient=patient,
        reminder__step__replies=WELL_WORRY_CALL,
        reminder__step__questions=list(questions),
        reminder__step__category="check_in",
        reminder__due_at=at,
        queued_at=at,
        status=DeliveryStatus.DELIVERED,
    )


def say(patient, text, *, at=NOON):
    """The patient writes, it is read, and our answer is on its way."""
    reply = ReplyFactory(by=patient, text=text, received_at=at)
    read_replies(now=at, limit=100)
    Delivery.objects.filter(purpose=Purpose.ANSWER).update(status=DeliveryStatus.ACCEPTED)
    reply.refresh_from_db()
    return reply


def our_texts():
    answers = Delivery.objects.filter(purpose=Purpose.ANSWER).order_by("pk")
    return list(answers.values_list("text", flat=True))


def sorting(clinic, mode=SymptomCheckMode.TRIAGE):
    clinic.symptom_check_mode = mode
    clinic.symptom_check_responsible = StaffFactory(clinic=clinic)
    clinic.save()


class TestByCode:
    @pytest.mark.parametrize(("code", "choice"), [("2", "worry"), ("3", "callback")])
    def test_an_answer_for_staff_is_a_check_in_of_its_own_and_asks_nothing_more(self, code, choice):
        patient = PatientFactory()
        question = ask(patient)

        say(patient, code)

        check_in = CheckIn.objects.get()
        assert (check_in.by, check_in.reminder) == (CheckInBy.SMS, question.reminder)
        assert check_in.submitted_at == NOON
        answer = check_in.answers.get()
        assert (answer.raw, answer.choice) == (code, choice)
        assert ["we have your message" in text for text in our_texts()] == [True]

    def test_where_the_step_asks_for_no_pain_it_ends_there(self):
        patient = PatientFactory()
        ask(patient, questions=())

        say(patient, "1")

        assert CheckIn.objects.get().submitted_at == NOON
        assert our_texts() == []


class TestNumbers:
    def test_are_asked_for_neutrally_and_end_with_the_fixed_text(self):
        patient = PatientFactory()
        ask(patient)

        say(patient, "1")
        reply = say(patient, "4", at=NOON + MINUTE)

        first, last = our_texts()
        assert "How bad is your worst pain today" in first
        assert "does not mean all is well" in last
        assert (reply.status, reply.meaning) == (ReplyStatus.UNDERSTOOD, Meaning.ANSWER)
        check_in = CheckIn.objects.get()
        assert check_in.submitted_at == NOON + MINUTE
        assert check_in.answers.get(question="pain_worst").number == 4

    def test_are_asked_for_one_by_one_where_the_patient_agreed_to_details(self):
        patient = PatientFactory(detailed_sms=True)
        ask(patient)

        say(patient, "1")
        say(patient, "4", at=NOON + MINUTE)
        say(patient, "7/10", at=NOON + 2 * MINUTE)

        numbers = CheckIn.objects.get().answers.exclude(number=None)
        assert {a.question: int(a.number) for a in numbers} == {"pain_limb": 4, "pain_spine": 7}
        assert [("leg" in text, "back" in text) for text in our_texts()[:2]] == [
            (True, False),
            (False, True),
        ]

    def test_are_asked_for_in_the_patients_language(self):
        patient = PatientFactory(language="es")
        ask(patient)

        say(patient, "1")

        assert "Cuanto le duele hoy" in our_texts()[0]

    @pytest.mark.parametrize("text", ["11", "-1", "2.5", "four", "1e1", "l0"])
    def test_that_are_not_exact_are_for_a_person_and_leave_the_question_open(self, text):
        patient = PatientFactory()
        ask(patient)
        say(patient, "1")

        reply = say(patient, text, at=NOON + MINUTE)
        say(patient, "10", at=NOON + 2 * MINUTE)

        assert reply.status == ReplyStatus.FOR_A_PERSON
        assert CheckIn.objects.get().answers.get(question="pain_worst").number == 10

    @pytest.mark.parametrize(("hours", "status"), [(23, "understood"), (25, "for_a_person")])
    def test_of_today_are_not_taken_tomorrow(self, hours, status):
        patient = PatientFactory()
        ask(patient)
        say(patient, "1")

        assert say(patient, "4", at=NOON + hours * HOUR).status == status

    def test_are_no_answer_while_another_question_is_open(self):
        patient = PatientFactory()
        ask(patient)
        say(patient, "1")
        ask(patient, at=NOON + MINUTE)

        assert say(patient, "2", at=NOON + 2 * MINUTE).status == ReplyStatus.FOR_A_PERSON

    def test_are_no_answer_to_an_older_question_that_was_let_pass(self):
        patient = PatientFactory()
        ask(patient, at=NOON - timedelta(days=4))
        ask(patient)
        say(patient, "1")

        assert say(patient, "2", at=NOON + MINUTE).answer_meaning == "Worst pain, by text: 2"

    def test_are_not_asked_for_after_a_stop(self):
        patient = PatientFactory()
        ask(patient)
        ConsentFactory(patient=patient, given=False, at=NOON - MINUTE)

        say(patient, "1")

        assert our_texts() == []

    def test_are_heard_after_a_danger_that_is_told_in_words(self):
        patient = PatientFactory()
        ask(patient)
        say(patient, "1")

        say(patient, "cant breathe", at=NOON + MINUTE)

        assert Alert.objects.get().tier == Tier.EMERGENCY
        assert "we have your message" in our_texts()[-1]

    @pytest.mark.parametrize(
        ("mode", "tier"),
        [(SymptomCheckMode.TRIAGE, Tier.SAME_DAY), (SymptomCheckMode.RELAY, None),
         (SymptomCheckMode.OFF, None)],
    )  # fmt: skip
    def test_are_sorted_only_where_the_clinic_sorts(self, mode, tier):
        patient = PatientFactory()
        sorting(patient.clinic, mode)
        ask(patient)

        say(patient, "1")
        say(patient, "9", at=NOON + MINUTE)

        assert [alert.tier for alert in Alert.objects.all()] == [tier] * (tier is not None)
        assert ("Please call" in our_texts()[-1]) is (tier is not None)

    def test_keep_the_patient_in_the_middle_of_a_check(self):
        patient = PatientFactory()
        ask(patient)
        say(patient, "1")

        assert patient.pk in open_checks([patient.pk], now=NOON + 29 * MINUTE)


class TestAForm:
    def hand_in(self, patient, *, at):
        form = form_for(patient, now=at)
        filled = fill_in(
            form.sheet, given={"pain_limb": "3", "pain_spine": "3"},
            content=shipped_check_in(), check=shipped_symptom_check(),
        )  # fmt: skip
        return submit(form, filled, key=uuid4(), by=CheckInBy.PAGE, language="en", now=at)

    def test_answers_the_question_of_the_text_too(self):
        patient = PatientFactory()
        ask(patient)
        self.hand_in(patient, at=NOON)

        assert say(patient, "1", at=NOON + MINUTE).status == ReplyStatus.FOR_A_PERSON

    def test_ends_the_numbers_that_a_text_was_asking_for(self):
        patient = PatientFactory()
        ask(patient)
        say(patient, "1")
        self.hand_in(patient, at=NOON + MINUTE)

        assert say(patient, "4", at=NOON + 2 * MINUTE).status == ReplyStatus.FOR_A_PERSON

    def test_still_asks_for_more_than_a_text_did(self):
        patient = PatientFactory()
        question = ask(patient)
        say(patient, "1")
        say(patient, "4", at=NOON + MINUTE)

        assert form_for(patient, now=NOON + HOUR).reminder == question.reminder
