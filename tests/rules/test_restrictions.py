import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.pathways.restrictions import read_restrictions
from reminders.rules.content import Region, RestrictionContent, RestrictionKind
from reminders.rules.restrictions import (
    OutsideReviewedRange,
    first_free_day,
    forbids,
    holds_for,
    moved,
    of_pathway,
    with_clinic_days,
)
from tests.rules.content_builder import a_pathway

DRIVE = RestrictionContent(
    "drive", activity="Driving", day_from=0, day_to=14, reviewed_days=(3, 42)
)
PHYSIO = RestrictionContent(
    "physio",
    activity="Exercise plan",
    day_from=28,
    day_to=42,
    kind=RestrictionKind.START,
    reviewed_days=(1, 42),
)
WALK = RestrictionContent(
    "walk", activity="Walking", day_from=1, day_to=None, kind=RestrictionKind.ADVICE
)
ALCOHOL = RestrictionContent("alcohol", activity="Alcohol", day_from=0, day_to=None)
CALENDAR = read_restrictions()


class TestForbids:
    @pytest.mark.parametrize(
        ("rule", "day", "is_forbidden"),
        [
            (DRIVE, 0, True),
            (DRIVE, 13, True),
            (DRIVE, 14, False),
            (PHYSIO, 27, True),
            (PHYSIO, 28, False),
            (PHYSIO, 100, False),
            (WALK, 0, False),
            (ALCOHOL, 300, True),
        ],
    )
    def test_until_the_start_of_its_last_day(self, rule, day, is_forbidden):
        assert forbids(rule, day=day) is is_forbidden

    @given(st.sampled_from(sorted(CALENDAR)), st.integers(-60, 730))
    def test_what_is_free_once_stays_free(self, key, day):
        rule = CALENDAR[key]

        assert forbids(rule, day=day) or not forbids(rule, day=day + 1)

    @pytest.mark.parametrize("key", sorted(CALENDAR))
    def test_the_first_free_day_is_where_it_turns(self, key):
        rule = CALENDAR[key]
        free = first_free_day(rule)

        if free is not None:
            assert not forbids(rule, day=free)
            assert rule.kind is RestrictionKind.ADVICE or forbids(rule, day=free - 1)


class TestWhoseRule:
    def test_a_rule_of_another_region_does_not_hold(self):
        neck = RestrictionContent(
            "n", activity="N", day_from=0, day_to=1, regions=(Region.CERVICAL,)
        )

        assert not holds_for(neck, pathway=a_pathway())
        assert holds_for(DRIVE, pathway=a_pathway())

    def test_a_rule_of_another_pathway_does_not_hold(self):
        other = RestrictionContent("n", activity="N", day_from=0, day_to=1, pathways=("other",))

        assert not holds_for(other, pathway=a_pathway())

    def test_the_calendar_goes_by_the_days_on_which_limits_end(self):
        rules = {rule.key: rule for rule in (WALK, PHYSIO, DRIVE)}

        keys = [rule.key for rule in of_pathway(a_pathway(), restrictions=rules)]

        assert keys == ["drive", "physio", "walk"]


class TestAClinicsOwnDay:
    @pytest.mark.parametrize("day", [3, 28, 42])
    def test_it_may_be_set_within_what_the_sources_support(self, day):
        assert first_free_day(moved(DRIVE, day=day)) == day

    @pytest.mark.parametrize("day", [2, 43, -1, 10_000])
    def test_outside_it_needs_a_review(self, day):
        with pytest.raises(OutsideReviewedRange, match="Choose a day from 3 to 42"):
            moved(DRIVE, day=day)

    def test_a_rule_without_a_range_cannot_be_moved(self):
        with pytest.raises(OutsideReviewedRange):
            moved(WALK, day=5)

    @pytest.mark.parametrize(("day", "window"), [(14, (14, 42)), (42, (42, 42))])
    def test_a_start_is_moved_at_its_beginning(self, day, window):
        rule = moved(PHYSIO, day=day)

        assert (rule.day_from, rule.day_to) == window

    def test_only_the_rules_that_a_clinic_names_are_moved(self):
        rules = with_clinic_days((DRIVE, PHYSIO), days={"drive": 28, "unknown": 3})

        assert rules["drive"].day_to == 28
        assert rules["physio"] == PHYSIO

    @given(st.sampled_from(sorted(CALENDAR)), st.integers(-100, 800))
    def test_whatever_is_asked_the_range_is_kept(self, key, day):
        rule = CALENDAR[key]
        try:
            changed = moved(rule, day=day)
        except OutsideReviewedRange:
            assert rule.reviewed_days is None or not (
                rule.reviewed_days[0] <= day <= rule.reviewed_days[1]
            )
        else:
            assert first_free_day(changed) == day
