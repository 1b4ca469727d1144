"""Versions are compared, laid on a calendar, tried on one's own phone, and pulled."""

import pytest
from django.urls import reverse

from clinic.models import Role
from reminders.channels import channel
from reminders.flow.drafts import start_draft
from reminders.flow.editing import edit_text
from reminders.models import Delivery, PulledStep, Reminder
from reminders.rules.content import Shift
from tests.factories import NOON, ClosureFactory, PatientFactory, StaffFactory
from tests.flow.versions import FOOD, WALK, a_draft, a_live_version
from tests.rules.content_builder import a_step
from tests.staff.pages import words_of

KEY = "d1_walk"


def address(name, version, *more):
    return reverse(f"admin:reminders_content_{name}", args=[version.pk, *more])


def test_the_difference_marks_the_words(browser, nurse, own_clinic):
    live = a_live_version(own_clinic, WALK)
    draft = start_draft(live.pk, by=nurse, now=NOON)
    step = draft.steps.get(key=KEY)
    words = {"sms": "{clinic}: go for a long walk today."}
    edit_text(step.pk, language="en", words=words, by=nurse, now=NOON)

    page = words_of(browser.get(address("difference", draft, live.pk)))

    assert "go for a <del>short</del><ins>long</ins> walk today." in page


def test_a_newer_shipped_version_is_shown_beside_a_fork(browser, nurse, own_clinic):
    fork = start_draft(a_live_version(own_clinic, WALK).pk, by=nurse, now=NOON)

    shipped = a_draft(own_clinic, WALK, FOOD)

    words = words_of(browser.get(address("content", fork)))
    assert f"See what version {shipped.number} says otherwise" in words


class TestTheMadeUpPatient:
    def look(self, browser, version, **asked):
        return words_of(browser.get(address("made_up", version), asked))

    def test_a_late_hour_moves_out_of_the_quiet_hours(self, browser, own_clinic):
        version = a_draft(own_clinic, a_step(at="22:00", day_from=1, day_to=4))

        words = self.look(browser, version, surgery_date="2026-03-09")

        assert "Moved from 22:00: no messages in the quiet hours." in words

    def test_a_day_off_says_which(self, browser, own_clinic):
        ClosureFactory(clinic=own_clinic, first_day="2026-03-11", last_day="2026-03-11")
        version = a_draft(
            own_clinic, a_step(shift=Shift.NEXT_WORKDAY, day_from=2, day_to=6),
            a_step(key="d25", shift=Shift.NEXT_WORKDAY, day_from=25, day_to=30),
        )  # fmt: skip

        words = self.look(browser, version, surgery_date="2026-03-09")

        assert "Shifted from Wed 11 Mar: the clinic is closed." in words
        assert "Shifted from Fri 3 Apr: Good Friday." in words

    def test_a_full_day_slides_the_less_urgent(self, browser, own_clinic):
        steps = [a_step(key=f"d1_{n}", day_from=1, day_to=4, at=f"{n + 10}:00") for n in range(3)]

        words = self.look(browser, a_draft(own_clinic, *steps), surgery_date="2026-03-09")

        assert "Slid from Tue 10 Mar: that day had its 2 texts already." in words

    def test_the_clocks_are_marked(self, browser, own_clinic):
        words = self.look(browser, a_draft(own_clinic), surgery_date="2026-03-27")

        assert "Clocks go forward" in words

    def test_a_wrong_zone_is_said_and_nothing_is_written(self, browser, own_clinic):
        words = self.look(browser, a_draft(own_clinic), zone="Mars/Base")

        assert 'role="alert"' in words
        assert not Reminder.objects.exists()


class TestATest:
    @pytest.fixture
    def version(self, own_clinic):
        return a_draft(own_clinic)

    def send(self, browser, version, name="sms"):
        channel("sms").sent.clear()
        data = {"language": "en", "channel": name}
        return words_of(browser.post(address("try", version, KEY), data, follow=True))

    def test_goes_to_ones_own_phone_and_is_no_delivery(self, browser, nurse, version, released):
        nurse.phone = "07700 900 555"
        nurse.save()

        words = self.send(browser, version)

        assert "The test is on its way" in words
        [sent] = channel("sms").sent
        assert (sent.to, sent.body[:6]) == ("+447700900555", "TEST. ")
        assert not Delivery.objects.exists()

    def test_goes_to_no_patient(self, browser, nurse, version, released):
        nurse.phone = "07700 900 555"
        nurse.save()
        PatientFactory(clinic=nurse.clinic, mobile="+447700900555")

        assert "A patient is reached by this address" in self.send(browser, version)
        assert not channel("sms").sent

    def test_not_without_a_number(self, browser, version, released):
        assert "There is no mobile number on your record" in self.send(browser, version)

    def test_not_from_a_database_that_may_not_send(self, browser, nurse, version):
        nurse.phone = "07700 900 555"
        nurse.save()

        assert "not released" in self.send(browser, version)

    def test_not_by_a_role_that_writes_nothing(self, own_clinic, signed_in, version, released):
        reception = signed_in(StaffFactory(clinic=own_clinic, role=Role.RECEPTION))

        answer = reception.post(address("try", version, KEY), {"language": "en"})

        assert answer.status_code == 403


class TestPulling:
    @pytest.fixture
    def version(self, own_clinic):
        return a_live_version(own_clinic)

    def test_reception_pulls_and_a_nurse_restores(self, browser, own_clinic, signed_in, version):
        reception = signed_in(StaffFactory(clinic=own_clinic, role=Role.RECEPTION))
        page = address("pull", version, KEY)

        words = words_of(reception.post(page, {"do": "pull", "reason": "Wrong"}, follow=True))
        assert "Nothing of this message goes out" in words
        assert "Nobody has had it." in words
        reception.post(page, {"do": "restore"})
        assert PulledStep.objects.filter(restored_at=None).exists()
        browser.post(page, {"do": "restore"})

        assert not PulledStep.objects.filter(restored_at=None).exists()

    def test_stands_in_the_history_of_the_version(self, browser, nurse, own_clinic, version):
        browser.post(address("pull", version, KEY), {"do": "pull", "reason": "Wrong dose"})
        browser.post(address("pull", version, KEY), {"do": "restore"})

        words = words_of(browser.get(address("content", version)))

        assert "<strong>Message pulled</strong>: Walk: Wrong dose" in words
        assert "<strong>Message restored</strong>: Walk" in words

    def test_an_auditor_pulls_nothing(self, own_clinic, signed_in, version):
        auditor = signed_in(StaffFactory(clinic=own_clinic, role=Role.AUDITOR))

        auditor.post(address("pull", version, KEY), {"do": "pull", "reason": "x"})

        assert not PulledStep.objects.exists()
