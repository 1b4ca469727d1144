"""A draft version → signed by named clinicians → live. Promise P5: nothing else is ever sent."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from clinic.models import Role, Staff, Surgery
from reminders.models import PathwayVersion, Signature, VersionStatus
from reminders.models.pathway import SAFETY_CRITICAL

# Safety-critical content needs two reviewers, one of them a spine surgeon or nurse (CG-2).
SIGNATURES_NEEDED = 2
LEAD_REVIEWERS = frozenset({Role.SURGEON, Role.NURSE})
REVIEW_AFTER_DAYS = 365  # safety-critical content is looked at again after a year (CG-3)


class NotSignable(Exception):
    """The version cannot take this step; the message says what is missing."""


@transaction.atomic
def submit(version_id: int, *, by: Staff, now: datetime) -> PathwayVersion:
    """Hand a draft in for review; from here on it is not edited. Twice is once."""
    version = _locked(version_id, by)
    if version.status == VersionStatus.IN_REVIEW:
        return version
    _require(version, VersionStatus.DRAFT, "Only a draft can be handed in.")
    if version.author_id is None:
        version.author = by
    version.status = VersionStatus.IN_REVIEW
    version.save(update_fields=["status", "author"])
    return version


@transaction.atomic
def sign(version_id: int, *, by: Staff, now: datetime) -> PathwayVersion:
    """Put a clinician's name under the version; approve it when the last one needed is there.

    Twice by the same person is once. Raises NotSignable for the author, for somebody who is no
    clinician or has no registration number on record, and for a version that is not in review.
    """
    version = _locked(version_id, by)
    _require(version, VersionStatus.IN_REVIEW, "Only a version in review can be signed.")
    if version.author_id == by.pk:
        raise NotSignable("The author of a version cannot sign it. Ask a colleague.")
    if not by.is_clinician:
        raise NotSignable("Only a surgeon, nurse or physiotherapist can sign content.")
    if not by.registration_number.strip():
        raise NotSignable("Your registration number is missing. Ask the manager to enter it.")
    Signature.objects.get_or_create(
        version=version,
        signer=by,
        defaults={
            "role": by.role,
            "registration_number": by.registration_number,
            "signed_at": now,
            "digest": version.digest,
        },
    )
    if not missing_signatures(version):
        version.status = VersionStatus.APPROVED
        version.review_by = (now + timedelta(days=REVIEW_AFTER_DAYS)).date()
        version.save(update_fields=["status", "review_by"])
    return version


def missing_signatures(version: PathwayVersion) -> list[str]:
    """Say what the version still needs before it is approved; empty when nothing is missing."""
    roles = [s.role for s in version.signatures.all() if s.digest == version.digest]
    missing = []
    needed = 1
    if version.steps.filter(category__in=SAFETY_CRITICAL).exists():
        needed = SIGNATURES_NEEDED
        if not LEAD_REVIEWERS.intersection(roles):
            missing.append("the signature of a surgeon or nurse")
    if len(roles) < needed:
        missing.append(f"{needed - len(roles)} more of {needed} signatures")
    return missing


@transaction.atomic
def go_live(version_id: int, *, by: Staff, now: datetime) -> PathwayVersion:
    """Let the version take over: patients are planned from it, the one before retires.

    Steps keep their keys, so whatever a patient has been told already is not told again. Twice is
    once. Raises NotSignable unless the version is approved.
    """
    version = _locked(version_id, by)
    if version.status == VersionStatus.LIVE:
        return version
    _require(version, VersionStatus.APPROVED, "Only an approved version can go live.")
    if not by.has_perm("reminders.sign_pathwayversion") and not by.is_superuser:
        raise NotSignable("Your role cannot put content live.")
    PathwayVersion.objects.live().filter(pathway=version.pathway).update(
        status=VersionStatus.RETIRED, retired_at=now
    )
    version.status = VersionStatus.LIVE
    version.live_from = now
    version.save(update_fields=["status", "live_from"])
    _plan_again(version)
    return version


@transaction.atomic
def retire(version_id: int, *, by: Staff, now: datetime) -> PathwayVersion:
    """Take a version out of use. What is planned from it is held, not sent. Twice is once."""
    version = _locked(version_id, by)
    if version.status == VersionStatus.RETIRED:
        return version
    version.status = VersionStatus.RETIRED
    version.retired_at = now
    version.save(update_fields=["status", "retired_at"])
    _plan_again(version)
    return version


def _locked(version_id: int, by: Staff) -> PathwayVersion:
    version = PathwayVersion.objects.select_for_update().get(pk=version_id)
    if not by.is_superuser and by.clinic_id != version.pathway.clinic_id:
        raise NotSignable("This content belongs to another clinic.")
    return version


def _require(version: PathwayVersion, status: VersionStatus, otherwise: str) -> None:
    if version.status != status:
        raise NotSignable(f"{otherwise} This one is {version.get_status_display().lower()}.")


def _plan_again(version: PathwayVersion) -> None:
    # Raising the revision by hand is what the database does for every other change to a record.
    Surgery.objects.filter(patient__clinic=version.pathway.clinic_id).update(
        revision=F("revision") + 1
    )
