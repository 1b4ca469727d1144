"""Pathways: what a version says, where each sentence comes from, and who has signed it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clinic import clock
from clinic.models import Staff
from reminders.flow.signing import (
    MAY_SIGN,
    NotSignable,
    go_live,
    missing_signatures,
    retire,
    send_back,
    sign,
    submit,
)
from reminders.flow.version_history import sent_back
from reminders.models import PathwayVersion, VersionStatus
from reminders.staff.content.urls import content_urls
from reminders.staff.findings_said import refused_said
from reminders.staff.kept_words import kept_said
from reminders.staff.pathway_days import PathwayDay, days_of
from reminders.staff.screen import ReadOnlyScreen, staff_of, visible_row
from reminders.staff.shipped_words import shipped_said, version_said
from reminders.staff.words import Words, language_name
from reminders.tasks import ring

STATUS_TONES = {
    VersionStatus.DRAFT: "quiet",
    VersionStatus.IN_REVIEW: "warn",
    VersionStatus.APPROVED: "wait",
    VersionStatus.LIVE: "good",
    VersionStatus.RETIRED: "quiet",
}
# What each state leads to on the way to live, as the page draws it.
WAY = (
    VersionStatus.DRAFT,
    VersionStatus.IN_REVIEW,
    VersionStatus.APPROVED,
    VersionStatus.LIVE,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that can be done with a version in a certain state."""

    name: str
    button: Words
    done: Words
    state: VersionStatus
    do: Callable[..., PathwayVersion]
    tone: str = "main"
    asks_why: bool = False


STEPS = (
    Step(
        "submit",
        gettext_lazy("Hand in for review"),
        gettext_lazy("Handed in for review."),
        VersionStatus.DRAFT,
        submit,
    ),
    Step(
        "sign",
        gettext_lazy("Sign in my name"),
        gettext_lazy("Signed."),
        VersionStatus.IN_REVIEW,
        sign,
    ),
    Step(
        "send-back",
        gettext_lazy("Send back to draft"),
        gettext_lazy("Sent back. It can be written in again; its signatures are void."),
        VersionStatus.IN_REVIEW,
        send_back,
        "danger",
        asks_why=True,
    ),
    Step(
        "go-live",
        gettext_lazy("Go live"),
        gettext_lazy("Live. Plans follow within seconds."),
        VersionStatus.APPROVED,
        go_live,
    ),
    Step(
        "retire",
        gettext_lazy("Withdraw"),
        gettext_lazy("Withdrawn. Its messages are held."),
        VersionStatus.LIVE,
        retire,
        "danger",
    ),
)


