"""Content that has to be looked at: review dates, versions to sign, messages that were pulled."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.access import visible_to
from clinic.models import Staff
from reminders.flow.signing import MAY_SIGN
from reminders.models import (
    Alert,
    AlertKind,
    AlertStatus,
    PathwayVersion,
    PulledStep,
    Step,
    VersionStatus,
)
from reminders.staff.shipped_words import shipped_said, version_said

# A review takes weeks: two months ahead it is named, one month ahead it is pressing.
NAMED, PRESSING = timedelta(days=60), timedelta(days=30)
OPEN_VERSIONS = (VersionStatus.LIVE, VersionStatus.IN_REVIEW, VersionStatus.APPROVED)


@dataclass(frozen=True, slots=True)
class ContentItem:
    """One thing about content, with the next action."""

    tone: str
    title: str
    text: str
    action: str
    url: str


@dataclass(frozen=True, slots=True)
class ContentToSee:
    """What is to be seen to, and how many open alerts say so."""

    items: tuple[ContentItem, ...]
    alerts: int

    @property
    def total(self) -> int:
        return len(self.items)


def content_to_see(staff: Staff, *, now: datetime) -> ContentToSee:
    """Return what this person's clinic has to look at; five queries, however much content.

    Who may sign is asked to sign; everybody reads what expires, and what was pulled.
    """
    rows = visible_to(staff, PathwayVersion.objects.filter(status__in=OPEN_VERSIONS))
    rows = rows.select_related("pathway__clinic").order_by("pathway__title", "number")
    versions = list(rows.prefetch_related("signatures"))
    alerts = Alert.objects.filter(kind=AlertKind.CONTENT).exclude(status=AlertStatus.CLOSED)
    items = [*_reviews(versions, now=now), *_pulled(staff, versions)]
    if staff.has_perm(MAY_SIGN):
        items += _to_sign(versions, staff)
    items.sort(key=lambda item: ("bad", "warn", "wait").index(item.tone))
    return ContentToSee(items=tuple(items), alerts=visible_to(staff, alerts).order_by().count())


def _reviews(versions: Iterable[PathwayVersion], *, now: datetime) -> Iterator[ContentItem]:
    for version in versions:
        if version.status != VersionStatus.LIVE:
            continue
        today = timezone.localdate(now, version.pathway.clinic.tz)
        parts = (
            (version.safety_review_by, _("warning signs, check-ins, appointments")),
            (version.other_review_by, _("tips")),
        )
        for review_by, part in parts:
            if review_by is not None and review_by <= today + NAMED:
                yield _review(version, part, review_by, today=today)


def _review(version: PathwayVersion, part: str, by: date, *, today: date) -> ContentItem:
    days = (by - today).days
    if days < 0:
        tone, words = "bad", _("{part}: had to be looked at again by {day}")
    else:
        words = _("{part}: has to be looked at again by {day}, in {time}")
        tone = "warn" if by <= today + PRESSING else "wait"
    time = ngettext("{number} day", "{number} days", days).format(number=days)
    text = words.format(part=part, day=date_format(by, "j F Y"), time=time)
    return ContentItem(
        tone, version_said(version), text[:1].upper() + text[1:], _("Look"), _page(version)
    )


def _to_sign(versions: Iterable[PathwayVersion], staff: Staff) -> Iterator[ContentItem]:
    for version in versions:
        if version.status == VersionStatus.APPROVED:
            text = _("All have signed. It can go live.")
            yield ContentItem("wait", version_said(version), text, _("Put it live"), _page(version))
        elif version.status == VersionStatus.IN_REVIEW and _waits_for(version, staff):
            text = _("Handed in, and waits for signatures.")
            yield ContentItem(
                "wait", version_said(version), text, _("Read and sign"), _page(version)
            )


def _waits_for(version: PathwayVersion, staff: Staff) -> bool:
    """True while this person could sign: not its author, and not signed by them already."""
    standing = (s for s in version.signatures.all() if s.voided_at is None)
    signed = any(s.signer_id == staff.pk and s.digest == version.digest for s in standing)
    return not signed and version.author_id != staff.pk


def _pulled(staff: Staff, versions: Iterable[PathwayVersion]) -> Iterator[ContentItem]:
    rows = list(visible_to(staff, PulledStep.objects.filter(restored_at=None).select_related(
        "pulled_by", "clinic"
    )))  # fmt: skip
    if not rows:
        return
    live = [version.pk for version in versions if version.status == VersionStatus.LIVE]
    steps = Step.objects.filter(version__in=live, key__in=[row.step_key for row in rows])
    by_key = {(step.version.pathway.clinic_id, step.key): step for step in _with_clinic(steps)}
    for row in rows:
        step = by_key.get((row.clinic_id, row.step_key))
        moment = timezone.localtime(row.pulled_at, row.clinic.tz)
        text = _("Pulled by {person} on {moment}: {reason}").format(
            person=row.pulled_by, moment=date_format(moment, "j M, H:i"), reason=row.reason
        )
        title = shipped_said(step.intent) if step else row.step_key
        yield ContentItem("warn", title, text, _("Look"), _pull_page(step))


def _with_clinic(steps: QuerySet[Step]) -> QuerySet[Step]:
    return steps.select_related("version__pathway")


def _pull_page(step: Step | None) -> str:
    if step is None:
        return reverse("admin:reminders_pathwayversion_changelist")
    return reverse("admin:reminders_content_pull", args=[step.version_id, step.key])


def _page(version: PathwayVersion) -> str:
    return reverse("admin:reminders_pathwayversion_change", args=[version.pk])
