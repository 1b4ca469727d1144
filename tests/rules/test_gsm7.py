import pytest

from reminders.rules.gsm7 import Encoding, outside_gsm7, sms_size

# What three independent counters agree on (see docs on libraries): units and parts.
KNOWN = [
    ("", Encoding.GSM7, 0, 1),
    ("a" * 160, Encoding.GSM7, 160, 1),
    ("a" * 161, Encoding.GSM7, 161, 2),
    ("a" * 306, Encoding.GSM7, 306, 2),
    ("a" * 307, Encoding.GSM7, 307, 3),
    ("a" * 918, Encoding.GSM7, 918, 6),
    ("a" * 919, Encoding.GSM7, 919, 7),
    ("a" * 158 + "€", Encoding.GSM7, 160, 1),
    ("a" * 159 + "€", Encoding.GSM7, 161, 2),
    ("^{}\\[~]|€\f", Encoding.GSM7, 20, 1),
    ("@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà", Encoding.GSM7, 41, 1),
    ("ç", Encoding.UCS2, 1, 1),
    ("á" * 70, Encoding.UCS2, 70, 1),
    ("á" * 71, Encoding.UCS2, 71, 2),
    ("á" * 134, Encoding.UCS2, 134, 2),
    ("á" * 135, Encoding.UCS2, 135, 3),
    ("😀" * 35, Encoding.UCS2, 70, 1),
    ("😀" * 36, Encoding.UCS2, 72, 2),
    ("مرحبا", Encoding.UCS2, 5, 1),
]


@pytest.mark.parametrize(("text", "encoding", "units", "parts"), KNOWN)
def test_a_text_is_counted_as_the_providers_count_it(text, encoding, units, parts):
    size = sms_size(text)

    assert (size.encoding, size.units, size.parts) == (encoding, units, parts)


def test_a_sign_of_two_units_is_never_cut_in_half():
    # 306 units fit two parts of 153, but the sign would stand on the cut
    assert sms_size("a" * 152 + "€" + "a" * 152).parts == 3
    assert sms_size("a" * 151 + "€" + "a" * 153).parts == 2


def test_a_pair_of_surrogates_is_never_cut_in_half():
    assert sms_size("á" * 66 + "😀" + "á" * 66).parts == 3


@pytest.mark.parametrize("character", ["’", "“", "–", "…", "°", "\u00a0", "ë", "ł"])
def test_what_a_word_processor_puts_in_is_named(character):
    assert outside_gsm7(f"Do not{character} drive{character}") == [character]
