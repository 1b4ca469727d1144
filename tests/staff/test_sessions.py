"""How long a session lasts, who can end it, and what becomes of text that was being typed."""

from datetime import timedelta

import pytest
from allauth.mfa.adapter import get_adapter
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from clinic.models import Role, Staff
from reminders.models import SignInNotice
from reminders.staff.sign_in.factor import has_second_factor
from reminders.staff.sign_in.set_up import PENDING
from tests.factories import NOON, StaffFactory
from tests.signing_in import PASSWORD, code_now, give_password, log_in, with_second_factor
from tests.staff.pages import words_of

TODAY = "/staff/"
NOTE = "Called her twice; she sounded well, will come on Tuesday."


def is_in(browser):
    """Whether a page opens; the lightest of the panel, for it is asked many times."""
    return browser.get(reverse("sign-in-own")).status_code == 200


def after(time_machine, **passed):
    time_machine.move_to(NOON + timedelta(**passed))


class TestASession:
    @pytest.mark.parametrize(("minutes", "lasts"), [(14.9, True), (15, False)])
    def test_ends_when_nobody_does_anything(self, minutes, lasts, browser, time_machine):
        after(time_machine, minutes=minutes)

        assert is_in(browser) is lasts

    def test_goes_on_while_somebody_is_there_and_ends_after_twelve_hours(
        self, browser, time_machine
    ):
        for minutes in range(0, 12 * 60, 14):
            after(time_machine, minutes=minutes)
            assert browser.get(reverse("sign-in-own")).status_code == 200

        after(time_machine, hours=12)
        page = browser.get(TODAY, follow=True)

        assert "had lasted long enough" in words_of(page)

    def test_does_not_last_because_a_page_looks_for_news(self, browser, time_machine):
        after(time_machine, minutes=10)
        assert browser.get(TODAY, headers={"Sec-Fetch-Dest": "empty"}).status_code == 200
        after(time_machine, minutes=16)

        assert not is_in(browser)

    def test_lasts_because_somebody_types(self, browser, time_machine):
        after(time_machine, minutes=10)
        said = browser.post(reverse("sign-in-still-here"), headers={"Sec-Fetch-Dest": "empty"})
        after(time_machine, minutes=16)

        assert said.json() == {"seconds": 15 * 60}
        assert is_in(browser)

    def test_tells_how_long_it_lasts(self, browser, time_machine):
        after(time_machine, minutes=5)

        answer = browser.get(reverse("sign-in-time-left"), headers={"Sec-Fetch-Dest": "empty"})

        assert answer.json() == {"seconds": 10 * 60}

    def test_says_why_it_ended_and_comes_back_to_the_page(self, browser, time_machine):
        after(time_machine, minutes=20)

        page = browser.get("/staff/clinic/patient/", follow=True)

        assert "nobody did anything here" in words_of(page)
        assert page.context["next"] == "/staff/clinic/patient/"


class TestIsOverAtOnce:
    def test_for_somebody_whose_account_is_switched_off(self, browser, nurse):
        Staff.objects.filter(pk=nurse.pk).update(is_active=False)

        assert not is_in(browser)

    def test_and_for_good_when_the_operator_did_it(self, browser, nurse, signed_in):
        operator = signed_in(StaffFactory(clinic=None, is_superuser=True))
        page = reverse("admin:clinic_staff_change", args=[nurse.pk])
        fields = {
            "username": nurse.username, "is_staff": "on", "clinic": nurse.clinic_id,
            "role": nurse.role, "first_name": "Asha",
        }  # fmt: skip
        assert operator.post(page, fields).status_code == 302
        assert operator.post(page, {**fields, "is_active": "on"}).status_code == 302

        assert not is_in(browser)

    def test_for_somebody_who_no_longer_works_in_the_panel(self, browser, nurse):
        Staff.objects.filter(pk=nurse.pk).update(is_staff=False)

        answer = browser.get(TODAY, follow=True)

        assert answer.redirect_chain[0][0].startswith(reverse("account_login"))
        assert answer.status_code == 200

    def test_everywhere_else_when_its_owner_says_so(self, browser, nurse, signed_in):
        forgotten = signed_in(nurse)

        browser.post(reverse("sign-in-everywhere"))

        assert not is_in(forgotten)
        assert is_in(browser)


