"""The YAML files of this folder → pathways and sources. All of it is right, or nothing is read.

A file `<key>.yaml` holds the steps of a pathway, `<key>.<language>.yaml` its words in one
language. A pathway that says `based_on` has only what it does otherwise (see `composing.py`). Each
pathway also holds the steps of `carer.yaml`, so that what carers are told is signed with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from reminders.pathways.composing import Difference, RawStep, compose
from reminders.pathways.fields import ContentError, Fields
from reminders.pathways.plain_yaml import read_mapping
from reminders.pathways.steps import step_content
from reminders.rules.content import (
    Audience,
    Grade,
    LanguagePack,
    PathwayContent,
    Region,
    SourceContent,
    StepContent,
    StepTexts,
)

__all__ = [
    "ContentError",
    "PathwayContent",
    "SourceContent",
    "StepContent",
    "StepTexts",
    "read_pathways",
    "read_sources",
]

CONTENT_DIR = Path(__file__).resolve().parent
NOT_PATHWAYS = frozenset({"sources", "restrictions", "symptom_check", "check_in", "seed_fates"})
CARERS = "carer"  # the pack that every pathway holds, and that is none itself
WORD_LISTS = frozenset({"blocklist", "private_words"})

Texts = dict[str, dict[str, StepTexts]]  # by language, then by step


@dataclass(frozen=True, slots=True)
class _Written:
    """One pathway file as written, before it is put together with the one it is based on."""

    file: str
    head: Mapping[str, Any]  # the fields of PathwayContent that the file gives itself
    difference: Difference
    texts: Texts
    packs: Mapping[str, LanguagePack]


def read_sources(directory: Path = CONTENT_DIR) -> list[SourceContent]:
    """Return every source, in the order of the file. Raises ContentError."""
    path = directory / "sources.yaml"
    sources = []
    for key, raw in read_mapping(path).items():
        fields = Fields(raw, file=path.name, place=f"source {key}")
        sources.append(
            SourceContent(
                key=str(key),
                title=fields.text("title"),
                publisher=fields.text("publisher"),
                date=fields.text("date"),
                where=fields.text("where"),
                grade=fields.choice("grade", among=Grade),
                note=fields.text("note", default=""),
            )
        )
        fields.refuse_the_rest()
    return sources


def read_pathways(directory: Path = CONTENT_DIR) -> list[PathwayContent]:
    """Return every pathway of the folder, by key. Raises ContentError at the first mistake."""
    sources = {source.key for source in read_sources(directory)}
    written = {
        path.stem: _read_written(path)
        for path in sorted(directory.glob("*.yaml"))
        if "." not in path.stem and path.stem not in NOT_PATHWAYS
    }
    _refuse_stray_languages(directory, keys=set(written) | WORD_LISTS)
    carers = written.pop(CARERS, None)
    for_carers = _steps_for_carers(carers, sources=sources) if carers else ()
    return [
        _with_carers(_put_together(key, written=written, sources=sources), for_carers)
        for key in written
    ]


def _read_written(path: Path) -> _Written:
    fields = Fields(read_mapping(path), file=path.name, place="head")
    if fields.name("pathway") != path.stem:
        raise fields.wrong(f'"pathway" must be "{path.stem}", as the file is called.')
    head = {
        "title": fields.text("title"),
        "version": fields.text("version"),
        "licence": fields.text("licence"),
        "review_status": fields.text("review_status"),
        "regions": fields.choices("regions", among=Region),
        "procedures": fields.names("procedures"),
        "requires": fields.groups("requires"),
        "excludes": fields.names("excludes"),
        "based_on": fields.name("based_on", default=""),
    }
    difference = _read_difference(fields, is_derived=bool(head["based_on"]))
    fields.refuse_the_rest()
    files = sorted(path.parent.glob(f"{path.stem}.*.yaml"))
    packs = {file: _read_language(file, key=path.stem) for file in files}
    return _Written(
        file=path.name,
        head=head,
        difference=difference,
        texts={pack.language: texts for pack, texts in packs.values()},
        packs={pack.language: pack for pack, _ in packs.values()},
    )


def _read_difference(fields: Fields, *, is_derived: bool) -> Difference:
    change = fields.raw("change", default={})
    drop = fields.names("drop")
    if not isinstance(change, dict) or not all(isinstance(new, dict) for new in change.values()):
        raise fields.wrong('"change" must be `step:` lines with the fields that differ.')
    for step, new in change.items():
        _check_change(Fields(new, file=fields.file, place=f"change {step}"))
    if (change or drop) and not is_derived:
        raise fields.wrong('"drop" and "change" need "based_on".')
    steps = tuple(_raw_step(raw, fields=fields) for raw in fields.raw("steps", default=[]))
    if any("replaces" in step for step in steps) and not is_derived:
        raise fields.wrong('"replaces" needs "based_on".')
    keys = [step["key"] for step in steps]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        raise fields.wrong(f"step {', '.join(twice)} is there twice; keep one.")
    return Difference(file=fields.file, drop=drop, change=change, steps=steps)


def _check_change(change: Fields) -> None:
    if change.has("key"):
        raise change.wrong('"change" cannot change a key; use `replaces`.')
    change.optional_number("day_from", low=-10_000, high=10_000)


def _raw_step(raw: Any, *, fields: Fields) -> RawStep:
    """The little that composing needs to know of a step is checked here, the rest in `steps`."""
    probe = Fields(raw, file=fields.file, place="steps")
    probe.place = f"step {probe.name('key')}"
    probe.number("day_from", low=-10_000, high=10_000)
    probe.names("replaces")
    return dict(raw)


def _read_language(path: Path, *, key: str) -> tuple[LanguagePack, dict[str, StepTexts]]:
    fields = Fields(read_mapping(path), file=path.name, place="head")
    language = path.stem.removeprefix(f"{key}.")
    if fields.name("pathway") != key or fields.text("language") != language:
        raise fields.wrong(f'"pathway" must be "{key}" and "language" "{language}".')
    pack = LanguagePack(
        language=language,
        title=fields.text("title"),
        version=fields.text("version"),
        licence=fields.text("licence"),
        review_status=fields.text("review_status"),
        complete=fields.flag("complete", default=True),
    )
    raw_texts = fields.raw("texts")
    fields.refuse_the_rest()
    if not isinstance(raw_texts, dict):
        raise fields.wrong('"texts" must be `step:` lines with the words of each.')
    texts = {str(step): _texts(raw, file=path.name, step=step) for step, raw in raw_texts.items()}
    return pack, texts


def _texts(raw: object, *, file: str, step: str) -> StepTexts:
    fields = Fields(raw, file=file, place=f"step {step}")
    names = ("sms", "sms_detailed", "subject", "heading", "email")
    texts = StepTexts(**{name: fields.text(name, default="") for name in names})
    fields.refuse_the_rest()
    return texts


def _put_together(
    key: str, *, written: Mapping[str, _Written], sources: set[str]
) -> PathwayContent:
    own = written[key]
    raw_steps, texts, packs = _inherit(own, written=written, seen=(key,))
    steps = tuple(
        step_content(
            raw,
            file=own.file,
            procedures=own.head["procedures"],
            sources=sources,
            texts={lang: words[raw["key"]] for lang, words in texts.items() if raw["key"] in words},
        )
        for raw in raw_steps
    )
    _refuse_strangers(own, steps=steps)
    ordered = tuple(packs[language] for language in sorted(packs))
    return PathwayContent(key=key, steps=steps, packs=ordered, **own.head)


def _steps_for_carers(pack: _Written, *, sources: set[str]) -> tuple[StepContent, ...]:
    steps = tuple(
        step_content(
            raw,
            file=pack.file,
            procedures=(),
            sources=sources,
            texts={
                lang: said[raw["key"]] for lang, said in pack.texts.items() if raw["key"] in said
            },
        )
        for raw in pack.difference.steps
    )
    _refuse_strangers(pack, steps=steps)
    for step in steps:
        if step.audience is not Audience.CARER:
            problem = "is not for carers; write audience: carer, or move it to a pathway."
            raise ContentError(pack.file, place=f"step {step.key}", problem=problem)
    return steps


def _with_carers(pathway: PathwayContent, steps: tuple[StepContent, ...]) -> PathwayContent:
    """Add the carers' steps behind the pathway's own, in the languages that the pathway has."""
    taken = {step.key for step in pathway.steps} & {step.key for step in steps}
    if taken:
        problem = "is a step for carers as well; give it another key."
        raise ContentError(f"{pathway.key}.yaml", place=f"step {min(taken)}", problem=problem)
    spoken = [
        replace(
            step, texts={lang: step.texts[lang] for lang in step.texts if lang in pathway.languages}
        )
        for step in steps
    ]
    return replace(pathway, steps=(*pathway.steps, *spoken))


def _inherit(
    own: _Written, *, written: Mapping[str, _Written], seen: tuple[str, ...]
) -> tuple[list[RawStep], Texts, dict[str, LanguagePack]]:
    base_key = own.head["based_on"]
    if not base_key:
        return list(own.difference.steps), own.texts, dict(own.packs)
    if base_key not in written or base_key in seen:
        problem = f'"based_on" is "{base_key}": name another pathway that has a file.'
        raise ContentError(own.file, place="head", problem=problem)
    steps, texts, packs = _inherit(written[base_key], written=written, seen=(*seen, base_key))
    merged = {
        language: texts.get(language, {}) | own.texts.get(language, {})
        for language in sorted(set(texts) | set(own.texts))
    }
    return compose(steps, difference=own.difference), merged, packs | dict(own.packs)


def _refuse_strangers(own: _Written, *, steps: tuple[StepContent, ...]) -> None:
    """Raise ContentError for words without a step, and for a step of another region."""
    keys = {step.key for step in steps}
    for language, texts in own.texts.items():
        if strangers := sorted(set(texts) - keys):
            file = f"{own.file.removesuffix('.yaml')}.{language}.yaml"
            problem = "has words but is no step of the pathway; correct the key."
            raise ContentError(file, place=f"step {strangers[0]}", problem=problem)
    for step in steps:
        if step.regions and not set(step.regions) & set(own.head["regions"]):
            problem = "is for another region than the pathway; drop or replace it."
            raise ContentError(own.file, place=f"step {step.key}", problem=problem)


def _refuse_stray_languages(directory: Path, *, keys: set[str]) -> None:
    for path in sorted(directory.glob("*.*.yaml")):
        if path.stem.split(".")[0] not in keys:
            problem = "belongs to no pathway here; rename or remove it."
            raise ContentError(path.name, place="whole file", problem=problem)
