"""Who agreed to what: the difference to a plan that a person saw before it was applied."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clinic.models import Staff, Surgery


class AgreedTo(models.TextChoices):
    """What changed the record, so that the plan changed."""

    CONFIRM = "confirm", _("It took place")
    MOVE = "move", _("The operation moved")
    HOLD = "hold", _("Messages put on hold")
    RESUME = "resume", _("Messages let go on")
    APPROVE = "approve", _("The plan approved")
    CANCEL = "cancel", _("The operation called off")
    EDIT = "edit", _("The operation's record changed")
    PATIENT = "patient", _("The patient's record changed")
    LIMIT = "limit", _("A limit changed")


class PlanAgreement(models.Model):
    """One difference as it was shown and applied. Only ever added to; the database sees to it.

    `difference` has a list for each sort of change, by the names of `PlanDifference`; `counts`
    how many there are of each.
    """

    surgery = models.ForeignKey(Surgery, on_delete=models.PROTECT, related_name="agreements")
    what = models.CharField(max_length=10, choices=AgreedTo)
    counts = models.JSONField()
    difference = models.JSONField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.what} of surgery {self.surgery_id}"
