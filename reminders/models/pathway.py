"""Pathways: what a clinic says to its patients, in versions that its clinicians sign."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clinic.models import Clinic, Staff
from reminders.rules import content
from reminders.rules.content import StepContent


class VersionStatus(models.TextChoices):
    """Where a version stands. Drawn in ARCHITECTURE.md; a test keeps both lists equal."""

    DRAFT = "draft", _("Draft")  # loaded, begun or sent back; written in, left by submit
    IN_REVIEW = "in_review", _("In review")  # waits for signatures; left by the last, or sent back
    APPROVED = "approved", _("Approved")  # every signature is there
    LIVE = "live", _("Live")  # patients are planned from it; one per pathway; never edited
    RETIRED = "retired", _("Retired")  # final. Another version took over, or it was withdrawn


class Category(models.TextChoices):
    WARNING_SIGNS = "warning_signs", _("Warning signs")
    CHECK_IN = "check_in", _("Check-in")
    APPOINTMENT = "appointment", _("Appointment")
    MEDICATION = "medication", _("Medicines")
    WOUND = "wound", _("Wound")
    ACTIVITY = "activity", _("Activity")
    PHYSIO = "physio", _("Physiotherapy")
    LIFESTYLE = "lifestyle", _("Lifestyle")
    HISTOLOGY = "histology", _("Specimen")


# Tips that stop when their review date has passed; everything else goes on, loudly (CG-3).
TIPS = frozenset({Category.LIFESTYLE, Category.PHYSIO, Category.ACTIVITY})
# Categories of which a physiotherapist must have read the texts (CG-2).
FOR_PHYSIOTHERAPISTS = frozenset({Category.PHYSIO, Category.ACTIVITY})
# Categories whose texts need two reviewers, one of them a surgeon or nurse (CG-2).
SAFETY_CRITICAL = frozenset(
    {Category.WARNING_SIGNS, Category.CHECK_IN, Category.HISTOLOGY, Category.MEDICATION}
)


class Anchor(models.TextChoices):
    """The date from which a step's days are counted."""

    SURGERY = "surgery_date", _("Operation")
    DISCHARGE = "discharge_date", _("Going home")
    ENROLMENT = "enrolment_date", _("Enrolment")
    APPOINTMENT = "appointment_date", _("Appointment")
    HISTOLOGY_RESULT = "histology_result_date", _("Specimen result")


class Audience(models.TextChoices):
    PATIENT = "patient", _("Patient")
    CARER = "carer", _("Carer")
    STAFF = "staff", _("Staff")


class Privacy(models.TextChoices):
    """How much a message may show on a locked phone (clinical.md 2, privacy)."""

    P1 = "P1", _("Neutral: may go by text")
    P2 = "P2", _("Email or page only")
    STAFF = "staff", _("Staff only")


class Source(models.Model):
    """Where a clinical sentence comes from. Shared by all clinics; loaded with the pathways."""

    key = models.CharField(max_length=20, primary_key=True)
    title = models.TextField()
    publisher = models.TextField(blank=True)
    date = models.CharField(max_length=40, blank=True)
    where = models.TextField(blank=True)
    grade = models.CharField(max_length=2, blank=True)

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"


