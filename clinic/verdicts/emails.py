"""Email addresses: one, plain, and on the open internet."""

from __future__ import annotations

import re
import unicodedata

from clinic.verdicts import characters
from clinic.verdicts.domains import domain_warnings, plain_domain
from clinic.verdicts.verdict import Rejected, Verdict, shown

# RFC 5321 section 4.5.3.1: octets of the local part and of a path without its brackets.
_LONGEST_LOCAL_PART = 64
LONGEST_ADDRESS = 254

_HINT = "Write one address, such as name@example.com."
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_IN_BRACKETS = re.compile(r"<\s*([^<>\s]+@[^<>\s]+)\s*>\s*$")
_NOBODY_READS = re.compile(r"^(no|do-?not)[-_.]?reply", re.IGNORECASE)


def address(text: str, *, own_address: str = "") -> Verdict[str]:
    """Return one address with a lower-case ASCII domain (punycode for other scripts).

    The part before the @ is kept as typed, ASCII only. `own_address` is the clinic's sender:
    writing to it would be a loop. Raises Rejected for lists, names in front, comments, quotes,
    line breaks, IP addresses, local names, underscores in the domain and what is too long.
    """
    trimmed = _trimmed(text)
    _refuse_form(trimmed)
    local, _, domain = trimmed.partition("@")
    _refuse_local_part(local)
    found = f"{local}@{plain_domain(domain)}"
    if len(found) > LONGEST_ADDRESS:
        raise Rejected(
            "too_long",
            f"The address is longer than {LONGEST_ADDRESS} characters.",
            _HINT,
        )
    if found.casefold() == own_address.strip().casefold():
        raise Rejected("own_address", "This is the clinic's own address.", "Ask for theirs.")
    fixes = () if found == text else (f"Written as {found}.",)
    return Verdict(found, fixes=fixes, warnings=_warnings(local, domain=domain))


def _trimmed(text: str) -> str:
    if len(text) > 4 * LONGEST_ADDRESS:
        raise Rejected(
            "too_long",
            f"The address is longer than {LONGEST_ADDRESS} characters.",
            _HINT,
        )
    characters.refuse_unsafe(text)
    trimmed = characters.without_invisible(text).strip()
    if not trimmed:
        raise Rejected("empty", "The email address is empty.", _HINT)
    return trimmed[7:] if trimmed.lower().startswith("mailto:") else trimmed


def _refuse_form(text: str) -> None:
    inner = _IN_BRACKETS.search(text)
    if inner and inner.start() > 0:
        raise Rejected("display_name", "There is a name around it.", f"Keep only {inner[1][:80]}.")
    if "\n" in text or "\r" in text:
        raise Rejected("line_break", "The address goes over two lines.", _HINT)
    if text.count("@") > 1:
        raise Rejected("two_addresses", "There is more than one @ in it.", _HINT)
    if "@" not in text or any(character.isspace() for character in text):
        raise Rejected("not_an_address", f'"{shown(text)}" is not an email address.', _HINT)


def _refuse_local_part(local: str) -> None:
    if not local.isascii():
        raise Rejected(
            "not_ascii",
            "The part before the @ has letters that mail cannot carry.",
            _HINT,
        )
    if len(local) > _LONGEST_LOCAL_PART:
        raise Rejected(
            "too_long",
            f"The part before the @ is over {_LONGEST_LOCAL_PART} characters.",
            _HINT,
        )
    if not _LOCAL_PART.fullmatch(local):
        raise Rejected("not_an_address", f'"{shown(local)}" cannot stand before the @.', _HINT)


def _warnings(local: str, *, domain: str) -> tuple[str, ...]:
    typed = unicodedata.normalize("NFKC", domain).lower()
    unread = ("Nobody reads mail at this address.",) if _NOBODY_READS.match(local) else ()
    return domain_warnings(local, domain=typed) + unread
