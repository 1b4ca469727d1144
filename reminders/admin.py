"""The panel's screens, found here by the admin. Each is a file in `reminders.staff`."""

from reminders.staff import (
    alerts,
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
    "clinics",
    "deliveries",
    "pathways",
    "patients",
    "replies",
    "staff_members",
    "surgeries",
]
