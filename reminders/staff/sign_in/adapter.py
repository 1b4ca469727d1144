"""allauth as we want it: nobody signs up, nothing is mailed, secrets are encrypted."""

import base64
import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy

from clinic.models import Staff
from reminders.staff.sign_in import limits, session
from reminders.staff.sign_in.known_browser import remember


class StaffAccounts(DefaultAccountAdapter):
    """Accounts are made by the operator. Only those who work in the panel sign in."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": gettext_lazy(
            "That user name and password do not go together. Capital letters count."
        ),
        "again_password_wrong": gettext_lazy("This is not your password."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: a page that opens is message enough."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mail nothing: there is no sign-up, no reset by mail and no code by mail."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Staff | None:
        """Return whom these belong to, or None. Raises ValidationError after too many tries."""
        try:
            tries = limits.password_try(request, username=str(credentials.get("username", "")))
        except limits.TooManyTries as too_many:
            raise ValidationError(limits.in_words(too_many)) from too_many
        staff = authenticate(request, **credentials)
        if not isinstance(staff, Staff) or not staff.is_staff:
            return None
        tries.give_back()
        return staff

    def login(self, request: HttpRequest, user: Any) -> None:
        methods = {record["method"] for record in get_authentication_records(request, user)}
        super().login(request, user)
        session.begin(request, both="mfa" in methods)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        signed_in = session.sign_in_of(request)
        if signed_in and signed_in.both:
            remember(request, response, staff=user)
        return response


class SecondFactors(DefaultMFAAdapter):
    """Secrets lie in the database encrypted with the installation's key."""

    def get_totp_issuer(self) -> str:
        return "Aftercare"

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _keys().decrypt(encrypted_text.encode()).decode()


def _keys() -> MultiFernet:
    """Return keys for our own purpose, made from SECRET_KEY and those that went before it."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key_from(secret)) for secret in secrets])


def _key_from(secret: str | bytes) -> bytes:
    digest = hashlib.sha256(b"aftercare second factor:" + force_bytes(secret)).digest()
    return base64.urlsafe_b64encode(digest)
