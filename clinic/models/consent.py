"""Consent: who allowed which channel, when, told to whom, in which words. Only ever added to."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.models.channel import Channel
from clinic.models.patient import Patient
from clinic.models.staff import Staff


class ConsentSource(models.TextChoices):
    """Where a consent or its withdrawal came from."""

    STAFF = "staff", _("Recorded by staff")
    IMPORT = "import", _("Imported")
    REPLY = "reply", _("The patient's own message")
    LINK = "link", _("The patient's own page")
    PROVIDER = "provider", _("Told by the provider")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self, patients: Iterable[int]) -> Self:
        """The latest word of each patient on each channel; nobody who was never asked."""
        return (
            self.filter(patient__in=patients)
            .order_by("patient_id", "channel", "-at", "-pk")
            .distinct("patient_id", "channel")
        )


class Consent(models.Model):
    """One word of a patient about one channel: yes, or no more.

    The latest by `at` holds. `at` is when the patient said it (a provider's time for a reply),
    so that a late-arriving STOP before a START stays undone.
    """

    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=5, choices=Channel)
    given = models.BooleanField()
    at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=ConsentSource)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True)
    wording = models.CharField(max_length=200, help_text=_("What the patient was asked or wrote."))

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes: ClassVar = [
            models.Index(fields=["patient", "channel", "-at", "-id"], name="consent_latest")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(source="staff") | models.Q(recorded_by__isnull=False),
                name="consent_by_staff_names_them",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {_('yes') if self.given else _('no')}"


def record_consent(
    patient: Patient,
    *,
    channel: Channel,
    given: bool,
    at: datetime,
    source: ConsentSource,
    wording: str,
    recorded_by: Staff | None = None,
) -> Consent:
    """Write down one word of a patient. Sending obeys it from the commit on."""
    return Consent.objects.create(
        patient=patient,
        channel=channel,
        given=given,
        at=at,
        source=source,
        wording=wording[:200],
        recorded_by=recorded_by,
    )
