"""Carers: whom a patient wants told beside them, and what each carer has allowed for themselves.

Two people must say yes: the patient, that this carer is told, and the carer, on each channel.
Either may end it at any time. (SR-20, SR-22)
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from clinic import clock
from clinic.models.channel import Channel, ChannelChoice
from clinic.models.consent import ConsentSource
from clinic.models.patient import Patient
from clinic.models.staff import Staff
from clinic.verdicts import Rejected, Verdict, emails, names, phones


class CarerQuerySet(models.QuerySet["Carer"]):
    def told(self) -> Self:
        """Those whom the patient still wants told."""
        return self.filter(ended_at=None)


class Carer(models.Model):
    """Somebody whom a patient wants told: a partner, a parent, a neighbour.

    They get texts of their own, never the patient's. Ended, not deleted; one who is told again
    later is a new row, with a new yes. A row reads like a patient's wherever a message is made
    from it: `given_name`, `language`, `channels`, the addresses and `detailed_sms`.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="carers")
    name = models.CharField(max_length=100, help_text=_("As they want to be called."))
    relation = models.CharField(
        max_length=40, blank=True, help_text=_("As in partner or daughter.")
    )
    mobile = models.CharField(max_length=32, blank=True, help_text=_("Kept as +447700900123."))
    email = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=8, default="en")
    channels = models.CharField(
        max_length=5, choices=ChannelChoice, default=ChannelChoice.BOTH, verbose_name=_("wants")
    )
    allowed_at = models.DateTimeField(
        default=clock.now, editable=False, help_text=_("From here on their messages count.")
    )
    allowed_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    allowed_wording = models.CharField(
        max_length=200, help_text=_("What the patient was asked or said.")
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    ended_why = models.CharField(max_length=120, blank=True, editable=False)
    mobile_failed_at = models.DateTimeField(null=True, blank=True, editable=False)
    email_failed_at = models.DateTimeField(null=True, blank=True, editable=False)

    # What a carer's texts are never: about the patient's body, in words that a lock screen shows.
    detailed_sms: ClassVar[bool] = False

    objects = CarerQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ("patient", "allowed_at", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(mobile="") | Q(mobile__startswith="+"), name="carer_mobile_is_e164"
            ),
            models.CheckConstraint(
                condition=~Q(mobile="") | ~Q(email=""), name="carer_can_be_reached"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(ended_why=""), name="carer_ended_for_a_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["mobile"], name="carer_mobile"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.relation})" if self.relation else self.name

    @property
    def given_name(self) -> str:
        return self.name

    def clean(self) -> None:
        """Put each value into its kept form, or refuse all wrong ones at once, by field."""
        self.notes: dict[str, Verdict[Any]] = {}
        problems: dict[str, Any] = {}
        if not (self.mobile.strip() or self.email.strip()):
            problems["mobile"] = "Give a mobile number or an email address, or both."
        for field, verdict in self._verdicts().items():
            try:
                self.notes[field] = verdict()
            except Rejected as rejected:
                problems[field] = rejected
            else:
                setattr(self, field, self.notes[field].value)
        if problems:
            raise ValidationError(problems)

    def _verdicts(self) -> dict[str, Callable[[], Verdict[Any]]]:
        clinic = self.patient.clinic
        verdicts: dict[str, Callable[[], Verdict[Any]]] = {
            "name": lambda: names.person_name(self.name)
        }
        if self.mobile:
            verdicts["mobile"] = lambda: phones.mobile(
                self.mobile,
                country=clinic.country,
                allowed_countries=clinic.mobile_countries,
                test_numbers=settings.TEST_NUMBERS_ALLOWED,
            )
        if self.email:
            verdicts["email"] = lambda: emails.address(self.email, own_address=clinic.email_sender)
        return verdicts


class CarerConsentQuerySet(models.QuerySet["CarerConsent"]):
    def in_force(self, carers: Iterable[int]) -> Self:
        """The latest word of each carer on each channel; nobody who was never asked."""
        return (
            self.filter(carer__in=carers)
            .order_by("carer_id", "channel", "-at", "-pk")
            .distinct("carer_id", "channel")
        )


class CarerConsent(models.Model):
    """One word of a carer about one channel: yes, or no more. As `Consent`, the latest holds.

    It says nothing about the patient's own messages, and theirs says nothing about a carer's.
    """

    carer = models.ForeignKey(Carer, on_delete=models.CASCADE, related_name="consents")
    channel = models.CharField(max_length=5, choices=Channel)
    given = models.BooleanField()
    at = models.DateTimeField()
    source = models.CharField(max_length=10, choices=ConsentSource)
    recorded_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True)
    wording = models.CharField(max_length=200, help_text=_("What the carer was asked or wrote."))

    objects = CarerConsentQuerySet.as_manager()

    class Meta:
        ordering = ("-at", "-pk")
        indexes: ClassVar = [
            models.Index(fields=["carer", "channel", "-at", "-id"], name="carer_consent_latest")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(source="staff") | Q(recorded_by__isnull=False),
                name="carer_consent_by_staff_names_them",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}: {_('yes') if self.given else _('no')}"


def record_carer_consent(
    carer: Carer,
    *,
    channel: Channel,
    given: bool,
    at: datetime,
    source: ConsentSource,
    wording: str,
    recorded_by: Staff | None = None,
) -> CarerConsent:
    """Write down one word of a carer. Sending obeys it from the commit on."""
    return CarerConsent.objects.create(
        carer=carer,
        channel=channel,
        given=given,
        at=at,
        source=source,
        wording=wording[:200],
        recorded_by=recorded_by,
    )
