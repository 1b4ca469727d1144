"""A typed code → what it belongs to, or the words that say what is wrong with it."""

from allauth.core import context
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clinic.models import Staff
from reminders.staff.sign_in import limits
from reminders.staff.sign_in.factor import Verdict, try_code


def check_code(staff: Staff, *, code: str) -> Authenticator:
    """Use up a code of this person's second factor; return what it belongs to.

    Raises ValidationError when it is wrong, was used before, or must wait. Right codes start the
    count of tries anew; one that was used is refused and costs no try, since whoever types it has
    the authenticator and was only too quick.
    """
    try:
        tries = limits.code_try(context.request, staff)
    except limits.TooManyTries as too_many:
        raise ValidationError(limits.in_words(too_many)) from too_many
    verdict, kept = try_code(staff, code=code)
    if verdict == Verdict.USED:
        tries.give_back()
        raise ValidationError(_("This code was used already. Wait for the next one."))
    if kept is None:
        raise ValidationError(_("This code is wrong. Type the six digits that you see now."))
    limits.forget_code_tries(context.request, staff)
    return kept
