"""The panel's screens, found here by the admin. Each is a file in `reminders.staff`."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin

from reminders.staff import (
    alerts,
    answers,
    clinics,
    deliveries,
    pathways,
    patients,
    replies,
    staff_members,
    surgeries,
)

__all__ = [
    "alerts",
    "answers",
    "clinics",
    "deliveries",
    "pathways",
    "patients",
    "replies",
    "staff_members",
    "surgeries",
]

# Nobody looks at secrets, or at mail addresses that nothing uses.
for unwanted in (Authenticator, EmailAddress):
    if admin.site.is_registered(unwanted):
        admin.site.unregister(unwanted)
