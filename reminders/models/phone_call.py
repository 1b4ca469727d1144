"""Telephone calls with patients, as records: who called, whom they reached, what came of it."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Patient, Staff
from reminders.models.alert import Alert
from reminders.models.delivery import Delivery
from reminders.models.reply import Reply


class Direction(models.TextChoices):
    """Who rang whom."""

    OUT = "out", _("We called")
    IN = "in", _("They called us")


class Reached(models.TextChoices):
    """Who was at the other end."""

    PATIENT = "patient", _("The patient")
    CARER = "carer", _("A carer or relative")
    VOICEMAIL = "voicemail", _("Voicemail")
    NOBODY = "nobody", _("Nobody")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


# Somebody who can say how the patient is.
CONTACT = (Reached.PATIENT, Reached.CARER)


class CallAbout(models.TextChoices):
    """What the call was about."""

    ALERT = "alert", _("An alert")
    REPLY = "reply", _("A reply")
    SILENCE = "silence", _("Questions that nobody answered")
    UNDELIVERED = "undelivered", _("A message that did not arrive")
    OWN = "own", _("Own initiative")


class PhoneCallQuerySet(models.QuerySet["PhoneCall"]):
    def standing(self) -> Self:
        """Calls as they are known today: neither corrected by a further entry nor taken back."""
        return self.filter(corrected_by__isnull=True, took_place=True)


class PhoneCall(models.Model):
    """One call with a patient, or one try. Only ever added to: the database refuses a change.

    What was written down wrongly is corrected by a further entry that names it in `corrects`, and
    is taken back by one whose `took_place` is false. `outcome` is a code, kept in English so that
    it can be counted; `note` is in the caller's own words. `delivery` is the message that the call
    follows, where that is known: the one that the alert or the reply is about, or the last one in
    the two days before a patient rang.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="phone_calls")
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.OUT)
    reached = models.CharField(max_length=12, choices=Reached)
    about = models.CharField(max_length=12, choices=CallAbout, default=CallAbout.OWN)
    outcome = models.CharField(max_length=100, blank=True)
    note = models.CharField(max_length=300, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    alert = models.ForeignKey(
        Alert, on_delete=models.PROTECT, null=True, blank=True, related_name="phone_calls"
    )
    reply = models.ForeignKey(
        Reply, on_delete=models.PROTECT, null=True, blank=True, related_name="phone_calls"
    )
    delivery = models.ForeignKey(
        Delivery, on_delete=models.PROTECT, null=True, blank=True, related_name="phone_calls"
    )
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    took_place = models.BooleanField(default=True)

    objects = PhoneCallQuerySet.as_manager()

    class Meta:
        ordering = ("-occurred_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values)
                & Q(reached__in=Reached.values)
                & Q(about__in=CallAbout.values),
                name="phone_call_words_are_known",
            ),
            models.CheckConstraint(
                condition=Q(direction=Direction.OUT) | Q(reached__in=CONTACT),
                name="phone_call_to_us_is_from_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(reached__in=CONTACT) | ~Q(outcome="") | ~Q(note=""),
                name="phone_call_with_somebody_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(noted_at__gte=F("occurred_at")), name="phone_call_noted_afterwards"
            ),
            models.CheckConstraint(
                condition=Q(next_try_at__isnull=True) | Q(next_try_at__gt=F("occurred_at")),
                name="phone_call_next_try_is_later",
            ),
            models.CheckConstraint(
                condition=Q(took_place=True) | Q(corrects__isnull=False),
                name="phone_call_taken_back_names_which",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["patient", "-occurred_at"], name="phone_call_thread"),
            models.Index(fields=["occurred_at"], name="phone_call_by_day"),
        ]

    def __str__(self) -> str:
        return f"Call {self.pk}"

    @property
    def is_contact(self) -> bool:
        """True when somebody who can say how the patient is was spoken to."""
        return self.reached in CONTACT
