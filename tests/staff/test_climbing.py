"""The page of an alert says who was told and who is next; the strip stands while nobody has it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from reminders.flow.alerts import acknowledge
from reminders.flow.ladder import climb
from reminders.models import How, Tier, Whom
from tests.factories import NOON, ClinicFactory, StaffFactory
from tests.ladders import LadderFactory, RungFactory, ShiftFactory, raised
from tests.staff.pages import words_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ladder(own_clinic, released):
    """Whoever is on duty at once, the surgeon after ten minutes, the switchboard after twenty."""
    ladder = LadderFactory(clinic=own_clinic)
    surgeon = StaffFactory(
        clinic=own_clinic, first_name="Imogen", last_name="Vale", phone="07700 900802"
    )
    common = {"ladder": ladder, "label": "", "address": "", "how": How.SMS}
    RungFactory(position=0, whom=Whom.ON_DUTY, **common)
    RungFactory(position=1, after_minutes=10, whom=Whom.PERSON, staff=surgeon, **common)
    RungFactory(
        ladder=ladder, position=2, after_minutes=20, how=How.PHONE, address="020 7946 0109",
        label="Switchboard",
    )  # fmt: skip
    return ladder


def page_of(browser, alert):
    return words_of(browser.get(reverse("admin:reminders_alert_change", args=[alert.pk])))


class TestThePage:
    def test_says_who_is_told_next_and_when(self, browser, own_clinic, ladder):
        ShiftFactory(clinic=own_clinic, staff__first_name="Tomas", staff__last_name="Reed")
        alert = raised(own_clinic, at=NOON - 4 * MINUTE)
        climb(now=NOON - 4 * MINUTE)

        page = page_of(browser, alert)

        assert "Told next, at 12:06 (in 6 min): Imogen Vale, by text message." in page
        assert "Whoever is on duty (Tomas Reed), by text message" in page
        assert "Waiting to be sent" in page

    def test_says_whom_a_step_did_not_reach_and_why(self, browser, own_clinic, ladder):
        alert = raised(own_clinic)
        climb(now=NOON)

        page = page_of(browser, alert)

        assert "Reached nobody" in page
        assert "Nobody is on duty" in page

    def test_names_who_would_be_on_duty_by_then(self, browser, own_clinic, ladder):
        ShiftFactory(clinic=own_clinic, staff__first_name="Tomas", staff__last_name="Reed")

        page = page_of(browser, raised(own_clinic, at=NOON + MINUTE))

        assert "in 1 min): Whoever is on duty (Tomas Reed)" in page

    def test_taken_it_says_when_it_would_climb_again(self, browser, nurse, own_clinic, ladder):
        alert = raised(own_clinic)
        acknowledge(alert.pk, by=nurse, now=NOON)

        page = page_of(browser, alert)

        assert "Not closed by 13:00, it climbs again from the first step." in page
        assert "Told next" not in page
        assert "Not needed" in page

    def test_leaves_out_most_repeats_and_says_how_many(self, browser, own_clinic, ladder):
        alert = raised(own_clinic, at=NOON - 120 * MINUTE)
        for minutes in range(121):
            climb(now=NOON + (minutes - 120) * MINUTE)

        page = page_of(browser, alert)

        assert "repeat 10" in page
        assert "repeat 2<" not in page
        assert "6 earlier repeats are not listed." in page

    def test_says_nothing_of_a_climb_where_there_is_none(self, browser, own_clinic):
        assert "Who is told" not in page_of(browser, raised(own_clinic, tier=Tier.ROUTINE))


class TestTheStrip:
    def test_stands_on_every_page_while_nobody_has_an_urgent_alert(
        self, browser, own_clinic, ladder
    ):
        alert = raised(own_clinic, at=NOON - 20 * MINUTE)
        climb(now=NOON)

        for screen in ("index", "clinic_patient_changelist"):
            page = words_of(browser.get(reverse(f"admin:{screen}")))
            assert "Nobody has taken this urgent alert." in page
            assert "waiting for 20 min. Call Switchboard: 020 7946 0109." in page
            assert reverse("admin:reminders_alert_change", args=[alert.pk]) in page

    def test_stands_at_once_before_any_step_was_told(self, browser, own_clinic, ladder):
        raised(own_clinic)

        page = words_of(browser.get(reverse("admin:index")))

        assert "Nobody has taken this urgent alert." in page
        assert "Call Switchboard" not in page

    def test_comes_down_when_a_named_person_takes_the_alert(
        self, browser, nurse, own_clinic, ladder
    ):
        alert = raised(own_clinic)
        climb(now=NOON + 30 * MINUTE)

        browser.post(reverse("admin:reminders_alert_take", args=[alert.pk]))

        assert "Nobody has taken" not in words_of(browser.get(reverse("admin:index")))
        climb(now=NOON + 50 * MINUTE)
        assert not alert.steps.filter(repeat__gt=1).exists()

    def test_leaves_an_alert_for_the_day_alone_until_its_ladder_ends(
        self, browser, own_clinic, released
    ):
        own_clinic.urgent_phone = "020 7946 0102"
        own_clinic.save()
        raised(own_clinic, tier=Tier.SAME_DAY, at=NOON - 60 * MINUTE)
        climb(now=NOON)
        assert "Nobody has taken" not in words_of(browser.get(reverse("admin:index")))

        climb(now=NOON + 60 * MINUTE)

        assert "Nobody has taken this alert." in words_of(browser.get(reverse("admin:index")))

    def test_says_nothing_of_other_clinics(self, browser, released):
        raised(ClinicFactory())

        assert "Nobody has taken" not in words_of(browser.get(reverse("admin:index")))
