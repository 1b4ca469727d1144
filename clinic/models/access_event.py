"""Who has looked at whose record, when and on which page. Only ever added to."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clinic.models.clinic import Clinic
from clinic.models.staff import Staff


class AccessKind(models.TextChoices):
    """What somebody did with the records that a page was made from."""

    VIEW = "view", pgettext_lazy("access", "Opened")  # a page about one patient
    LIST = "list", pgettext_lazy("access", "Saw in a list")  # beside others
    SEARCH = "search", pgettext_lazy("access", "Searched")  # a list after a search
    PRINT = "print", pgettext_lazy("access", "Printed")  # a paper about one patient
    EXPORT = "export", pgettext_lazy("access", "Exported")  # a file that leaves the panel
    EMERGENCY = "emergency", _("Emergency access")  # another clinic's, for a reason (ADR 23)
    DENIED = "denied", _("Was refused")  # asked for, and not shown


class AccessEvent(models.Model):
    """One answer of the panel that showed patients, or refused to.

    `patients` are ids; the first is the one whom a page about one patient is about. `clinic` is
    whose history this stands in: a try at another clinic's patient stands in both. No name, no
    text, no search word and no network address is kept: who and when is known from `by` and `at`.
    The database refuses to change or delete a row.
    """

    at = models.DateTimeField()
    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=9, choices=AccessKind)
    page = models.CharField(max_length=80)
    patients = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=AccessKind.values), name="access_kind_is_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["clinic", "-at", "-id"], name="access_of_clinic"),
            models.Index(fields=["by", "-at", "-id"], name="access_by_person"),
            GinIndex(fields=["patients"], name="access_of_patient"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.page} by {self.by_id}"
