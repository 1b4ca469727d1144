"""What one message says, or several → one mail: HTML and plain text with the same words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import css_inline
from django.conf import settings
from django.template.loader import render_to_string

from clinic.models import Clinic
from reminders.rules.language import direction
from reminders.rules.service_texts import ServiceText, mail_foot, service_text
from reminders.rules.telephones import number

LONGEST_SUBJECT = 300
# Mail readers fill the line under the subject with whatever comes next; this leaves them nothing.
# (combining grapheme joiner, figure space) SR-01: a lock screen shows no more than our preview.
PADDING = "\u034f\u2007" * 120
_ADDRESS = re.compile(r"https?://[^\s\u2066-\u2069]*[^\s\u2066-\u2069.,;:!?)]")


@dataclass(frozen=True, slots=True)
class Section:
    """What one message says: its heading and paragraphs, with every placeholder filled."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The words as they are sent. `text` is the SMS, or the plain part of the mail."""

    subject: str
    text: str
    html: str
    language: str
    segments: int


@dataclass(frozen=True, slots=True)
class MailWords:
    """What one message says by mail, before it is a mail."""

    subject: str
    section: Section
    language: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence, and where it leads: a telephone number or one of our addresses."""

    text: str
    link: str = ""

    @property
    def is_number(self) -> bool:
        return self.link.startswith("tel:")


def mail_of(
    sections: Sequence[Section],
    *,
    subject: str,
    clinic: Clinic,
    language: str,
    unsubscribe_url: str = "",
) -> Rendered:
    """Return one mail that says these sections, in their order, and then whom to call.

    All are in `language`. `unsubscribe_url` is this mail's own; a mail without one says that a
    call stops it. Raises Unfillable when the clinic lacks a number.
    """
    values = clinic_values(clinic)
    several = len(sections) > 1
    title = _words(ServiceText.SEVERAL_HEADING, language) if several else sections[0].heading
    links = _links(clinic)
    context = {
        "title": title,
        "sections": [
            {"heading": s.heading, "paragraphs": [pieces(p, links=links) for p in s.paragraphs]}
            for s in sections
        ],
        "clinic": clinic,
        "numbers": _numbers(clinic, language=language, links=links),
        "footer": mail_foot(language=language, values=values),
        "unsubscribe_url": unsubscribe_url,
        "language": language,
        "direction": direction(language),
        "padding": PADDING,
    }
    return Rendered(
        subject=subject[:LONGEST_SUBJECT],
        text=render_to_string("messages/email.txt", context).strip() + "\n",
        html=_inliner().inline(render_to_string("messages/email.html", context)),
        language=language,
        segments=0,
    )


def subject_of_several(clinic: Clinic, *, language: str) -> str:
    """Return the subject of a mail that holds several messages; it tells nothing of them."""
    return service_text(
        ServiceText.SEVERAL_SUBJECT, language=language, values=clinic_values(clinic), isolate=True
    )


def clinic_values(clinic: Clinic) -> dict[str, str]:
    """Return the clinic's name and numbers by the names of their placeholders."""
    return {
        "clinic": clinic.sender_name,
        "phone": clinic.phone,
        "urgent": clinic.urgent_phone,
        "emergency": clinic.emergency_phone,
    }


def pieces(text: str, *, links: Mapping[str, str]) -> tuple[Piece, ...]:
    """Return the text with the numbers in it ready to be tapped. No word is added or lost.

    `links` are the numbers as they are written, with what dials each.
    """
    found: list[Piece] = []
    end = 0
    for match in _linkable(tuple(links)).finditer(text):
        link = links.get(match[0]) or (match[0] if _is_ours(match[0]) else "")
        if link:
            found += [Piece(text[end : match.start()]), Piece(match[0], link)]
            end = match.end()
    return tuple(piece for piece in (*found, Piece(text[end:])) if piece.text)


def _is_ours(address: str) -> bool:
    return address.startswith(f"{settings.PUBLIC_URL}/")


@lru_cache(maxsize=100)
def _linkable(numbers: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(filter(None, numbers), key=len, reverse=True)
    alone = [rf"(?<![\w+]){re.escape(one)}(?!\w)" for one in longest_first]
    return re.compile("|".join([_ADDRESS.pattern, *alone]))


def _links(clinic: Clinic) -> dict[str, str]:
    written = (clinic.emergency_phone, clinic.urgent_phone, clinic.phone, clinic.booking_phone)
    found = [number(text, country=clinic.country) for text in written]
    return {one.shown: one.link for one in found if one is not None}


def _numbers(clinic: Clinic, *, language: str, links: Mapping[str, str]) -> list[tuple[Piece, ...]]:
    """The clinic's numbers, each a line of its own, the emergency first."""
    lines = (ServiceText.CALL_EMERGENCY, ServiceText.CALL_SAME_DAY, ServiceText.CALL_QUESTIONS)
    values = clinic_values(clinic)
    return [
        pieces(service_text(which, language=language, values=values, isolate=True), links=links)
        for which in lines
    ]


def _words(which: ServiceText, language: str) -> str:
    return service_text(which, language=language, values={})


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    """Writes the style into the elements; the rules for a dark screen stay a style of their own."""
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
