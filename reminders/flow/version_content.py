"""A version's rows → the content that they hold, its digest, and what the linter says of it.

The same content has the same digest whether it was read from the files or from the rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from clinic.models import Clinic
from reminders.flow.calendar import DAYS, RULES, kept_rules, read_rules
from reminders.flow.message_links import SAMPLE_TOKEN, clinic_address, page_address
from reminders.models import Pathway, PathwayVersion, Source, Step, StepText, VersionStatus
from reminders.pathways.word_lists import lint_settings
from reminders.rules.content import (
    Grade,
    LanguagePack,
    PathwayContent,
    Region,
    SourceContent,
    StepContent,
    StepTexts,
)
from reminders.rules.findings import Finding, LintSettings, Severity
from reminders.rules.lint import lint
from reminders.rules.wording import WORST_CASE

TEXT_FIELDS = ("sms", "sms_detailed", "subject", "heading", "email")


def head_of(content: PathwayContent) -> dict[str, object]:
    """Return what the content says beside its steps, as it is kept on the version.

    The rules of the activity calendar are kept once it is handed in, and count from then on.
    """
    return {
        DAYS: dict(content.restriction_days),
        RULES: kept_rules(content.calendar),
        "title": content.title,
        "licence": content.licence,
        "review_status": content.review_status,
        "regions": [region.value for region in content.regions],
        "procedures": list(content.procedures),
        "requires": [list(group) for group in content.requires],
        "excludes": list(content.excludes),
        "based_on": content.based_on,
        "packs": [
            {name: getattr(pack, name) for name in LanguagePack.__slots__} for pack in content.packs
        ],
    }


def content_of(version: PathwayVersion) -> PathwayContent:
    """Return the content that the rows of this version hold; four queries.

    A draft that came back from review is written in again, so it has no calendar of its own.
    """
    head: dict[str, Any] = version.head or _head_of_pathway(version.pathway)
    return PathwayContent(
        key=version.pathway.key,
        title=head["title"],
        version=version.label,
        licence=head["licence"],
        review_status=head["review_status"],
        regions=tuple(Region(region) for region in head["regions"]),
        procedures=tuple(head["procedures"]),
        steps=steps_of(version),
        packs=tuple(LanguagePack(**pack) for pack in head["packs"]),
        requires=tuple(tuple(group) for group in head["requires"]),
        excludes=tuple(head["excludes"]),
        based_on=head["based_on"],
        restriction_days=head.get(DAYS, {}),
        calendar=() if version.status == VersionStatus.DRAFT else read_rules(head.get(RULES, ())),
    )


def _head_of_pathway(pathway: Pathway) -> dict[str, Any]:
    """What is known of a version that was loaded before heads were kept."""
    languages = (
        StepText.objects.filter(step__version__pathway=pathway)
        .order_by("language")
        .values_list("language", flat=True)
        .distinct()
    )
    unknown = {"title": pathway.title, "version": "", "licence": "", "review_status": ""}
    return {
        "title": pathway.title,
        "licence": "",
        "review_status": "",
        "regions": pathway.regions,
        "procedures": pathway.procedures,
        "requires": pathway.requires,
        "excludes": pathway.excludes,
        "based_on": "",
        "packs": [{**unknown, "language": language, "complete": True} for language in languages],
    }


def steps_of(version: PathwayVersion) -> tuple[StepContent, ...]:
    """Return the steps with their words and sources, in their order."""
    sources = _source_keys(version)
    rows = version.steps.order_by("position").prefetch_related("texts")
    return tuple(_whole(row, sources=tuple(sources[row.pk])) for row in rows)


def _whole(row: Step, *, sources: tuple[str, ...]) -> StepContent:
    return replace(
        row.as_content(),
        sources=sources,
        must_have=tuple(row.must_have),
        restrictions=tuple(row.restrictions),
        permits=tuple(row.permits),
        range_note=row.range_note,
        texts={
            text.language: StepTexts(**{name: getattr(text, name) for name in TEXT_FIELDS})
            for text in row.texts.all()
        },
    )


def _source_keys(version: PathwayVersion) -> Mapping[int, list[str]]:
    """The sources of each step in the order in which they were named."""
    keys: dict[int, list[str]] = defaultdict(list)
    through = Step.sources.through
    for row in through._default_manager.filter(step__version=version).order_by("pk"):
        keys[row.step_id].append(row.source_id)
    return keys


def findings_of(version: PathwayVersion) -> list[Finding]:
    """Return everything that the linter says of this version, with the clinic's own values."""
    return findings_in(content_of(version), clinic=version.pathway.clinic)


def findings_in(content: PathwayContent, *, clinic: Clinic) -> list[Finding]:
    """Return everything that the linter says of this content at this clinic."""
    return lint(content, sources=known_sources(), settings=settings_for(clinic))


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity is Severity.BLOCKS]


def known_sources() -> list[SourceContent]:
    """Return the sources on record, as the linter knows them."""
    return [
        SourceContent(
            key=row.key,
            title=row.title,
            publisher=row.publisher,
            date=row.date,
            where=row.where,
            grade=Grade(row.grade) if row.grade in set(Grade) else Grade.NONE,
        )
        for row in Source.objects.all()
    ]


def settings_for(clinic: Clinic) -> LintSettings:
    """Return the linter's limits at this clinic: its own values where they are longer."""
    own = {
        "clinic": clinic.sender_name,
        "phone": clinic.phone,
        "booking": clinic.booking_phone,
        "urgent": clinic.urgent_phone,
        "emergency": clinic.emergency_phone,
        "lift_limit": clinic.lift_limit,
        "sit_limit": clinic.sit_limit,
        "fever": clinic.fever,
        "link": max(page_address(SAMPLE_TOKEN), clinic_address(clinic), key=len),
    }
    longest = {name: max(WORST_CASE[name], own.get(name, ""), key=len) for name in WORST_CASE}
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    return replace(
        _shipped_settings(),
        longest_values=longest,
        texts_a_day=clinic.texts_a_day,
        own_hosts=frozenset({host}),
    )


@lru_cache(maxsize=1)
def _shipped_settings() -> LintSettings:
    return lint_settings()
