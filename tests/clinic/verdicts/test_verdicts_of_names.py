import time

import pytest
from verdict_rows import assert_verdict, rows

from clinic.verdicts import Rejected, names


def typed_in(row):
    if row.get("surrogate"):
        return "Ann" + chr(0xD800)
    return row["input"] * row.get("times", 1)


@pytest.mark.parametrize("row", rows("names"))
def test_every_name_gets_the_verdict_of_the_list(row):
    typed = typed_in(row)

    assert_verdict(row, typed=typed, verdict=lambda: names.person_name(typed))


def test_a_kept_name_is_kept_again_without_a_word():
    kept = names.person_name("  ℌ𝔢𝔫𝔯𝔶 \u2066x\u2069 ").value

    assert names.person_name(kept) == names.Verdict(kept)


def test_a_hundred_thousand_letters_are_refused_at_once():
    began = time.perf_counter()

    with pytest.raises(Rejected):
        names.person_name("a" * 100_000)

    assert time.perf_counter() - began < 0.05


@pytest.mark.parametrize(
    ("one", "other"), [("José", "Jose\u0301"), ("Straße", "STRASSE"), ("O'BRIEN", "o'Brien")]
)
def test_two_spellings_of_one_name_match(one, other):
    assert names.match_key(one) == names.match_key(other)


def test_polish_l_is_not_matched_with_plain_l():
    assert names.match_key("Łukasz") != names.match_key("Lukasz")
