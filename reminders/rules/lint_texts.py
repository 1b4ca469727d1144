"""One text of a step → what is wrong with its characters, words, length and reading grade."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reminders.rules.content import Audience, StepContent
from reminders.rules.findings import Finding, LintSettings, Told, told
from reminders.rules.forbidden_words import found_in
from reminders.rules.gsm7 import outside_gsm7, sms_size
from reminders.rules.marking import gettext_noop
from reminders.rules.readability import NoMeasure, grade
from reminders.rules.wording import PLACEHOLDERS, EmptyPlaceholder, Unfillable, fill, placeholders

Complaint = tuple[str, Told]  # rule, message

FAR_TOO_LONG = gettext_noop("{number} characters; {most} is most.")
NO_PLACEHOLDER = gettext_noop("{placeholder} is not a placeholder. There are: {known}.")
TWICE = gettext_noop("{placeholder} stands there twice; once is enough.")
BRACE = gettext_noop("A brace without a placeholder would reach the patient as it is.")
FOREIGN = gettext_noop("{found} is the syntax of another program; write {placeholder}.")
MARKUP = gettext_noop("Markup is not allowed; write plain text.")
INVISIBLE = gettext_noop("An invisible character ({code}); remove it.")
SHORTENED = gettext_noop("{address} hides where a link leads; use {placeholder}.")
STRANGE_ADDRESS = gettext_noop("{address} is not the clinic's own address; use {placeholder}.")
ONE_LINE = gettext_noop("The {field} must be one line.")
TOO_LONG = gettext_noop("{number} characters; a {field} has {most} at most.")
NO_WORDS = gettext_noop("The {field} needs words of its own.")
BLOCKED = gettext_noop('"{word}" may not be said: {why}')
PRIVATE = gettext_noop('"{word}" on a lock screen gives away: {topic}.')
NO_VALUE = gettext_noop("{placeholder} has no value yet; enter it first.")
TOO_MANY_UNITS = gettext_noop("{units} units; providers take {most}.")
STRANGE_LETTERS = gettext_noop("{letters} cuts a text to 70 characters; write it otherwise.")
PARTS = gettext_noop(
    "{units} units when filled with long values make {parts} parts; {most} allowed. Shorten it."
)
NO_MEASURE = gettext_noop("There is no reading measure for {language} yet.")
GRADE = gettext_noop("Grade {grade}, above {highest}. Shorter words and sentences.")

_FOREIGN_SYNTAX = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}|\$\{|#\{|<%|%>|\(\(")
_MARKUP = re.compile(r"<\s*[/!a-z?]|javascript\s*:|data\s*:\s*text/", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\s*([^\s/:?#]*)", re.IGNORECASE)
_SHORTENERS = re.compile(
    r"(?<![\w.])(?:bit\.ly|tinyurl\.com|t\.co|goo\.gl|ow\.ly|is\.gd|buff\.ly|rebrand\.ly|cutt\.ly"
    r"|rb\.gy|t\.ly|tiny\.cc|shorturl\.at|s\.id|lnkd\.in|v\.gd|bl\.ink|snip\.ly)(?![\w])",
    re.IGNORECASE,
)
# Control characters, and those that turn the direction or hide: the filled mail isolates values
# itself, so the text never needs them.
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
)
_ONE_LINE = ("subject", "heading")
_SMS = ("sms", "sms_detailed")
_ON_LOCK_SCREEN = ("sms", "subject")


@dataclass(frozen=True, slots=True)
class _Case:
    text: str
    field: str
    language: str
    settings: LintSettings
    is_for_carers: bool = False  # then every text of it must fit a lock screen (SR-22)

    @property
    def is_sms(self) -> bool:
        return self.field in _SMS


def check_text(
    text: str, *, field: str, step: StepContent, language: str, settings: LintSettings
) -> Iterator[Finding]:
    """Yield the findings of one text. A text that is far too long yields that one alone."""
    for_carers = step.audience is Audience.CARER
    case = _Case(text, field=field, language=language, settings=settings, is_for_carers=for_carers)
    checks = _CHECKS if len(text) <= settings.most_email_characters else (_far_too_long,)
    for check in checks:
        for rule, message in check(case):
            yield Finding(step.key, language, rule, message, field=field)


def _far_too_long(case: _Case) -> Iterator[Complaint]:
    most = case.settings.most_email_characters
    yield "too_long", told(FAR_TOO_LONG, number=len(case.text), most=most)


def _placeholders(case: _Case) -> Iterator[Complaint]:
    names = placeholders(case.text)
    for name in dict.fromkeys(names):
        if name not in PLACEHOLDERS:
            known = ", ".join(sorted(PLACEHOLDERS))
            yield (
                "unknown_placeholder",
                told(NO_PLACEHOLDER, placeholder=_braced(name), known=known),
            )
    if names.count("link") > 1:
        yield "repeated_link", told(TWICE, placeholder="{link}")
    rest = case.text
    for name in names:
        rest = rest.replace(f"{{{name}}}", "")
    if "{" in rest or "}" in rest:
        yield "stray_brace", told(BRACE)


def _syntax(case: _Case) -> Iterator[Complaint]:
    if found := _FOREIGN_SYNTAX.search(case.text):
        yield "template_syntax", told(FOREIGN, found=found[0], placeholder="{clinic}")
    if _MARKUP.search(case.text):
        yield "markup", told(MARKUP)
    if found := _INVISIBLE.search(case.text):
        yield "invisible_character", told(INVISIBLE, code=f"U+{ord(found[0]):04X}")


def _addresses(case: _Case) -> Iterator[Complaint]:
    if found := _SHORTENERS.search(case.text):
        yield "shortener", told(SHORTENED, address=found[0], placeholder="{link}")
    for found in _ADDRESS.finditer(case.text):
        if found[1].casefold() not in case.settings.own_hosts:
            yield "web_address", told(STRANGE_ADDRESS, address=found[0], placeholder="{link}")


def _one_line(case: _Case) -> Iterator[Complaint]:
    if case.field not in _ONE_LINE:
        return
    if "\n" in case.text:
        yield "one_line", told(ONE_LINE, field=case.field)
    if len(case.text) > case.settings.most_subject_characters:
        most = case.settings.most_subject_characters
        yield "too_long", told(TOO_LONG, number=len(case.text), field=case.field, most=most)
    if not re.search(r"\w", re.sub(r"\{\w*\}", "", case.text)):
        yield "only_placeholders", told(NO_WORDS, field=case.field)


def _blocklist(case: _Case) -> Iterator[Complaint]:
    for word in found_in(case.text, words=case.settings.blocklist.get(case.language, ())):
        yield "blocklist", told(BLOCKED, word=word.word, why=word.why)


def _private_words(case: _Case) -> Iterator[Complaint]:
    if case.field not in _ON_LOCK_SCREEN and not case.is_for_carers:
        return
    for word in found_in(case.text, words=case.settings.private_words.get(case.language, ())):
        yield "private_word", told(PRIVATE, word=word.word, topic=word.topic)


def _sms_size(case: _Case) -> Iterator[Complaint]:
    if not case.is_sms:
        return
    try:
        filled = fill(case.text, values=case.settings.longest_values)
    except EmptyPlaceholder as error:
        yield "unfilled_placeholder", told(NO_VALUE, placeholder=_braced(error.name))
        return
    except Unfillable:
        return  # said by the placeholder check
    size = sms_size(filled)
    if size.units > case.settings.most_sms_units:
        yield "too_long", told(TOO_MANY_UNITS, units=size.units, most=case.settings.most_sms_units)
    if case.language in case.settings.unicode_languages:
        most = case.settings.most_unicode_parts
    else:
        most = 1
        if outside := outside_gsm7(filled):
            yield "gsm7", told(STRANGE_LETTERS, letters=" ".join(outside))
    if size.parts > most:
        yield "sms_parts", told(PARTS, units=size.units, parts=size.parts, most=most)


def _reading_grade(case: _Case) -> Iterator[Complaint]:
    if case.field in _ONE_LINE:
        return
    try:
        reached = grade(case.text, language=case.language)
    except NoMeasure:
        yield "no_measure", told(NO_MEASURE, language=case.language)
        return
    if reached > case.settings.highest_grade:
        highest = f"{case.settings.highest_grade:g}"
        yield "reading_grade", told(GRADE, grade=str(reached), highest=highest)


def _braced(name: str) -> str:
    return f"{{{name}}}"


_CHECKS: tuple[Callable[[_Case], Iterator[Complaint]], ...] = (
    _placeholders,
    _syntax,
    _addresses,
    _one_line,
    _blocklist,
    _private_words,
    _sms_size,
    _reading_grade,
)
