"""A change of how somebody signs in → that person, by mail. No secret stands in it.

Whoever did it is not asked: a thief who moves an authenticator cannot keep its owner from hearing
of it. Source: NIST SP 800-63B-4, section 4 (Authenticator Event Management).
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic.models import Staff
from reminders.flow.straight_mail import tell_by_mail
from reminders.models import SignInChange, SignInNotice

SAID = {
    SignInChange.FACTOR_SET: gettext_lazy(
        "An authenticator was set up for it. An earlier one and its recovery codes have ended."
    ),
    SignInChange.FACTOR_RESET: gettext_lazy(
        "Its second factor was taken away. You set up a new one at your next log-in."
    ),
    SignInChange.CODES_RENEWED: gettext_lazy(
        "New recovery codes were made for it. The earlier ones have ended."
    ),
    SignInChange.PASSWORD: gettext_lazy("Its password was changed."),
}


def note_sign_in_change(
    staff: Staff, *, what: SignInChange, by: Staff | None, now: datetime
) -> SignInNotice:
    """Keep that this person's way to sign in has changed; a worker mails them."""
    return SignInNotice.objects.create(staff=staff, what=what, by=by, at=now)


def tell_of_sign_ins(*, now: datetime) -> int:
    """Mail each person whose way to sign in has changed, once for each change; return how many."""
    waiting = SignInNotice.objects.select_related("staff__clinic", "by")
    return tell_by_mail(waiting, mail=_mail, now=now)


def _mail(notice: SignInNotice) -> None:
    staff, clinic = notice.staff, notice.staff.clinic
    if not staff.email:
        return
    tz = clinic.tz if clinic else ZoneInfo(settings.TIME_ZONE)
    with translation.override(clinic.language if clinic else settings.LANGUAGE_CODE):
        lines = (
            _("This is about your account {username}.").format(username=staff.username),
            str(SAID[SignInChange(notice.what)]),
            _("When: {moment}").format(
                moment=date_format(timezone.localtime(notice.at, tz), "j F Y, H:i")
            ),
            _("By: {person}").format(person=notice.by) if notice.by else "",
            _("If this is news to you, call whoever runs the panel now. Panel: {address}").format(
                address=f"{settings.PUBLIC_URL}/staff/"
            ),
        )
        subject = _("Aftercare: the way you sign in has changed")
        body = "\n".join(filter(None, lines)) + "\n"
        send_mail(subject, body, settings.DEFAULT_FROM_EMAIL, [staff.email])
