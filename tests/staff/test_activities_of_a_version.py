"""The clinic's own activity days: seen as bars, typed on a draft, refused outside of the range."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.models import Role
from reminders.flow.calendar import calendar_of
from reminders.flow.drafts import start_draft
from reminders.flow.restriction_days import set_day
from reminders.flow.version_content import content_of
from reminders.rules.restrictions import first_free_day
from reminders.staff.bars import LAST_DAY, bar, place
from tests.factories import NOON, ClinicFactory, StaffFactory
from tests.flow.versions import WALK, a_draft, a_live_version
from tests.rules.content_builder import a_step
from tests.staff.pages import fields_of, words_of

SWIM = a_step(key="d28_swim", day_from=28, day_to=30, restrictions=("swim",), permits=("swim",))


@pytest.fixture
def draft(own_clinic):
    return a_draft(own_clinic, WALK, SWIM)


def address(version, name="restrictions", *more):
    return reverse(f"admin:reminders_content_{name}", args=[version.pk, *more])


def day_of(version, key):
    version.refresh_from_db()
    return {rule.key: first_free_day(rule) for rule in calendar_of(content_of(version))}[key]


def save(browser, draft, **days):
    typed = fields_of(browser.get(address(draft)))
    typed |= {f"day-{key}": str(day) for key, day in days.items()}
    return browser.post(address(draft), typed, follow=True)


class TestThePage:
    def test_shows_what_a_clinician_decides_by(self, browser, draft):
        words = words_of(browser.get(address(draft)))

        assert "No swimming until the wound is closed, and not before day 28." in words
        assert "Day 21 to 42; the default is 28." in words
        assert "After 3 to 4 weeks (Sunnybrook, DRHC)" in words
        assert reverse("admin:reminders_content_step", args=[draft.pk, "d28_swim"]) in words

    def test_shows_only_the_rules_of_its_own_pathway(self, browser, draft):
        shown = {row.rule.key for row in browser.get(address(draft)).context["rows"]}

        assert "swim" in shown
        assert not {"lift_neck", "drive_fusion"} & shown

    def test_is_reached_from_the_version(self, browser, draft):
        assert address(draft) in words_of(browser.get(address(draft, "content")))

    def test_says_that_the_rules_of_a_live_version_are_the_signed_ones(self, browser, own_clinic):
        live = a_live_version(own_clinic)

        page = browser.get(address(live))

        assert "kept as they were handed in" in words_of(page)
        assert "day-swim" not in fields_of(page)

    def test_costs_as_many_queries_with_many_messages_as_with_few(
        self, browser, own_clinic, draft, django_assert_num_queries
    ):
        days = range(30, 60)
        many = [replace(SWIM, key=f"d{day}_swim", day_from=day, day_to=day) for day in days]
        long = a_draft(own_clinic, WALK, *many)
        browser.get(address(draft))
        with CaptureQueriesContext(connection) as few:
            browser.get(address(draft))

        with django_assert_num_queries(len(few)):
            browser.get(address(long))

    def test_of_another_clinic_does_not_open(self, browser):
        assert browser.get(address(a_draft(ClinicFactory()))).status_code == 404


class TestADay:
    def test_is_kept_in_the_draft(self, browser, draft):
        words = words_of(save(browser, draft, swim=35))

        assert "One day was saved in the draft." in words
        assert day_of(draft, "swim") == 35

    def test_outside_the_range_is_refused_with_a_sentence_and_the_others_are_kept(
        self, browser, draft
    ):
        page = save(browser, draft, swim=60, bath=28)

        assert "sources do not support day 60. Choose a day from 21 to 42" in words_of(page)
        assert fields_of(page)["day-swim"] == "60"
        assert (day_of(draft, "swim"), day_of(draft, "bath")) == (28, 28)

    def test_that_is_no_number_is_refused_with_a_sentence(self, browser, draft):
        assert "A day is a whole number" in words_of(save(browser, draft, swim="soon"))

    def test_left_empty_is_the_default(self, browser, draft):
        save(browser, draft, swim=35)
        save(browser, draft, swim="")

        assert day_of(draft, "swim") == 28

    def test_that_a_colleague_set_meanwhile_is_not_set_back(self, browser, draft, nurse):
        opened = fields_of(browser.get(address(draft)))
        set_day(draft.pk, key="bath", day=28, by=nurse, now=NOON)

        browser.post(address(draft), opened | {"day-swim": "35"})

        assert (day_of(draft, "swim"), day_of(draft, "bath")) == (35, 28)

    def test_that_a_message_contradicts_is_named_with_the_message(self, browser, draft):
        words = words_of(save(browser, draft, swim=35))

        assert "Says on day 28 that Swimming may start; the limit is until day 35." in words
        assert "must be put right before this is handed in" in words

    def test_is_shown_in_the_difference(self, browser, own_clinic, nurse):
        live = a_live_version(own_clinic)
        draft = start_draft(live.pk, by=nurse, now=NOON)
        set_day(draft.pk, key="swim", day=35, by=nurse, now=NOON)

        words = words_of(browser.get(address(draft, "difference", live.pk)))

        assert "Activity: Swimming" in words
        assert "<del>28</del> <ins>35</ins>" in words
        assert "Both say the same" not in words

    def test_is_typed_by_nobody_who_may_not_write_content(self, own_clinic, draft, signed_in):
        reception = signed_in(StaffFactory(clinic=own_clinic, role=Role.RECEPTION))

        answer = reception.post(address(draft), {"day-swim": "35", "was-swim": "28"})

        assert answer.status_code == 403
        assert day_of(draft, "swim") == 28

    def test_is_not_typed_into_what_is_live(self, browser, own_clinic):
        live = a_live_version(own_clinic)

        assert browser.post(address(live), {"day-swim": "35"}).status_code == 403


class TestBars:
    def test_run_from_the_first_day_to_the_last_of_a_year(self):
        assert (place(0), place(LAST_DAY)) == (0, 100)
        assert (place(-28), place(730)) == (0, 100)

    def test_tell_the_first_days_apart(self):
        assert place(5) - place(2) > 4

    def test_without_an_end_run_to_the_end(self):
        assert bar(0, None).width == 100

    def test_of_one_moment_have_no_width(self):
        assert bar(42, 42).width == 0
