"""Emergency access: what is kept of it, who is told, and the review by the patient's clinic."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from clinic.models import Role
from reminders.flow.emergency import end_what_ran_out, open_record, tell_of_emergencies
from tests.factories import NOON, EmergencyAccessFactory, PatientFactory, StaffFactory
from tests.staff.pages import words_of

REVIEWS = reverse("admin:clinic_patient_emergency_reviews")
REASON = "Cannot move the left foot, came in alone"
HOUR = timedelta(hours=1)


@pytest.fixture
def rosa(db):
    return PatientFactory(
        clinic__name="Riverside", record_number="R-7001", given_name="Rosa", family_name="Quill",
        birth_date=date(1957, 3, 3),
    )  # fmt: skip


@pytest.fixture
def access(rosa, nurse):
    """Asha, a nurse of Harbourside, has opened Rosa of Riverside."""
    return EmergencyAccessFactory(patient=rosa, by=nurse, reason=REASON)


class TestWhatIsKept:
    @pytest.mark.parametrize(
        "change",
        [
            "UPDATE clinic_emergencyaccess SET reason = 'Another reason, quite long'",
            "UPDATE clinic_emergencyaccess SET until = until + interval '1 day'",
            "UPDATE clinic_emergencyaccess SET ended_at = NULL",
            "UPDATE clinic_emergencyaccess SET told_at = NULL",
            "UPDATE clinic_emergencyaccess SET review_note = 'Nothing'",
            "DELETE FROM clinic_emergencyaccess",
        ],
    )
    def test_the_database_refuses_to_change_or_delete_it(self, rosa, change):
        lead = StaffFactory(clinic=rosa.clinic, role=Role.SURGEON)
        EmergencyAccessFactory(
            patient=rosa, ended_at=NOON, told_at=NOON, reviewed_at=NOON, reviewed_by=lead,
            review_note="Asked them",
        )  # fmt: skip

        with (
            pytest.raises(IntegrityError, match="never changed"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)

    def test_its_end_is_written_down_when_the_hour_is_over(self, rosa):
        access = EmergencyAccessFactory(patient=rosa)

        assert end_what_ran_out(now=NOON + HOUR - timedelta(seconds=1)) == 0
        assert end_what_ran_out(now=NOON + 3 * HOUR) == 1

        access.refresh_from_db()
        assert access.ended_at == NOON + HOUR

    def test_opening_another_ends_the_one_before(self, nurse, rosa):
        first = open_record(rosa, by=nurse, reason=REASON, now=NOON)

        open_record(PatientFactory(), by=nurse, reason=REASON, now=NOON + HOUR / 2)

        first.refresh_from_db()
        assert first.ended_at == NOON + HOUR / 2


class TestWhoIsTold:
    @pytest.fixture
    def staff(self, rosa, own_clinic):
        for clinic, name in ((rosa.clinic, "their"), (own_clinic, "our")):
            for role in (Role.SURGEON, Role.MANAGER, Role.NURSE):
                StaffFactory(clinic=clinic, role=role, username=f"{name}-{role}")

    def test_the_leads_of_both_clinics_once_and_the_mail_names_no_patient(self, staff, access):
        assert tell_of_emergencies(now=NOON) == 1
        assert tell_of_emergencies(now=NOON) == 0

        told = sorted(address for message in mail.outbox for address in message.to)
        people = ("our-manager", "our-surgeon", "their-manager", "their-surgeon")
        assert told == [f"{name}@example.org" for name in people]
        said = " ".join(f"{message.subject} {message.body}" for message in mail.outbox)
        assert "Asha of Harbourside opened the record of one of your patients" in said
        assert REVIEWS in said
        for private in ("Rosa", "Quill", "R-7001", "1957", "foot"):
            assert private not in said

    def test_a_clinic_without_a_leads_address_is_told_at_its_own(self, access):
        tell_of_emergencies(now=NOON)

        assert [message.to for message in mail.outbox] == [["desk@example.org"]] * 2

    def test_a_mail_server_that_is_down_is_tried_again(self, staff, access, settings):
        working = settings.EMAIL_BACKEND
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # nobody listens
        assert tell_of_emergencies(now=NOON) == 0
        settings.EMAIL_BACKEND = working

        assert tell_of_emergencies(now=NOON) == 1


class TestTheReview:
    TODAY = reverse("admin:index")

    def person(self, signed_in, clinic, role):
        return signed_in(StaffFactory(clinic=clinic, role=role))

    def mark(self, browser, access, note="Asked them, all well"):
        page = reverse("admin:clinic_patient_emergency_review", args=[access.pk])
        return browser.post(page, {"note": note})

    @pytest.mark.parametrize("role", Role)
    def test_it_waits_on_today_for_those_who_may_mark_it(self, access, rosa, signed_in, role):
        today = words_of(self.person(signed_in, rosa.clinic, role).get(self.TODAY))

        item = "opened the record of Rosa Quill in an emergency"
        assert (item in today) is (role in (Role.SURGEON, Role.MANAGER))

    def test_another_clinic_hears_nothing_of_it(self, access, own_clinic, signed_in):
        surgeon = self.person(signed_in, own_clinic, Role.SURGEON)

        for page in (self.TODAY, REVIEWS):
            assert "Rosa" not in words_of(surgeon.get(page))
        assert self.mark(surgeon, access).status_code == 404

    def test_a_note_marks_it_once_in_the_persons_name(self, access, rosa, signed_in):
        surgeon = self.person(signed_in, rosa.clinic, Role.SURGEON)
        self.mark(surgeon, access, note="  ")
        access.refresh_from_db()
        assert access.reviewed_at is None

        self.mark(surgeon, access)
        self.mark(self.person(signed_in, rosa.clinic, Role.MANAGER), access, note="Later")

        access.refresh_from_db()
        assert (access.reviewed_at, access.review_note) == (NOON, "Asked them, all well")
        assert access.reviewed_by.role == Role.SURGEON
        assert "in an emergency" not in words_of(surgeon.get(self.TODAY))

    def test_an_auditor_sees_the_list_and_marks_nothing(self, access, rosa, signed_in):
        auditor = self.person(signed_in, rosa.clinic, Role.AUDITOR)

        assert REASON in words_of(auditor.get(REVIEWS))
        assert self.mark(auditor, access).status_code == 403

    def test_the_patients_history_says_who_and_why(self, access, rosa, signed_in):
        surgeon = self.person(signed_in, rosa.clinic, Role.SURGEON)

        history = words_of(surgeon.get(reverse("admin:clinic_patient_history", args=[rosa.pk])))

        assert "Opened in an emergency" in history
        assert REASON in history
