"""The operation: its date, what was done, and what about the patient changes their plan."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from clinic import clock
from clinic.models.patient import Patient
from clinic.models.staff import Staff
from clinic.verdicts import Rejected, dates, facts


class SurgeryStatus(models.TextChoices):
    """Where an operation stands. Until it is confirmed nothing after it is sent."""

    PLANNED = "planned", pgettext_lazy("an operation", "Planned")
    CONFIRMED = "confirmed", _("Took place")
    CANCELLED = "cancelled", pgettext_lazy("an operation", "Cancelled")


class HoldKind(models.TextChoices):
    """Why the messages of an operation wait; it decides what goes on meanwhile (ADR 0016)."""

    HOSPITAL = "hospital", _("In hospital again, or in a rehabilitation clinic")
    AWAY = "away", _("Away or abroad")
    UNWELL = "unwell", _("Ill, or the plan does not fit for now")
    ASKED = "asked", _("The patient asked for a pause")
    UNCLEAR = "unclear", _("Not sure who reads the messages")
    OTHER = "other", pgettext_lazy("a reason", "Something else")


class Procedure(models.TextChoices):
    HEMILAMINECTOMY = "hemilaminectomy", _("Hemilaminectomy")
    HEMILAMINOTOMY = "hemilaminotomy", _("Hemilaminotomy")
    LAMINOTOMY = "laminotomy", _("Laminotomy")
    LAMINECTOMY = "laminectomy", _("Laminectomy")
    MICRODISCECTOMY = "microdiscectomy", _("Microdiscectomy")
    FORAMINOTOMY = "foraminotomy", _("Foraminotomy")


class Region(models.TextChoices):
    CERVICAL = "cervical", _("Cervical (neck)")
    THORACIC = "thoracic", _("Thoracic")
    LUMBAR = "lumbar", _("Lumbar (lower back)")
    MIXED = "mixed", _("More than one")


class Side(models.TextChoices):
    LEFT = "left", _("Left")
    RIGHT = "right", _("Right")
    BILATERAL = "bilateral", _("Both")


class Approach(models.TextChoices):
    OPEN = "open", _("Open")
    MICRO = "micro", _("Microscope")
    TUBULAR = "tubular", _("Tubular")
    ENDOSCOPIC = "endoscopic", _("Endoscopic")


class Anaesthetic(models.TextChoices):
    GENERAL = "general", _("General")
    SPINAL = "spinal", _("Spinal")
    OTHER = "other", _("Other")


class Indication(models.TextChoices):
    DISC_HERNIATION = "disc_herniation", _("Disc herniation")
    STENOSIS = "stenosis", _("Stenosis")
    SPONDYLOLISTHESIS = "spondylolisthesis", _("Spondylolisthesis")
    TRAUMA = "trauma", _("Trauma")
    TUMOUR = "tumour", _("Tumour")
    INFECTION = "infection", _("Infection")
    OTHER = "other", _("Other")


class WoundClosure(models.TextChoices):
    DISSOLVING = "dissolving", _("Dissolving stitches or glue")
    STITCHES = "stitches", _("Stitches to remove")
    STAPLES = "staples", _("Staples")


class Collar(models.TextChoices):
    NONE = "none", _("None")
    SOFT = "soft", _("Soft")
    HARD = "hard", _("Hard")


class Destination(models.TextChoices):
    HOME = "home", _("Home")
    WARD = "ward", _("Ward")
    HDU = "hdu", _("High dependency")
    ICU = "icu", _("Intensive care")
    REHAB = "rehab", _("Rehabilitation")


class SurgeryQuerySet(models.QuerySet["Surgery"]):
    def stale(self) -> "SurgeryQuerySet":
        """Operations whose plan is older than the record. Served by a partial index."""
        return self.exclude(planned_revision=F("revision"))


class Surgery(models.Model):
    """An operation and the facts that its plan depends on.

    `revision` is raised by the database itself whenever something that matters to the plan
    changes, here or on the patient or the clinic, through whatever door (migrations 0002, 0003).
    `planned_revision` is the one the plan was last made from. Nobody types either.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="surgeries")
    status = models.CharField(max_length=10, choices=SurgeryStatus, default=SurgeryStatus.PLANNED)
    surgery_date = models.DateField()
    arrival_time = models.TimeField(
        null=True, blank=True, help_text=_("When to be at the clinic; told the day before.")
    )
    discharge_date = models.DateField(null=True, blank=True)
    enrolled_at = models.DateTimeField(
        default=clock.now,
        help_text=_("From here on the plan counts; what lies before is not sent."),
    )
    on_hold = models.BooleanField(default=False)
    hold_kind = models.CharField(max_length=12, choices=HoldKind, blank=True)
    hold_reason = models.CharField(max_length=120, blank=True)

    procedure = models.CharField(
        max_length=20, choices=Procedure, default=Procedure.HEMILAMINECTOMY
    )
    region = models.CharField(max_length=10, choices=Region, default=Region.LUMBAR)
    levels = models.CharField(max_length=60, blank=True, help_text=_("As in L4/5, L5/S1."))
    side = models.CharField(max_length=10, choices=Side, blank=True)
    approach = models.CharField(max_length=10, choices=Approach, blank=True)
    approach_anterior = models.BooleanField(_("from the front of the neck"), default=False)
    anaesthetic = models.CharField(max_length=10, choices=Anaesthetic, blank=True)
    indication = models.CharField(max_length=20, choices=Indication, blank=True)
    wound_closure = models.CharField(
        max_length=10, choices=WoundClosure, default=WoundClosure.DISSOLVING
    )
    destination = models.CharField(max_length=5, choices=Destination, blank=True)
    named_surgeon = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    plan_approved_by = models.ForeignKey(
        Staff,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Trauma and tumour plans wait until a clinician has approved them."),
    )
    symptom_months = models.PositiveSmallIntegerField(null=True, blank=True)

    with_discectomy = models.BooleanField(default=False)
    fusion = models.BooleanField(default=False)
    brace = models.BooleanField(default=False)
    collar = models.CharField(max_length=4, choices=Collar, default=Collar.NONE)
    drain = models.BooleanField(default=False)
    durotomy = models.BooleanField(_("dural tear"), default=False)
    emergency_surgery = models.BooleanField(default=False)
    day_case = models.BooleanField(default=False)
    histology_sent = models.BooleanField(_("specimen sent"), default=False)
    patient_told_of_specimen = models.BooleanField(default=False)
    histology_result_date = models.DateField(null=True, blank=True)
    histology_reviewed = models.BooleanField(default=False)
    histology_unexpected = models.BooleanField(
        _("unexpected result, cancer or infection"),
        default=False,
        help_text=_(
            "A clinician calls or sees the patient. Tips, outlook and closing messages stop;"
            " warning signs and appointments go on. No message speaks of a result."
        ),
    )
    smoker = models.BooleanField(default=False)
    opioids = models.BooleanField(_("strong pain tablets"), default=False)
    driver = models.BooleanField(default=False)
    not_driving_yet = models.BooleanField(default=False)
    desk_work = models.BooleanField(default=False)
    manual_work = models.BooleanField(default=False)
    weight_goal_agreed = models.BooleanField(default=False)
    appointment_at = models.DateTimeField(_("next appointment"), null=True, blank=True)
    review_booked = models.BooleanField(default=False)

    revision = models.PositiveIntegerField(default=1, editable=False)
    planned_revision = models.PositiveIntegerField(default=0, editable=False)

    objects = SurgeryQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["planned_revision"])

    class Meta:
        ordering = ("-surgery_date", "pk")
        verbose_name_plural = _("surgeries")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(surgery_date__gte="1900-01-01") & Q(surgery_date__lt="2200-01-01"),
                name="surgery_date_is_possible",
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], condition=~Q(planned_revision=F("revision")), name="surgery_stale"
            ),
            models.Index(fields=["surgery_date"], name="surgery_by_date"),
        ]

    def __str__(self) -> str:
        return _("{procedure} on {date}").format(
            procedure=self.get_procedure_display(), date=self.surgery_date
        )

    def clean(self) -> None:
        """Refuse dates that cannot be, and facts that contradict each other, by field."""
        today = timezone.localdate(clock.now(), self.patient.tz)
        if self.surgery_date is None:
            return  # the field itself says that it is missing
        self.surgery_date = dates.surgery_date(self.surgery_date, today=today).value
        try:
            if self.discharge_date:
                dates.discharge_date(self.discharge_date, operated=self.surgery_date)
            if self.levels:
                self.levels = facts.levels(self.levels).value
        except Rejected as rejected:
            wrong = "levels" if rejected.code == "no_level" else "discharge_date"
            raise ValidationError({wrong: rejected}) from rejected
        self._clean_facts_of_the_neck()
        if self.on_hold and not self.hold_reason.strip():
            raise ValidationError({"hold_reason": _("Say why, so that the next person knows.")})
        if self.status == SurgeryStatus.CONFIRMED and self.surgery_date > today:
            raise ValidationError(
                {"status": _("An operation in the future cannot have taken place.")}
            )

    def _clean_facts_of_the_neck(self) -> None:
        recorded = {"approach_anterior": self.approach_anterior,
                    "collar": self.collar != Collar.NONE}  # fmt: skip
        for name in (name for name, is_recorded in recorded.items() if is_recorded):
            try:
                facts.of_the_neck(self.region)
            except Rejected as rejected:
                raise ValidationError({name: rejected}) from rejected
