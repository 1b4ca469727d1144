"""/calendar/<token>/care.ics: the patient's own calendar, as calendar programs read it."""

import re
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlsplit

import pytest
from icalendar import Calendar

from clinic.models import PatientStatus, SurgeryStatus
from reminders.flow.own_calendar import (
    calendar_link,
    calendar_links,
    calendar_of_patient,
    patient_of_calendar,
    revoke_calendar,
)
from reminders.models import Audience, LinkPurpose, PatientLink, Privacy, ReminderStatus
from reminders.models.patient_link import new_link
from reminders.patient_page.own_calendar import calendar_file
from tests.factories import NOON, CarerFactory, ReminderFactory, SurgeryFactory
from tests.patient_page.at_the_page import every_row, open_page, patient_with_page, words_of

pytestmark = pytest.mark.django_db

NEXT_WEEK = NOON + timedelta(days=7)


@pytest.fixture
def surgery():
    return SurgeryFactory(planned_revision=1)


def message(surgery, *, subject="A note from {clinic}", **changes):
    reminder = ReminderFactory(surgery=surgery, **{"due_at": NEXT_WEEK, **changes})
    reminder.step.texts.update(subject=subject)
    type(reminder.step.version).objects.update(sealed=True)
    return reminder


def read(patient, *, now=NOON):
    """The entries that a calendar program finds in the file."""
    file = Calendar.from_ical(calendar_file(calendar_of_patient(patient, now=now)))
    return list(file.walk("VEVENT"))


def titles(patient, *, now=NOON):
    return [str(entry["summary"]) for entry in read(patient, now=now)]


class TestAnAppointment:
    def test_stands_at_its_hour_on_the_patients_wall(self, surgery):
        surgery.appointment_at = datetime(2026, 4, 1, 8, 30, tzinfo=UTC)  # summer time has begun
        surgery.save()

        [entry] = read(surgery.patient)

        assert entry["summary"] == "Harbourside Care: appointment"
        assert entry["dtstart"].params["TZID"] == "Europe/London"
        assert entry["dtstart"].to_ical() == b"20260401T093000"
        assert entry["dtend"].to_ical() == b"20260401T100000"

    def test_the_file_brings_the_clock_changes_of_its_zone(self, surgery):
        surgery.appointment_at = NEXT_WEEK
        surgery.save()

        file = calendar_file(calendar_of_patient(surgery.patient, now=NOON))

        assert b"BEGIN:VTIMEZONE\r\nTZID:Europe/London" in file
        assert b"BEGIN:DAYLIGHT" in file

    def test_an_operation_to_come_is_a_day_and_with_an_hour_of_arrival_that_hour(self):
        coming = SurgeryFactory(surgery_date=date(2026, 3, 20), planned_revision=1)
        all_day = read(coming.patient)[0]["dtstart"]
        coming.arrival_time = time(7, 30)
        coming.save()

        at_an_hour = read(coming.patient)[0]["dtstart"]

        assert all_day.dt == date(2026, 3, 20)
        assert at_an_hour.to_ical() == b"20260320T073000"

    def test_one_that_is_moved_stays_the_same_entry_with_a_later_sequence(self, surgery):
        surgery.appointment_at = NEXT_WEEK
        surgery.save()
        [before] = read(surgery.patient)
        surgery.appointment_at = NEXT_WEEK + timedelta(days=1)
        surgery.save()
        surgery.refresh_from_db()

        [after] = read(surgery.patient)

        assert after["uid"] == before["uid"]
        assert after["sequence"] > before["sequence"]
        assert after["dtstart"].dt - before["dtstart"].dt == timedelta(days=1)

    def test_one_that_is_called_off_is_gone(self, surgery):
        surgery.appointment_at = NEXT_WEEK
        surgery.save()
        assert len(read(surgery.patient)) == 1
        surgery.status = SurgeryStatus.CANCELLED
        surgery.save()

        assert read(surgery.patient) == []


class TestAMessage:
    def test_has_the_subject_that_was_signed_and_leaves_the_day_free(self, surgery):
        message(surgery)

        [entry] = read(surgery.patient)

        assert entry["summary"] == "A note from Harbourside Care"
        assert entry["transp"] == "TRANSPARENT"
        assert "description" not in entry

    def test_without_a_subject_has_a_title_that_tells_nothing(self, surgery):
        message(surgery, subject="")

        assert titles(surgery.patient) == ["Harbourside Care: a message for you"]

    def test_stays_the_same_entry_when_its_plan_is_made_again(self, surgery):
        first = message(surgery)
        [before] = read(surgery.patient)
        first.status, first.reason = ReminderStatus.CANCELLED, "plan_changed"
        first.save()
        ReminderFactory(surgery=surgery, step=first.step, due_at=NEXT_WEEK + timedelta(days=2))

        [after] = read(surgery.patient)

        assert after["uid"] == before["uid"]
        assert after["dtstart"].dt > before["dtstart"].dt

    @pytest.mark.parametrize(
        "status", sorted(set(ReminderStatus) - {"planned", "held", "dispatched"})
    )
    def test_one_that_will_not_come_is_not_there(self, surgery, status):
        message(surgery, status=status)

        assert read(surgery.patient) == []

    def test_one_that_is_held_is_only_pencilled_in(self, surgery):
        message(surgery, status=ReminderStatus.HELD)

        [entry] = read(surgery.patient)

        assert entry["status"] == "TENTATIVE"

    def test_what_is_too_private_for_a_lock_screen_is_left_out(self, surgery):
        message(surgery, step__privacy=Privacy.P2)

        assert read(surgery.patient) == []

    def test_what_goes_to_staff_or_to_a_carer_is_not_the_patients(self, surgery):
        message(surgery, step__audience=Audience.STAFF)
        message(surgery, carer=CarerFactory(patient=surgery.patient))

        assert read(surgery.patient) == []

    def test_what_is_not_signed_is_not_told(self, surgery):
        unsigned = message(surgery)
        type(unsigned.step.version).objects.update(sealed=False)

        assert read(surgery.patient) == []

    def test_yesterday_is_over(self, surgery):
        message(surgery, due_at=NOON - timedelta(days=1))

        assert read(surgery.patient) == []

    def test_another_patients_are_not_there(self, surgery):
        message(SurgeryFactory(patient__clinic=surgery.patient.clinic, planned_revision=1))

        assert read(surgery.patient) == []


