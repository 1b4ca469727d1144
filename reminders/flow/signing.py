"""A draft version → signed by named clinicians → live. Promise P5: nothing else is ever sent."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from clinic.models import Role, Staff, Surgery
from reminders.flow.calendar import with_calendar
from reminders.flow.version_content import blocking, content_of, findings_in, head_of
from reminders.flow.version_history import note, writers_of
from reminders.models import (
    FOR_PHYSIOTHERAPISTS,
    SAFETY_CRITICAL,
    Pathway,
    PathwayVersion,
    Signature,
    VersionEventKind,
    VersionStatus,
)
from reminders.rules.content import PathwayContent
from reminders.rules.findings import Finding
from reminders.rules.timing import same_day_a_year_later

# Safety-critical content needs two reviewers, one of them a spine surgeon or nurse (CG-2).
SIGNATURES_NEEDED = 2
LEAD_REVIEWERS = frozenset({Role.SURGEON, Role.NURSE})
MAY_SIGN = "reminders.sign_pathwayversion"
MAY_EDIT = "reminders.change_pathwayversion"
LONGEST_REASON = 1_000
# As many findings as a message can name; the editor shows all of them.
FINDINGS_NAMED = 5


class NotSignable(Exception):
    """The version cannot take this step; the message says what is missing, or what was found."""

    def __init__(self, message: str, *, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = findings


@transaction.atomic
def submit(version_id: int, *, by: Staff, now: datetime) -> PathwayVersion:
    """Hand a draft in for review; from here on it is not edited. Twice is once.

    The rules of the activity calendar become part of it, and the digest is taken of all that as it
    stands. Raises NotSignable, naming the first of them, when the linter has findings that block.
    """
    version = _locked(version_id, by)
    if version.status == VersionStatus.IN_REVIEW:
        return version
    _require(version, VersionStatus.DRAFT, "Only a draft can be handed in.")
    _require_right(by, MAY_EDIT, "Your role cannot hand content in.")
    content = content_of(version)
    _refuse_findings(content, version)
    if version.author_id is None:
        version.author = by
    whole = with_calendar(content)
    version.head, version.digest = head_of(whole), whole.digest
    version.status = VersionStatus.IN_REVIEW
    version.save(update_fields=["status", "author", "digest", "head"])
    note(version, kind=VersionEventKind.SUBMITTED, by=by, now=now)
    return version


def _refuse_findings(content: PathwayContent, version: PathwayVersion) -> None:
    wrong = blocking(findings_in(content, clinic=version.pathway.clinic))
    if not wrong:
        return
    named = "; ".join(
        " ".join(part for part in (one.step, one.language, one.field) if part) + f": {one.message}"
        for one in wrong[:FINDINGS_NAMED]
    )
    more = f" And {len(wrong) - FINDINGS_NAMED} more." if len(wrong) > FINDINGS_NAMED else ""
    message = f"{len(wrong)} findings must be put right first. {named}{more}"
    raise NotSignable(message, findings=wrong)


@transaction.atomic
def sign(version_id: int, *, by: Staff, now: datetime) -> PathwayVersion:
    """Put a clinician's name under the version; approve it when the last one needed is there.

    Twice by the same person is once. Raises NotSignable for anybody who wrote some of it, for
    somebody who is no clinician or has no registration number on record, for a version that is
    not in review, and for content that has changed since it was handed in.
    """
    version = _locked(version_id, by)
    _require(version, VersionStatus.IN_REVIEW, "Only a version in review can be signed.")
    if by.pk in writers_of(version):
        raise NotSignable("The author of a version cannot sign it. Ask a colleague.")
    if not by.is_clinician:
        raise NotSignable("Only a surgeon, nurse or physiotherapist can sign content.")
    if not by.registration_number.strip():
        raise NotSignable("Your registration number is missing. Ask the manager to enter it.")
    _require_same_content(version)
    _, is_new = Signature.objects.get_or_create(
        version=version,
        signer=by,
        voided_at=None,
        defaults={
            "role": by.role,
            "registration_number": by.registration_number,
            "signed_at": now,
            "digest": version.digest,
        },
    )
    if is_new:
        note(version, kind=VersionEventKind.SIGNED, by=by, now=now, detail=by.get_role_display())
    if not missing_signatures(version):
        _approve(version, by=by, now=now)
    return version


@transaction.atomic
def send_back(version_id: int, *, by: Staff, reason: str, now: datetime) -> PathwayVersion:
    """Give a version in review back to its writers, as a draft; say why.

    The signatures that it has stay on record, void: whoever signed has to read it again. Raises
    NotSignable without a reason, for a role that signs nothing, and in any other state.
    """
    version = _locked(version_id, by)
    _require(version, VersionStatus.IN_REVIEW, "Only a version in review can be sent back.")
    _require_right(by, MAY_SIGN, "Your role cannot send content back.")
    why = reason.strip()
    if not why:
        raise NotSignable("Say what its writers should put right.")
    if len(why) > LONGEST_REASON:
        raise NotSignable(f"The reason is too long. Keep it under {LONGEST_REASON} characters.")
    void = version.signatures.standing()
    names = [f"{one.signer}, {one.role}" for one in void.select_related("signer")]
    void.update(voided_at=now)
    version.status = VersionStatus.DRAFT
    version.save(update_fields=["status"])
    changes = {"reason": ["", why], "signatures": [names, []]} if names else {"reason": ["", why]}
    note(version, kind=VersionEventKind.RETURNED, by=by, now=now, detail=why, changes=changes)
    return version


def _approve(version: PathwayVersion, *, by: Staff, now: datetime) -> None:
    today = now.astimezone(version.pathway.clinic.tz).date()
    version.status = VersionStatus.APPROVED
    version.safety_review_by, version.other_review_by = review_dates(today)
    version.save(update_fields=["status", "safety_review_by", "other_review_by"])
    note(version, kind=VersionEventKind.APPROVED, by=by, now=now)


def review_dates(approved_on: date) -> tuple[date, date]:
    """Return when safety-critical and when other content is looked at again.

    Source: CG-3 of the content research, 12 and 24 months.
    """
    in_a_year = same_day_a_year_later(approved_on)
    return in_a_year, same_day_a_year_later(in_a_year)


def missing_signatures(version: PathwayVersion) -> list[str]:
    """Say what the version still needs before it is approved; empty when nothing is missing.

    A signature counts for the content it was given on and for no other, until it is voided.
    """
    roles = [s.role for s in version.signatures.standing() if s.digest == version.digest]
    categories = set(version.steps.order_by().values_list("category", flat=True).distinct())
    missing = []
    is_safety = bool(categories & SAFETY_CRITICAL)
    needed = SIGNATURES_NEEDED if is_safety else 1
    if is_safety and not LEAD_REVIEWERS.intersection(roles):
        missing.append("the signature of a surgeon or nurse")
    if categories & FOR_PHYSIOTHERAPISTS and Role.PHYSIOTHERAPIST not in roles:
        missing.append("the signature of a physiotherapist")
    if len(roles) < needed:
        missing.append(f"{needed - len(roles)} more of {needed} signatures")
    return missing


@transaction.atomic
def go_live(version_id: int, *, by: Staff, now: datetime) -> PathwayVersion:
    """Let the version take over: patients are planned from it, the one before retires.

    Steps keep their keys, so whatever a patient has been told already is not told again. Twice is
    once. Raises NotSignable unless the version is approved, and its rows are what was signed.
    """
    version = _locked(version_id, by)
    if version.status == VersionStatus.LIVE:
        return version
    _require(version, VersionStatus.APPROVED, "Only an approved version can go live.")
    _require_right(by, MAY_SIGN, "Your role cannot put content live.")
    _require_same_content(version)
    if missing := missing_signatures(version):
        raise NotSignable(f"Still missing: {', '.join(missing)}.")
    for before in PathwayVersion.objects.filter(pathway=version.pathway, status=VersionStatus.LIVE):
        _end(before, by=by, now=now, detail=f"Followed by version {version.number}.")
    version.status = VersionStatus.LIVE
    version.live_from = now
    version.sealed = True
    version.save(update_fields=["status", "live_from", "sealed"])
    _apply_head(version)
    note(version, kind=VersionEventKind.LIVE, by=by, now=now)
    _plan_again(version)
    return version


def _apply_head(version: PathwayVersion) -> None:
    """What the signed content says of itself counts from the moment it is live, not before."""
    if version.head:
        names = ("title", "regions", "procedures", "requires", "excludes")
        Pathway.objects.filter(pk=version.pathway_id).update(
            **{name: version.head[name] for name in names}
        )


@transaction.atomic
def retire(version_id: int, *, by: Staff, now: datetime) -> PathwayVersion:
    """Take a version out of use. What is planned from it is held, not sent. Twice is once.

    Raises NotSignable for a role that signs nothing.
    """
    version = _locked(version_id, by)
    if version.status == VersionStatus.RETIRED:
        return version
    _require_right(by, MAY_SIGN, "Your role cannot withdraw content.")
    _end(version, by=by, now=now, detail="Withdrawn.")
    _plan_again(version)
    return version


def _end(version: PathwayVersion, *, by: Staff, now: datetime, detail: str) -> None:
    version.status = VersionStatus.RETIRED
    version.retired_at = now
    version.save(update_fields=["status", "retired_at"])
    note(version, kind=VersionEventKind.RETIRED, by=by, now=now, detail=detail)


def _locked(version_id: int, by: Staff) -> PathwayVersion:
    version = PathwayVersion.objects.select_for_update().get(pk=version_id)
    if not by.is_superuser and by.clinic_id != version.pathway.clinic_id:
        raise NotSignable("This content belongs to another clinic.")
    return version


def _require_right(by: Staff, permission: str, otherwise: str) -> None:
    if not by.is_superuser and not by.has_perm(permission):
        raise NotSignable(otherwise)


def _require(version: PathwayVersion, status: VersionStatus, otherwise: str) -> None:
    if version.status != status:
        raise NotSignable(f"{otherwise} This one is {version.get_status_display().lower()}.")


def _require_same_content(version: PathwayVersion) -> None:
    if content_of(version).digest != version.digest:
        raise NotSignable(
            "The content has changed since it was handed in. Begin a new draft from it."
        )


def _plan_again(version: PathwayVersion) -> None:
    # Raising the revision by hand is what the database does for every other change to a record.
    Surgery.objects.filter(patient__clinic=version.pathway.clinic_id).update(
        revision=F("revision") + 1
    )
