"""Check-ins: what a patient answered, to which version of which question, and what it led to."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from clinic.models import Patient, Staff, Surgery, SymptomCheckMode
from reminders.models.alert import Alert
from reminders.models.reminder import Reminder
from reminders.models.reply import Reply


class CheckInBy(models.TextChoices):
    """The way in which the answers came."""

    SMS = "sms", "By text"
    PAGE = "page", "On the patient's page"
    STAFF = "staff", "By telephone"


class CheckIn(models.Model):
    """One check-in. Open from its start until it is handed in; from then on nothing changes it.

    `key` is the form's own, so that a form sent twice is one check-in. `reminder`: whose question
    it answers; none when the patient began by themselves. `mode`, `version`, `tier`, `rules` and
    `told`: what the clinic did with warning signs on that day, and the words that were shown.
    """

    key = models.UUIDField(unique=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="check_ins")
    surgery = models.ForeignKey(Surgery, on_delete=models.PROTECT, related_name="check_ins")
    reminder = models.ForeignKey(
        Reminder, on_delete=models.PROTECT, null=True, blank=True, related_name="check_ins"
    )
    step_key = models.CharField(max_length=60, blank=True)
    day = models.SmallIntegerField(help_text="Days after the operation.")
    by = models.CharField(max_length=5, choices=CheckInBy)
    recorded_by = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField()
    active_at = models.DateTimeField(help_text="When the patient was last seen at it.")
    submitted_at = models.DateTimeField(null=True, blank=True)
    version = models.CharField(max_length=40, help_text="Of the symptom check.")
    mode = models.CharField(max_length=6, choices=SymptomCheckMode)
    tier = models.CharField(max_length=10, blank=True, help_text="Only in the mode triage.")
    sla_minutes = models.PositiveIntegerField(null=True, blank=True)
    rules = models.JSONField(default=list, help_text="The rules that held, by key.")
    told = models.TextField(blank=True, help_text="The fixed text that was shown.")
    language = models.CharField(max_length=8, blank=True)
    alert = models.ForeignKey(
        Alert, on_delete=models.PROTECT, null=True, blank=True, related_name="check_ins"
    )

    class Meta:
        ordering = ("-started_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(by="staff") | Q(recorded_by__isnull=False),
                name="check_in_by_staff_names_them",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(submitted_at__gte=F("started_at")),
                name="check_in_ends_after_it_starts",
            ),
        ]
        indexes: ClassVar = [
            # only open ones: sending asks whether a patient is in the middle of one
            models.Index(
                fields=["patient", "active_at"],
                condition=Q(submitted_at__isnull=True),
                name="check_in_open",
            ),
            models.Index(fields=["patient", "-started_at"], name="check_in_history"),
        ]

    def __str__(self) -> str:
        return f"Check-in {self.pk}"


class CheckInAnswer(models.Model):
    """One answer as it was given, and what it was read as. Only ever added to.

    `version` is that of the file with the question. A number that could not be read, or lies out
    of bounds, leaves `number` empty and stays in `raw`.
    """

    check_in = models.ForeignKey(CheckIn, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    raw = models.CharField(max_length=200)
    number = models.DecimalField(max_digits=6, decimal_places=1, null=True, blank=True)
    choice = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()
    reply = models.ForeignKey(
        Reply, on_delete=models.PROTECT, null=True, blank=True, related_name="check_in_answers"
    )

    class Meta:
        ordering = ("check_in", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["check_in", "question"], name="check_in_answers_each_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["-at", "-id"], name="check_in_answer_newest")]

    def __str__(self) -> str:
        return f"{self.question} of check-in {self.check_in_id}"
