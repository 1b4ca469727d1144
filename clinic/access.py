"""Who may do what, and which rows a member of staff may see.

The permissions of a role are code, not rows: they are the same in every installation, and a
change of role counts from the next request on.
"""

from typing import Any, TypeVar

from django.contrib.auth.backends import ModelBackend
from django.db import models

from clinic.models import Role, Staff

_VIEW_CARE = {
    "clinic.view_patient",
    "clinic.view_surgery",
    "clinic.view_consent",
    "clinic.view_carer",
    "reminders.view_reminder",
    "reminders.view_delivery",
    "reminders.view_attempt",
    "reminders.view_reply",
    "reminders.view_alert",
    "reminders.view_phonecall",
    "reminders.view_checkinanswer",
    "reminders.view_dayfigures",
    "reminders.view_ladder",
    "reminders.view_dutyshift",
    "reminders.view_pathway",
    "reminders.view_pathwayversion",
    "reminders.view_step",
}
_RECORD = {
    "clinic.add_patient",
    "clinic.change_patient",
    "clinic.add_surgery",
    "clinic.change_surgery",
    "reminders.add_bulkrequest",
    "clinic.add_consent",
    "clinic.add_carer",
    "clinic.change_carer",
    "reminders.add_phonecall",
}
_ACT = {"reminders.change_reply", "reminders.change_alert"}
# Shifts are swapped at night too, by those who stand in for each other.
_ROTA = {"reminders.change_dutyshift"}
# Texts are written by clinicians and managers, and signed by clinicians who did not write them.
_WRITE = {"reminders.change_pathwayversion"}
_SIGN = {"reminders.sign_pathwayversion"} | _WRITE
# One patient's limits are released or moved by those who look after them.
_LIMITS = {"reminders.add_restrictionchange"}
# One signed message of a patient's plan, sent now by hand.
_SEND = {"reminders.add_reminder"}
# Whoever sees that a message is wrong can stop it (CG-7).
_PULL = {"reminders.add_pulledstep"}
# A file leaves the panel's walls, so that fewer may take one than may look. With names it is for
# those who answer for the clinic's data; care itself needs no file.
_EXPORT = {"reminders.add_export"}
_EXPORT_NAMES = {"reminders.export_names", "reminders.view_export"} | _EXPORT
_RUN_CLINIC = {
    # The second person for a change of more than ten patients (ADR 17).
    "reminders.approve_bulkrequest",
    "clinic.view_clinic",
    "clinic.change_clinic",
    "clinic.view_staff",
    "clinic.reset_second_factor",
    # To say that an emergency access by somebody of another clinic was looked at.
    "clinic.change_emergencyaccess",
    "reminders.change_ladder",
}
# Who has looked at whose record, and who of another clinic has opened one in an emergency.
_REVIEW = {"clinic.view_accessevent", "clinic.view_emergencyaccess"}
# A patient of another clinic, in an emergency, for a reason (ADR 23). It widens no list and no
# page: `visible_to` stays as it is.
_EMERGENCY = {"clinic.add_emergencyaccess"}
_CLINICIAN = _VIEW_CARE | _RECORD | _ACT | _ROTA | _SIGN | _PULL | _LIMITS | _SEND | _EMERGENCY

ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    Role.RECEPTION: frozenset(_VIEW_CARE | _RECORD | _PULL),
    Role.PHYSIOTHERAPIST: frozenset(_CLINICIAN),
    Role.NURSE: frozenset(_CLINICIAN | _EXPORT),
    Role.SURGEON: frozenset(_CLINICIAN | _RUN_CLINIC | _EXPORT_NAMES | _REVIEW),
    Role.MANAGER: frozenset(
        _VIEW_CARE | _RECORD | _ROTA | _RUN_CLINIC | _WRITE | _PULL | _EXPORT_NAMES | _REVIEW
    ),
    Role.AUDITOR: frozenset(_VIEW_CARE | _EXPORT | _REVIEW | {"reminders.view_export"}),
}


class RoleBackend(ModelBackend):
    """Signs staff in by password and grants what their role may do, and nothing else."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not isinstance(user_obj, Staff) or not user_obj.is_active or obj is not None:
            return set()
        return set(ROLE_PERMISSIONS.get(user_obj.role, frozenset()))


# How each model is reached from the clinic it belongs to.
PATH_TO_CLINIC: dict[str, str] = {
    "clinic.clinic": "pk",
    "clinic.closure": "clinic",
    "clinic.staff": "clinic",
    "clinic.patient": "clinic",
    "clinic.surgery": "patient__clinic",
    "clinic.hold": "surgery__patient__clinic",
    "clinic.consent": "patient__clinic",
    "clinic.carer": "patient__clinic",
    "clinic.carerconsent": "carer__patient__clinic",
    "clinic.accessevent": "clinic",
    "clinic.emergencyaccess": "clinic",
    "reminders.pathway": "clinic",
    "reminders.pathwayversion": "pathway__clinic",
    "reminders.step": "version__pathway__clinic",
    "reminders.pulledstep": "clinic",
    "reminders.versionevent": "version__pathway__clinic",
    "reminders.restrictionchange": "surgery__patient__clinic",
    "reminders.planagreement": "surgery__patient__clinic",
    "reminders.reminder": "surgery__patient__clinic",
    "reminders.delivery": "clinic",
    "reminders.attempt": "delivery__clinic",
    "reminders.reply": "clinic",
    "reminders.alert": "clinic",
    "reminders.alertstep": "alert__clinic",
    "reminders.phonecall": "patient__clinic",
    "reminders.ladder": "clinic",
    "reminders.rung": "ladder__clinic",
    "reminders.dutyshift": "clinic",
    "reminders.dutychange": "clinic",
    "reminders.sendingtest": "clinic",
    "reminders.checkin": "patient__clinic",
    "reminders.checkinanswer": "check_in__patient__clinic",
    "reminders.export": "clinic",
    "reminders.signinnotice": "staff__clinic",
    "reminders.bulkrequest": "clinic",
    "reminders.bulkrow": "request__clinic",
    "reminders.dayfigures": "clinic",
    "reminders.figurescounted": "clinic",
}


Row = TypeVar("Row", bound=models.Model)


def visible_to(staff: Staff, rows: models.QuerySet[Row]) -> models.QuerySet[Row]:
    """Keep the rows of the person's own clinic; an operator sees all, an unknown model none."""
    if staff.is_superuser:
        return rows
    path = PATH_TO_CLINIC.get(rows.model._meta.label_lower)
    if path is None or staff.clinic_id is None:
        return rows.none()
    return rows.filter(**{path: staff.clinic_id})
