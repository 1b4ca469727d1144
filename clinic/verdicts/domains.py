"""The part of an email address after the @."""

from __future__ import annotations

import re
import unicodedata

from clinic.verdicts.names import scripts
from clinic.verdicts.verdict import Rejected, shown

_HINT = "Write one address, such as name@example.com."
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_TOP_LABEL = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{2,59}")
_LONGEST_DOMAIN = 253
# Names that never leave the building (RFC 6761, RFC 6762, RFC 8375 and ICANN's .internal).
_LOCAL_ENDINGS = frozenset({"localhost", "local", "localdomain", "internal", "invalid", "lan"})
# Letters that older and newer rules of international names send to two different domains.
_DISPUTED_LETTERS = "ßς\u200c\u200d"
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK"})

_LARGE_PROVIDERS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "hotmail.co.uk",
        "hotmail.fr",
        "outlook.com",
        "yahoo.com",
        "yahoo.co.uk",
        "icloud.com",
        "btinternet.com",
        "protonmail.com",
    ]
)
_REAL_NEIGHBOURS = frozenset({"ymail.com", "mail.com", "email.com", "fmail.com", "yahoo.co"})
_MISTYPED_ENDINGS = {
    "con": "com", "cmo": "com", "ocm": "com", "comm": "com", "vom": "com", "xom": "com",
    "cpm": "com", "coom": "com", "ner": "net", "nte": "net", "ogr": "org", "couk": "co.uk",
}  # fmt: skip
_THROWAWAY = frozenset(
    [
        "mailinator.com",
        "guerrillamail.com",
        "10minutemail.com",
        "yopmail.com",
        "temp-mail.org",
        "trashmail.com",
        "sharklasers.com",
        "throwawaymail.com",
        "getnada.com",
        "maildrop.cc",
    ]
)


def plain_domain(domain: str) -> str:
    """Return the domain in lower-case ASCII; raise Rejected if no mail can reach it."""
    if any(letter in domain for letter in _DISPUTED_LETTERS):
        raise Rejected("ambiguous_domain", "The domain can be read as two.", "Type its xn-- form.")
    ascii_domain = domain.lower() if domain.isascii() else _punycode(domain)
    labels = ascii_domain.split(".")
    if len(ascii_domain) > _LONGEST_DOMAIN or not all(map(_LABEL.fullmatch, labels)):
        raise _no_domain(domain)
    if len(labels) < 2 or labels[-1] in _LOCAL_ENDINGS or not _TOP_LABEL.fullmatch(labels[-1]):
        raise _no_domain(domain)
    if not all(map(_is_sound_punycode, labels)):
        raise _no_domain(domain)
    return ascii_domain


def _no_domain(domain: str) -> Rejected:
    return Rejected("no_domain", f'No mail can be sent to "{shown(domain)}".', _HINT)


def _punycode(domain: str) -> str:
    try:
        return unicodedata.normalize("NFKC", domain).lower().encode("idna").decode("ascii")
    except UnicodeError as problem:
        raise _no_domain(domain) from problem


def _is_sound_punycode(label: str) -> bool:
    if not label.startswith("xn--"):
        return label[2:4] != "--"  # reserved for other encodings
    try:
        return label.encode("ascii").decode("idna").encode("idna").decode("ascii") == label
    except UnicodeError:
        return False


def domain_warnings(local: str, *, domain: str) -> tuple[str, ...]:
    """Return what a person should look at: likely typing mistakes, look-alikes, throw-away mail."""
    warnings = []
    meant = _probably_meant(domain)
    if meant:
        warnings.append(f"Did you mean {shown(local)}@{meant}?")
    if domain in _THROWAWAY:
        warnings.append("This mailbox is thrown away after a short time.")
    if any(len(scripts(label) & _ALIKE) > 1 for label in domain.split(".")):
        warnings.append(
            f"The domain mixes letters that look alike. It is really {_punycode(domain)}."
        )
    return tuple(warnings)


def _probably_meant(domain: str) -> str:
    if domain in _LARGE_PROVIDERS or domain in _REAL_NEIGHBOURS:
        return ""
    for provider in sorted(_LARGE_PROVIDERS):
        if _is_one_slip_away(domain, of=provider):
            return provider
    stem, _, ending = domain.rpartition(".")
    return f"{stem}.{_MISTYPED_ENDINGS[ending]}" if ending in _MISTYPED_ENDINGS else ""


def _is_one_slip_away(typed: str, *, of: str) -> bool:
    """One letter missing, added, changed, or two neighbours swapped."""
    short, long = sorted((typed, of), key=len)
    if len(long) - len(short) > 1 or typed == of:
        return False
    start = next(
        (i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short)
    )
    rest_short, rest_long = short[start:], long[start:]
    if len(short) < len(long):
        return rest_short == rest_long[1:]
    swapped = rest_long[1:2] + rest_long[:1] + rest_long[2:]
    return rest_short[1:] == rest_long[1:] or rest_short == swapped
