"""The set-up page: what is missing, how to mend it, the tests of sending, and going live."""

import pytest
from django.urls import reverse

from clinic.models import Clinic, Role
from reminders.flow.sending_tests import code_of
from reminders.models import (
    Delivery,
    DutyShift,
    PathwayVersion,
    Rung,
    SendingTest,
    VersionEvent,
    VersionEventKind,
)
from tests.factories import NOON, ClinicFactory, StaffFactory, StepFactory
from tests.ready_clinics import manager_of, ready_clinic
from tests.staff.pages import words_of


@pytest.fixture
def clinic(released):
    return ready_clinic(name="Harbourside")


@pytest.fixture
def manager(clinic, signed_in):
    return signed_in(manager_of(clinic))


def page_of(clinic, name="set_up", *args):
    return reverse(f"admin:clinic_clinic_{name}", args=[clinic.pk, *args])


def test_a_clinic_that_has_all_is_put_live_by_its_manager(manager, clinic):
    before = words_of(manager.get(page_of(clinic)))
    after = words_of(manager.post(page_of(clinic, "go_live"), follow=True))

    assert "11 of 11 done" in before
    assert "Go live: send messages to patients from now on" in before
    assert "Harbourside is live" in after
    clinic.refresh_from_db()
    assert (clinic.live_since, clinic.live_by) == (NOON, manager_of(clinic))


def test_one_that_sends_texts_alone_is_told_what_that_means(manager, clinic):
    version = PathwayVersion.objects.get()
    StepFactory(version=version, channels=["email"])
    StepFactory(version=version, channels=["sms", "email"])
    Clinic.objects.update(sends_by="sms", email_sender="")

    words = words_of(manager.get(page_of(clinic)))

    assert "11 of 11 done" in words
    assert "Texts alone: patients whom no text may reach are told nothing; call them." in words
    assert "1 message of the live pathways does not exist this way" in words
    assert "Send a test mail" not in words


def test_one_that_lacks_something_is_told_what_and_has_no_button(manager, clinic):
    DutyShift.objects.all().delete()

    words = words_of(manager.get(page_of(clinic)))
    refused = words_of(manager.post(page_of(clinic, "go_live"), follow=True))

    assert "10 of 11 done" in words
    assert "Put somebody on duty within the next seven days." in words
    assert "Go live: send" not in words
    assert "Not live: something is missing in Duty rota." in refused
    assert Clinic.objects.get().live_since is None


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.MANAGER, Role.SURGEON}))
def test_others_see_it_and_cannot_put_it_live(role, clinic, signed_in):
    somebody = signed_in(StaffFactory(clinic=clinic, role=role))

    assert "A manager or surgeon of the clinic puts it live" in words_of(
        somebody.get(page_of(clinic))
    )
    assert somebody.post(page_of(clinic, "go_live")).status_code == 403
    assert somebody.post(page_of(clinic, "test", "sms")).status_code == 403
    assert Clinic.objects.get().live_since is None


def test_an_operator_sees_every_clinics_set_up_and_puts_none_live(clinic, signed_in):
    operator = signed_in(StaffFactory(clinic=None, is_superuser=True, role=Role.MANAGER))

    assert operator.get(page_of(clinic)).status_code == 200
    assert operator.post(page_of(clinic, "go_live")).status_code == 403


def test_looking_at_it_puts_nothing_live(manager, clinic):
    assert manager.get(page_of(clinic, "go_live")).status_code == 405
    assert Clinic.objects.get().live_since is None


def test_a_new_clinic_is_told_each_thing_in_a_sentence(own_clinic, signed_in, released):
    Clinic.objects.update(live_since=None, urgent_phone="", sms_sender="", email_sender="")
    words = words_of(
        signed_in(StaffFactory(clinic=own_clinic, role=Role.MANAGER)).get(page_of(own_clinic))
    )

    for told in (
        "Missing: the number for same-day help.",
        "Add two clinicians with their registration numbers",
        "Open the ladder, look at each step, and save it.",
        "Hand in a pathway, have two clinicians sign it, then put it live.",
        "Enter the number that texts come from.",
        "Enter the address that mails come from.",
    ):
        assert told in words


