from datetime import date, timedelta

import pytest
from verdict_rows import assert_verdict, rows

from clinic.verdicts import Rejected, dates
from clinic.verdicts.dates import DayOrder

TODAY = date(2026, 3, 3)


@pytest.mark.parametrize("row", rows("dates"))
def test_every_day_gets_the_verdict_of_the_list(row):
    typed = row["input"] * row.get("times", 1)
    order = DayOrder(row["order"]) if "order" in row else None

    assert_verdict(row, typed=typed, verdict=lambda: dates.day(typed, order=order))


def test_a_column_that_writes_days_both_ways_shows_both_orders():
    assert dates.orders_shown_by(["13/01/2026", "01/02/2026", "01/13/2026"]) == set(DayOrder)


def test_a_column_of_one_order_shows_that_order():
    assert dates.orders_shown_by(["13/01/2026", "01/02/2026", "2026-01-13"]) == {DayOrder.DAY_FIRST}


class TestSurgeryDate:
    @pytest.mark.parametrize("days", [-3000, -8, 0, 1, 366])
    def test_takes_the_past_and_a_year_ahead(self, days):
        operated = TODAY + timedelta(days=days)

        assert dates.surgery_date(operated, today=TODAY) == dates.Verdict(operated)

    @pytest.mark.parametrize("days", [367, 400, 731])
    def test_asks_about_more_than_a_year_ahead(self, days):
        assert dates.surgery_date(TODAY + timedelta(days=days), today=TODAY).warnings

    @pytest.mark.parametrize(
        "operated",
        [TODAY + timedelta(days=732), date(9999, 12, 31), date(1, 1, 1), date(1899, 12, 31)],
    )
    def test_refuses_what_cannot_be(self, operated):
        with pytest.raises(Rejected):
            dates.surgery_date(operated, today=TODAY)


class TestBirthDate:
    def test_takes_somebody_born_today(self):
        assert dates.birth_date(TODAY, today=TODAY).value == TODAY

    @pytest.mark.parametrize("born", [TODAY + timedelta(days=1), date(1896, 3, 3), date(1, 1, 1)])
    def test_refuses_the_future_and_the_dead(self, born):
        with pytest.raises(Rejected):
            dates.birth_date(born, today=TODAY)

    @pytest.mark.parametrize("born", [date(2000, 1, 1), date(1900, 1, 1), date(1970, 1, 1)])
    def test_asks_about_dates_that_forms_fill_in(self, born):
        assert dates.birth_date(born, today=TODAY).warnings


class TestDischargeDate:
    def test_takes_the_day_of_the_surgery(self):
        assert dates.discharge_date(TODAY, operated=TODAY).value == TODAY

    @pytest.mark.parametrize("days", [-1, 732])
    def test_refuses_before_the_surgery_and_years_after(self, days):
        with pytest.raises(Rejected):
            dates.discharge_date(TODAY + timedelta(days=days), operated=TODAY)

    def test_asks_about_a_very_long_stay(self):
        assert dates.discharge_date(TODAY + timedelta(days=200), operated=TODAY).warnings
