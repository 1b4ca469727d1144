"""A text → how it travels as SMS: which alphabet, how many units, how many parts.

Source: 3GPP TS 23.038 (the alphabet and its extension table) and 23.040 (six octets of header in
each part of a longer message: 160 septets become 153, 70 UTF-16 units become 67).
"""

from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION = frozenset("\f^{}\\[~]|€")  # two septets each, behind an escape


class Encoding(StrEnum):
    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


_ONE_PART = {Encoding.GSM7: 160, Encoding.UCS2: 70}
_EACH_OF_MANY = {Encoding.GSM7: 153, Encoding.UCS2: 67}


@dataclass(frozen=True, slots=True)
class SmsSize:
    encoding: Encoding
    units: int  # septets of GSM-7, or UTF-16 units
    parts: int


def sms_size(text: str) -> SmsSize:
    """Return how `text` travels. One character outside GSM-7 moves the whole text to UCS-2."""
    encoding = Encoding.UCS2 if outside_gsm7(text) else Encoding.GSM7
    widths = [_width(character, encoding=encoding) for character in text]
    return SmsSize(encoding=encoding, units=sum(widths), parts=_parts(widths, encoding=encoding))


def outside_gsm7(text: str) -> list[str]:
    """Return the characters that GSM-7 lacks, each once, in the order of the text."""
    return list(dict.fromkeys(c for c in text if c not in _BASIC and c not in _EXTENSION))


def _width(character: str, *, encoding: Encoding) -> int:
    if encoding is Encoding.GSM7:
        return 2 if character in _EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1


def _parts(widths: list[int], *, encoding: Encoding) -> int:
    """A character of two units never stands on both sides of a cut; a part may stay one short."""
    if sum(widths) <= _ONE_PART[encoding]:
        return 1
    parts, used = 1, 0
    for width in widths:
        if used + width > _EACH_OF_MANY[encoding]:
            parts, used = parts + 1, 0
        used += width
    return parts
