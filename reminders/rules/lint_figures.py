"""A pathway → the figures that a reviewer and a release note want to see."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from reminders.rules.content import GENERAL_KNOWLEDGE, Channel, PathwayContent, StepContent
from reminders.rules.findings import LintSettings
from reminders.rules.gsm7 import sms_size
from reminders.rules.lint import worst_grade
from reminders.rules.wording import Unfillable, fill


@dataclass(frozen=True, slots=True)
class Figures:
    """`one_part`: of all SMS of a language, filled with long values, the percentage in one part."""

    steps: Mapping[str, int]  # by category
    for_staff: int
    own: int  # steps that are written for this pathway alone, or changed for it
    sources_a_step: float
    fewest_sources: int
    on_general_knowledge: int
    one_part: Mapping[str, float]  # by language
    messages_said: Mapping[str, int]  # by language
    worst_grade: float


def figures(
    pathway: PathwayContent, *, base: PathwayContent | None, settings: LintSettings
) -> Figures:
    """Return the figures of one pathway. `base`: the one that it is based on."""
    known = [len(set(step.sources) - {GENERAL_KNOWLEDGE}) for step in pathway.steps]
    shared = set() if base is None else {_bare(step) for step in base.steps}
    return Figures(
        steps=dict(sorted(Counter(step.category.value for step in pathway.steps).items())),
        for_staff=sum(not step.is_sent for step in pathway.steps),
        own=sum(_bare(step) not in shared for step in pathway.steps),
        sources_a_step=round(sum(known) / max(1, len(known)), 1),
        fewest_sources=min(known, default=0),
        on_general_knowledge=sum(GENERAL_KNOWLEDGE in step.sources for step in pathway.steps),
        one_part={lang: _one_part(pathway, lang, settings) for lang in pathway.languages},
        messages_said={
            lang: sum(lang in step.texts for step in pathway.steps) for lang in pathway.languages
        },
        worst_grade=worst_grade([pathway]),
    )


def _bare(step: StepContent) -> str:
    """All that a step says, but for the operations, which each pathway puts in anew."""
    return repr({name: getattr(step, name) for name in step.__slots__ if name != "procedures"})


def _one_part(pathway: PathwayContent, language: str, settings: LintSettings) -> float:
    parts = []
    for step in pathway.steps:
        texts = step.texts.get(language)
        if texts is None or Channel.SMS not in step.channels:
            continue
        for text in filter(None, (texts.sms, texts.sms_detailed)):
            try:
                parts.append(sms_size(fill(text, values=settings.longest_values)).parts)
            except Unfillable:
                parts.append(0)
    return round(100 * sum(count == 1 for count in parts) / max(1, len(parts)), 1)