def test_another_role_counts_from_the_next_request_on(browser, nurse):
    patients = reverse("admin:clinic_patient_add")
    assert browser.get(patients).status_code == 200

    Staff.objects.filter(pk=nurse.pk).update(role=Role.AUDITOR)

    assert browser.get(patients).status_code == 403


class TestResettingASecondFactor:
    @pytest.fixture
    def manager(self, own_clinic):
        return StaffFactory(clinic=own_clinic, role=Role.MANAGER, username="mona")

    def reset(self, browser, other):
        return browser.post(reverse("sign-in-reset", args=[other.pk]))

    def test_signs_the_person_out_and_leads_them_to_set_one_up(self, manager, nurse, signed_in):
        secret = with_second_factor(nurse)
        lost = Client()
        log_in(lost, nurse, secret)
        assert is_in(lost)

        self.reset(signed_in(manager), nurse)

        assert not is_in(lost)
        log_in(lost, nurse, secret)
        assert lost.get(TODAY).url.startswith(reverse("sign-in-set-up"))

    def test_stands_in_the_history_of_the_record(self, manager, nurse, signed_in):
        browser = signed_in(manager)

        self.reset(browser, nurse)

        words = words_of(browser.get(reverse("admin:clinic_staff_history", args=[nurse.pk])))
        assert "Times the second factor was reset" in words
        assert f"by {manager}" in words

    def test_is_not_for_oneself(self, manager, signed_in):
        assert self.reset(signed_in(manager), manager).status_code == 403

    @pytest.mark.parametrize("role", [Role.NURSE, Role.RECEPTION, Role.AUDITOR])
    def test_is_not_for_those_who_do_not_run_the_clinic(self, role, own_clinic, nurse, signed_in):
        other = signed_in(StaffFactory(clinic=own_clinic, role=role))

        assert self.reset(other, nurse).status_code == 403

    def test_is_not_for_people_of_another_clinic_or_operators(self, manager, signed_in):
        browser = signed_in(manager)
        operator = StaffFactory(clinic=None, is_superuser=True)

        assert self.reset(browser, StaffFactory()).status_code == 404
        assert self.reset(browser, operator).status_code == 404

    def test_is_asked_again_first(self, manager, nurse, signed_in, time_machine):
        browser = signed_in(manager)
        after(time_machine, minutes=6)

        answer = self.reset(browser, nurse)

        assert answer.url.startswith(reverse("sign-in-again"))
        nurse.refresh_from_db()
        assert nurse.second_factor_resets == 0

    def test_is_one_tap_away_in_the_list_and_not_for_oneself(self, manager, nurse, signed_in):
        with_second_factor(nurse)
        with_second_factor(manager)

        words = words_of(signed_in(manager).get(reverse("admin:clinic_staff_changelist")))

        assert reverse("sign-in-reset", args=[nurse.pk]) in words
        assert reverse("sign-in-reset", args=[manager.pk]) not in words


class TestTheCommandLine:
    def test_resets_a_second_factor_when_nobody_else_is_left(self, nurse, capsys):
        with_second_factor(nurse)

        call_command("reset_second_factor", nurse.username)

        assert not has_second_factor(nurse)
        assert "sets up a new second factor" in capsys.readouterr().out

    def test_changes_nothing_for_a_name_that_nobody_has(self, db):
        with pytest.raises(CommandError, match="Nobody logs in as nobody"):
            call_command("reset_second_factor", "nobody")

    def test_makes_an_operator_who_sets_up_a_second_factor_in_the_panel(self, db, monkeypatch):
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
        call_command("createsuperuser", username="root", email="r@example.org", interactive=False)
        browser = Client()

        give_password(browser, Staff.objects.get(username="root"))

        assert browser.get(TODAY).url.startswith(reverse("sign-in-set-up"))


