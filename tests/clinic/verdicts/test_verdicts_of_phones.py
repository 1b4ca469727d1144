import pytest
from verdict_rows import assert_verdict, rows

from clinic.verdicts import Rejected, phones


def ask(typed, row):
    country = row.get("country", "GB")
    return phones.mobile(
        typed,
        country=country,
        allowed_countries=row.get("allowed", [country]),
        test_numbers=row.get("test_numbers", True),
    )


@pytest.mark.parametrize("row", rows("phones"))
def test_every_number_gets_the_verdict_of_the_list(row):
    typed = row["input"] + "2" * row.get("repeat_tail", 0)

    assert_verdict(row, typed=typed, verdict=lambda: ask(typed, row))


def test_a_kept_number_is_kept_again_without_a_word():
    assert ask("+447700900123", {}) == phones.Verdict("+447700900123")


def test_an_emergency_number_is_told_apart_from_a_short_one():
    with pytest.raises(Rejected, match="999 is an emergency number"):
        ask("999", {})


@pytest.mark.parametrize(
    "number", ["+447700900999", "+12125550100", "+61491570156", "+33639980000", "+493920"]
)
def test_no_number_for_films_gets_into_production(number):
    with pytest.raises(Rejected):
        phones.mobile(
            number,
            country="GB",
            allowed_countries=["GB", "US", "AU", "FR", "DE"],
            test_numbers=False,
        )


def test_a_number_of_a_real_network_needs_no_permission_for_tests():
    answer = phones.mobile(
        "07400 123456", country="GB", allowed_countries=["GB"], test_numbers=False
    )

    assert answer.value == "+447400123456"
