"""The numbers: each is the length of the list behind it, and none says more than is known."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse

from clinic.models import Channel, Clinic, ConsentSource, Role
from reminders.flow.figures import FIGURES, count_clinic
from reminders.models import Category, DeliveryStatus, Meaning
from reminders.staff.numbers.behind import list_of
from reminders.staff.numbers.period import Period, month_of
from reminders.staff.numbers.reading import acted, counted, followed, opted_out, totals
from tests.factories import (
    NOON,
    AlertFactory,
    ConsentFactory,
    DeliveryFactory,
    PathwayFactory,
    PathwayVersionFactory,
    PatientFactory,
    ReplyFactory,
    StaffFactory,
    StepFactory,
)
from tests.pdf_reading import PdfReader
from tests.staff.pages import words_of

PERIOD = Period(date(2026, 2, 16), date(2026, 3, 3))
THEN = NOON - timedelta(days=5)


@pytest.fixture
def step(own_clinic):
    version = PathwayVersionFactory(pathway=PathwayFactory(clinic=own_clinic, title="Lower back"))
    return StepFactory(version=version, category=Category.CHECK_IN, intent="How is the wound?")


@pytest.fixture
def sent(own_clinic, step):
    """A fortnight in which something of everything happened."""
    states = [DeliveryStatus.DELIVERED] * 12 + [DeliveryStatus.UNDELIVERED] * 2
    rows = []
    for place, status in enumerate([*states, DeliveryStatus.REFUSED]):
        at = THEN - timedelta(days=place % 8)
        failed = status in (DeliveryStatus.UNDELIVERED, DeliveryStatus.REFUSED)
        rows.append(
            DeliveryFactory(
                reminder__surgery__patient__clinic=own_clinic, reminder__step=step, status=status,
                queued_at=at, failure_reason="refused" if failed else "", segments=2,
            )
        )  # fmt: skip
    DeliveryFactory(
        reminder=rows[0].reminder, patient=rows[0].patient, channel=Channel.EMAIL,
        status="accepted", queued_at=THEN,
    )  # fmt: skip
    for row in rows[:3]:
        ReplyFactory(by=row.patient, patient=row.patient, answer_to=row, meaning=Meaning.ANSWER,
                     received_at=row.queued_at + timedelta(hours=1))  # fmt: skip
    ReplyFactory(by=rows[4].patient, patient=rows[4].patient, meaning=Meaning.UNCLEAR,
                 received_at=rows[4].queued_at + timedelta(hours=2))  # fmt: skip
    DeliveryFactory(status="delivered")  # another clinic's
    count_clinic(own_clinic, now=NOON)
    return rows


@pytest.fixture
def manager(own_clinic, signed_in):
    return signed_in(StaffFactory(clinic=own_clinic, role=Role.MANAGER))


def length(browser, address):
    """How many rows the list behind a number has: counted in the list's own page."""
    page = browser.get(address)
    assert page.status_code == 200
    return len(page.context["cl"].queryset)


class TestTheListBehind:
    @pytest.mark.parametrize("figure", FIGURES)
    @pytest.mark.parametrize("narrowed", ["", "pathway", "channel"])
    def test_is_as_long_as_the_number(self, manager, own_clinic, sent, step, figure, narrowed):
        period = Period(
            PERIOD.first, PERIOD.last,
            pathway=step.version.pathway if narrowed == "pathway" else None,
            channel="sms" if narrowed == "channel" else "",
        )  # fmt: skip

        shown = totals(counted(own_clinic, period))[figure]

        assert length(manager, list_of(figure, period)) == shown
        if figure not in ("still_open",):
            assert shown

    def test_of_a_message_is_as_long_as_its_number(self, manager, own_clinic, sent):
        [one] = followed(own_clinic, counted(own_clinic, PERIOD))

        address = list_of("followed", PERIOD, step_key=one.step_key, pathway=one.pathway)
        assert length(manager, address) == one.share.part == 1
        assert one.intent == "How is the wound?"

    def test_of_those_who_opted_out_counts_each_patient_once(self, manager, own_clinic):
        patient = PatientFactory(clinic=own_clinic)
        for channel in Channel:
            ConsentFactory(patient=patient, channel=channel, given=False, at=NOON, source="reply")
        imported = PatientFactory(clinic=own_clinic)
        ConsentFactory(patient=imported, given=False, at=NOON, source=ConsentSource.IMPORT)

        assert opted_out(own_clinic, PERIOD).count() == 1
        assert length(manager, list_of("opted_out", PERIOD)) == 1

    def test_of_alerts_shows_those_that_are_closed_too(self, manager, own_clinic, nurse):
        AlertFactory(patient__clinic=own_clinic, status="closed", closed_by=nurse, closed_at=NOON,
                     outcome="Called")  # fmt: skip
        AlertFactory(patient__clinic=own_clinic, opened_at=NOON - timedelta(days=30))

        assert length(manager, list_of("opened", PERIOD)) == 1

    def test_never_shows_a_row_of_another_clinic(self, signed_in, sent):
        stranger = signed_in(StaffFactory(role=Role.MANAGER))

        assert length(stranger, list_of("sent", PERIOD)) == 0

    def test_of_a_number_of_other_rows_is_empty(self, manager, sent):
        address = list_of("opened", PERIOD).replace("/alert/", "/delivery/").replace("show=all", "")

        assert length(manager, address) == 0


