"""Addresses of the sign-in. allauth's own other pages have none, so they do not exist here."""

from django.urls import path

from reminders.staff.sign_in.again import again_view
from reminders.staff.sign_in.idle import (
    end_view,
    still_here_view,
    throw_away_view,
    time_left_view,
)
from reminders.staff.sign_in.log_in import CodeView, PasswordView, somebody_else
from reminders.staff.sign_in.own import everywhere_view, new_codes_view, own_view
from reminders.staff.sign_in.reset import reset_view
from reminders.staff.sign_in.set_up import recovery_codes_view, set_up_view

# allauth looks its steps up by these two names.
urlpatterns = [
    path("login/", PasswordView.as_view(), name="account_login"),
    path("login/code/", CodeView.as_view(), name="mfa_authenticate"),
    path("login/somebody-else/", somebody_else, name="sign-in-somebody-else"),
    path("sign-in/", own_view, name="sign-in-own"),
    path("sign-in/set-up/", set_up_view, name="sign-in-set-up"),
    path("sign-in/recovery-codes/", recovery_codes_view, name="sign-in-recovery-codes"),
    path("sign-in/recovery-codes/new/", new_codes_view, name="sign-in-new-codes"),
    path("sign-in/everywhere/", everywhere_view, name="sign-in-everywhere"),
    path("sign-in/time-left/", time_left_view, name="sign-in-time-left"),
    path("sign-in/still-here/", still_here_view, name="sign-in-still-here"),
    path("sign-in/end/", end_view, name="sign-in-end"),
    path("sign-in/kept-text/over/", throw_away_view, name="sign-in-kept-text-over"),
    path("sign-in/reset/<int:pk>/", reset_view, name="sign-in-reset"),
    path("sign-in/again/", again_view, name="sign-in-again"),
]
