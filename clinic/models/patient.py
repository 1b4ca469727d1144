"""The patient: who they are, how they can be reached, and whether they may be."""

from collections.abc import Callable, Collection
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from clinic import clock
from clinic.models.channel import ChannelChoice
from clinic.models.clinic import Clinic
from clinic.seen import saw
from clinic.verdicts import Rejected, Verdict, dates, emails, names, phones, record_numbers, zones


class PatientStatus(models.TextChoices):
    """Where a patient stands with the service. Set by staff; planning and sending obey it."""

    ACTIVE = "active", _("Active")  # messages go out
    ON_HOLD = "on_hold", _("On hold")  # nothing goes out until staff resume; the plan waits
    DECEASED = "deceased", _("Deceased")  # final. Everything is cancelled at once
    ENDED = "ended", _("Care ended")  # everything is cancelled; the record is kept


class Patient(models.Model):
    """A patient of one clinic, found there by record number.

    `clean()` gives the verdicts of `clinic.verdicts`, the same in the panel and the import. What
    it put right or wondered about is in `self.notes` afterwards, by field. `held_since`: since
    when the status is ON_HOLD, as far as that is known.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    record_number = models.CharField(max_length=40)
    given_name = models.CharField(max_length=100)
    family_name = models.CharField(max_length=100)
    birth_date = models.DateField(null=True, blank=True)
    mobile = models.CharField(max_length=32, blank=True, help_text=_("Kept as +447700900123."))
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=8, default="en")
    zone = models.CharField(
        max_length=64, blank=True, help_text=_("Empty: the clinic's time zone.")
    )
    channels = models.CharField(
        max_length=5, choices=ChannelChoice, default=ChannelChoice.BOTH, verbose_name=_("wants")
    )
    status = models.CharField(max_length=10, choices=PatientStatus, default=PatientStatus.ACTIVE)
    hold_reason = models.CharField(max_length=120, blank=True)
    held_since = models.DateTimeField(null=True, blank=True, editable=False)
    detailed_sms = models.BooleanField(
        default=False, help_text=_("Agreed that texts may name symptoms and body parts.")
    )
    intimacy_advice = models.BooleanField(
        default=False, help_text=_("Asked for advice on sex by email.")
    )
    mobile_failed_at = models.DateTimeField(null=True, blank=True, editable=False)
    email_failed_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    history = HistoricalRecords(excluded_fields=["held_since"])

    class Meta:
        ordering = ("family_name", "given_name", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clinic", "record_number"], name="patient_once_per_record_number"
            ),
            models.CheckConstraint(
                condition=models.Q(mobile="") | models.Q(mobile__startswith="+"),
                name="patient_mobile_is_e164",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mobile"], name="patient_mobile"),
            models.Index(
                fields=["clinic", "family_name", "given_name", "id"], name="patient_by_name"
            ),
            models.Index(
                fields=["clinic", "held_since"],
                condition=models.Q(status="on_hold"),
                name="patient_on_hold",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **options: Any
    ) -> Self:
        """Make the row; a page that reads it will stand in the history of views."""
        patient = super().from_db(db, field_names, values, **options)
        saw(patient.pk, clinic_id=patient.__dict__.get("clinic_id"))
        return patient

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone or self.clinic.zone)

    def clean(self) -> None:
        """Put each value into its kept form, or refuse all wrong ones at once, by field."""
        self.notes: dict[str, Verdict[Any]] = {}
        problems: dict[str, Rejected] = {}
        for field, verdict in self._verdicts().items():
            try:
                self.notes[field] = verdict()
            except Rejected as rejected:
                problems[field] = rejected
            else:
                setattr(self, field, self.notes[field].value)
        if problems:
            raise ValidationError(dict(problems))

    def _verdicts(self) -> dict[str, Callable[[], Verdict[Any]]]:
        # The clinic's day: the patient's own zone may be one of the values that are wrong.
        today = timezone.localdate(clock.now(), self.clinic.tz)
        verdicts: dict[str, Callable[[], Verdict[Any]]] = {
            "record_number": lambda: record_numbers.record_number(self.record_number),
            "given_name": lambda: names.person_name(self.given_name),
            "family_name": lambda: names.person_name(self.family_name),
        }
        if birth_date := self.birth_date:
            verdicts["birth_date"] = lambda: dates.birth_date(birth_date, today=today)
        if self.mobile:
            verdicts["mobile"] = lambda: phones.mobile(
                self.mobile,
                country=self.clinic.country,
                allowed_countries=self.clinic.mobile_countries,
                test_numbers=settings.TEST_NUMBERS_ALLOWED,
            )
        if self.email:
            verdicts["email"] = lambda: emails.address(
                self.email, own_address=self.clinic.email_sender
            )
        if self.zone:
            verdicts["zone"] = lambda: zones.zone(self.zone)
        return verdicts
