"""Signing in: a password and a code, each once, and nothing of the panel opens before both."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import NoReverseMatch, reverse

from reminders.staff.sign_in import factor
from tests.factories import NOON, StaffFactory
from tests.signing_in import (
    PASSWORD,
    SignedIn,
    code_now,
    give_code,
    give_password,
    log_in,
    with_second_factor,
)
from tests.staff.pages import words_of

TODAY = "/staff/"
PATIENTS = "/staff/clinic/patient/"


@pytest.fixture
def secret(nurse):
    return with_second_factor(nurse)


def is_in(browser):
    return browser.get(PATIENTS).status_code == 200


class TestBothFactors:
    def test_open_the_page_that_was_asked_for(self, nurse, secret):
        browser = Client()
        asked = browser.get(PATIENTS)
        assert asked.url == f"{reverse('account_login')}?next=%2Fstaff%2Fclinic%2Fpatient%2F"

        give_password(browser, nurse, next=PATIENTS)
        answer = give_code(browser, code_now(secret))

        assert answer.url == PATIENTS
        assert is_in(browser)

    def test_the_password_alone_opens_nothing(self, nurse, secret):
        browser = Client()

        answer = give_password(browser, nurse)

        assert answer.url == reverse("mfa_authenticate")
        assert not is_in(browser)
        assert browser.get(PATIENTS).url.startswith(reverse("account_login"))

    def test_give_the_session_a_new_key(self, nurse, secret):
        browser = Client()
        give_password(browser, nurse)
        before = browser.session.session_key

        give_code(browser, code_now(secret))

        assert browser.session.session_key != before

    @pytest.mark.parametrize(
        "elsewhere", ["//evil.example", "https://evil.example", "https:evil", "\\\\evil", "/demo/"]
    )
    def test_lead_nowhere_else(self, elsewhere, nurse, secret):
        browser = Client()
        give_password(browser, nurse, next=elsewhere)

        assert give_code(browser, code_now(secret)).url == TODAY

    def test_are_no_use_to_those_who_do_not_work_in_the_panel(self, nurse, secret):
        nurse.is_staff = False
        nurse.save()

        page = give_password(Client(), nurse)

        assert "do not go together" in words_of(page)


class TestACode:
    @pytest.mark.parametrize("code", ["000000", "", "12345", "١٢٣٤٥٦", "abcdef", "9" * 50, "\0"])
    def test_that_is_wrong_does_not_open(self, code, nurse, secret):
        browser = Client()
        give_password(browser, nurse)

        assert give_code(browser, code).status_code == 200
        assert not is_in(browser)

    def test_counts_once(self, nurse, secret):
        log_in(Client(), nurse, secret)
        thief = Client()
        give_password(thief, nurse)

        page = give_code(thief, code_now(secret))

        assert "This code was used already" in words_of(page)
        assert not is_in(thief)

    def test_counts_once_for_as_long_as_a_clock_may_be_wrong(self, nurse, secret, time_machine):
        code = code_now(secret)
        log_in(Client(), nurse, secret)
        time_machine.move_to(NOON + timedelta(seconds=31))
        thief = Client()
        give_password(thief, nurse)

        give_code(thief, code)

        assert not is_in(thief)

    @pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
    def test_may_be_half_a_minute_off(self, steps, opens, nurse, secret):
        browser = Client()
        give_password(browser, nurse)

        give_code(browser, code_now(secret, steps_later=steps))

        assert is_in(browser) is opens

    def test_is_not_kept_in_the_clear(self, nurse, secret):
        assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


class TestARecoveryCode:
    def test_opens_once(self, nurse, secret):
        code = factor.recovery_codes(nurse)[0]
        first, second = Client(), Client()
        give_password(first, nurse)
        give_password(second, nurse)

        give_code(first, code)
        give_code(second, code)

        assert is_in(first)
        assert not is_in(second)
        assert len(factor.recovery_codes(nurse)) == 9


class TestSomebodyWithoutASecondFactor:
    @pytest.fixture
    def newcomer(self, own_clinic):
        staff = StaffFactory(clinic=own_clinic)
        staff.set_password(PASSWORD)
        staff.save()
        return staff

    @pytest.fixture
    def browser(self, newcomer):
        browser = Client()
        give_password(browser, newcomer, next=PATIENTS)
        return browser

    def secret_on(self, page):
        return page.context["secret"].replace(" ", "")

    def test_is_led_to_set_one_up(self, browser):
        assert browser.get(PATIENTS).url.startswith(reverse("sign-in-set-up"))

    def test_gets_the_secret_as_a_drawing_and_as_text(self, browser):
        page = browser.get(reverse("sign-in-set-up"))

        assert "<svg" in page.content.decode()
        assert len(self.secret_on(page)) == 32
        assert page["Cache-Control"] == "no-store"

    def test_sees_the_same_secret_after_a_wrong_code(self, browser):
        first = browser.get(reverse("sign-in-set-up"))

        again = browser.post(reverse("sign-in-set-up"), {"code": "000000"})

        assert "does not fit" in words_of(again)
        assert self.secret_on(again) == self.secret_on(first)

    def test_is_in_after_proving_it_and_keeping_the_recovery_codes(self, browser, newcomer):
        secret = self.secret_on(browser.get(reverse("sign-in-set-up")))
        proved = browser.post(
            reverse("sign-in-set-up"), {"code": code_now(secret), "next": PATIENTS}
        )
        assert not is_in(browser)
        page = browser.get(proved.url)
        assert len(page.context["codes"]) == 10

        kept = browser.post(reverse("sign-in-recovery-codes"), {"next": PATIENTS})

        assert kept.url == PATIENTS
        assert is_in(browser)
        assert browser.get(reverse("sign-in-recovery-codes")).status_code == 302
        assert factor.has_second_factor(newcomer)

    def test_cannot_use_a_session_from_before_another_set_it_up(self, browser, newcomer):
        with_second_factor(newcomer)

        assert not is_in(browser)
        assert browser.get(TODAY).url.startswith(reverse("account_login"))


class TestAskingAgain:
    def page(self, browser):
        return browser.get(reverse("sign-in-set-up"))

    def test_is_not_needed_for_five_minutes(self, nurse, secret, time_machine):
        browser = SignedIn()
        browser.force_login(nurse)
        time_machine.move_to(NOON + timedelta(minutes=4, seconds=59))

        assert self.page(browser).status_code == 200

    @pytest.mark.parametrize("how", ["code", "password"])
    def test_leads_back_after_a_right_answer(self, how, nurse, secret, time_machine):
        browser = SignedIn()
        browser.force_login(nurse)
        time_machine.move_to(NOON + timedelta(minutes=5))
        asked = self.page(browser)
        assert asked.url.startswith(reverse("sign-in-again"))

        answers = {"code": code_now(secret), "password": PASSWORD}
        wrong = browser.post(asked.url, {how: "wrong"})
        right = browser.post(asked.url, {how: answers[how]})

        assert wrong.status_code == 200
        assert right.url == reverse("sign-in-set-up")
        assert self.page(browser).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_reset_password", "account_email", "mfa_deactivate_totp"],
)
def test_what_we_do_not_want_of_the_library_has_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("address", ["/accounts/signup/", "/signup/"])
def test_nobody_signs_up(address, client, db):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/staff/signup/", "/staff/password_reset/"])
def test_the_panel_leads_strangers_to_the_log_in_and_its_people_nowhere(address, browser):
    assert Client().get(address).url.startswith(reverse("account_login"))
    assert browser.get(address).status_code == 404
