"""What patients choose on their page: it is their own word, and their address stays as it is."""

import uuid
from datetime import timedelta

import pytest

from clinic.models import Channel, ChannelChoice, Consent, ConsentSource
from reminders.flow.reach import consents_of
from reminders.models import Alert, AlertKind, AlertStatus
from reminders.patient_page.page_words import PAGE_WORDS
from tests.factories import NOON, ConsentFactory, SurgeryFactory
from tests.patient_page.at_the_page import every_row, open_page, patient_with_page, words_of

pytestmark = pytest.mark.django_db

EN = PAGE_WORDS["en"]
PAGE = "/my/choices/"


@pytest.fixture
def patient():
    patient = patient_with_page(mobile="+447700900317", email="wilhelmina@example.com")
    SurgeryFactory(patient=patient, planned_revision=1)
    return patient


@pytest.fixture
def here(client, patient):
    open_page(client, patient)
    return client


def ask(browser, do, **more):
    return browser.post(PAGE, {"do": do, **more}, follow=True)


def may(patient, channel):
    return consents_of([patient.pk]).refusal(patient, channel) == ""


class TestLanguageAndChannels:
    def test_are_written_and_the_plan_follows(self, here, patient):
        said = words_of(ask(here, "choose", language="ar", channels="email"))

        patient.refresh_from_db()
        assert (patient.language, patient.channels) == ("ar", ChannelChoice.EMAIL)
        assert PAGE_WORDS["ar"]["saved"] in said
        surgery = patient.surgeries.get()
        assert surgery.revision != surgery.planned_revision

    def test_stand_in_the_history_as_chosen_on_the_page(self, here, patient):
        ask(here, "choose", language="es", channels="both")

        assert patient.history.first().history_change_reason == ConsentSource.LINK.label

    @pytest.mark.parametrize("odd", [{"language": "tlh"}, {"channels": "fax"}, {"language": ""}])
    def test_that_do_not_exist_are_refused(self, here, odd):
        before = every_row()

        answer = ask(here, "choose", **{"language": "en", "channels": "both", **odd})

        assert answer.status_code == 400
        assert every_row() == before


class TestAClinicThatSendsTextsAlone:
    @pytest.fixture(autouse=True)
    def texts_alone(self, patient):
        patient.clinic.sends_by = ChannelChoice.SMS
        patient.clinic.save()

    def test_offers_no_mail(self, here):
        said = words_of(here.get(PAGE))

        assert EN["by_sms"] in said
        assert EN["stop_email"] not in said
        assert EN["channels_email"] not in said

    def test_takes_no_choice_of_mail(self, here, patient):
        ask(here, "choose", language="en", channels="email")

        patient.refresh_from_db()
        assert patient.channels != ChannelChoice.EMAIL

    def test_lets_the_language_be_chosen(self, here, patient):
        ask(here, "choose", language="es", channels="sms")

        patient.refresh_from_db()
        assert patient.language == "es"


class TestAStop:
    @pytest.mark.parametrize("channel", Channel.values)
    def test_is_obeyed_kept_word_for_word_and_told_to_staff(self, here, patient, channel):
        said = words_of(ask(here, "stop", channel=channel))

        assert EN[f"stopped_{channel}"] in said
        assert EN["keep_numbers"] in said
        consent = Consent.objects.filter(patient=patient, channel=channel).first()
        assert (consent.given, consent.source) == (False, ConsentSource.LINK)
        assert consent.wording == EN[f"stop_{channel}"]
        assert Alert.objects.get(kind=AlertKind.OPTED_OUT).patient == patient

    def test_of_texts_leaves_mails_on(self, here, patient):
        ask(here, "stop", channel="sms")

        assert not may(patient, Channel.SMS)
        assert may(patient, Channel.EMAIL)

    def test_said_twice_is_one(self, here, patient):
        for _ in range(2):
            ask(here, "stop", channel="sms")

        assert Consent.objects.filter(patient=patient, given=False).count() == 1
        assert Alert.objects.count() == 1

    def test_closes_no_alert(self, here, patient):
        ask(here, "stop", channel="sms")
        ask(here, "undo", channel="sms")

        assert Alert.objects.get().status == AlertStatus.OPEN


class TestTakingAStopBack:
    def test_works_for_a_stop_of_this_page(self, here, patient):
        ask(here, "stop", channel="sms")

        said = words_of(ask(here, "undo", channel="sms"))

        assert EN["started_sms"] in said
        assert may(patient, Channel.SMS)
        assert "started them again" in Alert.objects.get().summary

    def test_of_a_texted_stop_is_done_by_text_alone(self, here, patient):
        ConsentFactory(
            patient=patient, channel="sms", given=False, at=NOON, source=ConsentSource.REPLY
        )

        said = words_of(ask(here, "undo", channel="sms"))

        assert not may(patient, Channel.SMS)
        assert "text START to" in said

    def test_makes_no_yes_where_there_never_was_one(self, client):
        patient = patient_with_page(consented=())
        open_page(client, patient)

        said = words_of(ask(client, "undo", channel="sms"))

        assert not may(patient, Channel.SMS)
        assert EN["never_sms"] in said


class TestANewAddress:
    def test_is_asked_of_staff_and_changed_by_nobody_here(self, here, patient):
        said = words_of(ask(here, "ask", request=uuid.uuid4(), words="My mobile is 07700 900318"))

        assert EN["contact_asked"] in said
        alert = Alert.objects.get(kind=AlertKind.PAGE)
        assert "07700 900318" in alert.to_do
        patient.refresh_from_db()
        assert patient.mobile == "+447700900317"

    def test_asked_twice_with_one_form_is_one_request(self, here):
        key = uuid.uuid4()
        for _ in range(2):
            ask(here, "ask", request=key, words="A new number")

        assert Alert.objects.filter(kind=AlertKind.PAGE).count() == 1

    def test_floods_nobody(self, here):
        for _ in range(7):
            answer = ask(here, "ask", request=uuid.uuid4(), words="A new number")

        assert Alert.objects.filter(kind=AlertKind.PAGE).count() == 5
        assert EN["contact_full"] in words_of(answer)

    def test_says_what_is_missing(self, here):
        answer = ask(here, "ask", request=uuid.uuid4(), words="  ")

        assert EN["contact_empty"] in words_of(answer)
        assert not Alert.objects.exists()

    def test_shows_no_whole_address(self, here, patient):
        page = here.get(PAGE).content.decode()

        assert patient.mobile[-3:] in page
        assert patient.mobile[-6:] not in page
        assert patient.email not in page


@pytest.mark.parametrize("form", [{}, {"do": "x"}, {"do": "stop"}, {"do": "stop", "channel": "x"}])
def test_a_form_that_asks_for_nothing_known_changes_no_row(here, form):
    before = every_row()

    assert here.post(PAGE, form).status_code == 400
    assert every_row() == before


def test_what_the_address_says_is_never_shown(here):
    page = here.get(f"{PAGE}?said=birth_wrong&said=<b>").content.decode()

    assert 'role="alert"' not in page


def test_a_stop_while_a_minute_passes_is_still_the_last_word(here, patient, clock):
    ask(here, "stop", channel="sms")
    clock.shift(timedelta(minutes=1))
    ask(here, "undo", channel="sms")
    clock.shift(timedelta(minutes=1))
    ask(here, "stop", channel="sms")

    assert not may(patient, Channel.SMS)
