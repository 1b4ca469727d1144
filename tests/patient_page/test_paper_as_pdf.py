"""The paper as a PDF: it says what the page says, line by line, in each language and format."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from fontTools.ttLib import TTFont

from clinic.models import Role
from reminders.flow.load import load_pathway, load_sources
from reminders.flow.plan import plan_surgery
from reminders.models import PathwayVersion
from reminders.pathways.reading import read_pathways, read_sources
from reminders.patient_page.letters import FONTS
from reminders.patient_page.page_words import PAGE_WORDS
from reminders.patient_page.paper_content import paper_of
from reminders.patient_page.paper_pdf import written
from tests.factories import NOON, OPERATED_ON, SignatureFactory, StaffFactory, SurgeryFactory
from tests.patient_page.at_the_page import open_page, patient_with_page, signed_with, words_of
from tests.pdf_reading import PdfReader

pytestmark = pytest.mark.django_db
LANGUAGES = sorted(PAGE_WORDS)


@pytest.fixture
def patient():
    return patient_with_page(given_name="Wilhelmina", family_name="Quillfeather")


@pytest.fixture
def operation(patient):
    """On day 1 of the pathway that ships, with everything a paper can say."""
    load_sources(read_sources())
    content = next(one for one in read_pathways() if one.key == "lumbar_hemilaminectomy")
    load_pathway(content, clinic=patient.clinic, author=None, now=NOON)
    head = signed_with("walk", "drive", "swim", "lift")
    PathwayVersion.objects.update(status="live", sealed=True, head=head)
    SignatureFactory(version=PathwayVersion.objects.get(), signer__first_name="Ada")
    PathwayVersion.objects.update(sealed=True)
    surgery = SurgeryFactory(
        patient=patient,
        discharge_date=OPERATED_ON + timedelta(days=1),
        appointment_at=NOON + timedelta(days=9),
    )
    plan_surgery(surgery.pk, now=NOON)
    return surgery


@pytest.fixture
def here(client, patient, operation):
    open_page(client, patient)
    return client


def paper(patient, language="en"):
    return paper_of(patient, language=language, now=NOON)


def plainly(text):
    """Without marks of direction and line, without bullets, and with spaces evened out."""
    bare = re.sub("[\u2066\u2069\u200e•]", "", text).replace("\u00a0", " ")
    return " ".join(re.sub(r"\s+([:.,])", r"\1", bare).split())


def lines_of(page):
    """Each line of the paper on the page: what a heading, a fact, an item or a paragraph says."""
    body = page.content.decode().split('<div class="paper">', 1)[1].split("</main>", 1)[0]
    pieces = re.split(r"</?(?:p|li|h1|h2|h3|ul|div|section|dl|dt|dd|br)\b[^>]*>", body)
    told = (plainly(unescape(re.sub(r"<[^>]+>", " ", piece))) for piece in pieces)
    return [line for line in told if line]


def letters_of(font_file):
    with TTFont(font_file) as font:
        return set(font.getBestCmap())


def letters_alone(text):
    return re.sub(r"[\W_]", "", text)


class TestItSaysWhatThePageSays:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_line_of_the_page_is_on_the_sheet(self, here, patient, language):
        page = here.get("/my/paper/", {"lang": language})
        sheet = written(paper(patient, language), now=NOON)

        told = plainly(" ".join(sheet.said))
        lines = lines_of(page)
        assert len(lines) > 60
        assert [line for line in lines if line not in told] == []

    def test_and_every_line_of_the_sheet_can_be_read_in_the_file(self, patient, operation):
        sheet = written(paper(patient), now=NOON)

        read = letters_alone(PdfReader(sheet.content).text())

        assert len(read) > 2500
        assert [line for line in sheet.said if letters_alone(line) not in read] == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_no_letter_is_missing_in_the_fonts(self, patient, operation, language):
        sheet = written(paper(patient, language), now=NOON)

        has = set.intersection(*(letters_of(file) for file in sorted(FONTS.glob("*.ttf"))))
        said = {ord(letter) for line in sheet.said for letter in line} - {0x2066, 0x2069}
        assert {chr(code) for code in said - has} == set()

    def test_each_sign_begins_with_a_capital(self, patient, operation):
        told = paper(patient)
        signs = [shown for group in told.groups for _plain, shown in group.signs]

        assert "You can not pass water." in signs
        assert [sign for sign in signs if not sign[0].isupper()] == []
        said = written(told, now=NOON).said
        assert [sign for sign in signs if not any(sign in line for line in said)] == []

    def test_it_holds_what_a_patient_takes_home(self, patient, operation):
        said = "\n".join(written(paper(patient), now=NOON).said)

        for told in (
            "999",
            "Your exercises",
            "What you may do",
            "version 1",
            "Made on 3 March 2026",
        ):
            assert told in said


class TestTheFile:
    def test_is_the_same_to_the_byte_for_the_same_paper(self, patient, operation):
        assert (
            written(paper(patient), now=NOON).content == written(paper(patient), now=NOON).content
        )

    @pytest.mark.parametrize(("country", "size"), [("GB", (595, 842)), ("US", (612, 792))])
    def test_has_the_format_of_the_clinics_country(self, patient, operation, country, size):
        patient.clinic.country = country

        (box,) = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]",
                                written(paper(patient), now=NOON).content))  # fmt: skip

        assert tuple(round(float(side)) for side in box) == size

    def test_says_on_each_page_which_it_is_and_of_how_many(self, patient, operation):
        content = written(paper(patient), now=NOON).content
        pages = len(re.findall(rb"/Type /Page\b", content))

        read = PdfReader(content).text().replace("\u00a0", " ")

        assert pages > 1
        for page in range(1, pages + 1):
            assert f"Page{page}of{pages}" in read.replace(" ", "")

    def test_carries_no_link_and_no_token(self, here):
        content = here.get("/my/paper/care.pdf").content

        assert b"/URI" not in content
        assert b"/p/" not in content


class TestWhoGetsIt:
    def test_a_visitor_does_and_nobody_who_has_not_told_a_birth_date(self, here, client):
        answer = here.get("/my/paper/care.pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert answer["Cache-Control"] == "no-store, private"
        assert answer.content.startswith(b"%PDF-")

        client.cookies.clear()
        assert client.get("/my/paper/care.pdf").status_code == 403

    def test_the_page_leads_to_it(self, here):
        assert "/my/paper/care.pdf" in here.get("/my/paper/").content.decode()
        assert "Save it as a PDF file" in words_of(here.get("/my/paper/"))

    def test_staff_of_the_clinic_do_and_no_others(self, client, patient, operation):
        address = reverse("admin:clinic_patient_paper_pdf", args=[patient.pk])
        client.force_login(StaffFactory(clinic=patient.clinic, role=Role.RECEPTION))
        assert client.get(address, {"lang": "ar"})["Content-Language"] == "ar"

        client.force_login(StaffFactory(role=Role.SURGEON))
        assert client.get(address).status_code == 404


def test_a_paper_before_the_operation_is_confirmed_has_the_numbers(patient):
    said = written(paper(patient), now=NOON).said

    assert any("999" in line for line in said)
