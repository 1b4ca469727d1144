"""Signatures: who stands by a version of a pathway, and in which role."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from clinic.models import Staff
from reminders.models.pathway import PathwayVersion


class SignatureQuerySet(models.QuerySet["Signature"]):
    def standing(self) -> Self:
        """Those that count: not voided by a version's way back to its writers."""
        return self.filter(voided_at=None)


class Signature(models.Model):
    """A named clinician's yes to one version, with the role and number they signed under.

    `voided_at`: set when the version is sent back; from then on it is kept but counts no more.
    """

    version = models.ForeignKey(PathwayVersion, on_delete=models.PROTECT, related_name="signatures")
    signer = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    registration_number = models.CharField(max_length=40)
    signed_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        ordering = ("signed_at",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["version", "signer"],
                condition=Q(voided_at__isnull=True),
                name="one_standing_signature_each",
            )
        ]

    def __str__(self) -> str:
        return f"{self.signer} for {self.version}"
