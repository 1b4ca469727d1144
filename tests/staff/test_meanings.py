"""What an answer means is said in words that a nurse uses, never as the code that is kept."""

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from clinic.models import Channel
from reminders.flow.sms_check_ins import BY_CODE
from reminders.models import CheckInAnswer, Meaning, ReplyStatus
from reminders.pathways.reading import read_pathways
from reminders.staff.answers import AnswerScreen
from reminders.staff.kept_words import kept_said
from reminders.staff.meanings import MEANINGS, meaning_said
from tests.factories import PatientFactory, ReplyFactory
from tests.staff.pages import words_of


@pytest.fixture(autouse=True)
def _in_english():
    with override("en"):  # whatever language the page before was asked for in
        yield


@pytest.fixture
def reply(own_clinic):
    patient = PatientFactory(clinic=own_clinic)
    return ReplyFactory(
        by=patient,
        patient=patient,
        channel=Channel.SMS,
        status=ReplyStatus.FOR_A_PERSON,
        meaning=Meaning.ANSWER,
        answer_code="1",
        answer_meaning="no_new_problem",
    )


def pages_of(reply):
    return {
        "the timeline": reverse("admin:clinic_patient_timeline", args=[reply.patient_id]),
        "the list": reverse("admin:reminders_reply_changelist"),
        "the reply": reverse("admin:reminders_reply_change", args=[reply.pk]),
    }


def test_every_meaning_of_the_pathways_that_ship_has_words_in_both_languages():
    shipped = {
        reply.meaning
        for pathway in read_pathways()
        for step in pathway.steps
        for reply in step.replies
    }

    assert shipped == set(MEANINGS)
    english = {code: meaning_said(code) for code in shipped}
    with override("es"):
        assert {code for code in shipped if meaning_said(code) == english[code]} == set()


@pytest.mark.parametrize(
    ("language", "said"), [("en", "No new problem"), ("es", "Ningún problema nuevo")]
)
def test_each_page_of_a_reply_says_it_in_the_readers_language(browser, reply, language, said):
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    told = {name: words_of(browser.get(page)) for name, page in pages_of(reply).items()}

    assert {name for name, words in told.items() if f">{said}<" not in words} == set()
    assert {name for name, words in told.items() if "no_new_problem" in words} == set()


def test_a_reply_that_nobody_has_read_says_so(browser, reply):
    type(reply).objects.update(meaning=Meaning.NONE, answer_meaning="")

    told = {name: words_of(browser.get(page)) for name, page in pages_of(reply).items()}

    assert {name for name, words in told.items() if "Not read yet" not in words} == set()


@pytest.mark.parametrize(
    ("kept", "english", "spanish"),
    [
        ("worry", "Something worries them", "Algo le preocupa"),
        ("wound_is_wet", "Wound is wet", "Wound is wet"),
        ("Worst pain, by text: 4", "Worst pain, by text: 4", "Peor dolor, por mensaje: 4"),
        ("Leg pain: 10", "Leg pain: 10", "Dolor de pierna: 10"),
        ("Who knows: 10", "Who knows: 10", "Who knows: 10"),
    ],
)
def test_what_is_kept_is_said(kept, english, spanish):
    assert meaning_said(kept) == english
    with override("es"):
        assert meaning_said(kept) == spanish


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ("Week 2 symptom check: worry", "Week 2 symptom check: Something worries them"),
        ("Week 2 symptom check: wound_is_wet", "Week 2 symptom check: Wound is wet"),
        ("They wrote: my wound is wet", "They wrote: my wound is wet"),
        ("No answer: First symptom check", "No answer: First symptom check"),
    ],
)
def test_an_alert_that_an_answer_has_raised_names_it_in_words(summary, said):
    assert kept_said(summary) == said


def test_the_list_of_check_in_answers_says_what_a_code_means():
    row = CheckInAnswer(question=BY_CODE, choice="callback", raw="3")

    assert AnswerScreen.answered(None, row) == "Asks for a call"
