"""The words of a step in each language, side by side: fields, how they arrive, what is wrong."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from reminders.flow.version_content import TEXT_FIELDS
from reminders.models import PathwayVersion, Step
from reminders.rules.content import Channel, StepContent
from reminders.staff.content.look import Look, Said, look_at
from reminders.staff.content.shown import content_shown
from reminders.staff.words import Words, language_name

LABELS: dict[str, Words] = {
    "sms": _("Text message"),
    "sms_detailed": _("Text for those who agreed to details"),
    "subject": _("Subject of the mail"),
    "heading": _("Heading of the mail"),
    "email": _("Mail"),
}
ROWS = {"sms": 4, "sms_detailed": 2, "subject": 1, "heading": 1, "email": 12}


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


def columns_of(
    version: PathwayVersion, step: Step, content: StepContent, typed: Mapping[str, str] | None
) -> Iterator[Column]:
    if not content.is_sent:
        return
    for language in _in_order(version, content):
        stands = content.texts.get(language)
        words = {name: getattr(stands, name, "") for name in TEXT_FIELDS}
        if typed is not None:
            words |= words_typed(typed, language)
        look = look_at(step, version=version, language=language, words=words)
        yield Column(
            code=language,
            name=language_name(language),
            fields=tuple(_fields(content, words, look)),
            look=look,
            general=tuple(said for said in look.findings if not said.field),
        )


def _in_order(version: PathwayVersion, content: StepContent) -> list[str]:
    """The clinic's own language first, then those that are complete; those without words last."""
    own = version.pathway.clinic.language
    whole = content_shown(version)
    complete = {pack.language for pack in whole.packs if pack.complete}
    return sorted(
        whole.languages,
        key=lambda code: (code not in content.texts, code != own, code not in complete, code),
    )


def _fields(content: StepContent, words: Mapping[str, str], look: Look) -> Iterator[TextField]:
    """The fields that the step's channels use, and any other that has words."""
    for name, label in LABELS.items():
        is_text = name.startswith("sms")
        channel = Channel.SMS if is_text else Channel.EMAIL
        if channel in content.channels or words[name]:
            findings = tuple(said for said in look.findings if said.field == name)
            yield TextField(name, str(label), words[name], ROWS[name], findings)


def words_typed(typed: Mapping[str, str], language: str) -> dict[str, str]:
    """Return what was typed in one language; a field that was not on the page is not named."""
    return {
        name: typed[f"{language}-{name}"].replace("\r\n", "\n")
        for name in TEXT_FIELDS
        if f"{language}-{name}" in typed
    }
