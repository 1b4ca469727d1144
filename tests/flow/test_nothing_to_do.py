"""A look that finds nothing costs one question: the timetable looks thousands of times a day."""

from functools import partial

import pytest

from reminders.flow.dispatch import claim_due
from reminders.flow.failure import after_failure
from reminders.flow.plan import plan_stale
from reminders.flow.receipts import apply_receipts
from reminders.flow.rescue import miss_overdue
from reminders.models.instance import sending_is_released
from tests.factories import NOON

LOOKS = {
    "planning": partial(plan_stale, now=NOON, limit=10),
    "dispatch": partial(claim_due, now=NOON, limit=10),
    "receipts": partial(apply_receipts, now=NOON, limit=10),
    "rescue": partial(miss_overdue, now=NOON, limit=10),
    "the guard before a batch": sending_is_released,
}


def asked(queries):
    """The questions among the queries, without the marks of the transaction around them."""
    return [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]


@pytest.mark.django_db
@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_look_that_finds_nothing_asks_once(look, django_assert_max_num_queries):
    with django_assert_max_num_queries(5) as queries:
        look()

    assert len(asked(queries.captured_queries)) == 1


@pytest.mark.django_db
def test_a_batch_in_which_nothing_failed_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        after_failure([], now=NOON)