class TestTheAddress:
    def path(self, patient, **changes):
        usual = {"purpose": LinkPurpose.CALENDAR, "now": NOON}
        link, token = new_link(patient, **{**usual, **changes})
        link.save()
        return f"/calendar/{token}/care.ics"

    def test_opens_the_file_without_a_log_in_and_writes_nothing(self, client, surgery):
        path = self.path(surgery.patient)
        before = list(PatientLink.objects.values())

        answer = client.get(path)

        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
        assert not answer.cookies
        assert list(PatientLink.objects.values()) == before

    def test_costs_next_to_nothing_where_nothing_has_changed(self, client, surgery):
        path = self.path(surgery.patient)
        etag = client.get(path)["ETag"]

        again = client.get(path, headers={"If-None-Match": etag})

        assert (again.status_code, again.content) == (304, b"")

    @pytest.mark.parametrize("change", ["revoked", "run out", "other purpose", "unknown", "ended"])
    def test_that_opens_nothing_gives_one_and_the_same_answer(self, client, surgery, change):
        patient = surgery.patient
        made = NOON - timedelta(days=500 if change == "run out" else 0)
        purpose = LinkPurpose.PAGE if change == "other purpose" else LinkPurpose.CALENDAR
        path = self.path(patient, now=made, purpose=purpose)
        if change == "revoked":
            revoke_calendar(patient, now=NOON)
        if change == "unknown":
            path = "/calendar/AAAAAAAAAAAAAAAAAAAAAA/care.ics"
        if change == "ended":
            patient.status = PatientStatus.ENDED
            patient.save()

        answer = client.get(path)

        assert answer.status_code == 410
        assert b"not there any more" in answer.content

    def test_is_told_once_and_can_be_stopped(self, surgery):
        patient = surgery.patient
        token = calendar_link(patient, now=NOON).split("/")[-2]

        assert patient_of_calendar(token, now=NOON) == patient
        assert calendar_links(patient, now=NOON) == 1
        assert token not in str(list(PatientLink.objects.values()))

        assert revoke_calendar(patient, now=NOON) == 1
        assert patient_of_calendar(token, now=NOON) is None

    def test_is_only_read(self, client, surgery):
        assert client.post(self.path(surgery.patient)).status_code == 405


@pytest.mark.usefixtures("clock")
class TestThePatientsPage:
    @pytest.fixture
    def ana(self, client):
        surgery = SurgeryFactory(planned_revision=1, patient=patient_with_page())
        message(surgery)
        open_page(client, surgery.patient)
        return surgery.patient

    def test_makes_an_address_that_is_told_once(self, client, ana):
        page = client.post("/my/calendar/", {"do": "make"})

        [path] = re.findall(r"webcal://[^/]+(/calendar/[^\"]+)", page.content.decode())
        assert client.get(path)["Content-Type"] == "text/calendar; charset=utf-8"
        assert path not in client.get("/my/calendar/").content.decode()

    def test_stops_every_address(self, client, ana):
        path = urlsplit(calendar_link(ana, now=NOON)).path

        page = client.post("/my/calendar/", {"do": "stop"})

        assert "do not work any more" in words_of(page)
        assert client.get(path).status_code == 410

    def test_makes_no_more_addresses_than_anybody_needs(self, client, ana):
        for _ in range(6):
            page = client.post("/my/calendar/", {"do": "make"})

        assert "made many addresses" in words_of(page)
        assert calendar_links(ana, now=NOON) == 5

    def test_gives_the_file_as_it_is_now(self, client, ana):
        file = client.get("/my/calendar/care.ics")

        assert b"SUMMARY:A note from Harbourside Care" in file.content
        assert file["Cache-Control"] == "no-store, private"

    @pytest.mark.parametrize("path", ["/my/calendar/", "/my/calendar/care.ics"])
    def test_looking_at_it_changes_no_row(self, client, ana, path):
        before = every_row()

        client.get(path)
        client.head(path)

        assert every_row() == before

    @pytest.mark.parametrize("path", ["/my/calendar/", "/my/calendar/care.ics"])
    def test_is_closed_to_whoever_has_not_opened_their_page(self, client, path):
        assert client.get(path).status_code == 403

    def test_what_a_form_does_not_offer_is_refused(self, client, ana):
        assert client.post("/my/calendar/", {"do": "else"}).status_code == 400
        assert client.post("/my/calendar/").status_code == 400

    def test_the_first_page_leads_to_it(self, client, ana):
        assert 'href="/my/calendar/"' in client.get("/my/").content.decode()
