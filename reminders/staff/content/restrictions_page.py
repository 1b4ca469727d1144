"""The activity calendar of a version: each rule as a bar, and on a draft the clinic's own day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext, gettext_noop, ngettext

from clinic import clock
from clinic.models import Clinic
from reminders.flow.calendar import calendar_of, shipped_rules
from reminders.flow.drafts import NotEditable
from reminders.flow.restriction_days import set_day
from reminders.flow.version_content import findings_in
from reminders.models import PathwayVersion, Source
from reminders.rules.content import (
    PathwayContent,
    RestrictionContent,
    RestrictionKind,
    StepContent,
)
from reminders.rules.findings import Finding, Severity
from reminders.rules.restrictions import default_day, first_free_day, rule_in
from reminders.rules.wording import Unfillable
from reminders.staff.bars import Bar, bar, place, ticks
from reminders.staff.content.page import may_edit, page, version_of
from reminders.staff.content.shown import content_shown
from reminders.staff.kept_words import kept_said
from reminders.staff.screen import staff_of
from reminders.staff.shipped_words import version_said
from reminders.staff.words import language_name

# What the linter says about activities, and nothing else of what it says.
ABOUT_ACTIVITIES = frozenset(
    {"contradiction", "old_day", "outside_reviewed_range", "unknown_restriction"}
)
KINDS = {
    RestrictionKind.LIMIT: gettext_noop("Limit"),
    RestrictionKind.START: gettext_noop("Start"),
    RestrictionKind.ADVICE: gettext_noop("Advice"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the patient is told in one language."""

    language: str
    name: str
    title: str
    rule: str


@dataclass(frozen=True, slots=True)
class Row:
    """One activity, with its bar and all that a clinician decides by."""

    rule: RestrictionContent
    kind: str
    bar: Bar | None
    reviewed: Bar | None
    default: int | None
    default_at: float | None
    day: int | None
    is_moved: bool
    spoken_of: tuple[StepContent, ...]
    told: tuple[Told, ...]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    typed: str = ""
    problem: str = ""

    @property
    def kind_is_advice(self) -> bool:
        return self.rule.kind is RestrictionKind.ADVICE

    @property
    def kind_is_start(self) -> bool:
        return self.rule.kind is RestrictionKind.START


def restrictions_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the calendar; on a draft, keep the days that were typed, or say why one was refused."""
    version = version_of(request, pk)
    problems: dict[str, str] = {}
    if request.method == "POST":
        if not may_edit(request, version):
            raise PermissionDenied
        problems = _keep(request, version)
        if not problems:
            return HttpResponseRedirect(request.path)
        version.refresh_from_db()
    content, clinic = content_shown(version), version.pathway.clinic
    findings = [one for one in findings_in(content, clinic=clinic) if one.rule in ABOUT_ACTIVITIES]
    return page(
        request,
        "restrictions",
        version,
        heading=gettext("Activities: %(version)s") % {"version": version_said(version)},
        rows=list(_rows(content, clinic, findings, typed=request.POST, problems=problems)),
        ticks=ticks(),
        blocking=sum(1 for one in findings if one.severity is Severity.BLOCKS),
        problems=problems,
        is_signed=bool(content.calendar),
    )


def _keep(request: HttpRequest, version: PathwayVersion) -> dict[str, str]:
    """Set each day that differs from what the page had shown; return the problems by key."""
    problems, kept = {}, 0
    for key in shipped_rules():
        typed = request.POST.get(f"day-{key}", "").strip()
        if f"day-{key}" not in request.POST or typed == request.POST.get(f"was-{key}", ""):
            continue
        try:
            set_day(version.pk, key=key, day=_day(typed), by=staff_of(request), now=clock.now())
            kept += 1
        except NotEditable as reason:
            problems[key] = kept_said(str(reason))
    if kept:
        said = ngettext(
            "One day was saved in the draft.", "%(count)s days were saved in the draft.", kept
        )
        messages.success(request, said % {"count": kept})
    if problems:
        messages.error(request, gettext("Not every day was saved. The reason stands beside it."))
    return problems


def _day(typed: str) -> int | None:
    """Return the day; None for an empty field, which means the default."""
    if not typed:
        return None
    try:
        return int(typed)
    except ValueError:
        raise NotEditable(gettext("A day is a whole number, as in 28.")) from None


def _rows(
    content: PathwayContent,
    clinic: Clinic,
    findings: Sequence[Finding],
    *,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
) -> Iterator[Row]:
    rules = calendar_of(content)
    known = Source.objects.in_bulk({key for rule in rules for key in rule.sources})
    for rule in rules:
        shipped = shipped_rules().get(rule.key, rule)
        default, day = default_day(shipped), first_free_day(rule)
        spoken_of = tuple(
            step for step in content.steps if rule.key in {*step.restrictions, *step.permits}
        )
        yield Row(
            rule=rule,
            kind=gettext(KINDS[rule.kind]),
            bar=_bar(rule),
            reviewed=bar(*rule.reviewed_days) if rule.reviewed_days else None,
            default=default,
            default_at=None if default is None else place(default),
            day=day,
            is_moved=default is not None and day != default,
            spoken_of=spoken_of,
            told=tuple(_told(rule, content.languages, clinic)),
            sources=tuple(known[key] for key in rule.sources if key in known),
            findings=tuple(_about(rule, spoken_of, findings)),
            typed=typed.get(f"day-{rule.key}", "") if rule.key in problems else "",
            problem=problems.get(rule.key, ""),
        )


def _bar(rule: RestrictionContent) -> Bar | None:
    """The days on which it holds something back; advice holds nothing back."""
    if rule.kind is RestrictionKind.ADVICE:
        return None
    if rule.kind is RestrictionKind.START:
        return bar(0, rule.day_from)
    return bar(rule.day_from, rule.day_to)


def _about(
    rule: RestrictionContent, spoken_of: Sequence[StepContent], findings: Sequence[Finding]
) -> Iterator[Finding]:
    steps = {step.key for step in spoken_of} | {""}
    for one in findings:
        if one.step in steps and rule.activity in one.message:
            yield one


def _told(rule: RestrictionContent, languages: Sequence[str], clinic: Clinic) -> Iterator[Told]:
    values = {"lift_limit": clinic.lift_limit, "sit_limit": clinic.sit_limit}
    own_first = sorted(languages, key=lambda code: (code != clinic.language, code))
    for language in (code for code in own_first if code in rule.rule):
        try:
            words = rule_in(rule, language=language, values=values)
        except Unfillable as reason:
            words = str(reason)
        yield Told(language, language_name(language), rule.title.get(language, ""), words)