def test_a_test_text_is_sent_and_confirmed_by_its_code(manager, clinic):
    Delivery.objects.update(status="accepted")
    assert "Send a test text, and type the code that it brings." in words_of(
        manager.get(page_of(clinic))
    )

    manager.post(page_of(clinic, "test", "sms"), {"to": "+447700900801"})
    test = SendingTest.objects.get(asked_at=NOON)
    Delivery.objects.update(attempts_made=1)
    wrong = words_of(manager.post(page_of(clinic, "test", "sms"), {"code": "1"}, follow=True))
    right = words_of(
        manager.post(page_of(clinic, "test", "sms"), {"code": code_of(test)}, follow=True)
    )

    assert "This is not the code of the newest test." in wrong
    assert "It has arrived. This is done." in right
    assert "typed the code" in right


def test_a_test_to_a_stranger_is_refused(manager, clinic):
    words = words_of(
        manager.post(page_of(clinic, "test", "sms"), {"to": "+447700900899"}, follow=True)
    )

    assert "A test goes to the clinic&#x27;s own people." in words


def test_whoever_looked_at_a_made_up_patient_is_kept_with_the_version(clinic, signed_in):
    version = PathwayVersion.objects.get()
    StepFactory(version=version)
    nurse = StaffFactory(clinic=clinic, role=Role.NURSE)
    address = reverse("admin:reminders_content_made_up", args=[version.pk])

    signed_in(nurse).get(address)
    signed_in(nurse).post(address)

    [event] = VersionEvent.objects.filter(at=NOON)
    assert (event.kind, event.by, event.version) == (VersionEventKind.TRIED, nurse, version)


def test_reception_says_of_no_plan_that_it_is_right(clinic, signed_in):
    address = reverse("admin:reminders_content_made_up", args=[PathwayVersion.objects.get().pk])
    desk = signed_in(StaffFactory(clinic=clinic, role=Role.RECEPTION))

    assert desk.post(address).status_code == 403


class TestToday:
    def test_says_that_the_clinic_is_not_live(self, manager):
        words = words_of(manager.get(reverse("admin:index")))

        assert "This clinic is not live yet" in words
        assert "Go on with the set-up" in words

    def test_is_quiet_about_a_live_clinic_that_has_all(self, manager, clinic):
        Clinic.objects.update(live_since=NOON)

        words = words_of(manager.get(reverse("admin:index")))

        assert "not live yet" not in words
        assert "something is missing" not in words

    def test_names_what_has_gone_missing_since(self, manager, clinic):
        Clinic.objects.update(live_since=NOON)
        Rung.objects.filter(how="phone").delete()

        today = words_of(manager.get(reverse("admin:index")))
        page = words_of(manager.get(page_of(clinic)))

        assert "Alert ladder: something is missing" in today
        assert "The last step for emergencies must be a telephone number" in today
        assert "Something has gone missing since." in page


def test_a_stop_without_a_reason_stops_nothing_and_says_so(manager, clinic):
    Clinic.objects.update(live_since=NOON)
    words = words_of(
        manager.post(page_of(clinic, "sending"), {"do": "stop", "reason": " "}, follow=True)
    )

    assert "Nothing is stopped yet. Say why, in a few words." in words
    assert Clinic.objects.get().sending_stopped_at is None


def test_the_reason_of_a_stop_stands_on_every_page_until_somebody_resumes(manager, clinic):
    Clinic.objects.update(live_since=NOON)
    manager.post(page_of(clinic, "sending"), {"do": "stop", "reason": "A wrong dose"})

    stopped = words_of(manager.get(reverse("admin:clinic_patient_changelist")))
    manager.post(page_of(clinic, "sending"), {"do": "resume"})
    resumed = words_of(manager.get(reverse("admin:clinic_patient_changelist")))

    assert "Reason: A wrong dose" in stopped
    assert "A wrong dose" not in resumed


def test_another_clinics_set_up_does_not_open(manager):
    assert manager.get(page_of(ClinicFactory())).status_code == 404
