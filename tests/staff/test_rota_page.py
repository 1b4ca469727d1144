"""The rota: who is on duty, the hours without anybody, and the numbers on which people are told."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse

from clinic.models import Role
from reminders.flow.rota import add_shifts
from reminders.models import DutyChange, DutyShift
from tests.factories import NOON, ClinicFactory, StaffFactory
from tests.ladders import ShiftFactory
from tests.staff.pages import words_of

HOUR = timedelta(hours=1)


@pytest.fixture
def address(own_clinic):
    return reverse("admin:reminders_rota", args=[own_clinic.pk])


@pytest.fixture
def tomas(own_clinic):
    return StaffFactory(
        clinic=own_clinic, first_name="Tomas", last_name="Reed", phone="+447700900801"
    )


def shift(person, **typed):
    return {"staff": person.pk, "day": "2026-03-03", "starts": "20:00", "ends": "08:00",
            "days": 1} | typed  # fmt: skip


class TestTheWeek:
    def test_says_who_is_on_duty_now_and_until_when(self, browser, address, own_clinic, tomas):
        ShiftFactory(clinic=own_clinic, staff=tomas, ends_at=NOON + 8 * HOUR)

        page = words_of(browser.get(address))

        assert "<strong>Tomas Reed</strong>" in page
        assert "until 20:00" in page
        assert 'href="tel:+447700900801"' in page

    def test_says_that_nobody_is(self, browser, address):
        page = words_of(browser.get(address))

        assert "Nobody. An alert goes straight to the next step of the ladder." in page

    def test_shows_the_hours_without_anybody(self, browser, address, own_clinic, tomas):
        ShiftFactory(
            clinic=own_clinic, staff=tomas,
            starts_at=datetime(2026, 3, 2, tzinfo=UTC),
            ends_at=datetime(2026, 3, 8, 20, tzinfo=UTC),
        )  # fmt: skip

        page = words_of(browser.get(address))

        assert "1 day with hours without anybody" in page
        assert "20:00 to midnight" in page

    def test_a_week_without_gaps_says_so(self, browser, address, own_clinic, tomas):
        ShiftFactory(
            clinic=own_clinic, staff=tomas,
            starts_at=NOON - 48 * HOUR, ends_at=NOON + 200 * HOUR,
        )  # fmt: skip

        assert "Somebody at every hour" in words_of(browser.get(address))

    def test_other_weeks_are_a_link_away(self, browser, address, own_clinic, tomas):
        ShiftFactory(
            clinic=own_clinic, staff=tomas,
            starts_at=NOON + 168 * HOUR, ends_at=NOON + 170 * HOUR,
        )  # fmt: skip

        assert "12:00 to 14:00" in words_of(browser.get(address, {"week": "2026-03-09"}))
        assert "12:00 to 14:00" not in words_of(browser.get(address))

    @pytest.mark.parametrize("week", ["", "x", "2026-02-30", "0001-01-01", "9999-12-31"])
    def test_a_week_that_is_none_is_this_one(self, browser, address, week):
        page = browser.get(address, {"week": week})

        assert page.status_code == 200
        assert str(page.context["week"].first) == "2026-03-02"

    def test_an_hour_that_the_clock_skips_makes_no_gap(self, browser, address, own_clinic, tomas):
        ShiftFactory(
            clinic=own_clinic, staff=tomas,
            starts_at=datetime(2026, 3, 28, 20, tzinfo=UTC),
            ends_at=datetime(2026, 3, 29, 20, tzinfo=UTC),
        )  # fmt: skip

        page = browser.get(address, {"week": "2026-03-23"})

        sunday = page.context["week"].days[6]
        assert [(part.hours, part.shift is None) for part in sunday.parts] == [
            ("Sat 20:00 to 21:00", False), ("21:00 to midnight", True)
        ]  # fmt: skip


class TestPuttingOnDuty:
    def test_over_midnight_for_some_days(self, browser, address, tomas):
        browser.post(address, shift(tomas, days=3))

        shifts = list(DutyShift.objects.values_list("starts_at", "ends_at"))
        assert shifts == [
            (NOON + (8 + 24 * n) * HOUR, NOON + (20 + 24 * n) * HOUR) for n in range(3)
        ]

    def test_keeps_the_hours_on_the_wall_when_the_clock_changes(self, browser, address, tomas):
        browser.post(address, shift(tomas, day="2026-03-28", days=2))

        hours = [s.starts_at.hour for s in DutyShift.objects.all()]
        assert hours == [20, 19]

    def test_not_twice_at_the_same_time(self, browser, address, own_clinic, tomas):
        browser.post(address, shift(tomas, days=2))

        page = browser.post(address, shift(tomas, day="2026-03-04", starts="07:00", ends="09:00"))

        assert "Tomas Reed is on duty already on 03 Mar, 20:00 to Wed 08:00." in words_of(page)
        assert DutyShift.objects.count() == 2

    @pytest.mark.parametrize(
        "wrong",
        [{"day": "2026-03-01"}, {"day": "2027-06-01"}, {"days": 0}, {"days": 32}, {"starts": "x"}],
    )
    def test_refuses_what_makes_no_sense(self, browser, address, tomas, wrong):
        page = browser.post(address, shift(tomas, **wrong))

        assert "ac-error" in words_of(page)
        assert not DutyShift.objects.exists()

    def test_takes_nobody_of_another_clinic(self, browser, address):
        page = browser.post(address, shift(StaffFactory(last_name="Elsewhere")))

        assert "Elsewhere" not in words_of(page)
        assert not DutyShift.objects.exists()


class TestTakingOff:
    def end(self, browser, row):
        return browser.post(reverse("admin:reminders_end_shift", args=[row.pk]), follow=True)

    def test_a_shift_to_come_is_gone(self, browser, own_clinic):
        self.end(browser, ShiftFactory(clinic=own_clinic, starts_at=NOON + HOUR))

        assert not DutyShift.objects.exists()

    def test_one_that_runs_ends_now(self, browser, own_clinic):
        self.end(browser, ShiftFactory(clinic=own_clinic))

        assert DutyShift.objects.get().ends_at == NOON

    def test_one_that_is_over_stays(self, browser, own_clinic):
        row = ShiftFactory(clinic=own_clinic, ends_at=NOON - HOUR)

        self.end(browser, row)

        assert DutyShift.objects.get().ends_at == NOON - HOUR

    def test_of_another_clinic_cannot_be_touched(self, browser):
        row = ShiftFactory(starts_at=NOON + HOUR)

        assert self.end(browser, row).status_code == 404
        assert DutyShift.objects.exists()

    def test_by_a_link_it_does_not_happen(self, browser, own_clinic):
        row = ShiftFactory(clinic=own_clinic)

        answer = browser.get(reverse("admin:reminders_end_shift", args=[row.pk]))

        assert answer.status_code == 405


class TestWhoChangedIt:
    def test_stays_when_somebody_is_put_on_and_taken_off(self, browser, address, tomas, nurse):
        browser.post(address, shift(tomas))
        row = DutyShift.objects.get()
        browser.post(reverse("admin:reminders_end_shift", args=[row.pk]))

        page = words_of(browser.get(address))

        kinds = DutyChange.objects.values_list("kind", "by", "staff")
        assert list(kinds) == [("off_duty", nurse.pk, tomas.pk), ("on_duty", nurse.pk, tomas.pk)]
        assert "<strong>Taken off duty: Tomas Reed</strong>" in page
        assert "<del>Tue 3 Mar, 20:00 to Wed 08:00</del>" in page

    def test_of_a_shift_that_ran_both_ends_are_kept(self, browser, own_clinic):
        row = ShiftFactory(clinic=own_clinic, starts_at=NOON - HOUR, ends_at=NOON + HOUR)

        browser.post(reverse("admin:reminders_end_shift", args=[row.pk]))
        browser.post(reverse("admin:reminders_end_shift", args=[row.pk]))

        [change] = DutyChange.objects.all()
        assert [change.before[0][1], change.after[0][1]] == [
            (NOON + HOUR).isoformat(),
            NOON.isoformat(),
        ]

    def test_cannot_be_rewritten(self, browser, address, tomas):
        browser.post(address, shift(tomas))

        with pytest.raises(DatabaseError, match="never changed"):
            DutyChange.objects.update(before=[])

    def test_of_another_clinic_is_not_shown(self, browser, address):
        elsewhere = StaffFactory(last_name="Elsewhere")
        add_shifts(
            elsewhere.clinic, staff=elsewhere, spans=[(NOON, NOON + HOUR)], by=elsewhere, now=NOON
        )

        assert "Elsewhere" not in words_of(browser.get(address))


class TestNumbers:
    def write(self, browser, person, number):
        address = reverse("admin:reminders_duty_number", args=[person.pk])
        return browser.post(address, {"phone": number}, follow=True)

    def test_are_written_in_their_full_form(self, browser, tomas):
        self.write(browser, tomas, "07700 900811")

        tomas.refresh_from_db()
        assert tomas.phone == "+447700900811"
        assert tomas.history.first().phone == "+447700900811"

    def test_that_reach_nobody_are_refused_with_the_reason(self, browser, tomas):
        page = self.write(browser, tomas, "ward desk")

        tomas.refresh_from_db()
        assert tomas.phone == "+447700900801"
        assert "contains letters" in words_of(page)

    def test_of_another_clinic_cannot_be_touched(self, browser):
        assert self.write(browser, StaffFactory(), "07700 900811").status_code == 404


class TestWho:
    @pytest.mark.parametrize("role", Role)
    def test_sees_it_and_who_may_change_it(self, role, own_clinic, address, tomas, signed_in):
        browser = signed_in(StaffFactory(clinic=own_clinic, role=role))

        page = browser.get(address)
        answer = browser.post(address, shift(tomas))

        may = role not in (Role.RECEPTION, Role.AUDITOR)
        assert page.status_code == 200
        assert ("Put on duty" in words_of(page)) is may
        assert (answer.status_code == 302) is may
        assert DutyShift.objects.exists() is may

    def test_of_another_clinic_sees_nothing_of_it(self, browser, tomas):
        address = reverse("admin:reminders_rota", args=[ClinicFactory().pk])

        assert browser.get(address).status_code == 404
        assert browser.post(address, shift(tomas)).status_code == 404

    def test_is_an_operator_chooses_a_clinic_first(self, db, signed_in):
        operator = StaffFactory(clinic=None, is_superuser=True)

        answer = signed_in(operator).get(reverse("admin:reminders_own_rota"))

        assert answer.url == reverse("admin:clinic_clinic_changelist")