class Pathway(models.Model):
    """One clinic's care plan for one kind of operation. Its content is in the versions."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="pathways")
    key = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    regions = models.JSONField(default=list, help_text="Regions of the spine it is for.")
    procedures = models.JSONField(default=list, help_text="Procedures it is for.")
    requires = models.JSONField(default=list, help_text="Facts it needs, as in fusion.")
    excludes = models.JSONField(default=list, help_text="Facts that rule it out.")

    class Meta:
        ordering = ("title",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "key"], name="pathway_once_per_clinic")
        ]

    def __str__(self) -> str:
        return self.title


class PathwayVersionQuerySet(models.QuerySet["PathwayVersion"]):
    def live(self) -> Self:
        """Those that patients are planned from: live, and word for word as they were signed."""
        return self.filter(status=VersionStatus.LIVE, sealed=True)


class PathwayVersion(models.Model):
    """One state of a pathway's content. Signed as a whole; a live version is never edited.

    `sealed`: set when it goes live, after the rows were compared with the signed digest; the
    database takes it away when a row of the content changes. `head` is what the content says beside
    its steps: title, languages, licence, and for which operations it is.
    """

    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=40, help_text="The content's own version, as in 0.1-draft.")
    status = models.CharField(max_length=10, choices=VersionStatus, default=VersionStatus.DRAFT)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the content that is signed.")
    author = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    live_from = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    head = models.JSONField(default=dict)
    sealed = models.BooleanField(default=False)
    derived_from = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="drafts"
    )
    safety_review_by = models.DateField(null=True, blank=True)
    other_review_by = models.DateField(null=True, blank=True)

    objects = PathwayVersionQuerySet.as_manager()

    class Meta:
        ordering = ("pathway", "-number")
        permissions: ClassVar = [("sign_pathwayversion", "Can sign a version of a pathway")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pathway", "number"], name="version_once_per_number"),
            models.UniqueConstraint(
                fields=["pathway"], condition=Q(status="live"), name="one_live_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pathway.title}, version {self.number}"

    @property
    def may_be_sent(self) -> bool:
        return self.status == VersionStatus.LIVE and self.sealed

    @property
    def review_by(self) -> date | None:
        """The first day on which a part of it is to be looked at again."""
        return min((d for d in (self.safety_review_by, self.other_review_by) if d), default=None)


class Step(models.Model):
    """One message or staff task of a version: when, for whom, under which conditions, and why.

    `key` stays the same from version to version, so that nobody is told twice. `repeat_days`
    lists the days of a repeated step (empty: once); `every_working_days` goes on from the last
    of them until `day_to`.
    """

    version = models.ForeignKey(PathwayVersion, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=60)
    category = models.CharField(max_length=20, choices=Category)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.PATIENT)
    intent = models.CharField(max_length=200)
    anchor = models.CharField(max_length=24, choices=Anchor)
    day_from = models.SmallIntegerField()
    day_to = models.SmallIntegerField()
    repeat_days = models.JSONField(default=list)
    every_working_days = models.PositiveSmallIntegerField(null=True, blank=True)
    at = models.CharField(max_length=12, help_text="HH:MM, at_once or at_discharge.")
    shift = models.CharField(max_length=14, default="none")
    late_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    regions = models.JSONField(default=list)
    procedures = models.JSONField(default=list)
    requires = models.JSONField(
        default=list, help_text="All lists must hold; any fact of a list does."
    )
    excludes = models.JSONField(default=list, help_text="Any of these facts rules the step out.")
    channels = models.JSONField(default=list)
    privacy = models.CharField(max_length=5, choices=Privacy, default=Privacy.P1)
    is_high_priority = models.BooleanField(default=False)
    replies = models.JSONField(default=list, help_text="code, meaning and action of each answer.")
    questions = models.JSONField(default=list, help_text="What its page asks, by question key.")
    must_have = models.JSONField(default=list, help_text="Placeholders the texts may not lose.")
    restrictions = models.JSONField(default=list, help_text="Activity rules it speaks of.")
    permits = models.JSONField(default=list, help_text="Activities it says may start.")
    staff_action = models.TextField(blank=True)
    evidence = models.CharField(max_length=10)
    range_note = models.TextField(blank=True)
    sources = models.ManyToManyField(Source, related_name="steps")

    class Meta:
        ordering = ("version", "position")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["version", "key"], name="step_once_per_version"),
            models.CheckConstraint(
                condition=Q(day_to__gte=models.F("day_from")), name="step_window_is_forward"
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def is_safety_critical(self) -> bool:
        return self.category in SAFETY_CRITICAL

    def as_content(self) -> StepContent:
        """Return the step as the rules know it: when and for whom, without sources and words."""
        return StepContent(
            key=self.key,
            category=content.Category(self.category),
            intent=self.intent,
            day_from=self.day_from,
            day_to=self.day_to,
            at=self.at,
            evidence=content.Evidence(self.evidence),
            sources=(),
            audience=content.Audience(self.audience),
            anchor=content.Anchor(self.anchor),
            repeat_days=tuple(self.repeat_days),
            every_working_days=self.every_working_days,
            shift=content.Shift(self.shift),
            late_hours=self.late_hours,
            regions=tuple(content.Region(region) for region in self.regions),
            procedures=tuple(self.procedures),
            requires=tuple(tuple(group) for group in self.requires),
            excludes=tuple(self.excludes),
            channels=tuple(content.Channel(channel) for channel in self.channels),
            privacy=content.Privacy(self.privacy),
            priority=content.Priority.HIGH if self.is_high_priority else content.Priority.NORMAL,
            replies=tuple(
                content.ReplyContent(
                    code=reply["code"],
                    meaning=reply["meaning"],
                    action=content.Action(reply["action"]),
                )
                for reply in self.replies
            ),
            questions=tuple(self.questions),
            permits=tuple(self.permits),
            staff_action=self.staff_action,
        )


class StepText(models.Model):
    """The words of a step in one language."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    sms = models.TextField(blank=True)
    sms_detailed = models.TextField(blank=True, help_text="Only with the patient's agreement.")
    subject = models.CharField(max_length=200, blank=True)
    heading = models.CharField(max_length=200, blank=True)
    email = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "language"], name="text_once_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.step_id} in {self.language}"
