"""The ladder of a clinic, who is on duty, and the steps that one alert climbs. Promise P6."""

from datetime import datetime
from typing import ClassVar, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from clinic.models import Clinic, Role, Staff
from reminders.models.alert import Alert
from reminders.rules import ladder as rules

LONGEST_MINUTES = 7 * 24 * 60


class RungHours(models.TextChoices):
    """When a rung may be used; outside these hours it waits for them."""

    ALWAYS = "always", "At any hour"
    STAFFED = "staffed", "While the clinic is open"
    UNSTAFFED = "unstaffed", "While the clinic is closed"


class Whom(models.TextChoices):
    """Who is told by a rung."""

    ON_DUTY = "on_duty", "Whoever is on duty"
    PERSON = "person", "One member of staff"
    ROLE = "role", "Everybody in a role"
    ADDRESS = "address", "A fixed number or address"


class How(models.TextChoices):
    """How they are told. The first two are channels; by telephone means that a person dials."""

    SMS = "sms", "Text message"
    EMAIL = "email", "Email"
    PHONE = "phone", "Telephone: a banner asks to call"


class Ladder(models.Model):
    """What a clinic decided about its alerts. The times are for emergencies."""

    clinic = models.OneToOneField(Clinic, on_delete=models.CASCADE, related_name="ladder")
    repeat_minutes = models.PositiveSmallIntegerField(
        default=10,
        validators=[MinValueValidator(2), MaxValueValidator(240)],
        help_text="After the last rung it is repeated this often until somebody takes the alert.",
    )
    raise_again_minutes = models.PositiveSmallIntegerField(
        default=60,
        validators=[MinValueValidator(10), MaxValueValidator(1440)],
        help_text="Taken and not closed for so long, the alert climbs from the first rung again.",
    )
    changed_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Ladder of {self.clinic}"


class RungWords(models.Model):
    """What a rung says; the ladder has it, and each step keeps a copy of it."""

    position = models.PositiveSmallIntegerField()
    after_minutes = models.PositiveIntegerField(
        default=0, validators=[MaxValueValidator(LONGEST_MINUTES)]
    )
    hours = models.CharField(max_length=10, choices=RungHours, default=RungHours.ALWAYS)
    whom = models.CharField(max_length=10, choices=Whom)
    staff = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    role = models.CharField(max_length=20, choices=Role, blank=True)
    address = models.CharField(max_length=254, blank=True)
    label = models.CharField(max_length=80, blank=True, help_text="As in: on-call surgeon.")
    how = models.CharField(max_length=5, choices=How)

    class Meta:
        abstract = True

    @property
    def rule(self) -> rules.Rung:
        """What the rules ask of it; `position` leads back."""
        return rules.Rung(self.position, self.after_minutes, self.hours, self.how)

    @property
    def words(self) -> str:
        """Whom this rung tells, in words: "Whoever is on duty", "Tomas Reed", "Ward desk"."""
        if self.whom == Whom.PERSON and self.staff is not None:
            return str(self.staff)
        if self.whom == Whom.ROLE:
            return f"All: {self.get_role_display()}"
        if self.whom == Whom.ADDRESS:
            return self.label or self.address
        return str(Whom(self.whom).label)


class Rung(RungWords):
    """One rung of a clinic's ladder. `after_minutes` counts from the opening of the alert."""

    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="rungs")
    tiers = models.JSONField(default=list, help_text="For which urgencies of alerts it is.")

    class Meta:
        ordering = ("after_minutes", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ladder", "position"], name="rung_once_per_position"),
        ]

    def __str__(self) -> str:
        return f"{self.after_minutes} min: {self.words}"


class DutyQuerySet(models.QuerySet["DutyShift"]):
    def at(self, moment: datetime) -> Self:
        """Shifts that run at this moment, of people who still work here."""
        return self.filter(starts_at__lte=moment, ends_at__gt=moment, staff__is_active=True)


class DutyShift(models.Model):
    """Somebody is on duty from one moment to another: the rota."""

    clinic = models.ForeignKey(Clinic, on_delete=models.CASCADE, related_name="duty_shifts")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="duty_shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="shift_ends_after_it_starts"
            ),
            models.UniqueConstraint(
                fields=["clinic", "staff", "starts_at"], name="shift_once_per_start"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["clinic", "ends_at"], name="shift_running")]

    def __str__(self) -> str:
        return f"{self.staff}: {self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%Y-%m-%d %H:%M}"


class AlertStepStatus(models.TextChoices):
    """Where a step of a climb stands. Drawn in ARCHITECTURE.md; a test keeps both lists equal."""

    WAITING = "waiting", "Waits"  # waits for due_at. Left by climb, or when somebody takes it
    TOLD = "told", "Told"  # its notices are written, or its banner stands
    FAILED = "failed", "Reached nobody"  # final. The reason says why; the next step was due at once
    STOPPED = "stopped", "Not needed"  # final. A named person took or closed the alert before


class AlertStep(RungWords):
    """One step of one alert: a copy of a rung, with its moments and what came of it.

    `round` counts how often the alert began to climb (again, when somebody took it and did not
    close it), `repeat` how often the last rung of a round was repeated. `told_with` is the step
    whose notice served for this one as well.
    """

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="steps")
    round = models.PositiveSmallIntegerField(default=0)
    repeat = models.PositiveIntegerField(default=0)
    planned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    is_urgent = models.BooleanField(default=False)
    status = models.CharField(
        max_length=8, choices=AlertStepStatus, default=AlertStepStatus.WAITING
    )
    status_since = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    told = models.CharField(max_length=300, blank=True, help_text="The names of who was told.")
    note = models.CharField(max_length=300, blank=True)
    told_with = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="told_too"
    )

    class Meta:
        ordering = ("due_at", "after_minutes", "position", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["alert", "round", "position", "repeat"], name="step_once_per_alert"
            ),
            models.CheckConstraint(
                condition=Q(status__in=AlertStepStatus.values), name="step_status_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(status="told") | Q(told_at__isnull=False), name="step_told_at_a_moment"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                F("is_urgent").desc(), "due_at", condition=Q(status="waiting"), name="step_due"
            ),
            models.Index(fields=["alert"], condition=Q(status="waiting"), name="step_waiting"),
        ]

    def __str__(self) -> str:
        return f"alert {self.alert_id}, step {self.position}"
