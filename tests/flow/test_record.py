"""What is on record → the facts that the steps of a pathway ask for."""

import pytest

from reminders.flow.record import facts_of
from reminders.rules.facts import FACT_NAMES, applies
from tests.factories import SurgeryFactory
from tests.pathways.shipped import PATHWAYS
from tests.rules.record_builder import a_record

ABOUT_NECKS = {"approach_anterior", "collar_soft", "collar_hard"}


@pytest.mark.django_db
class TestFactsOfANeck:
    @pytest.mark.parametrize(
        ("recorded", "facts"),
        [
            ({}, set()),
            ({"collar": "soft"}, {"collar_soft"}),
            ({"collar": "hard"}, {"collar_hard"}),
            ({"approach_anterior": True}, {"approach_anterior"}),
        ],
    )
    def test_are_what_the_record_says(self, recorded, facts):
        surgery = SurgeryFactory(region="cervical", **recorded)

        assert facts_of(surgery) & ABOUT_NECKS == facts

    @pytest.mark.parametrize(
        ("step", "recorded"),
        [
            ("cx_collar", {"collar": "soft"}),
            ("cx_collar", {"collar": "hard"}),
            ("cx_throat", {"approach_anterior": True}),
        ],
    )
    def test_bring_the_messages_that_are_written_for_them(self, step, recorded):
        message = PATHWAYS["cervical_hemilaminectomy"].step(step)
        surgery, other = (SurgeryFactory(region="cervical", **facts) for facts in (recorded, {}))

        assert applies(message, a_record(region="cervical", facts=facts_of(surgery)))
        assert not applies(message, a_record(region="cervical", facts=facts_of(other)))


def test_every_fact_that_a_step_asks_for_can_be_recorded():
    asked = {
        fact
        for pathway in PATHWAYS.values()
        for step in pathway.steps
        for fact in {fact for group in step.requires for fact in group} | set(step.excludes)
    }

    assert asked <= set(FACT_NAMES)