@admin.register(PathwayVersion)
class PathwayScreen(ReadOnlyScreen[PathwayVersion]):
    """The clinic's versions. Content is loaded from files and signed here, never edited here."""

    empty_title = gettext_lazy("There is no pathway yet.")
    empty_words = gettext_lazy("Ask your operator to run: manage.py load_pathways")
    called = gettext_lazy("Pathways")
    list_display = ("title", "label", "state", "size", "signatures_given", "since")
    list_display_links = None
    list_filter = ("status",)  # a filter by pathway would name those of other clinics
    search_fields = ("pathway__title", "label")
    search_help_text = gettext_lazy("Title or label")
    list_select_related = ("pathway", "author")
    ordering = ("pathway__title", "-number")
    change_form_template = "staff/pathways/version.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[PathwayVersion]:
        return (
            super()
            .get_queryset(request)
            .select_related("pathway", "author")
            .annotate(
                step_count=Count("steps", distinct=True),
                signature_count=Count(
                    "signatures", distinct=True, filter=Q(signatures__voided_at=None)
                ),
            )
        )

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/do/<slug:name>/", wrap(step_view), name="reminders_pathwayversion_do"),
            *content_urls(wrap),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("Pathway"), ordering="pathway__title")
    def title(self, version: PathwayVersion) -> str:
        return format_html(
            '<span class="ac-two"><a class="ac-name" href="{}">{}</a><small>{}</small></span>',
            reverse("admin:reminders_pathwayversion_change", args=[version.pk]),
            shipped_said(version.pathway.title),
            _("version {number}").format(number=version.number),
        )

    @admin.display(description=gettext_lazy("State"), ordering="status")
    def state(self, version: PathwayVersion) -> str:
        return format_html(
            '<span class="ac-pill ac-pill-{}">{}</span>',
            STATUS_TONES[VersionStatus(version.status)],
            version.get_status_display(),
        )

    @admin.display(description=gettext_lazy("Steps"))
    def size(self, version: Any) -> int:
        return int(version.step_count)

    @admin.display(description=gettext_lazy("Signatures"))
    def signatures_given(self, version: Any) -> int:
        return int(version.signature_count)

    @admin.display(description=gettext_lazy("Live from"), ordering="live_from")
    def since(self, version: PathwayVersion) -> str:
        return date_format(version.live_from, "j M Y") if version.live_from else ""

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        version = context["original"]
        context["heading"] = context["subtitle"] = version_said(version)
        context["way"] = _way(version)
        context["status_tone"] = STATUS_TONES[VersionStatus(version.status)]
        context["signatures"] = list(version.signatures.select_related("signer"))
        context["sent_back"] = sent_back(version)
        context["missing"] = [kept_said(one) for one in missing_signatures(version)]
        context["actions"] = [(step, _obstacle(version, step, by=staff_of(request)))
                              for step in STEPS if step.state == version.status]  # fmt: skip
        context["days"] = days = days_of(version)
        context["languages"] = _translated_into(days)
        return super().render_change_form(request, context, *args, **kwargs)


def _translated_into(days: list[PathwayDay]) -> list[str]:
    """Return the names of the languages beside English that texts of these days are in."""
    steps = (shown for day in days for shown in day.steps)
    codes = {text.language for shown in steps for text in shown.texts} - {"en"}
    return [language_name(code) for code in sorted(codes)]


def _way(version: PathwayVersion) -> list[tuple[str, str]]:
    """Return the states to live, each done, current or to come."""
    if version.status == VersionStatus.RETIRED:
        return [(str(status.label), "done") for status in WAY]
    at = WAY.index(VersionStatus(version.status))
    return [
        (str(status.label), "done" if i < at else "now" if i == at else "next")
        for i, status in enumerate(WAY)
    ]


def _obstacle(version: PathwayVersion, step: Step, *, by: Staff) -> str:
    """Return why this person cannot do it, or an empty text; the flow has the last word."""
    if not by.has_perm(MAY_SIGN):
        return _("Surgeons, nurses and physiotherapists can do this.")
    if step.do is not sign:
        return ""
    if version.signatures.standing().filter(signer=by).exists():
        return _("You have signed this version.")
    if version.author_id == by.pk:
        return _("You handed it in; a colleague has to sign.")
    return ""


def step_view(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Hand in, sign, put live or withdraw a version, in the name of whoever is signed in."""
    version = visible_row(request, PathwayVersion.objects.all(), pk)
    step = next((step for step in STEPS if step.name == name), None)
    if not staff_of(request).has_perm(MAY_SIGN):
        raise PermissionDenied
    if request.method != "POST" or step is None:
        return HttpResponseNotAllowed(["POST"])
    _take(request, version, step, now=clock.now())
    return HttpResponseRedirect(reverse("admin:reminders_pathwayversion_change", args=[version.pk]))


def _take(request: HttpRequest, version: PathwayVersion, step: Step, *, now: datetime) -> None:
    why = {"reason": request.POST.get("reason", "")} if step.asks_why else {}
    try:
        step.do(version.pk, by=staff_of(request), now=now, **why)
    except NotSignable as reason:
        found = reason.findings
        messages.error(request, refused_said(found) if found else kept_said(str(reason)))
    else:
        ring("reminders.plan")
        messages.success(request, str(step.done))
