"""Links that open something of one patient without a log-in. Only a hash of the token is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from clinic.models import Carer, Patient

TOKEN_BYTES = 16  # 128 random bits


class LinkPurpose(models.TextChoices):
    """What a link opens, and nothing else."""

    PAGE = "page", "The patient's page"
    CALENDAR = "calendar", "The patient's calendar"
    UNSUBSCRIBE = "unsubscribe", "Stop emails"


class PatientLinkQuerySet(models.QuerySet["PatientLink"]):
    def usable(self, token: str, *, purpose: LinkPurpose, now: datetime) -> Self:
        """The link of this token, if it is for this purpose, not revoked and not too old."""
        return self.filter(
            Q(token_hash=hash_of(token), purpose=purpose, revoked_at=None, expires_at__gt=now)
        )


class PatientLink(models.Model):
    """One secret address: for one patient, or one carer of theirs, and one purpose.

    The token itself stands in the message and nowhere else; a copy of the database opens nothing.
    """

    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token.")
    purpose = models.CharField(max_length=12, choices=LinkPurpose)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="links")
    carer = models.ForeignKey(
        Carer, on_delete=models.PROTECT, related_name="links", null=True, blank=True, db_index=False
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = PatientLinkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(purpose__in=LinkPurpose.values), name="link_purpose_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.pk}"


def hash_of(token: str) -> str:
    """Return the form in which a token is kept. It is long and random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_link(
    patient: Patient,
    *,
    purpose: LinkPurpose,
    now: datetime,
    lasts: timedelta,
    carer: Carer | None = None,
) -> tuple[PatientLink, str]:
    """Return a link, not saved yet, and its token, which is told once and cannot be read again."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = PatientLink(
        token_hash=hash_of(token),
        purpose=purpose,
        patient=patient,
        carer=carer,
        created_at=now,
        expires_at=now + lasts,
    )
    return link, token
