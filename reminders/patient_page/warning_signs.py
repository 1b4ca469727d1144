"""The signed list of warning signs → the same words, laid out as lists that are quick to scan."""

import re
from dataclasses import dataclass

from clinic.models import Clinic, Patient
from reminders.flow.render import placeholder_values
from reminders.models import Step, StepText, VersionStatus
from reminders.rules.wording import Unfillable, fill

STEP_KEY = "d1_warning_signs"
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
    """The list, and the language that it is in."""

    language: str
    parts: tuple[Part, ...]


def warning_signs(clinic: Clinic, *, language: str) -> WarningSigns | None:
    """Return the list of the clinic's live pathway in this language, the clinic's, or English.

    None when no version is live (nothing unsigned is shown) or a placeholder has no value.
    """
    words = _signed_words(clinic, language=language)
    if words is None:
        return None
    values = placeholder_values(
        words.step,
        clinic=clinic,
        patient=Patient(clinic=clinic),  # nobody: the page is the same for everybody
        surgery=None,
        language=words.language,
    )
    try:
        return WarningSigns(words.language, laid_out(fill(words.email, values=values)))
    except Unfillable:
        return None


def _signed_words(clinic: Clinic, *, language: str) -> StepText | None:
    step = (
        Step.objects.filter(
            key=STEP_KEY, version__pathway__clinic=clinic, version__status=VersionStatus.LIVE
        )
        .order_by("version__pathway_id")
        .first()
    )
    texts = {text.language: text for text in step.texts.select_related("step")} if step else {}
    return next((texts[code] for code in (language, clinic.language, "en") if code in texts), None)


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
