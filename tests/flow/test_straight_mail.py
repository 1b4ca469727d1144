"""What is told by mail past the queue: once, to the right person, and no mail server stops it."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend

from reminders.flow.exports import tell_of_exports
from reminders.flow.sign_in_notices import SAID, note_sign_in_change, tell_of_sign_ins
from reminders.models import SignInChange, SignInNotice
from tests.factories import NOON, ClinicFactory, ExportFactory, StaffFactory

pytestmark = pytest.mark.django_db
HERE = "tests.flow.test_straight_mail"


class Refusing(EmailBackend):
    """A mail server that knows nobody of this name, now and for good."""

    code = 550

    def send_messages(self, messages):
        to = messages[0].to[0]
        if to.startswith("gone"):
            raise smtplib.SMTPRecipientsRefused({to: (self.code, b"no such user")})
        return super().send_messages(messages)


class Busy(Refusing):
    """A mail server that asks to be tried again later."""

    code = 450


@pytest.fixture
def nurse():
    return StaffFactory(username="asha", email="asha@example.org", clinic__language="en")


def changed(staff, what=SignInChange.FACTOR_SET, *, by=None, at=NOON):
    return note_sign_in_change(staff, what=what, by=by, now=at)


class TestAChangeOfTheSignIn:
    def test_is_told_to_whom_it_belongs_once(self, nurse):
        changed(nurse)

        assert tell_of_sign_ins(now=NOON) == 1
        assert tell_of_sign_ins(now=NOON) == 0

        [sent] = mail.outbox
        assert sent.to == ["asha@example.org"]
        assert "your account asha" in sent.body
        assert "An authenticator was set up" in sent.body
        assert SignInNotice.objects.get().told_at == NOON

    @pytest.mark.parametrize("what", SignInChange)
    def test_has_its_words_and_says_who_and_when(self, nurse, what):
        manager = StaffFactory(clinic=nurse.clinic, first_name="Maria", last_name="Bell")
        changed(nurse, what, by=manager)

        tell_of_sign_ins(now=NOON)

        [sent] = mail.outbox
        assert str(SAID[what]) in sent.body
        assert "By: Maria Bell" in sent.body
        assert "When: 3 March 2026, 12:00" in sent.body

    def test_is_told_in_the_language_of_the_clinic(self, nurse):
        nurse.clinic.language = "es"
        nurse.clinic.save()
        changed(nurse, SignInChange.PASSWORD)

        tell_of_sign_ins(now=NOON)

        assert "Se cambi\u00f3 su contrase\u00f1a" in mail.outbox[0].body

    def test_of_an_operator_who_has_no_clinic_is_told_too(self):
        changed(StaffFactory(clinic=None, is_superuser=True, email="ops@example.org"))

        assert tell_of_sign_ins(now=NOON) == 1

    def test_of_somebody_without_an_address_waits_for_nothing(self):
        changed(StaffFactory(email=""))

        assert tell_of_sign_ins(now=NOON) == 1
        assert mail.outbox == []


class TestAMailServer:
    def test_that_refuses_one_for_good_does_not_keep_the_next_waiting(self, nurse, settings):
        settings.EMAIL_BACKEND = f"{HERE}.Refusing"
        changed(StaffFactory(email="gone@example.org"), at=NOON - timedelta(minutes=1))
        changed(nurse)

        assert tell_of_sign_ins(now=NOON) == 2

        assert [sent.to for sent in mail.outbox] == [["asha@example.org"]]

    def test_that_is_busy_is_tried_again(self, settings):
        settings.EMAIL_BACKEND = f"{HERE}.Busy"
        changed(StaffFactory(email="gone@example.org"))

        assert tell_of_sign_ins(now=NOON) == 0
        assert SignInNotice.objects.get().told_at is None


def test_an_export_is_one_mail_to_all_so_that_a_retry_repeats_it_to_nobody():
    clinic = ClinicFactory(staff_email="desk@example.org")
    StaffFactory(clinic=clinic, role="manager", email="boss@example.org")
    ExportFactory(clinic=clinic, with_names=True, reason="Audit", told_at=None)

    tell_of_exports(now=NOON)

    assert [sent.to for sent in mail.outbox] == [["boss@example.org", "desk@example.org"]]
