"""Counted messages: one row for each day, message and channel of a clinic."""

from typing import ClassVar

from django.db import models

from clinic.models import Channel, Clinic
from reminders.models.pathway import Pathway


class DayFigures(models.Model):
    """What became of the messages that one clinic queued on one of its local days.

    Written by `flow/figures.py` alone, from the deliveries, and may be thrown away at any time:
    counting again gives the same. `category` is that of the message, or what it was for where it
    belongs to no plan. Nothing here is about one patient.
    """

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="figures")
    day = models.DateField()
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, null=True, related_name="+")
    step_key = models.CharField(max_length=60, blank=True)
    category = models.CharField(max_length=20)
    channel = models.CharField(max_length=5, choices=Channel)
    sent = models.PositiveIntegerField(default=0)
    delivered = models.PositiveIntegerField(default=0)
    undelivered = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    silent = models.PositiveIntegerField(default=0)
    still_open = models.PositiveIntegerField(default=0)
    settled = models.PositiveIntegerField(default=0)
    followed = models.PositiveIntegerField(default=0)
    texts = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("day", "pk")
        verbose_name_plural = "day figures"
        indexes: ClassVar = [models.Index(fields=["clinic", "day"], name="day_figures_of_clinic")]

    def __str__(self) -> str:
        return f"{self.day}: {self.step_key or self.category}"


class FiguresCounted(models.Model):
    """When the figures of a clinic were last counted."""

    clinic = models.OneToOneField(Clinic, on_delete=models.PROTECT, related_name="figures_counted")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "figures counted"

    def __str__(self) -> str:
        return str(self.at)
