import pytest

from clinic.models import Region
from reminders.flow.record import SURGERY_FLAGS
from reminders.rules.facts import FACT_NAMES, applies, because
from tests.rules.record_builder import a_record, a_text


class TestApplies:
    @pytest.mark.parametrize(
        ("region", "steps", "fits"),
        [
            ("lumbar", ("lumbar",), True),
            ("lumbar", ("cervical",), False),
            ("cervical", ("cervical",), True),
            ("lumbar", (), True),
            ("thoracic", ("lumbar",), True),
            ("thoracic", ("cervical",), True),
            ("mixed", ("cervical",), True),
        ],
    )
    def test_by_region_and_thoracic_operations_get_both(self, region, steps, fits):
        assert applies(a_text("walk", regions=steps), a_record(region=region)) is fits

    @pytest.mark.parametrize(
        ("procedures", "fits"),
        [((), True), (("hemilaminectomy", "laminectomy"), True), (("laminectomy",), False)],
    )
    def test_by_procedure(self, procedures, fits):
        assert applies(a_text("walk", procedures=procedures), a_record()) is fits

    @pytest.mark.parametrize(
        ("requires", "facts", "fits"),
        [
            ((), set(), True),
            ((("smoker",),), {"smoker"}, True),
            ((("smoker",),), {"driver"}, False),
            ((("smoker", "driver"),), {"driver"}, True),
            ((("smoker",), ("driver",)), {"driver"}, False),
            ((("smoker",), ("driver",)), {"driver", "smoker"}, True),
        ],
    )
    def test_all_groups_must_hold_and_any_fact_of_a_group_does(self, requires, facts, fits):
        record = a_record(facts=frozenset(facts))

        assert applies(a_text("walk", requires=requires), record) is fits

    @pytest.mark.parametrize(("facts", "fits"), [({"fusion"}, False), ({"brace"}, True)])
    def test_any_excluded_fact_rules_it_out(self, facts, fits):
        step = a_text("walk", excludes=("fusion", "drain"))

        assert applies(step, a_record(facts=frozenset(facts))) is fits


class TestBecause:
    def test_names_the_facts_that_brought_the_step_in(self):
        step = a_text("walk", requires=(("durotomy", "drain"), ("day_case",)))

        words = because(step, {"durotomy", "day_case", "smoker"})
        assert words == "dural tear, went home the same day"

    def test_is_empty_for_a_step_that_everybody_gets(self):
        assert because(a_text("walk"), {"smoker"}) == ""

    def test_reads_a_fact_without_words_of_its_own_by_its_name(self):
        assert because(a_text("walk", requires=(("left_side",),)), {"left_side"}) == "left side"


def test_every_fact_of_an_operation_has_words():
    assert set(SURGERY_FLAGS) <= set(FACT_NAMES)


def test_the_rules_know_every_region_by_the_records_name():
    for region in Region.values:
        assert applies(a_text("walk"), a_record(region=region))
