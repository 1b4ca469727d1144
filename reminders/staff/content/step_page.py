"""One step: its words in each language side by side, as they arrive, and what is wrong in them."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

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

from clinic import clock
from reminders.flow.drafts import NotEditable
from reminders.flow.editing import edit_step, edit_text
from reminders.flow.governance import pulled_keys
from reminders.flow.version_content import TEXT_FIELDS, content_of
from reminders.models import PathwayVersion, Step
from reminders.rules.content import Channel, Shift, StepContent
from reminders.rules.wording import PLACEHOLDERS
from reminders.staff.content.look import Look, Said, look_at
from reminders.staff.content.page import may_edit, page, version_of
from reminders.staff.screen import staff_of
from reminders.staff.words import language_name

LABELS = {
    "sms": "Text message",
    "sms_detailed": "Text for those who agreed to details",
    "subject": "Subject of the mail",
    "heading": "Heading of the mail",
    "email": "Mail",
}
ROWS = {"sms": 4, "sms_detailed": 2, "subject": 1, "heading": 1, "email": 12}
SHIFTS = {
    Shift.NONE: "stays on its day",
    Shift.NEXT_WORKDAY: "moves to the next working day",
    Shift.PREV_WORKDAY: "moves to the working day before",
}
NUMBERS = ("day_from", "day_to")


@dataclass(frozen=True, slots=True)
class TextField:
    """One field to write in, with what the linter says of it."""

    name: str
    label: str
    value: str
    rows: int
    findings: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One language of the step."""

    code: str
    name: str
    fields: tuple[TextField, ...]
    look: Look
    general: tuple[Said, ...]

    @property
    def is_begun(self) -> bool:
        return any(field.value for field in self.fields) or bool(self.look.findings)


def step_view(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Show a step; write it on "save", or look at what was typed on "check" and write nothing."""
    version = version_of(request, pk)
    step = step_of(version, key)
    content = content_of(version).step(key)
    typed = request.POST if request.method == "POST" else None
    if typed is not None:
        if not may_edit(request, version):
            raise PermissionDenied
        if typed.get("do") == "save" and _save(request, version, step, seen=_mark(content)):
            return HttpResponseRedirect(request.path)
    return page(
        request,
        "step",
        version,
        heading=step.intent,
        step=step,
        content=content,
        columns=list(_columns(version, step, content, typed)),
        seen=typed.get("seen", "") if typed is not None else _mark(content),
        setting=_settings(step, typed),
        shifts=SHIFTS.items(),
        sources=list(step.sources.all()),
        placeholders=sorted(PLACEHOLDERS),
        is_pulled=key in pulled_keys(version.pathway.clinic),
        is_typed=typed is not None,
    )


def check_view(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Answer what was typed in one language with its look, as JSON. Writes nothing."""
    version = version_of(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    language = request.POST.get("language", "")
    if language not in content_of(version).languages:
        raise Http404
    words = _words(request.POST, language)
    look = look_at(step_of(version, key), version=version, language=language, words=words)
    return JsonResponse(look.as_json())


def step_of(version: PathwayVersion, key: str) -> Step:
    """Return the step of that key, or 404."""
    step = version.steps.filter(key=key).first()
    if step is None:
        raise Http404
    return step


def _columns(
    version: PathwayVersion, step: Step, content: StepContent, typed: Mapping[str, str] | None
) -> Iterator[Column]:
    if not content.for_patients:
        return
    for language in _in_order(version, content):
        stands = content.texts.get(language)
        words = {name: getattr(stands, name, "") for name in TEXT_FIELDS}
        if typed is not None:
            words |= _words(typed, language)
        look = look_at(step, version=version, language=language, words=words)
        yield Column(
            code=language,
            name=language_name(language),
            fields=tuple(_fields(content, words, look)),
            look=look,
            general=tuple(said for said in look.findings if not said.field),
        )


def _in_order(version: PathwayVersion, content: StepContent) -> list[str]:
    """The clinic's own language first, and those that have no words yet last."""
    own = version.pathway.clinic.language
    languages = content_of(version).languages
    return sorted(languages, key=lambda code: (code not in content.texts, code != own, code))


def _fields(content: StepContent, words: Mapping[str, str], look: Look) -> Iterator[TextField]:
    """The fields that the step's channels use, and any other that has words."""
    for name, label in LABELS.items():
        is_text = name.startswith("sms")
        channel = Channel.SMS if is_text else Channel.EMAIL
        if channel in content.channels or words[name]:
            findings = tuple(said for said in look.findings if said.field == name)
            yield TextField(name, label, words[name], ROWS[name], findings)


def _words(typed: Mapping[str, str], language: str) -> dict[str, str]:
    """Return what was typed in one language; a field that was not on the page is not named."""
    return {
        name: typed[f"{language}-{name}"].replace("\r\n", "\n")
        for name in TEXT_FIELDS
        if f"{language}-{name}" in typed
    }


def _settings(step: Step, typed: Mapping[str, str] | None) -> dict[str, object]:
    names = ("intent", "day_from", "day_to", "at", "shift", "range_note", "staff_action")
    values: dict[str, object] = {name: getattr(step, name) for name in names}
    values["sources"] = ", ".join(step.sources.values_list("pk", flat=True))
    if typed is not None:
        values |= {name: typed[name] for name in values if name in typed}
    return values


def _mark(content: StepContent) -> str:
    """Name the step as it was shown, so that nobody writes over a colleague's words unseen."""
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


def _save(request: HttpRequest, version: PathwayVersion, step: Step, *, seen: str) -> bool:
    if request.POST.get("seen") != seen:
        messages.error(
            request, "A colleague has changed this step meanwhile. Copy your words, then reload."
        )
        return False
    try:
        _write(request, version, step)
    except NotEditable as reason:
        messages.error(request, str(reason))
        return False
    messages.success(request, "Saved in the draft.")
    return True


@transaction.atomic
def _write(request: HttpRequest, version: PathwayVersion, step: Step) -> None:
    by, now = staff_of(request), clock.now()
    fields, sources = _typed_settings(request.POST)
    edit_step(step.pk, fields=fields, sources=sources, by=by, now=now)
    for language in content_of(version).languages:
        if words := _words(request.POST, language):
            stands = step.texts.filter(language=language).exists()
            if stands or any(value.strip() for value in words.values()):
                edit_text(step.pk, language=language, words=words, by=by, now=now)


def _typed_settings(
    typed: Mapping[str, str],
) -> tuple[dict[str, object], tuple[str, ...] | None]:
    fields: dict[str, object] = {}
    for name in ("intent", "at", "shift", "range_note", "staff_action"):
        if name in typed:
            fields[name] = typed[name].strip()
    for name in NUMBERS:
        if name in typed:
            try:
                fields[name] = int(typed[name])
            except ValueError:
                raise NotEditable("Days are whole numbers, as in -7 or 12.") from None
    if "sources" not in typed:
        return fields, None
    named = (key.strip() for key in typed["sources"].split(","))
    return fields, tuple(key for key in named if key)


def step_address(version: PathwayVersion, key: str) -> str:
    """Return the address of a step's page."""
    return reverse("admin:reminders_content_step", args=[version.pk, key])
