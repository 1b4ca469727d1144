"""What texts cost: never less exact than a nurse can use, never a row of noughts."""

from decimal import Decimal

import pytest

from reminders.rules.sms_price import Cost, Price, cost_of


@pytest.mark.parametrize(
    ("per_part", "parts", "said"),
    [
        ("0.04", 2, "0.08 GBP"),
        ("0.04", 1, "0.04 GBP"),
        ("0.0079", 1, "0.0079 GBP"),
        ("0.0395", 2, "0.079 GBP"),
        ("0.05", 2, "0.10 GBP"),
        ("0.0395", 31, "1.22 GBP"),
        ("1", 3, "3.00 GBP"),
        ("999.9999", 6, "6000.00 GBP"),
        ("0.0001", 1, "0.0001 GBP"),
        ("0.04", 0, ""),
    ],
)
def test_a_price_in_words(per_part, parts, said):
    assert Price(Decimal(per_part), "GBP").of(parts) == said


def test_texts_that_cannot_be_made_are_told_apart():
    assert cost_of([1, 2, None]) == Cost(texts=3, parts=3, unmade=1)
    assert cost_of([]) == Cost()
