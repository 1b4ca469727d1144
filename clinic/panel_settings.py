"""The look and the menu of the staff panel. What stands behind an entry is named by string."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: bool(request.user.has_perm(permission))


def _begins(
    prefix: str | tuple[str, ...], *, but_not: str | tuple[str, ...] = ()
) -> Callable[[HttpRequest], bool]:
    def is_there(request: HttpRequest) -> bool:
        path = request.path
        return path.startswith(prefix) and not path.startswith(but_not)

    return is_there


def _static(path: str) -> Callable[[HttpRequest], str]:
    return lambda request: static(path)


def _entry(
    title: Any,
    *,
    icon: str,
    page: str,
    permission: str,
    count: str = "",
    active: Callable[[HttpRequest], bool] | None = None,
) -> dict[str, Any]:
    """Return a menu entry; `count` names the number of waiting things to show beside it."""
    entry: dict[str, Any] = {
        "title": title,
        "icon": icon,
        "link": reverse_lazy(page),
        "permission": _may(permission),
        "count": count,
    }
    if active:
        entry["active"] = active
    return entry


_IMPORT = "/staff/clinic/patient/import/"
_LOOKS = "/staff/clinic/patient/looks/"
_EMERGENCY = "/staff/clinic/patient/emergency/"
_LADDER, _ROTA = _DUTY = "/staff/reminders/alert/ladder/", "/staff/reminders/alert/rota/"
_NUMBERS = "/staff/reminders/delivery/numbers/"

_CARE = [
    _entry(
        gettext_lazy("Today"), icon="wb_sunny", page="admin:index", permission="clinic.view_patient"
    ),
    _entry(
        gettext_lazy("Patients"),
        icon="group",
        page="admin:clinic_patient_changelist",
        permission="clinic.view_patient",
        active=_begins("/staff/clinic/patient/", but_not=(_IMPORT, _LOOKS, _EMERGENCY)),
    ),
    _entry(
        gettext_lazy("Operations"),
        icon="calendar_month",
        page="admin:clinic_surgery_changelist",
        permission="clinic.view_surgery",
    ),
    {
        **_entry(
            gettext_lazy("Emergency access"),
            icon="emergency",
            page="admin:clinic_patient_emergency",
            permission="clinic.add_emergencyaccess",
            active=_begins(_EMERGENCY, but_not=_EMERGENCY + "reviews/"),
        ),
        # only where the installation has it, and never for an operator
        "permission": "reminders.staff.break_glass.whom.may_open",
    },
]
_CONVERSATION = [
    _entry(
        gettext_lazy("Alerts"),
        icon="notifications",
        page="admin:reminders_alert_changelist",
        permission="reminders.view_alert",
        count="alerts",
        active=_begins("/staff/reminders/alert/", but_not=_DUTY),
    ),
    _entry(
        gettext_lazy("Replies"),
        icon="forum",
        page="admin:reminders_reply_changelist",
        permission="reminders.view_reply",
        count="replies",
    ),
    _entry(
        gettext_lazy("Messages"),
        icon="outgoing_mail",
        page="admin:reminders_delivery_changelist",
        permission="reminders.view_delivery",
        active=_begins("/staff/reminders/delivery/", but_not=_NUMBERS),
    ),
    _entry(
        gettext_lazy("Check-in answers"),
        icon="checklist",
        page="admin:reminders_checkinanswer_changelist",
        permission="reminders.view_checkinanswer",
    ),
]
_CLINIC = [
    _entry(
        gettext_lazy("The numbers"),
        icon="bar_chart",
        page="admin:reminders_numbers",
        permission="reminders.view_dayfigures",
        active=_begins(_NUMBERS),
    ),
    _entry(
        gettext_lazy("Pathways"),
        icon="route",
        page="admin:reminders_pathwayversion_changelist",
        permission="reminders.view_pathwayversion",
    ),
    _entry(
        gettext_lazy("Import"),
        icon="upload_file",
        page="admin:clinic_patient_import",
        permission="clinic.add_patient",
        active=_begins(_IMPORT),
    ),
    _entry(
        gettext_lazy("Rota"),
        icon="event_available",
        page="admin:reminders_own_rota",
        permission="reminders.view_dutyshift",
        active=_begins(_ROTA),
    ),
    _entry(
        gettext_lazy("Alert ladder"),
        icon="stairs",
        page="admin:reminders_own_ladder",
        permission="reminders.view_ladder",
        active=_begins(_LADDER),
    ),
    _entry(
        gettext_lazy("Set-up"),
        icon="tune",
        page="admin:clinic_clinic_own_set_up",
        permission="reminders.view_ladder",
        active=lambda request: "/set-up/" in request.path,
    ),
    _entry(
        gettext_lazy("Clinic"),
        icon="home_health",
        page="admin:clinic_clinic_changelist",
        permission="clinic.view_clinic",
        active=lambda request: (
            request.path.startswith("/staff/clinic/clinic/") and "/set-up/" not in request.path
        ),
    ),
    _entry(
        gettext_lazy("Staff"),
        icon="badge",
        page="admin:clinic_staff_changelist",
        permission="clinic.view_staff",
    ),
    _entry(
        gettext_lazy("Who has looked"),
        icon="visibility",
        page="admin:clinic_patient_looks",
        permission="clinic.view_accessevent",
        active=_begins((_LOOKS, _EMERGENCY + "reviews/")),
    ),
]

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Aftercare",
    "SITE_HEADER": "Aftercare",
    "SITE_SUBHEADER": "reminders.staff.panel.clinic_name",
    "SITE_SYMBOL": "spa",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": _static("staff/favicon.svg")},
    ],
    "SITE_URL": None,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [
        _static("staff/palette.css"),
        _static("staff/tokens.css"),
        _static("staff/panel.css"),
        _static("staff/screens.css"),
        _static("staff/timeline.css"),
        _static("staff/duty.css"),
        _static("staff/keys.css"),
        _static("staff/sign_in.css"),
        _static("staff/calls.css"),
        _static("staff/numbers.css"),
    ],
    "SCRIPTS": [_static("staff/frame.js"), _static("staff/keys.js")],
    "GLOBAL_CALLBACK": "reminders.staff.panel.on_every_page",
    "DASHBOARD_CALLBACK": "reminders.staff.today.today",
    "ACCOUNT": {
        "navigation": [
            {"title": gettext_lazy("Your sign-in"), "link": reverse_lazy("sign-in-own")},
            {
                "title": gettext_lazy("Change password"),
                "link": reverse_lazy("admin:password_change"),
            },
        ]
    },
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": [
            {"title": "", "items": _CARE},
            {"title": gettext_lazy("Conversation"), "items": _CONVERSATION},
            {"title": gettext_lazy("Clinic"), "items": _CLINIC},
        ],
    },
}
