"""The clinic: where it is, when it is open, and the numbers its patients may call."""

import re
from datetime import date, time, timedelta
from decimal import Decimal
from typing import ClassVar, Self
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from phonenumbers import SUPPORTED_REGIONS
from simple_history.models import HistoricalRecords

from clinic.models.channel import ChannelChoice
from clinic.verdicts import Rejected, hours, languages, limits, zones

WORKDAYS_DEFAULT = "mon,tue,wed,thu,fri"
# A day that leaves less than this for messages would be missed by a late tick.
SHORTEST_SENDING_DAY = timedelta(hours=4)
NUMBER = r"^\+?[0-9]+$"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class SymptomCheckMode(models.TextChoices):
    """What the clinic does with warning signs (clinical content research, 5a, RG-2)."""

    OFF = "off", _("Off: a fixed list to read")  # nothing is asked, nothing is sorted
    RELAY = "relay", _("Pass on: answers go to staff unsorted")  # everybody is told the same
    TRIAGE = "triage", _("Sort: the rules of the symptom check")  # needs a named person


class ClinicQuerySet(models.QuerySet["Clinic"]):
    def silent(self) -> Self:
        """Clinics that send nothing: not live yet, stopped, or without the numbers they need."""
        missing = models.Q(phone="") | models.Q(urgent_phone="") | models.Q(emergency_phone="")
        stopped = models.Q(sending_stopped_at__isnull=False) | models.Q(live_since__isnull=True)
        return self.filter(stopped | missing)


