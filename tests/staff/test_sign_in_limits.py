"""Guessers have to wait; nobody can keep a nurse from her own browser; Redis has no say."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import NOON
from tests.signing_in import (
    PASSWORD,
    code_now,
    give_code,
    give_password,
    log_in,
    with_second_factor,
)
from tests.staff.pages import words_of

WAIT = "Too many wrong tries. Try again in 5 minutes."


@pytest.fixture
def secret(nurse):
    return with_second_factor(nurse)


def guess(browser, staff, *, times, address="198.51.100.7"):
    for _ in range(times):
        page = browser.post(
            reverse("account_login"),
            {"login": staff.username, "password": "wrong"},
            REMOTE_ADDR=address,
        )
    return words_of(page)


def passes(browser, staff):
    return give_password(browser, staff).status_code == 302


class TestPasswords:
    def test_wait_after_five_wrong_ones_and_are_told_for_how_long(self, nurse, secret):
        browser = Client()
        assert WAIT not in guess(browser, nurse, times=5, address="127.0.0.1")

        page = give_password(browser, nurse)

        assert WAIT in words_of(page)

    def test_wait_no_longer_because_of_tries_that_were_turned_away(
        self, nurse, secret, time_machine
    ):
        browser = Client()
        guess(browser, nurse, times=20, address="127.0.0.1")
        time_machine.move_to(NOON + timedelta(minutes=5))

        assert passes(browser, nurse)

    def test_that_are_right_are_not_counted(self, nurse, secret):
        for _ in range(6):
            assert passes(Client(), nurse)

    def test_wait_however_the_name_is_written(self, nurse, secret):
        for name in ("asha", "ASHA", " asha", "Asha ", "aSHA"):
            Client().post(reverse("account_login"), {"login": name, "password": "wrong"})

        assert WAIT in words_of(give_password(Client(), nurse))

    def test_of_others_are_not_held_up(self, nurse, own_clinic, secret):
        guess(Client(), nurse, times=9)

        assert passes(Client(), nurse)

    def test_are_limited_by_address_whatever_the_name(self, nurse, secret, own_clinic):
        guesser = Client()
        for number in range(50):
            guesser.post(reverse("account_login"), {"login": f"name{number}", "password": "x"})

        assert "Too many wrong tries" in words_of(give_password(guesser, nurse))

    def test_of_a_known_browser_are_never_held_up_by_strangers(self, nurse, secret, time_machine):
        known = Client()
        log_in(known, nurse, secret)
        known.post(reverse("admin:logout"))
        for number in range(25):
            guess(Client(), nurse, times=5, address=f"198.51.100.{number}")
        assert not passes(Client(), nurse)

        assert passes(known, nurse)

    def test_have_a_limit_in_a_known_browser_too(self, nurse, secret):
        known = Client()
        log_in(known, nurse, secret)
        known.post(reverse("admin:logout"))

        guess(known, nurse, times=5)

        assert not passes(known, nurse)

    @pytest.mark.parametrize("password", ["x" * 1_000_000, "\0", "пароль", PASSWORD + " "])
    def test_of_any_shape_are_answered_alike(self, password, nurse, secret):
        page = give_password(Client(), nurse, password=password)

        assert page.status_code == 200

    def test_say_the_same_for_a_name_that_nobody_has(self, nurse, secret):
        unknown = Client().post(reverse("account_login"), {"login": "nobody", "password": "wrong"})

        known = give_password(Client(), nurse, password="wrong")

        said = [page.context["form"].non_field_errors() for page in (unknown, known)]
        assert said[0] == said[1]


class TestCodes:
    @pytest.fixture
    def browser(self, nurse, secret):
        browser = Client()
        give_password(browser, nurse)
        return browser

    def test_wait_after_five_wrong_ones(self, browser, secret):
        for _ in range(5):
            give_code(browser, "000000")

        page = give_code(browser, code_now(secret))

        assert WAIT in words_of(page)

    def test_are_right_again_after_the_wait(self, browser, secret, time_machine):
        for _ in range(5):
            give_code(browser, "000000")
        time_machine.move_to(NOON + timedelta(minutes=5))

        assert give_code(browser, code_now(secret)).status_code == 302

    def test_are_counted_anew_after_a_right_one(self, browser, nurse, secret, time_machine):
        for _ in range(4):
            give_code(browser, "000000")
        give_code(browser, code_now(secret))
        again = Client()
        give_password(again, nurse)
        for _ in range(4):
            give_code(again, "000000")
        time_machine.move_to(NOON + timedelta(seconds=30))

        assert give_code(again, code_now(secret)).status_code == 302

    def test_are_limited_wherever_they_are_typed(self, browser, nurse, secret):
        for _ in range(5):
            give_code(browser, "000000")
        elsewhere = Client()
        give_password(elsewhere, nurse)

        assert WAIT in words_of(give_code(elsewhere, code_now(secret)))

    def test_that_were_used_are_refused_and_cost_no_try(self, nurse, secret):
        log_in(Client(), nurse, secret)
        again = Client()
        give_password(again, nurse)

        refused = [words_of(give_code(again, code_now(secret))) for _ in range(7)]

        assert all("Wait for the next one" in words and WAIT not in words for words in refused)
        assert give_code(again, code_now(secret, steps_later=1)).status_code == 302

    def test_that_were_used_give_a_guesser_no_try_back(self, nurse, secret, time_machine):
        log_in(Client(), nurse, secret)
        guesser = Client()
        give_password(guesser, nurse)
        for second in range(5):
            give_code(guesser, "000000")
            time_machine.move_to(NOON + timedelta(seconds=second, milliseconds=500))
            give_code(guesser, code_now(secret))
            time_machine.move_to(NOON + timedelta(seconds=second + 1))

        assert WAIT in words_of(give_code(guesser, code_now(secret, steps_later=1)))


def test_redis_has_no_part_in_it(nurse, secret, settings):
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"

    assert WAIT not in guess(Client(), nurse, times=5)
    assert "Too many wrong tries" in guess(Client(), nurse, times=1)
    assert log_in(Client(), nurse, secret).status_code == 302