class TestTextThatWasBeingTyped:
    @pytest.fixture
    def secret(self, nurse):
        return with_second_factor(nurse)

    def ended_while_sending(self, browser, time_machine, **fields):
        after(time_machine, minutes=20)
        return browser.post("/staff/reminders/alert/1/close/", fields)

    def test_is_shown_after_the_log_in_and_was_not_saved(
        self, nurse, secret, signed_in, time_machine
    ):
        browser = signed_in(nurse)
        answer = self.ended_while_sending(browser, time_machine, note=NOTE, outcome="advised")
        assert "was not saved" in words_of(browser.get(answer.url))

        log_in(browser, nurse, secret)
        page = browser.get(TODAY)

        assert page.context["kept_text"] == [NOTE]
        assert "she sounded well" in words_of(page)
        browser.post(reverse("sign-in-kept-text-over"))
        assert browser.get(TODAY).context["kept_text"] == []

    def test_is_shown_to_nobody_else(self, nurse, own_clinic, signed_in, time_machine):
        browser = signed_in(nurse)
        self.ended_while_sending(browser, time_machine, note=NOTE)
        other = StaffFactory(clinic=own_clinic)

        log_in(browser, other, with_second_factor(other))

        assert browser.get(TODAY).context["kept_text"] == []
        assert NOTE not in words_of(browser.get(TODAY))

    def test_is_not_readable_in_the_sessions(self, browser, time_machine):
        self.ended_while_sending(browser, time_machine, note=NOTE)

        assert "she sounded well" not in str(dict(browser.session))

    def test_is_never_a_password(self, nurse, secret, signed_in, time_machine):
        browser = signed_in(nurse)
        long = "a password of many characters"
        self.ended_while_sending(browser, time_machine, password1=long, code=long, note=NOTE)

        log_in(browser, nurse, secret)

        assert browser.get(TODAY).context["kept_text"] == [NOTE]

    def test_is_kept_when_the_page_itself_ends_the_session(self, nurse, secret, signed_in):
        browser = signed_in(nurse)

        browser.post(reverse("sign-in-end"), {"typed": NOTE})

        assert not is_in(browser)
        log_in(browser, nurse, secret)
        assert browser.get(TODAY).context["kept_text"] == [NOTE]

    def test_that_comes_without_any_session_is_said_to_be_lost(self, db):
        page = Client().post("/staff/reminders/alert/1/close/", {"note": NOTE}, follow=True)

        assert "what you sent was not saved" in words_of(page)


class TestWhoIsTold:
    """Of each change of the way that somebody signs in, that person, by mail."""

    def changes(self):
        rows = SignInNotice.objects.values_list("staff__username", "what", "by__username")
        return list(rows)

    def test_of_a_second_factor_that_was_set_up(self, nurse, browser):
        set_up = reverse("sign-in-set-up")
        browser.get(set_up)
        secret = get_adapter().decrypt(browser.session[PENDING])

        browser.post(set_up, {"code": code_now(secret)})

        assert self.changes() == [("asha", "factor_set", "asha")]

    def test_of_new_recovery_codes(self, nurse, browser):
        browser.post(reverse("sign-in-new-codes"))

        assert self.changes() == [("asha", "codes_renewed", "asha")]

    def test_of_a_reset_by_somebody_else(self, own_clinic, nurse, signed_in):
        manager = StaffFactory(clinic=own_clinic, role=Role.MANAGER, username="maria")

        signed_in(manager).post(reverse("sign-in-reset", args=[nurse.pk]))

        assert self.changes() == [("asha", "factor_reset", "maria")]

    def test_of_a_reset_on_the_command_line(self, nurse):
        call_command("reset_second_factor", nurse.username)

        assert self.changes() == [("asha", "factor_reset", None)]

    def test_of_a_new_password(self, nurse, signed_in):
        with_second_factor(nurse)
        browser = signed_in(nurse)
        new = {"new_password1": "quite another one", "new_password2": "quite another one"}

        browser.post(reverse("admin:password_change"), {"old_password": PASSWORD, **new})

        assert self.changes() == [("asha", "password", None)]

    def test_nobody_of_the_first_password_of_a_new_account(self, own_clinic):
        Staff.objects.create_user("new", password="a password of its own", clinic=own_clinic)

        assert self.changes() == []