class TestThePage:
    def page(self, browser, **query):
        return browser.get(reverse("admin:reminders_numbers"), query)

    def test_says_each_number_with_its_denominator(self, manager, sent):
        words = unescape(words_of(self.page(manager, weeks=4)))

        assert "12 of 14" in words  # texts that a receipt tells of
        assert "86 %" in words
        assert "3 of 14" in words  # questions
        assert "Counted on 3 Mar, 12:00" in words

    def test_gives_no_percentage_of_fewer_than_ten(self, manager, own_clinic, step):
        for _ in range(9):
            DeliveryFactory(reminder__surgery__patient__clinic=own_clinic, reminder__step=step,
                            status="delivered")  # fmt: skip
        count_clinic(own_clinic, now=NOON)

        words = unescape(words_of(self.page(manager)))

        assert "9 of 9" in words
        assert not re.search(r"\d %", words)

    def test_links_lead_to_lists_of_the_same_length(self, manager, sent):
        shown = self.page(manager, weeks=4)

        for card in shown.context["numbers"].cards:
            if card.count:
                assert length(manager, card.link) == card.count

    def test_an_empty_clinic_has_a_page_that_says_so(self, manager):
        words = words_of(self.page(manager))

        assert "Nothing has been counted yet." in words
        assert "Sent" not in words.partition("Nothing has been counted yet.")[2]

    def test_counting_now_is_a_button(self, manager, own_clinic, step):
        DeliveryFactory(reminder__surgery__patient__clinic=own_clinic, status="delivered")

        assert manager.get(reverse("admin:reminders_numbers_count")).status_code == 405
        manager.post(reverse("admin:reminders_numbers_count"))

        assert totals(counted(own_clinic, PERIOD))["sent"] == 1

    def test_costs_what_the_provider_counts(self, manager, own_clinic, sent):
        Clinic.objects.update(sms_part_price="0.0400", sms_currency="GBP")

        words = words_of(self.page(manager, weeks=4))

        assert "1.12 GBP" in words  # 14 texts of two parts
        assert "28 parts in 14 texts" in words

    def test_asks_the_database_a_fixed_number_of_questions(
        self, manager, sent, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(32):
            self.page(manager, weeks=52)

    @pytest.mark.parametrize("role", Role)
    def test_is_seen_by_those_who_may(self, own_clinic, signed_in, role):
        browser = signed_in(StaffFactory(clinic=own_clinic, role=role))

        assert self.page(browser).status_code == 200

    def test_is_not_for_an_operator_who_belongs_to_no_clinic(self, db, signed_in):
        operator = signed_in(StaffFactory(clinic=None, is_superuser=True))

        assert self.page(operator).status_code == 403


class TestTimeToAct:
    def alert(self, clinic, nurse, minutes):
        return AlertFactory(
            patient__clinic=clinic, status="acknowledged", acknowledged_by=nurse,
            acknowledged_at=NOON + timedelta(minutes=minutes),
        )  # fmt: skip

    def test_half_and_nine_of_ten(self, own_clinic, nurse):
        for minutes in range(10, 120, 10):  # eleven of them: 10 to 110
            self.alert(own_clinic, nurse, minutes)
        AlertFactory(patient__clinic=own_clinic)  # nobody has it

        found = acted(own_clinic, PERIOD)

        assert (found.opened, found.acted) == (12, 11)
        assert found.median == timedelta(minutes=60)
        assert found.ninety == timedelta(minutes=100)

    def test_nine_are_too_few_for_a_time(self, own_clinic, nurse):
        for _ in range(9):
            self.alert(own_clinic, nurse, 5)

        found = acted(own_clinic, PERIOD)

        assert (found.acted, found.median, found.ninety) == (9, None, None)


class TestAMonth:
    def get(self, browser, kind, month="2026-02"):
        return browser.get(reverse("admin:reminders_numbers_month", args=[kind]), {"month": month})

    def test_as_a_table_adds_up_to_the_numbers(self, manager, own_clinic, sent):
        rows = list(
            csv.DictReader(io.StringIO(self.get(manager, "csv").content.decode("utf-8-sig")))
        )

        sums = totals(counted(own_clinic, month_of("2026-02", today=NOON.date())))
        assert sum(int(row["sent"]) for row in rows) == sums["sent"] > 0
        assert {row["pathway"] for row in rows} == {sent[0].reminder.step.version.pathway.key}

    def test_as_a_paper_is_one_or_two_pages_and_names_nobody(self, manager, own_clinic, sent):
        paper = self.get(manager, "pdf").content

        assert paper.startswith(b"%PDF-")
        pages = re.search(rb"/Count (\d+)", paper)
        assert int(pages[1]) in (1, 2)
        names = {row.patient.family_name for row in sent} | {sent[0].patient.mobile}
        table, written = self.get(manager, "csv").content.decode(), PdfReader(paper).text()
        assert own_clinic.name in written
        assert not [name for name in names if name in table or name in written]
        assert "MessageFollowedOfShare" in written.replace(" ", "")

    def test_a_clinics_name_stands_on_the_paper_in_its_own_letters(self, manager, own_clinic):
        Clinic.objects.update(name="Łódź عيادة")

        written = PdfReader(self.get(manager, "pdf").content).text()

        assert "Łódź" in written
        assert "عيادة"[::-1] in written  # placed from the left, read from the right

    def test_letters_that_no_font_here_has_do_not_break_the_paper(self, manager, own_clinic):
        Clinic.objects.update(name="Łódź 病院")

        assert "Łódź" in PdfReader(self.get(manager, "pdf").content).text()

    @pytest.mark.parametrize("asked", ["", "nonsense", "2031-01", "2026-13"])
    def test_is_the_last_whole_one_where_none_is_named(self, asked):
        period = month_of(asked, today=date(2026, 3, 3))

        assert (period.first, period.last) == (date(2026, 2, 1), date(2026, 2, 28))

    def test_another_kind_is_not_there(self, manager):
        assert self.get(manager, "exe").status_code == 404
