"""Pathway files → draft versions of a clinic's pathways."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Q

from clinic.models import Clinic, Staff
from reminders.flow.version_content import head_of
from reminders.flow.version_history import note
from reminders.models import (
    Pathway,
    PathwayVersion,
    Source,
    Step,
    StepText,
    VersionEventKind,
)
from reminders.rules.content import PathwayContent, Priority, SourceContent, StepContent


@transaction.atomic
def load_sources(sources: Iterable[SourceContent]) -> int:
    """Write or refresh every source; return how many there are. Twice is once."""
    rows = [
        Source(
            key=source.key,
            title=source.title,
            publisher=source.publisher,
            date=source.date,
            where=source.where,
            grade=source.grade.value,
        )
        for source in sources
    ]
    Source.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["title", "publisher", "date", "where", "grade"],
    )
    return len(rows)


@transaction.atomic
def load_pathway(
    content: PathwayContent, *, clinic: Clinic, author: Staff | None, now: datetime
) -> PathwayVersion | None:
    """Write the content as a new draft version; return it, or None when the clinic has it already.

    Nothing that exists is changed: whatever is signed or live stays as it was signed, and whom the
    pathway is for changes when the version that says so goes live. The sources must have been
    loaded before.
    """
    pathway, _ = Pathway.objects.get_or_create(
        clinic=clinic,
        key=content.key,
        defaults={
            "title": content.title,
            "regions": [region.value for region in content.regions],
            "procedures": list(content.procedures),
            "requires": [list(group) for group in content.requires],
            "excludes": list(content.excludes),
        },
    )
    if _has_been_loaded(pathway, content):
        return None
    newest = pathway.versions.aggregate(number=Max("number"))["number"] or 0
    version = PathwayVersion.objects.create(
        pathway=pathway,
        number=newest + 1,
        label=content.version,
        digest=content.digest,
        head=head_of(content),
        author=author,
        created_at=now,
    )
    write_steps(content.steps, version=version)
    note(version, kind=VersionEventKind.LOADED, by=author, now=now)
    return version


def _has_been_loaded(pathway: Pathway, content: PathwayContent) -> bool:
    """Whatever became of it: a version that is written in or handed in has another digest."""
    loaded = Q(events__kind=VersionEventKind.LOADED, events__digest=content.digest)
    return pathway.versions.filter(loaded | Q(digest=content.digest)).exists()


def write_steps(contents: Iterable[StepContent], *, version: PathwayVersion) -> None:
    """Write the steps with their words and sources into a version that has none yet."""
    contents = tuple(contents)
    steps = Step.objects.bulk_create(
        _step(content, version, position) for position, content in enumerate(contents)
    )
    StepText.objects.bulk_create(
        StepText(
            step=step,
            language=language,
            sms=texts.sms,
            sms_detailed=texts.sms_detailed,
            subject=texts.subject,
            heading=texts.heading,
            email=texts.email,
        )
        for step, content in zip(steps, contents, strict=True)
        for language, texts in content.texts.items()
    )
    through = Step.sources.through
    through.objects.bulk_create(
        through(step_id=step.pk, source_id=key)
        for step, content in zip(steps, contents, strict=True)
        for key in content.sources
    )


def _step(content: StepContent, version: PathwayVersion, position: int) -> Step:
    return Step(
        version=version,
        position=position,
        key=content.key,
        category=content.category.value,
        audience=content.audience.value,
        intent=content.intent,
        anchor=content.anchor.value,
        day_from=content.day_from,
        day_to=content.day_to,
        repeat_days=list(content.repeat_days),
        every_working_days=content.every_working_days,
        at=content.at,
        shift=content.shift.value,
        late_hours=content.late_hours,
        regions=[region.value for region in content.regions],
        procedures=list(content.procedures),
        requires=[list(group) for group in content.requires],
        excludes=list(content.excludes),
        channels=[channel.value for channel in content.channels],
        privacy=content.privacy.value,
        is_high_priority=content.priority is Priority.HIGH,
        replies=[
            {"code": reply.code, "meaning": reply.meaning, "action": reply.action.value}
            for reply in content.replies
        ],
        questions=list(content.questions),
        must_have=list(content.must_have),
        restrictions=list(content.restrictions),
        permits=list(content.permits),
        staff_action=content.staff_action,
        evidence=content.evidence.value,
        range_note=content.range_note,
    )
