"""Languages, as two-letter codes."""

from __future__ import annotations

from collections.abc import Collection

from clinic.verdicts import characters
from clinic.verdicts.verdict import Rejected, Verdict, shown

# ISO 639-1, with the names that clinics' systems write for the languages most asked for.
_LISTED = """
    af am ar as az be bg bn bs ca cs cy da de dv dz el en es et eu fa fi fil fo fr ga gd gl gu
    ha he hi hr ht hu hy id ig is it ja jv ka kk km kn ko ku ky lb lo lt lv mg mi mk ml mn mr ms
    mt my nb ne nl nn no ny om or pa pl ps pt ro ru rw sd si sk sl sm sn so sq sr st su sv sw ta
    te tg th ti tk tl tn to tr ts tt ug uk ur uz vi wo xh yi yo yue zh zu
"""
_CODES = frozenset(_LISTED.split())
_NAMES = {
    "english": "en", "spanish": "es", "español": "es", "espanol": "es", "castellano": "es",
    "arabic": "ar", "العربية": "ar", "french": "fr", "français": "fr", "francais": "fr",
    "german": "de", "deutsch": "de", "polish": "pl", "polski": "pl", "portuguese": "pt",
    "português": "pt", "italian": "it", "italiano": "it", "romanian": "ro", "chinese": "zh",
    "urdu": "ur", "punjabi": "pa", "bengali": "bn", "welsh": "cy", "turkish": "tr",
    "russian": "ru", "ukrainian": "uk", "vietnamese": "vi", "eng": "en", "spa": "es", "ara": "ar",
}  # fmt: skip


def language(text: str, *, offered: Collection[str] = ()) -> Verdict[str]:
    """Return the code of a language without its country: en-GB and English are en.

    `offered` are the languages that messages exist in; another one is taken with a warning.
    Raises Rejected for what is not a language.
    """
    word = characters.one_line(text[:40]).casefold()
    code = _NAMES.get(word, word.replace("_", "-").partition("-")[0])
    if code not in _CODES:
        raise Rejected(
            "unknown_language",
            f'"{shown(text)}" is not a language.',
            "Write a code such as en.",
        )
    warnings = (
        () if not offered or code in offered else (f'There are no messages in "{code}" yet.',)
    )
    return Verdict(code, fixes=() if code == text else (f"Read as {code}.",), warnings=warnings)
