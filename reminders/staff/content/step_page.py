"""One step: how it is set, its words as they arrive, what it rests on, and what is wrong in it."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic import clock
from clinic.page_safety import allow
from reminders.flow.drafts import NotEditable
from reminders.flow.editing import edit_step, edit_text, known_to
from reminders.flow.governance import pulled_keys
from reminders.flow.letter_styles import allowed_styles
from reminders.flow.step_settings import SETTINGS, USUAL, problems_in
from reminders.flow.version_content import settings_for
from reminders.models import Audience, PathwayVersion, Step
from reminders.rules.content import StepContent
from reminders.rules.wording import PLACEHOLDERS
from reminders.staff.content.languages import columns_of, words_typed
from reminders.staff.content.look import findings_of_step, look_at
from reminders.staff.content.page import may_edit, page, version_of
from reminders.staff.content.settings_form import SettingsForm
from reminders.staff.content.settings_sections import answers_of, mistakes_of, sections_of
from reminders.staff.content.shown import content_shown
from reminders.staff.content.step_words import EVIDENCE, FOR_WHOM, said_of
from reminders.staff.kept_words import kept_said
from reminders.staff.screen import staff_of
from reminders.staff.shipped_words import shipped_said


def step_view(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Show a step; write it on "save", or look at what was typed on "check" and write nothing."""
    version = version_of(request, pk)
    step = step_of(version, key)
    content = content_shown(version).step(key)
    typed = request.POST if request.method == "POST" else None
    form = form_of(version, step=step, typed=typed)
    if typed is not None:
        if not may_edit(request, version):
            raise PermissionDenied
        check(form, version, key=key, texts=content.texts)
        is_asked = typed.get("do") == "save"
        if is_asked and _save(request, version, step, form=form, seen=_mark(content)):
            return HttpResponseRedirect(request.path)
    answer = page(
        request,
        "step",
        version,
        heading=shipped_said(step.intent),
        step=step,
        content=content,
        columns=list(columns_of(version, step, content, typed)),
        seen=typed.get("seen", "") if typed is not None else _mark(content),
        **shown(form, version),
        findings=findings_of_step(version, key=key),
        sources=list(step.sources.all()),
        evidence=str(EVIDENCE.get(content.evidence, "")),
        for_whom=FOR_WHOM[step.audience],
        placeholders=sorted(PLACEHOLDERS),
        is_pulled=key in pulled_keys(version.pathway.clinic),
        is_typed=typed is not None,
    )
    return allow(answer, allowed_styles())


def form_of(
    version: PathwayVersion,
    *,
    step: Step | None,
    typed: Mapping[str, Any] | None,
    audience: str = "",
) -> SettingsForm:
    """Return the fields of a step, or of one that is to be added for this audience."""
    content = content_shown(version)
    stands: dict[str, Any] = USUAL | ({"audience": audience} if audience in set(Audience) else {})
    sources: tuple[str, ...] = ()
    if step is not None:
        names = (*SETTINGS, "audience")
        stands = {name: getattr(step, name) for name in names}
        sources = content.step(step.key).sources
    return SettingsForm(
        typed,
        stands=stands,
        sources=sources,
        known=known_to(version, content=content),
        rules=settings_for(version.pathway.clinic).restrictions,
    )


def check(
    form: SettingsForm, version: PathwayVersion, *, key: str, texts: Mapping[str, Any]
) -> None:
    """Put everything that is wrong with what was typed at its field."""
    form.is_valid()
    problems = problems_in(
        form.settings,
        key=key,
        sources=form.named_sources,
        texts=texts,
        known=known_to(version, content=content_shown(version)),
    )
    # A field that could not be read has said so already.
    form.show({field: said for field, said in problems.items() if field not in form.errors})


def shown(form: SettingsForm, version: PathwayVersion) -> dict[str, Any]:
    """Return what the templates need of the fields."""
    said = said_of(
        form.settings if form.is_bound else form.stands,
        pathway=content_shown(version),
        rules=settings_for(version.pathway.clinic).restrictions,
    )
    return {
        "form": form,
        "sections": sections_of(form, said=said),
        "answers": answers_of(form),
        "mistakes": mistakes_of(form) if form.is_bound else [],
    }


def check_view(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Answer what was typed in one language with its look, as JSON. Writes nothing."""
    version = version_of(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    language = request.POST.get("language", "")
    if language not in content_shown(version).languages:
        raise Http404
    words = words_typed(request.POST, language)
    look = look_at(step_of(version, key), version=version, language=language, words=words)
    return JsonResponse(look.as_json())


def step_of(version: PathwayVersion, key: str) -> Step:
    """Return the step of that key, or 404."""
    step = version.steps.filter(key=key).first()
    if step is None:
        raise Http404
    return step


def _mark(content: StepContent) -> str:
    """Name the step as it was shown, so that nobody writes over a colleague's words unseen."""
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


def _save(
    request: HttpRequest, version: PathwayVersion, step: Step, *, form: SettingsForm, seen: str
) -> bool:
    if request.POST.get("seen") != seen:
        messages.error(
            request, _("A colleague has changed this step meanwhile. Copy your words, then reload.")
        )
        return False
    if form.errors:
        messages.error(request, _("Not saved yet: see what to put right below."))
        return False
    try:
        _write(request, version, step, form=form)
    except NotEditable as reason:
        form.show(reason.problems)
        messages.error(request, kept_said(str(reason)))
        return False
    messages.success(request, _("Saved in the draft."))
    return True


@transaction.atomic
def _write(
    request: HttpRequest, version: PathwayVersion, step: Step, *, form: SettingsForm
) -> None:
    by, now = staff_of(request), clock.now()
    fields = {name: form.settings[name] for name in SETTINGS}
    edit_step(step.pk, fields=fields, sources=form.named_sources, by=by, now=now)
    for language in content_shown(version).languages:
        if words := words_typed(request.POST, language):
            stands = step.texts.filter(language=language).exists()
            if stands or any(value.strip() for value in words.values()):
                edit_text(step.pk, language=language, words=words, by=by, now=now)


def step_address(version: PathwayVersion, key: str) -> str:
    """Return the address of a step's page."""
    return reverse("admin:reminders_content_step", args=[version.pk, key])
