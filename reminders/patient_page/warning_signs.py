"""The signed list of warning signs → the same words, laid out as lists that are quick to scan."""

import re
from dataclasses import dataclass

from django.db.models import QuerySet

from clinic.models import Clinic, Patient
from reminders.flow.render import placeholder_values
from reminders.models import PulledStep, Step, VersionStatus
from reminders.rules.language import language_of
from reminders.rules.wording import Unfillable, fill

# The step of a pathway that carries its list, and the part of the body that the list is about.
AREAS = {"d1_warning_signs": "back", "cx_warning_signs": "neck"}
# A part opens with words in capitals, before its first comma or colon: "SAME DAY, call ...".
_OPENING = re.compile(r"(?:^|(?<=[.!?]\s))(?=[^\W\d_]{2,}[^.,:]*[,:])")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the list: its opening (may be empty) and its signs, each a sentence."""

    opening: str
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WarningSigns:
    """One list, the language that it is in, and the area that it is about: back or neck."""

    area: str
    language: str
    parts: tuple[Part, ...]


def warning_signs(clinic: Clinic, *, language: str) -> list[WarningSigns]:
    """Return each list of the live pathways once, in this language, the clinic's or English.

    Nothing unsigned is shown, so there is none without a live version; nor where a placeholder has
    no value. Every list is shown to everybody, so the page tells nothing about its reader.
    """
    lists: dict[tuple[Part, ...], WarningSigns] = {}
    for step in _live_steps(clinic):
        found = _signs(step, clinic=clinic, language=language)
        if found is not None:
            lists.setdefault(found.parts, found)
    return sorted(lists.values(), key=lambda found: list(AREAS.values()).index(found.area))


def as_a_line(sign: str) -> str:
    """Return a sign as a list shows it: with a capital, though it went on after a colon.

    For reading only; what is kept of a report is the sign as it was signed.
    """
    return sign[:1].upper() + sign[1:]


def _live_steps(clinic: Clinic) -> QuerySet[Step]:
    pulled = PulledStep.objects.filter(clinic=clinic, restored_at=None).values("step_key")
    live = Step.objects.filter(
        key__in=AREAS,
        version__pathway__clinic=clinic,
        version__status=VersionStatus.LIVE,
        version__sealed=True,
    ).exclude(key__in=pulled)
    return live.prefetch_related("texts").order_by("version__pathway_id")


def _signs(step: Step, *, clinic: Clinic, language: str) -> WarningSigns | None:
    texts = {t.language: t for t in step.texts.all() if t.email.strip()}
    found = language_of(texts, patient=language, clinic=clinic.language)
    if found is None:
        return None
    words = texts[found]
    values = placeholder_values(
        step,
        clinic=clinic,
        patient=Patient(clinic=clinic),  # nobody: the page is the same for everybody
        surgery=None,
        language=words.language,
    )
    try:
        parts = laid_out(fill(words.email, values=values))  # `unbroken` isolates the numbers
    except Unfillable:
        return None
    return WarningSigns(AREAS[step.key], words.language, parts)


def laid_out(text: str) -> tuple[Part, ...]:
    """Return the text in parts. Every word stays, in its order; only the layout is new."""
    parts: list[Part] = []
    for paragraph in text.split("\n\n"):
        starts = [m.start() for m in _OPENING.finditer(paragraph) if _in_capitals(paragraph, m)]
        for start, end in zip([0, *starts], [*starts, len(paragraph)], strict=True):
            if piece := " ".join(paragraph[start:end].split()):
                parts.append(_part(piece, has_opening=start in starts))
    return tuple(parts)


def _in_capitals(text: str, match: re.Match[str]) -> bool:
    return re.split("[,:]", text[match.start() :], maxsplit=1)[0].isupper()


def _part(piece: str, *, has_opening: bool) -> Part:
    opening, colon, rest = piece.partition(": ")
    if not has_opening or not colon:
        return Part("", tuple(_SENTENCE.split(piece)))
    return Part(f"{opening}:", tuple(_SENTENCE.split(rest)))
