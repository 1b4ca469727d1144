"""Who has looked at whose record: written by itself, kept for good, shown to reviewers."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.models import AccessEvent, AccessKind, Role
from tests.factories import (
    NOON,
    AlertFactory,
    ClinicFactory,
    PatientFactory,
    StaffFactory,
    SurgeryFactory,
)

LIST = reverse("admin:clinic_patient_changelist")
LOOKS = reverse("admin:clinic_patient_looks")
AUTOCOMPLETE = {"app_label": "clinic", "model_name": "surgery", "field_name": "patient"}


def timeline(patient):
    return reverse("admin:clinic_patient_timeline", args=[patient.pk])


def written():
    return [
        (event.kind, event.page, event.patients) for event in AccessEvent.objects.order_by("pk")
    ]


@pytest.fixture
def ana(own_clinic):
    return SurgeryFactory(patient__clinic=own_clinic, patient__given_name="Ana").patient


@pytest.fixture
def stranger(db):
    return SurgeryFactory(patient__family_name="Elsewhere").patient


class TestWhatIsWritten:
    def test_a_page_about_a_patient_is_a_view_with_who_when_and_where(self, browser, nurse, ana):
        browser.get(timeline(ana))

        event = AccessEvent.objects.get()
        assert (event.kind, event.page) == (AccessKind.VIEW, "clinic_patient_timeline")
        assert (event.by, event.clinic, event.patients) == (nurse, nurse.clinic, [ana.pk])
        assert event.at == NOON

    def test_a_list_holds_everybody_on_it(self, browser, own_clinic):
        patients = PatientFactory.create_batch(3, clinic=own_clinic)
        browser.get(LIST)

        [(kind, page, ids)] = written()
        assert (kind, page) == (AccessKind.LIST, "clinic_patient_changelist")
        assert set(ids) == {patient.pk for patient in patients}

    @pytest.mark.parametrize(
        ("address", "query"),
        [(LIST, {"q": "Ana"}), (reverse("admin:autocomplete"), {**AUTOCOMPLETE, "term": "Ana"})],
    )
    def test_a_search_is_one_and_its_word_is_not_kept(self, browser, ana, address, query):
        browser.get(address, query)

        [(kind, _page, ids)] = written()
        assert (kind, ids) == (AccessKind.SEARCH, [ana.pk])

    def test_a_paper_is_printed(self, browser, ana):
        browser.get(reverse("admin:clinic_patient_paper", args=[ana.pk]))

        assert [(kind, ids) for kind, _page, ids in written()] == [(AccessKind.PRINT, [ana.pk])]

    def test_a_page_that_begins_with_one_patient_names_that_one_first(self, browser, ana):
        others = PatientFactory.create_batch(2, clinic=ana.clinic)
        for patient in (*others, ana):
            AlertFactory(patient=patient)
        browser.get(timeline(ana))

        assert written()[0][2][0] == ana.pk

    def test_a_page_without_patients_is_not_kept(self, browser, own_clinic):
        browser.get(reverse("admin:reminders_own_rota"), follow=True)
        browser.get(LIST)

        assert written() == []

    def test_a_list_that_renews_itself_is_written_once_in_five_minutes(self, browser, ana):
        for seconds in (0, 20, 299, 301):
            with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
                browser.get(LIST)

        moments = [event.at - NOON for event in AccessEvent.objects.order_by("at")]
        assert moments == [timedelta(), timedelta(seconds=301)]

    def test_a_list_with_somebody_new_on_it_is_written_at_once(self, browser, ana):
        browser.get(LIST)
        PatientFactory(clinic=ana.clinic)
        browser.get(LIST)

        assert len(written()) == 2

    def test_a_record_is_written_each_time(self, browser, ana):
        browser.get(timeline(ana))
        browser.get(timeline(ana))

        assert len(written()) == 2

    @pytest.mark.parametrize("page", ["timeline", "list"])
    def test_it_costs_one_query(self, browser, ana, page):
        address = timeline(ana) if page == "timeline" else LIST
        browser.get(address)
        with CaptureQueriesContext(connection) as captured:
            browser.get(address)

        assert len([q for q in captured if "clinic_accessevent" in q["sql"]]) == 1


class TestRefusals:
    def test_a_try_at_a_patient_of_another_clinic_stands_in_both_histories(
        self, browser, nurse, stranger
    ):
        browser.get(timeline(stranger))

        events = AccessEvent.objects.order_by("clinic")
        assert {event.clinic for event in events} == {nurse.clinic, stranger.clinic}
        assert {event.kind for event in events} == {AccessKind.DENIED}
        assert all(event.by == nurse and event.patients == [stranger.pk] for event in events)

    @pytest.mark.parametrize("screen", ["clinic_patient", "clinic_surgery"])
    def test_so_does_a_record_that_the_form_would_not_open(self, browser, stranger, screen):
        row = stranger if screen == "clinic_patient" else stranger.surgeries.get()
        browser.get(reverse(f"admin:{screen}_change", args=[row.pk]))

        assert {event.kind for event in AccessEvent.objects.all()} == {AccessKind.DENIED}
        assert AccessEvent.objects.filter(patients=[stranger.pk]).count() == 2

    def test_a_step_that_a_role_may_not_take_is_kept(self, own_clinic, signed_in, ana):
        reception = signed_in(StaffFactory(clinic=own_clinic, role=Role.RECEPTION))
        alert = AlertFactory(patient=ana)
        reception.post(reverse("admin:reminders_alert_take", args=[alert.pk]))

        [(kind, page, _ids)] = written()
        assert (kind, page) == (AccessKind.DENIED, "reminders_alert_take")

    @pytest.mark.parametrize("pk", [10**9, 10**30])
    def test_guessing_at_numbers_is_kept_too(self, browser, nurse, pk):
        browser.get(f"/staff/clinic/patient/{pk}/change/")

        event = AccessEvent.objects.get()
        assert (event.kind, event.clinic, event.patients) == ("denied", nurse.clinic, [])


class TestForGood:
    @pytest.mark.parametrize("change", ["UPDATE clinic_accessevent SET kind = 'list'",
                                        "DELETE FROM clinic_accessevent"])  # fmt: skip
    def test_the_database_refuses_to_change_or_delete_an_entry(self, browser, ana, change):
        browser.get(timeline(ana))

        with (
            pytest.raises(IntegrityError, match="only ever added to"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)
        assert len(written()) == 1


class TestWhoSeesIt:
    @pytest.fixture
    def reviewer(self, own_clinic, signed_in):
        return signed_in(StaffFactory(clinic=own_clinic, role=Role.AUDITOR, username="ola"))

    @pytest.mark.parametrize("role", sorted(Role))
    def test_those_who_review_it_and_nobody_else(self, own_clinic, signed_in, ana, role):
        person = signed_in(StaffFactory(clinic=own_clinic, role=role))
        history = person.get(reverse("admin:clinic_patient_history", args=[ana.pk]))
        may = role in (Role.SURGEON, Role.MANAGER, Role.AUDITOR)

        assert ("Who has looked at this record" in history.content.decode()) is may
        assert person.get(LOOKS).status_code == (200 if may else 403)

    def test_the_patients_history_says_who_has_looked(self, browser, reviewer, ana):
        browser.get(timeline(ana))
        page = reviewer.get(reverse("admin:clinic_patient_history", args=[ana.pk]))

        [look] = page.context["looks"]
        assert (look.by, look.kind, look.page) == ("Asha", "Opened", "Timeline")

    def test_the_list_is_asked_by_person_day_and_kind(self, browser, nurse, reviewer, ana):
        with time_machine.travel(NOON - timedelta(days=1), tick=False):
            browser.get(timeline(ana))
        browser.get(timeline(ana))
        browser.get(LIST)

        def counted(**query):
            return len(reviewer.get(LOOKS, query).context["looks"])

        assert counted(by=nurse.pk) == 3
        assert counted(by=nurse.pk, day="2026-03-03") == 2
        assert counted(by=nurse.pk, kind="view") == 2
        assert counted(by=nurse.pk, day="2026-03-01") == 0

    def test_the_next_page_goes_on_where_the_first_ended(self, reviewer, nurse, ana):
        AccessEvent.objects.bulk_create(
            AccessEvent(at=NOON - timedelta(minutes=n // 2), clinic=nurse.clinic, by=nurse,
                        kind="view", page="clinic_patient_timeline", patients=[ana.pk])
            for n in range(120)
        )  # fmt: skip
        address, told = LOOKS + "?kind=view&by=", []
        while address:
            page = reviewer.get(address)
            told += [(look.at, look.by) for look in page.context["looks"]]
            address = LOOKS + page.context["older"] if page.context["older"] else ""

        assert len(told) == 120
        assert told == sorted(told, reverse=True)

    def test_hours_are_those_of_the_clinics_clock(self, reviewer, nurse, ana):
        in_summer = datetime(2025, 7, 1, 12, tzinfo=UTC)
        AccessEvent.objects.create(
            at=in_summer,
            clinic=nurse.clinic,
            by=nurse,
            kind="view",
            page="index",
            patients=[ana.pk],
        )

        assert "1 Jul 2025, 13:00" in reviewer.get(LOOKS, {"by": nurse.pk}).content.decode()

    @pytest.mark.parametrize("mark", ["x", "_", "2026-03-03T12:00:00_1", "2026-99-99T12:00:00Z_1",
                                      "2026-03-03T12:00:00+00:00_" + "9" * 30])  # fmt: skip
    def test_a_mark_that_is_none_harms_nothing(self, reviewer, mark):
        assert reviewer.get(LOOKS, {"after": mark, "day": "x", "by": "x"}).status_code == 200

    def test_another_clinics_looks_and_patients_are_not_there(self, reviewer, signed_in, stranger):
        theirs = signed_in(StaffFactory(clinic=stranger.clinic, last_name="Farther"))
        theirs.get(timeline(stranger))
        page = reviewer.get(LOOKS)

        assert page.context["looks"] == []
        assert "Farther" not in page.content.decode()

    def test_a_patient_of_another_clinic_is_counted_and_not_named(
        self, browser, reviewer, stranger
    ):
        browser.get(timeline(stranger))
        page = reviewer.get(LOOKS)

        [look] = page.context["looks"]
        assert (look.patients, look.others, look.is_denied) == ((), 1, True)
        assert "Elsewhere" not in page.content.decode()


def test_a_long_history_is_read_by_its_index(db, own_clinic):
    ClinicFactory()
    rows = AccessEvent.objects.filter(clinic=own_clinic).order_by("-at", "-pk")[:51]
    with connection.cursor() as cursor:
        # a table of few rows is sorted as cheaply, which says nothing of a long one
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")

    assert "access_of_clinic" in rows.explain()
    assert "Sort" not in rows.explain()