class Clinic(models.Model):
    """A clinic and what its messages need to know about it.

    The emergency and urgent numbers have no default: while one is empty nothing is sent
    (reference: SR-30, numbers differ by country and only the clinic can test them).
    """

    key = models.SlugField(unique=True, help_text=_("Short name used on the command line."))
    name = models.CharField(max_length=120)
    sender_name = models.CharField(
        max_length=18,
        help_text=_("Name shown in each message. Keep it neutral: it shows on a locked phone."),
    )
    country = models.CharField(max_length=2, help_text=_("Two letters, as in GB, US or ES."))
    subdivision = models.CharField(
        max_length=3, blank=True, help_text=_("For public holidays, as in ENG or CA. May be empty.")
    )
    zone = models.CharField(max_length=64, help_text=_("Time zone, as in Europe/London."))
    language = models.CharField(max_length=8, default="en")

    phone = models.CharField(max_length=32, help_text=_("For questions, in opening hours."))
    booking_phone = models.CharField(
        max_length=32, blank=True, help_text=_("Empty: the number above.")
    )
    urgent_phone = models.CharField(
        max_length=32,
        blank=True,
        help_text=_("Same-day help. Nothing is sent while this is empty."),
    )
    emergency_phone = models.CharField(
        max_length=32,
        blank=True,
        help_text=_("As in 999, 112 or 911. Nothing is sent while empty."),
    )
    sms_sender = models.CharField(
        max_length=34, blank=True, help_text=_("The number that texts come from and answers go to.")
    )
    email_sender = models.EmailField(blank=True)
    sends_by = models.CharField(
        max_length=5,
        choices=ChannelChoice,
        default=ChannelChoice.BOTH,
        help_text=_("With one alone, whoever it does not reach is told nothing."),
    )
    staff_email = models.EmailField(blank=True, help_text=_("Told when sending stops."))

    opens_at = models.TimeField(default=time(8, 30))
    closes_at = models.TimeField(default=time(17, 30))
    workdays = models.CharField(max_length=27, default=WORKDAYS_DEFAULT)
    quiet_from = models.TimeField(default=time(20, 0), help_text=_("No messages from this hour …"))
    quiet_until = models.TimeField(default=time(8, 0), help_text=_("… until this hour."))
    allowed_countries = models.CharField(
        max_length=120,
        blank=True,
        help_text=_("Countries of patients' mobiles. Empty: this country."),
    )

    texts_a_day = models.PositiveSmallIntegerField(
        default=2,
        validators=[MinValueValidator(1), MaxValueValidator(6)],
        help_text=_("More than this on one day, and the less urgent ones slide to the next."),
    )
    lift_limit = models.CharField(max_length=40, default="4.5 kg (10 lb)")
    sit_limit = models.CharField(max_length=40, default="30 minutes")
    fever = models.CharField(max_length=20, default="38 C")

    sms_part_price = models.DecimalField(
        _("price of one part of a text"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.0001"))],
        help_text=_("What your provider asks, as in 0.04. Empty: no prices are shown."),
    )
    sms_currency = models.CharField(
        _("currency"),
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{3}\Z", _("Write three letters, as in GBP or USD."))],
        help_text=_("Three letters, as in GBP, EUR or USD."),
    )

    symptom_check_mode = models.CharField(
        _("symptom check"),
        max_length=6,
        choices=SymptomCheckMode,
        default=SymptomCheckMode.OFF,
        help_text=_("What a check-in on the patient's page does with warning signs."),
    )
    symptom_check_responsible = models.ForeignKey(
        "clinic.Staff",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible person"),
        help_text=_("Answers by name for sorting. Needed for it."),
    )

    # Set by `reminders.flow.going_live` alone, when nothing is missing and a named person says so.
    live_since = models.DateTimeField(null=True, blank=True, editable=False)
    live_by = models.ForeignKey(
        "clinic.Staff", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    sending_stopped_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("Set by the stop button.")
    )
    sending_stopped_why = models.CharField(max_length=200, blank=True, editable=False)
    told_stuck_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_demo = models.BooleanField(default=False, editable=False)

    objects = ClinicQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["told_stuck_at"])

    class Meta:
        ordering = ("name",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(symptom_check_mode="triage")
                | models.Q(symptom_check_responsible__isnull=False),
                name="triage_names_who_is_responsible",
            ),
            # answers go to the number; a sender in letters takes none, and clinics may share it
            models.UniqueConstraint(
                fields=["sms_sender"],
                condition=models.Q(sms_sender__regex=NUMBER),
                name="clinic_has_its_own_number",
                violation_error_message=_(
                    "Another clinic sends its texts from this number. Each clinic needs a number of"
                    " its own, or patients' answers reach the wrong one."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse places that are none, hours that leave no time, limits without a source."""
        self._check_place()
        self.sms_sender = _as_a_provider_writes_it(self.sms_sender)
        if self.sms_part_price is not None and not self.sms_currency:
            raise ValidationError({"sms_currency": _("Say in which currency the price is.")})
        if self.quiet_from <= self.quiet_until:
            raise ValidationError(
                {"quiet_from": _("Quiet hours must run over midnight, as in 20:00 to 08:00.")}
            )
        try:
            hours.sending_window(self.quiet_until, self.quiet_from, shortest=SHORTEST_SENDING_DAY)
        except Rejected as rejected:
            raise ValidationError({"quiet_until": rejected}) from rejected
        unknown = [day for day in self.workday_names if day not in WEEKDAYS]
        if unknown or not self.workday_names:
            raise ValidationError(
                {"workdays": _("Write days as in {days}.").format(days=WORKDAYS_DEFAULT)}
            )
        self._check_limits()
        self._check_symptom_check()

    def _check_place(self) -> None:
        for field, verdict in (("zone", zones.zone), ("language", languages.language)):
            try:
                setattr(self, field, verdict(getattr(self, field)).value)
            except Rejected as rejected:
                raise ValidationError({field: rejected}) from rejected
        self.country = self.country.strip().upper()
        if self.country not in SUPPORTED_REGIONS:
            words = _("Write the two letters of the country, as in GB, US or ES.")
            raise ValidationError({"country": words})

    def _check_limits(self) -> None:
        """Refuse a limit in the texts that no reviewed source supports."""
        reviewed = {
            "lift_limit": limits.LIFTING,
            "sit_limit": limits.SITTING,
            "fever": limits.FEVER,
        }
        for field, supported in reviewed.items():
            try:
                limits.limit(getattr(self, field), reviewed=supported)
            except Rejected as rejected:
                raise ValidationError({field: rejected}) from rejected

    def _check_symptom_check(self) -> None:
        """Refuse to ask about warning signs without numbers to call, or to sort without a name."""
        if self.symptom_check_mode != SymptomCheckMode.OFF and self.missing_numbers:
            words = _("Give the numbers for questions, same-day help and emergencies first.")
            raise ValidationError({"symptom_check_mode": words})
        is_triage = self.symptom_check_mode == SymptomCheckMode.TRIAGE
        if is_triage and self.symptom_check_responsible is None:
            words = _("Name who is responsible before answers are sorted.")
            raise ValidationError({"symptom_check_responsible": words})

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def workday_names(self) -> list[str]:
        return [day.strip() for day in self.workdays.split(",") if day.strip()]

    @property
    def mobile_countries(self) -> tuple[str, ...]:
        listed = [code.strip().upper() for code in self.allowed_countries.split(",")]
        return tuple(code for code in listed if code) or (self.country,)

    @property
    def missing_numbers(self) -> list[str]:
        """The numbers without which nothing may be sent, by field name; empty: all are there."""
        needed = ("urgent_phone", "emergency_phone", "phone")
        return [name for name in needed if not getattr(self, name).strip()]

    def sends(self, channel: str) -> bool:
        """True when this clinic writes to patients this way at all."""
        return self.sends_by in (ChannelChoice.BOTH, channel)

    @property
    def is_silent(self) -> bool:
        """True while nothing goes to patients: not live yet, stopped, or numbers are missing."""
        return self.live_since is None or bool(self.sending_stopped_at or self.missing_numbers)


def _as_a_provider_writes_it(sender: str) -> str:
    """Return a sender's number without spaces and brackets; names of senders stay as they are.

    Answers find their clinic by the number as the provider writes it, as in +447700900900.
    """
    bare = re.sub(r"[\s().-]", "", sender)
    return bare if re.fullmatch(NUMBER, bare) else sender.strip()


class Closure(models.Model):
    """Days on which the clinic is closed beside the country's holidays."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="closures")
    first_day = models.DateField()
    last_day = models.DateField()
    reason = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("first_day",)
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")),
                name="closure_ends_after_it_starts",
            )
        ]

    def __str__(self) -> str:
        return _("{first} to {last}").format(first=self.first_day, last=self.last_day)

    def covers(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day
