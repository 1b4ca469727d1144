"""The people who work at the clinic and sign in to the panel."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from clinic.models.clinic import Clinic


class Role(models.TextChoices):
    """What somebody does at the clinic; `clinic.access` says what each may do."""

    RECEPTION = "reception", _("Reception")
    PHYSIOTHERAPIST = "physiotherapist", _("Physiotherapist")
    NURSE = "nurse", _("Nurse")
    SURGEON = "surgeon", _("Surgeon or clinical lead")
    MANAGER = "manager", _("Manager")
    AUDITOR = "auditor", _("Auditor")


# Who counts as a clinical reviewer of content (CG-2).
CLINICIANS = frozenset({Role.PHYSIOTHERAPIST, Role.NURSE, Role.SURGEON})


class Staff(AbstractUser):
    """A member of staff. Belongs to one clinic; an operator of the installation to none."""

    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="staff", null=True, blank=True
    )
    role = models.CharField(max_length=20, choices=Role, default=Role.RECEPTION)
    registration_number = models.CharField(
        max_length=40,
        blank=True,
        help_text=_("Professional registration; stands beside a signature."),
    )
    phone = models.CharField(max_length=32, blank=True)
    # Both are part of what a session is checked against, so raising one ends all sessions.
    signed_out_everywhere = models.PositiveIntegerField(_("times signed out everywhere"), default=0)
    second_factor_resets = models.PositiveIntegerField(
        _("times the second factor was reset"), default=0
    )

    history = HistoricalRecords(excluded_fields=["password", "last_login"])

    class Meta:
        ordering = ("username",)
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        permissions: ClassVar = [
            ("reset_second_factor", "Can have somebody set up a new second factor")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(is_superuser=True) | models.Q(clinic__isnull=False),
                name="staff_belong_to_a_clinic",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        """Tie sessions to the password, as Django does, and to the two counts above."""
        ends = f"{self.signed_out_everywhere}:{self.second_factor_resets}"
        return salted_hmac(
            "clinic.models.staff.session",
            f"{self.password}:{ends}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @property
    def is_clinician(self) -> bool:
        return self.role in CLINICIANS
