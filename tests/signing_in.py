"""Browsers in which somebody has signed in to the panel.

`SignedIn.force_login` skips the log-in page and leaves the session as both factors would leave it.
`log_in` goes the whole way, through both pages.
"""

import time

from django.test import Client
from django.urls import reverse

from reminders.staff.sign_in import factor, session

PASSWORD = "a password for tests only"


class SignedIn(Client):
    """Django's browser, with force_login as a log-in with both factors."""

    def force_login(self, user, backend=None, *, both=True):
        super().force_login(user, backend)
        now = time.time()
        kept = self.session
        kept[session.KEY] = {"at": now, "seen": now, "proved": now, "both": both}
        kept.save()


def with_second_factor(staff, *, password=PASSWORD):
    """Give somebody a password and an authenticator; return its secret."""
    staff.set_password(password)
    staff.save(update_fields=["password"])
    secret = factor.new_secret()
    factor.set_up(staff, secret=secret, step=0)
    return secret


def code_now(secret, *, steps_later=0):
    """The six digits that the authenticator shows at this moment, or some steps of 30 s later."""
    return factor.code_of(secret, step=int(time.time()) // 30 + steps_later)


def give_password(browser, staff, *, password=PASSWORD, **more):
    fields = {"login": staff.username, "password": password, **more}
    return browser.post(reverse("account_login"), fields)


def give_code(browser, code):
    return browser.post(reverse("mfa_authenticate"), {"code": code})


def log_in(browser, staff, secret):
    """Sign in with the password and the code of this moment; return the last answer."""
    give_password(browser, staff)
    return give_code(browser, code_now(secret))
