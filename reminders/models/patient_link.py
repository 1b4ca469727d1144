"""Links to the patient's own page: who they are for, how long they hold, and what stops them.

Of a token only its SHA-256 is kept: neither the database nor a backup can open a page.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from clinic.models import Carer, Patient, Staff
from reminders.models.reminder import Reminder

TOKEN_BYTES = 16  # 128 bits of chance (ASVS 11.5.1), 22 characters in an address
TRIES_AT_MOST = 5


class LinkPurpose(models.TextChoices):
    """What a link opens. A link of one purpose opens nothing else."""

    PAGE = "page", "The patient's page"
    CALENDAR = "calendar", "The calendar of appointments"
    UNSUBSCRIBE = "unsubscribe", "Stop of one channel"


# A page is asked for within days of its text, and the next text brings a new link. A calendar is
# read for as long as the plan runs, and the stop in a mail has to work however old the mail is.
LIVES: dict[str, timedelta] = {
    LinkPurpose.PAGE: timedelta(days=30),
    LinkPurpose.CALENDAR: timedelta(days=400),
    LinkPurpose.UNSUBSCRIBE: timedelta(days=400),
}


def new_token() -> str:
    """Return a secret of 128 bits, as it stands in an address or a cookie.

    It always ends in a letter, so that a telephone that makes links of addresses takes all of it.
    """
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_of(token: str) -> str:
    """Return what is kept of a token. It is long and random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


class PatientLinkQuerySet(models.QuerySet["PatientLink"]):
    def working(self, now: datetime) -> Self:
        """Links that open something at this moment, if the birth date fits."""
        return self.filter(revoked_at=None, locked_at=None, expires_at__gt=now)

    def usable(self, token: str, *, purpose: LinkPurpose, now: datetime) -> Self:
        """The link of this token, if it is for this purpose and works at this moment."""
        return self.working(now).filter(token_hash=hash_of(token), purpose=purpose)


class PatientLink(models.Model):
    """One secret address, for one patient, or one carer of theirs, and one purpose.

    `tries` counts wrong birth dates only; nothing counts or stamps that a link was opened, for a
    mail scanner opens every one.
    """

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="links")
    carer = models.ForeignKey(
        Carer, on_delete=models.PROTECT, related_name="links", null=True, blank=True, db_index=False
    )
    purpose = models.CharField(max_length=12, choices=LinkPurpose)
    reminder = models.ForeignKey(
        Reminder, on_delete=models.PROTECT, null=True, blank=True, related_name="links"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    tries = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)

    objects = PatientLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="link_expires_after_it_is_made"
            ),
            models.CheckConstraint(
                condition=Q(tries__lt=TRIES_AT_MOST)
                | Q(tries=TRIES_AT_MOST, locked_at__isnull=False),
                name="link_locks_at_the_last_try",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=LinkPurpose.values), name="link_purpose_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["patient", "-created_at"], name="link_by_patient")
        ]

    def __str__(self) -> str:
        return f"Link {self.pk}"


def new_link(
    patient: Patient,
    *,
    purpose: LinkPurpose,
    now: datetime,
    lasts: timedelta | None = None,
    carer: Carer | None = None,
    reminder: Reminder | None = None,
) -> tuple[PatientLink, str]:
    """Return a link, not saved yet, and its token, which is told once and cannot be read again.

    `lasts`: how long it works; without it as long as LIVES says for its purpose.
    """
    token = new_token()
    link = PatientLink(
        token_hash=hash_of(token),
        patient=patient,
        carer=carer,
        purpose=purpose,
        reminder=reminder,
        created_at=now,
        expires_at=now + (lasts or LIVES[purpose]),
    )
    return link, token


class PatientVisit(models.Model):
    """One browser that named the birth date behind a link. Ends with the link at the latest.

    `ends_at` is on the machines' clock, never the demo's: it is about a browser.
    """

    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    link = models.ForeignKey(PatientLink, on_delete=models.PROTECT, related_name="visits")
    started_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")

    def __str__(self) -> str:
        return f"Visit {self.pk}"


class PageTry(models.Model):
    """How many wrong tries came from one address, or from all, within one span of time.

    `source` is a keyed digest of the address, never the address. `span` is on the machines' clock.
    """

    source = models.CharField(max_length=64)
    span = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "span"], name="tries_once_per_span")
        ]
        indexes: ClassVar = [models.Index(fields=["span"], name="tries_by_span")]

    def __str__(self) -> str:
        return f"{self.count} tries"
