"""Changes to how somebody signs in: what it was, who did it, and when they were told."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from clinic.models import Staff


class SignInChange(models.TextChoices):
    """What happened to an account; the words for it are in `reminders.flow.sign_in_notices`."""

    FACTOR_SET = "factor_set"
    FACTOR_RESET = "factor_reset"
    CODES_RENEWED = "codes_renewed"
    PASSWORD = "password"  # noqa: S105 - a word for a change, no secret


class SignInNotice(models.Model):
    """One change of one account. Whoever it belongs to is mailed once, and `told_at` is set."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=14, choices=SignInChange)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("at", "pk")
        indexes: ClassVar = [
            models.Index(fields=["at"], condition=Q(told_at=None), name="sign_in_notice_to_tell")
        ]

    def __str__(self) -> str:
        return f"Sign-in notice {self.pk}"
