"""Which pathway an operation gets: one, or none where nothing is written for it."""

from datetime import UTC, date, datetime, time
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from clinic.models.surgery import Procedure, Region
from reminders.flow.plan import LiveSteps, choose
from reminders.models import Pathway
from reminders.rules.facts import Record
from reminders.rules.timing import QuietHours
from tests.pathways.shipped import PATHWAYS

LIVE = [
    LiveSteps(
        pathway=Pathway(
            key=content.key,
            regions=[region.value for region in content.regions],
            procedures=list(content.procedures),
            requires=[list(group) for group in content.requires],
            excludes=list(content.excludes),
        ),
        steps=content.steps,
        ids={},
    )
    for content in PATHWAYS.values()
]
NOTHING_WRITTEN = None
WITHOUT_FUSION = {
    ("lumbar", "hemilaminectomy"): "lumbar_hemilaminectomy",
    ("lumbar", "hemilaminotomy"): "lumbar_microdiscectomy",
    ("lumbar", "laminotomy"): "lumbar_microdiscectomy",
    ("lumbar", "microdiscectomy"): "lumbar_microdiscectomy",
    ("lumbar", "laminectomy"): "lumbar_laminectomy",
    ("cervical", "hemilaminectomy"): "cervical_hemilaminectomy",
    ("cervical", "laminectomy"): "cervical_hemilaminectomy",
    ("cervical", "foraminotomy"): "cervical_hemilaminectomy",
}
WITH_FUSION = {
    ("lumbar", procedure): "lumbar_laminectomy_fusion"
    for procedure in (
        "hemilaminectomy",
        "hemilaminotomy",
        "laminotomy",
        "microdiscectomy",
        "laminectomy",
    )
}
OPERATIONS = list(product(Region.values, Procedure.values, (False, True)))


def a_record(region, procedure, *, facts):
    return Record(
        procedure=procedure,
        region=region,
        facts=frozenset(facts),
        surgery_date=date(2026, 3, 2),
        enrolled_at=datetime(2026, 2, 20, tzinfo=UTC),
        tz=ZoneInfo("Europe/London"),
        quiet=QuietHours(time(20), time(8)),
        is_workday=lambda day: True,
    )


def fitting(record):
    chosen = (choose([one], record) for one in LIVE)
    return [one.pathway.key for one in chosen if one]


@pytest.mark.parametrize(("region", "procedure", "fusion"), OPERATIONS)
def test_each_operation_fits_one_pathway_or_none(region, procedure, fusion):
    table = WITH_FUSION if fusion else WITHOUT_FUSION
    expected = table.get((region, procedure), NOTHING_WRITTEN)
    record = a_record(region, procedure, facts={"fusion"} if fusion else ())

    assert fitting(record) == ([expected] if expected else [])


@pytest.mark.parametrize(("region", "procedure", "fusion"), OPERATIONS)
def test_no_other_fact_changes_the_choice(region, procedure, fusion):
    facts = {"fusion"} if fusion else set()
    others = {"durotomy", "smoker", "day_case", "emergency_surgery", "driver", "tumour_indication"}

    assert fitting(a_record(region, procedure, facts=facts)) == fitting(
        a_record(region, procedure, facts=facts | others)
    )


def test_every_pathway_is_chosen_for_some_operation():
    assert {*WITHOUT_FUSION.values(), *WITH_FUSION.values()} == {one.pathway.key for one in LIVE}
