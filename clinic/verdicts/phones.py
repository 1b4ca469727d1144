"""Telephone numbers that can get a text message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, ValidationResult
from phonenumbers.shortnumberinfo import is_emergency_number

from clinic.verdicts import characters
from clinic.verdicts.verdict import Rejected, Verdict, shown

_LONGEST_INPUT = 40
_LONGEST_SHORT_CODE = 6
_EMERGENCY_EVERYWHERE = frozenset({"000", "111", "112", "911", "999"})
_TEXTABLE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})

# Ranges that regulators keep for films and examples, so they never ring at anybody's home:
# Ofcom "numbers for drama", NANPA 555-0100 to 0199, ARCEP decision 2018-0881 (06 39 98),
# ACMA 0491 570 and 571, Bundesnetzagentur 0171 39200 and 0176 040690, PTS 070-174 06.
_DRAMA = re.compile(
    r"\+447700900\d{3}|\+1[2-9]\d{2}55501\d{2}|\+3363998\d{4}|\+6149157\d{4}"
    r"|\+4917139200\d{2}|\+49176040690\d{2}|\+4670174060[5-9]|\+46701740[67]\d{1,2}"
)
# Islands that share a country's code; texts to them cost more, which staff should know.
_NEIGHBOURS = {"GB": frozenset({"IM", "JE", "GG"})}

_TEXT_MARK = re.compile(r"^['=]+(?=[+(\d])")
_DECIMAL = re.compile(r"^\+?\d+[.,]0+$")
_SCIENTIFIC = re.compile(r"^\d+([.,]\d+)?e\+?\d+$", re.IGNORECASE)
_EXTENSION = re.compile(r"(?:;|\b)ext|\d\s*(?:x|#)\s*\d+$", re.IGNORECASE)
_TWO_NUMBERS = re.compile(r"\d{5,}\D*[/,;|&\n\r].*\d{5,}|\+.*\+", re.DOTALL)
_PUNCTUATION = re.compile(r"[\s().·-]")


def mobile(
    text: str, *, country: str, allowed_countries: Collection[str], test_numbers: bool
) -> Verdict[str]:
    """Return the number in E.164 form, such as +447700900123.

    A number without + is read as one of `country` (two letters, the clinic's). Taken are possible
    numbers of a type that can get texts, in `allowed_countries` or in `country` itself. Numbers
    kept for films and examples are taken only when `test_numbers` is true. Raises Rejected for
    everything else, above all for what a lenient reader would turn into somebody else's number:
    letters, extensions, two numbers, spreadsheet decimals.
    """
    digits = _digits(text, country=country)
    number = _parsed(digits, country=country)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    is_drama = bool(_DRAMA.fullmatch(e164))
    _refuse_type(number, is_drama=is_drama)
    warnings = _country_warnings(number, country=country, allowed_countries=allowed_countries)
    if is_drama and not test_numbers:
        raise Rejected(
            "test_number",
            "This number is kept for examples and reaches nobody.",
            "Ask for theirs.",
        )
    fixes = () if _PUNCTUATION.sub("", text) == e164 else (f"Written as {e164}.",)
    return Verdict(e164, fixes=fixes, warnings=warnings)


def _digits(text: str, *, country: str) -> str:
    """Return the digits of one number, with its + if it has one; raise Rejected otherwise."""
    cleaned = _cleaned(text)
    _refuse_spreadsheet(cleaned)
    _refuse_wording(cleaned)
    bare = _PUNCTUATION.sub("", cleaned)
    if not re.fullmatch(r"\+?\d+", bare):
        raise Rejected("not_a_number", f'"{shown(text)}" is not a telephone number.', _HINT)
    _refuse_short(bare, country=country)
    return bare


_HINT = "Write one mobile number, such as +44 7700 900123."


def _cleaned(text: str) -> str:
    if len(text) > 10 * _LONGEST_INPUT or len(text.strip()) > _LONGEST_INPUT:
        raise Rejected("too_long", "This is too long for one telephone number.", _HINT)
    characters.refuse_unsafe(text)
    trimmed = characters.without_invisible(text).strip()
    if not trimmed:
        raise Rejected("empty", "The telephone number is empty.", _HINT)
    plain = "".join(map(_plain_sign, characters.plain_digits(trimmed)))
    return _TEXT_MARK.sub("", plain).removeprefix("tel:")


def _plain_sign(sign: str) -> str:
    """Write every dash as -, and full-width signs as their plain ones."""
    if unicodedata.category(sign) == "Pd" or sign == "\u2212":
        return "-"
    return unicodedata.normalize("NFKC", sign) if "\uff00" < sign < "\uff5f" else sign


def _refuse_spreadsheet(text: str) -> None:
    if _DECIMAL.fullmatch(text) or _SCIENTIFIC.fullmatch(text):
        raise Rejected(
            "spreadsheet_number",
            f'"{shown(text)}" is a number that a spreadsheet has changed.',
            "Format the column as text and type the number again.",
        )


def _refuse_wording(text: str) -> None:
    if _EXTENSION.search(text):
        raise Rejected(
            "extension",
            "An extension cannot get texts.",
            "Ask for the person's own mobile number.",
        )
    if any(character.isalpha() for character in text):
        raise Rejected("letters", f'"{shown(text)}" contains letters.', _HINT)
    if _TWO_NUMBERS.search(text):
        raise Rejected("two_numbers", "These are two numbers.", "Keep the one to send texts to.")
    if "\n" in text or "\r" in text:
        raise Rejected("line_break", "The number goes over two lines.", _HINT)


def _refuse_short(bare: str, *, country: str) -> None:
    if bare in _EMERGENCY_EVERYWHERE or is_emergency_number(bare, country):
        raise Rejected(
            "emergency_number",
            f"{bare} is an emergency number, not the person's own.",
            "Ask for the person's own mobile number.",
        )
    if len(bare.lstrip("+")) <= _LONGEST_SHORT_CODE:
        raise Rejected("short_code", f'"{bare}" is too short for a telephone number.', _HINT)


def _parsed(digits: str, *, country: str) -> PhoneNumber:
    try:
        number = phonenumbers.parse(digits, country)
    except phonenumbers.NumberParseException as problem:
        raise Rejected("not_a_number", f'"{shown(digits)}" is not a number.', _HINT) from problem
    number = _without_old_prefix(number)
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason != ValidationResult.IS_POSSIBLE:
        raise Rejected("impossible", *_IMPOSSIBLE.get(reason, _IMPOSSIBLE_OTHER))
    return number


_IMPOSSIBLE = {
    ValidationResult.TOO_SHORT: (
        "The number has too few digits.",
        "Compare it with the source.",
    ),
    ValidationResult.TOO_LONG: (
        "The number has too many digits.",
        "Compare it with the source.",
    ),
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: (
        "The area code is missing.",
        "Add the area code.",
    ),
    ValidationResult.INVALID_COUNTRY_CODE: ("No country has this code.", "Compare it."),
}
_IMPOSSIBLE_OTHER = ("No number has this length.", "Compare it with the source.")


def _without_old_prefix(number: PhoneNumber) -> PhoneNumber:
    """Mexico dropped the 1 after +52 in August 2019 (IFT numbering plan); it is still written."""
    national = str(number.national_number)
    if number.country_code == 52 and len(national) == 11 and national.startswith("1"):
        return PhoneNumber(country_code=52, national_number=int(national[1:]))
    return number


def _refuse_type(number: PhoneNumber, *, is_drama: bool) -> None:
    kind = phonenumbers.number_type(number)
    if kind in _TEXTABLE or (is_drama and kind == PhoneNumberType.UNKNOWN):
        return
    what = _KINDS.get(kind, "This number cannot get texts.")
    raise Rejected("not_mobile", what, "Ask for a mobile number, or use email.")


_KINDS = {
    PhoneNumberType.FIXED_LINE: "This is a landline.",
    PhoneNumberType.TOLL_FREE: "This is a free-phone number.",
    PhoneNumberType.PREMIUM_RATE: "This is a premium-rate number.",
    PhoneNumberType.SHARED_COST: "This is a shared-cost number.",
    PhoneNumberType.PAGER: "This is a pager.",
    PhoneNumberType.PERSONAL_NUMBER: "This is a personal redirect number.",
    PhoneNumberType.VOIP: "This is an internet telephone number.",
    PhoneNumberType.UNKNOWN: "No network uses this number.",
}


def _country_warnings(
    number: PhoneNumber, *, country: str, allowed_countries: Collection[str]
) -> tuple[str, ...]:
    region = _region(number)
    if region == country or region in allowed_countries:
        return ()
    if any(region in _NEIGHBOURS.get(near, ()) for near in (country, *allowed_countries)):
        return (f"The number is in another network area ({region}); texts may cost more.",)
    raise Rejected(
        "country_not_allowed",
        f"The number is in a country this clinic does not send to ({region}).",
        "Ask an administrator to add the country, or use email.",
    )


def _region(number: PhoneNumber) -> str:
    known = phonenumbers.region_code_for_number(number)
    return known or phonenumbers.region_code_for_country_code(number.country_code or 0)
