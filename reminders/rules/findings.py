"""What the linter says and what it is told: findings, and the settings that it judges by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from reminders.rules.content import ForbiddenWord, RestrictionContent
from reminders.rules.facts import FACT_NAMES
from reminders.rules.wording import WORST_CASE


class Severity(StrEnum):
    BLOCKS = "blocks"  # cannot be submitted for review, loaded or sent
    NOTE = "note"  # for the clinician who reviews; blocks nothing


# A word or number as it is, or several sentences with semicolons between them.
Fact = str | int | tuple["Told", ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with {places} and what fills them, so that a panel can say it in any language.

    The sentences are marked for the catalogs. Facts called `activity`, `until`, `why`, `topic`,
    `field` and `either` are words of ours, which a panel says in its language too; others stay.
    """

    words: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return it in English, as the command line says it."""
        return self.words.format(**{name: _in_english(fact) for name, fact in self.facts.items()})


def told(words: str, /, **facts: Fact) -> Told:
    """Return a sentence with its facts."""
    return Told(words, facts)


def _in_english(fact: Fact) -> str:
    return "; ".join(map(str, fact)) if isinstance(fact, tuple) else str(fact)


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint. Empty `step`, `language` or `field` means: all of them."""

    step: str
    language: str
    rule: str
    told: Told
    severity: Severity = Severity.BLOCKS
    field: str = ""  # sms, sms_detailed, subject, heading or email

    @property
    def message(self) -> str:
        """What it says, in English."""
        return str(self.told)


@dataclass(frozen=True, slots=True)
class LintSettings:
    """Limits and word lists. The defaults are the product's; a clinic adds its own values.

    A language in `unicode_languages` is written outside GSM-7, so its texts may have
    `most_unicode_parts` parts; every other SMS must fit one part of GSM-7.
    """

    blocklist: Mapping[str, tuple[ForbiddenWord, ...]]  # by language
    private_words: Mapping[str, tuple[ForbiddenWord, ...]]  # by language
    longest_values: Mapping[str, str] = field(default_factory=lambda: WORST_CASE)
    # NIH and AMA advise grade 6 or below (READ14: doi.org/10.1007/s11999-014-4071-2).
    highest_grade: float = 6.0
    most_sms_units: int = 918  # six parts; providers refuse more
    most_unicode_parts: int = 3
    unicode_languages: frozenset[str] = frozenset({"ar"})
    most_email_characters: int = 5_000
    most_subject_characters: int = 120
    texts_a_day: int = 2
    known_facts: frozenset[str] = frozenset(FACT_NAMES)
    own_hosts: frozenset[str] = frozenset()  # the clinic's own, the only ones a text may name
    opt_out_words: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {"en": ("STOP",), "es": ("STOP", "ALTO"), "ar": ("STOP",)}
    )
    restrictions: Mapping[str, RestrictionContent] = field(default_factory=dict)
    questions: frozenset[str] = frozenset()  # what a step may ask on its page
