"""Who is told when the way somebody signs in has changed: that person, whoever did it."""

from django.utils.translation import gettext as _

from clinic import clock
from clinic.models import Staff
from reminders.flow.sign_in_notices import note_sign_in_change
from reminders.models import SignInChange
from reminders.tasks import ring


def tell(staff: Staff, what: SignInChange, *, by: Staff | None) -> None:
    """Have this person mailed about a change of their account, as soon as it is committed."""
    note_sign_in_change(staff, what=what, by=by, now=clock.now())
    ring("reminders.watch")


class TellOfNewPassword:
    """One of AUTH_PASSWORD_VALIDATORS: Django calls it after each change of a password.

    So nobody's password changes in silence, in the panel or on the command line. It refuses none.
    """

    def validate(self, password: str, user: object = None) -> None:
        """Take any password: the others say which will not do."""

    def password_changed(self, password: str, user: object = None) -> None:
        """Tell whose it is; the first password of a new account is no change."""
        if isinstance(user, Staff) and user.last_login is not None:
            tell(user, SignInChange.PASSWORD, by=None)

    def get_help_text(self) -> str:
        return _("You are told by mail when your password changes.")
