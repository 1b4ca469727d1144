import pytest
from verdict_rows import assert_verdict, rows

from clinic.verdicts import Rejected, emails


def typed_in(row):
    if "local_length" in row:
        return "a" * row["local_length"] + "@example.com"
    if "total_length" in row:
        start = "a" * 60 + "@" + ("b" * 60 + ".") * 2
        return start + "c" * 57 + "." + "d" * (row["total_length"] - len(start) - 62) + ".com"
    return row["input"]


@pytest.mark.parametrize("row", rows("emails"))
def test_every_address_gets_the_verdict_of_the_list(row):
    typed = typed_in(row)

    assert_verdict(
        row,
        typed=typed,
        verdict=lambda: emails.address(typed, own_address="reminders@example.org"),
    )


def test_an_address_with_a_name_around_it_is_given_back_in_the_hint():
    with pytest.raises(Rejected) as rejected:
        emails.address("Jane <jane@example.com>")

    assert rejected.value.hint == "Keep only jane@example.com."
