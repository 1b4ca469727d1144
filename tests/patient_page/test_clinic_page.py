"""/c/<clinic>/: whom to call, and the signed warning signs, for anybody who has the link."""

import re

import pytest
from django.test import Client

from reminders.models import VersionStatus
from reminders.patient_page.words import WORDS
from tests.factories import ClinicFactory, StepFactory, StepTextFactory

pytestmark = pytest.mark.django_db

WORDS_OF_THE_LIST = (
    "EMERGENCY, call {emergency}: you can not pass water. Your legs get weak. "
    "SAME DAY, call {urgent}: a fever of {fever} or more."
)
ADDRESS = "/c/harbour/"


@pytest.fixture(autouse=True)
def _collected_files(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path  # a folder that is not there is warned about, which fails


@pytest.fixture
def clinic():
    return ClinicFactory(key="harbour", name="Harbourside Spine Centre")


def signed_list(clinic, *, status=VersionStatus.LIVE, key="d1_warning_signs", **texts):
    """Give the clinic a version with its list of warning signs, in these languages."""
    step = StepFactory(key=key, version__pathway__clinic=clinic, version__status=status, texts=())
    for language, email in (texts or {"en": WORDS_OF_THE_LIST}).items():
        StepTextFactory(step=step, language=language, email=email)


def words_of(page):
    """The words that a reader sees, in their order, without marks of direction and line."""
    text = re.sub(r"<[^>]+>", " ", page.content.decode())
    return " ".join(re.sub("[\u2066\u2069]", "", text).replace("\u00a0", " ").split())


class TestTheNumbers:
    def test_the_emergency_number_comes_first_and_each_one_dials(self, client, clinic):
        links = re.findall('href="(tel:[^"]+)"', client.get(ADDRESS).content.decode())

        assert links == ["tel:999", "tel:+442079460101", "tel:+442079460100"]

    def test_the_hours_are_told(self, client, clinic):
        assert "Monday to Friday, 8:30am to 5:30pm" in words_of(client.get(ADDRESS))

    def test_no_emergency_number_is_guessed_where_the_clinic_has_none(self, client, clinic):
        clinic.emergency_phone = ""
        clinic.save()

        page = client.get(ADDRESS)

        assert "call the emergency number of your country" in words_of(page)
        assert "tel:999" not in page.content.decode()

    def test_how_to_stop_is_told(self, client, clinic):
        assert "To stop texts, reply STOP." in words_of(client.get(ADDRESS))

    def test_what_the_service_does_not_do_is_told(self, client, clinic):
        assert "It does not diagnose, monitor, triage or advise on treatment." in words_of(
            client.get(ADDRESS)
        )


class TestTheWarningSigns:
    def test_are_the_words_of_the_live_version_with_the_clinics_numbers(self, client, clinic):
        signed_list(clinic)

        words = words_of(client.get(ADDRESS))

        assert "EMERGENCY, call 999: You can not pass water. Your legs get weak." in words
        assert "SAME DAY, call 020 7946 0101: A fever of 38 C or more." in words

    @pytest.mark.parametrize("status", sorted(set(VersionStatus) - {VersionStatus.LIVE}))
    def test_are_not_shown_before_they_are_live(self, client, clinic, status):
        signed_list(clinic, status=status)

        words = words_of(client.get(ADDRESS))

        assert "pass water" not in words
        assert "has not put its list on this page yet" in words

    def test_are_never_those_of_another_clinic(self, client, clinic):
        signed_list(ClinicFactory())

        assert "pass water" not in words_of(client.get(ADDRESS))

    def test_are_left_out_rather_than_shown_with_a_hole(self, client, clinic):
        signed_list(clinic)
        clinic.urgent_phone = ""
        clinic.save()

        assert "pass water" not in words_of(client.get(ADDRESS))

    def test_of_two_pathways_with_the_same_list_are_shown_once(self, client, clinic):
        signed_list(clinic)
        signed_list(clinic)

        assert words_of(client.get(ADDRESS)).count("You can not pass water") == 1

    def test_of_the_back_and_of_the_neck_stand_under_their_names(self, client, clinic):
        signed_list(clinic, key="cx_warning_signs", en="EMERGENCY, call {emergency}: neck swells.")
        signed_list(clinic)

        words = words_of(client.get(ADDRESS))

        assert (
            words.index("After an operation on the back")
            < words.index("You can not pass water")
            < words.index("After an operation on the neck")
            < words.index("Neck swells.")
        )


class TestTheLanguage:
    def test_is_the_clinics_when_none_is_asked_for(self, client, clinic):
        clinic.language = "es"
        clinic.save()
        signed_list(clinic, en="One.", es="Uno.")

        page = client.get(ADDRESS, headers={"accept-language": "ar"})

        assert page["Content-Language"] == "es"
        assert '<html lang="es" dir="ltr">' in page.content.decode()
        assert "Uno." in words_of(page)
        assert "Lunes a viernes, de 08:30 a 17:30" in words_of(page)

    def test_can_be_asked_for(self, client, clinic):
        signed_list(clinic, en="One.", ar="واحد.")

        page = client.get(ADDRESS, {"lang": "ar"})

        assert '<html lang="ar" dir="rtl">' in page.content.decode()
        assert "واحد." in words_of(page)

    def test_of_a_list_that_is_not_translated_is_said_to_be_another(self, client, clinic):
        signed_list(clinic, en="One.")

        page = client.get(ADDRESS, {"lang": "es"})

        assert '<ul lang="en">' in page.content.decode()

    @pytest.mark.parametrize("asked", ["xx", "EN", "../en", "<script>"])
    def test_that_nobody_speaks_is_the_clinics(self, client, clinic, asked):
        page = client.get(ADDRESS, {"lang": asked})

        assert page["Content-Language"] == "en"
        assert "<script" not in page.content.decode()

    def test_keeps_numbers_whole_and_in_their_order_beside_arabic(self, client, clinic):
        page = client.get(ADDRESS, {"lang": "ar"}).content.decode()

        assert "\u2066020\u00a07946\u00a00100\u2069" in page

    def test_has_every_word_of_the_page(self):
        assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["en"])}


