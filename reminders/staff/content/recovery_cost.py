"""A whole recovery → how many texts it is, in how many parts, and what those cost the clinic.

Every text is filled for a made-up patient, as in the editor, so the two never disagree.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from clinic.models import Channel, Closure
from reminders.flow.render import CannotRender, has_words
from reminders.models import Audience, PathwayVersion, Step
from reminders.rules import language as languages
from reminders.rules.planning import Occurrence, plan
from reminders.rules.sms_price import Cost, cost_of
from reminders.staff.content.look import price_at, rendered
from reminders.staff.content.made_up_record import record_of, today_at, usual
from reminders.staff.content.shown import content_shown
from reminders.staff.words import language_name


@dataclass(frozen=True, slots=True)
class RecoveryCost:
    """The texts of one recovery. `price` is empty where the clinic has not said what a part is."""

    language: str
    cost: Cost
    price: str


def usual_costs(version: PathwayVersion) -> list[RecoveryCost]:
    """Return the cost of a recovery with no special facts, in each language that is complete."""
    clinic, content = version.pathway.clinic, content_shown(version)
    asked = usual(content, clinic, today=today_at(clinic))
    closures = list(Closure.objects.filter(clinic=clinic))
    occurrences = plan(record_of(asked, clinic, closures=closures), content.steps)
    complete = [pack.language for pack in content.packs if pack.complete]
    own_first = sorted(complete, key=lambda code: (code != clinic.language, code))
    texts = texted_steps(version)
    return [cost_of_plan(occurrences, version, language=code, texts=texts) for code in own_first]


def texted_steps(version: PathwayVersion) -> list[Step]:
    """Return the steps that send a patient a text, with their words."""
    steps = version.steps.filter(audience=Audience.PATIENT).prefetch_related("texts")
    return [step for step in steps if Channel.SMS in step.channels]


def cost_of_plan(
    occurrences: Iterable[Occurrence],
    version: PathwayVersion,
    *,
    language: str,
    texts: Iterable[Step],
) -> RecoveryCost:
    """Return what these texts come to in a plan; messages to carers are not among them."""
    parts = {step.key: _parts(step, version, language=language) for step in texts}
    cost = cost_of(
        parts[one.step.key] for one in occurrences if one.step.key in parts and not one.skip
    )
    price = price_at(version.pathway.clinic)
    return RecoveryCost(language_name(language), cost, price.of(cost.parts) if price else "")


def _parts(step: Step, version: PathwayVersion, *, language: str) -> int | None:
    """Return the parts of a text; None for one that cannot be made."""
    clinic = version.pathway.clinic
    texts = {t.language: t for t in step.texts.all() if has_words(t, channel=Channel.SMS)}
    found = languages.language_of(texts, patient=language, clinic=clinic.language)
    if found is None:
        return None
    try:
        return rendered(step, texts[found], clinic, channel=Channel.SMS).segments
    except CannotRender:
        return None
