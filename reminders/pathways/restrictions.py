"""restrictions.yaml → the activity calendar, every field checked."""

from collections.abc import Collection
from pathlib import Path

from reminders.pathways.fields import Fields
from reminders.pathways.plain_yaml import read_mapping
from reminders.pathways.reading import CONTENT_DIR, read_sources
from reminders.rules.content import Region, RestrictionContent, RestrictionKind
from reminders.rules.restrictions import RULE_PLACEHOLDERS, first_free_day
from reminders.rules.wording import placeholders

FILE = "restrictions.yaml"
EARLIEST_DAY, LATEST_DAY = -60, 730
MUST_SPEAK = "en"  # the language that every rule is written in


def read_restrictions(directory: Path = CONTENT_DIR) -> dict[str, RestrictionContent]:
    """Return every rule by key, in the order of the file. Raises ContentError."""
    sources = {source.key for source in read_sources(directory)}
    return {
        str(key): _restriction(str(key), raw=raw, sources=sources)
        for key, raw in read_mapping(directory / FILE).items()
    }


def _restriction(key: str, *, raw: object, sources: Collection[str]) -> RestrictionContent:
    fields = Fields(raw, file=FILE, place=f"restriction {key}")
    Fields({"key": key}, file=FILE, place=f"restriction {key}").name("key")
    restriction = RestrictionContent(
        key=key,
        activity=fields.text("activity"),
        title=_words(fields, name="title"),
        kind=fields.choice("kind", among=RestrictionKind, default=RestrictionKind.LIMIT),
        regions=fields.choices("regions", among=Region),
        pathways=fields.names("pathways"),
        day_from=fields.number("from_day", low=EARLIEST_DAY, high=LATEST_DAY),
        day_to=fields.optional_number("to_day", low=EARLIEST_DAY, high=LATEST_DAY),
        until=fields.text("until", default=""),
        reviewed_days=_range(fields),
        range_note=fields.text("range_note"),
        rule=_words(fields, name="rule"),
        sources=fields.texts("sources"),
        messages=fields.names("messages"),
    )
    fields.refuse_the_rest()
    _check_days(restriction, fields=fields)
    _check_range(restriction, fields=fields)
    _check_sources(restriction, fields=fields, known=sources)
    _check_rule(restriction, fields=fields)
    return restriction


def _range(fields: Fields) -> tuple[int, int] | None:
    if not fields.has("range"):
        return None
    values = fields.raw("range")
    if (
        not isinstance(values, list)
        or len(values) != 2
        or not all(isinstance(day, int) and not isinstance(day, bool) for day in values)
        or not EARLIEST_DAY <= values[0] <= values[1] <= LATEST_DAY
    ):
        raise fields.wrong('"range" must be two days, the earlier first, as in [14, 42].')
    return values[0], values[1]


def _words(fields: Fields, *, name: str) -> dict[str, str]:
    inner = Fields(fields.raw(name), file=FILE, place=f"{fields.place}, {name}")
    words = {MUST_SPEAK: inner.text(MUST_SPEAK)}
    words |= {language: inner.text(language) for language in ("ar", "es") if inner.has(language)}
    inner.refuse_the_rest()
    return words


def _check_days(restriction: RestrictionContent, *, fields: Fields) -> None:
    first, last = restriction.day_from, restriction.day_to
    if last is not None and last < first:
        raise fields.wrong('"to_day" lies before "from_day"; swap them.')
    if last is not None and restriction.until:
        raise fields.wrong('"until" is for a rule without "to_day"; keep one of them.')
    if restriction.kind is RestrictionKind.LIMIT and last is None and not restriction.until:
        raise fields.wrong('a limit needs "to_day", or "until" in words.')


def _check_range(restriction: RestrictionContent, *, fields: Fields) -> None:
    if restriction.reviewed_days is None:
        return
    is_start = restriction.kind is RestrictionKind.START
    day = restriction.day_from if is_start else restriction.day_to
    low, high = restriction.reviewed_days
    if day is None or not low <= day <= high:
        raise fields.wrong('the default lies outside "range"; correct one of them.')


def _check_rule(restriction: RestrictionContent, *, fields: Fields) -> None:
    for words in restriction.rule.values():
        if strangers := set(placeholders(words)) - RULE_PLACEHOLDERS:
            known = ", ".join(sorted(RULE_PLACEHOLDERS))
            raise fields.wrong(f'"rule" names {{{min(strangers)}}}; there are only: {known}.')
        if "day" in placeholders(words) and first_free_day(restriction) is None:
            raise fields.wrong('"rule" names {day}, but no day ends it.')


def _check_sources(
    restriction: RestrictionContent, *, fields: Fields, known: Collection[str]
) -> None:
    if not restriction.sources:
        raise fields.wrong('"sources" is empty: name at least one key of sources.yaml.')
    if strangers := [key for key in restriction.sources if key not in known]:
        raise fields.wrong(f'source "{strangers[0]}" is not in sources.yaml; add it there.')