class TestPrivacy:
    def test_the_title_names_no_diagnosis(self, client, clinic):
        page = client.get(ADDRESS).content.decode()

        assert "<title>Harbourside Care: Numbers to call</title>" in page

    def test_nothing_is_kept_sent_on_found_or_run(self, client, clinic):
        page = client.get(ADDRESS)

        assert page["Cache-Control"].startswith("private")
        assert page["Referrer-Policy"] == "no-referrer"
        assert page["X-Robots-Tag"].startswith("noindex")
        policy = page["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self';")
        assert "unsafe" not in policy
        assert page.cookies == {}

    def test_nothing_on_it_is_written_in_line_or_comes_from_elsewhere(self, client, clinic):
        signed_list(clinic)
        page = client.get(ADDRESS).content.decode()

        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", page)
        assert not re.search(r'(?:href|src)="(?!/static/|tel:|\?lang=|#)', page)

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_it_can_only_be_read(self, clinic, method):
        assert getattr(Client(), method)(ADDRESS).status_code == 405

    def test_it_takes_few_questions_to_the_database(
        self, client, clinic, django_assert_max_num_queries
    ):
        for _ in range(3):
            signed_list(clinic)

        with django_assert_max_num_queries(3):
            client.get(ADDRESS)


class TestOtherPages:
    @pytest.mark.parametrize("address", ["/c/nowhere/", "/c/no%20where/", "/c/%00/", "/c/%F0%9F/"])
    def test_an_unknown_clinic_gets_a_page_in_the_same_style(self, client, address):
        page = client.get(address)

        assert page.status_code == 404
        assert "We do not know this page." in words_of(page)
        assert "patient/page.css" in page.content.decode()
        assert page["Content-Security-Policy"].startswith("default-src 'none';")

    def test_a_demo_clinic_says_that_it_is_one(self, client, clinic):
        clinic.is_demo = True
        clinic.save()

        assert "This is a demo." in words_of(client.get(ADDRESS))

    def test_a_real_clinic_does_not(self, client, clinic):
        assert "This is a demo." not in words_of(client.get(ADDRESS))
