"""One text of a step → what is wrong with its characters, words, length and reading grade."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reminders.rules.content import Audience, StepContent
from reminders.rules.findings import Finding, LintSettings
from reminders.rules.forbidden_words import found_in
from reminders.rules.gsm7 import outside_gsm7, sms_size
from reminders.rules.readability import NoMeasure, grade
from reminders.rules.wording import PLACEHOLDERS, EmptyPlaceholder, Unfillable, fill, placeholders

Complaint = tuple[str, str]  # rule, message

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
    yield "too_long", f"{len(case.text)} characters; {case.settings.most_email_characters} is most."


def _placeholders(case: _Case) -> Iterator[Complaint]:
    names = placeholders(case.text)
    for name in dict.fromkeys(names):
        if name not in PLACEHOLDERS:
            known = ", ".join(sorted(PLACEHOLDERS))
            yield "unknown_placeholder", f"{{{name}}} is not a placeholder. There are: {known}."
    if names.count("link") > 1:
        yield "repeated_link", "{link} stands there twice; once is enough."
    rest = case.text
    for name in names:
        rest = rest.replace(f"{{{name}}}", "")
    if "{" in rest or "}" in rest:
        yield "stray_brace", "A brace without a placeholder would reach the patient as it is."


def _syntax(case: _Case) -> Iterator[Complaint]:
    if found := _FOREIGN_SYNTAX.search(case.text):
        yield "template_syntax", f"{found[0]} is the syntax of another program; write {{clinic}}."
    if _MARKUP.search(case.text):
        yield "markup", "Markup is not allowed; write plain text."
    if found := _INVISIBLE.search(case.text):
        yield "invisible_character", f"An invisible character (U+{ord(found[0]):04X}); remove it."


def _addresses(case: _Case) -> Iterator[Complaint]:
    if found := _SHORTENERS.search(case.text):
        yield "shortener", f"{found[0]} hides where a link leads; use {{link}}."
    for found in _ADDRESS.finditer(case.text):
        if found[1].casefold() not in case.settings.own_hosts:
            yield "web_address", f"{found[0]} is not the clinic's own address; use {{link}}."


def _one_line(case: _Case) -> Iterator[Complaint]:
    if case.field not in _ONE_LINE:
        return
    if "\n" in case.text:
        yield "one_line", f"The {case.field} must be one line."
    if len(case.text) > case.settings.most_subject_characters:
        most = case.settings.most_subject_characters
        yield "too_long", f"{len(case.text)} characters; a {case.field} has {most} at most."
    if not re.search(r"\w", re.sub(r"\{\w*\}", "", case.text)):
        yield "only_placeholders", f"The {case.field} needs words of its own."


def _blocklist(case: _Case) -> Iterator[Complaint]:
    for word in found_in(case.text, words=case.settings.blocklist.get(case.language, ())):
        yield "blocklist", f'"{word.word}" may not be said: {word.why}'


def _private_words(case: _Case) -> Iterator[Complaint]:
    if case.field not in _ON_LOCK_SCREEN and not case.is_for_carers:
        return
    for word in found_in(case.text, words=case.settings.private_words.get(case.language, ())):
        yield "private_word", f'"{word.word}" on a lock screen gives away: {word.topic}.'


def _sms_size(case: _Case) -> Iterator[Complaint]:
    if not case.is_sms:
        return
    try:
        filled = fill(case.text, values=case.settings.longest_values)
    except EmptyPlaceholder as error:
        yield "unfilled_placeholder", f"{{{error.name}}} has no value yet; enter it first."
        return
    except Unfillable:
        return  # said by the placeholder check
    size = sms_size(filled)
    if size.units > case.settings.most_sms_units:
        yield "too_long", f"{size.units} units; providers take {case.settings.most_sms_units}."
    if case.language in case.settings.unicode_languages:
        most = case.settings.most_unicode_parts
    else:
        most = 1
        if outside := outside_gsm7(filled):
            yield "gsm7", f"{' '.join(outside)} cuts a text to 70 characters; write it otherwise."
    if size.parts > most:
        message = f"{size.units} units when filled with long values make {size.parts} parts"
        yield "sms_parts", f"{message}; {most} allowed. Shorten it."


def _reading_grade(case: _Case) -> Iterator[Complaint]:
    if case.field in _ONE_LINE:
        return
    try:
        reached = grade(case.text, language=case.language)
    except NoMeasure:
        yield "no_measure", f"There is no reading measure for {case.language} yet."
        return
    if reached > case.settings.highest_grade:
        highest = case.settings.highest_grade
        yield "reading_grade", f"Grade {reached}, above {highest:g}. Shorter words and sentences."


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
