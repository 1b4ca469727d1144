"""What a step may be is the same in the panel as in the files, and each mistake says what to do."""

import pytest

from clinic.models import Role
from reminders.flow.drafts import NotEditable
from reminders.flow.editing import edit_step, known_to
from reminders.flow.load import load_pathway, load_sources
from reminders.flow.step_settings import SETTINGS, problems_in
from reminders.flow.version_content import content_of
from reminders.models import VersionEvent
from reminders.pathways.reading import read_pathways, read_sources
from reminders.rules.content import Audience, Channel, Privacy
from tests.factories import NOON, ClinicFactory
from tests.flow.versions import WALK, a_draft, colleague
from tests.rules.content_builder import a_step

pytestmark = pytest.mark.django_db
KEY = "d1_walk"
TASK = a_step(
    key="d1_task", audience=Audience.STAFF, channels=(Channel.TASK,), privacy=Privacy.STAFF,
    staff_action="Call the laboratory.", texts={},
)  # fmt: skip
REPLIES = [
    {"code": "1", "meaning": "well", "action": "none"},
    {"code": "2", "meaning": "worse", "action": "staff_same_day"},
]


@pytest.fixture
def clinic():
    return ClinicFactory()


@pytest.fixture
def nurse(clinic):
    return colleague(clinic, Role.NURSE)


@pytest.fixture
def draft(clinic):
    return a_draft(clinic, WALK, TASK)


def set_fields(draft, by, *, key=KEY, sources=None, **fields):
    step = draft.steps.get(key=key)
    return edit_step(step.pk, fields=fields, sources=sources, by=by, now=NOON)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "wound"),
        ("anchor", "discharge_date"),
        ("channels", ["email"]),
        ("privacy", "P1"),
        ("is_high_priority", True),
        ("regions", ["lumbar"]),
        ("requires", [["durotomy", "smoker"], ["driver"]]),
        ("excludes", ["fusion"]),
        ("repeat_days", [2, 3, 4]),
        ("late_hours", 336),
        ("replies", REPLIES),
        ("must_have", ["phone"]),
        ("restrictions", ["walk"]),
        ("permits", ["walk"]),
        ("shift", "next_workday"),
        ("evidence", "gk"),
        ("at", "at_once"),
    ],
)
def test_each_setting_is_written_with_its_digest_and_its_event(field, value, draft, nurse):
    before = getattr(draft.steps.get(key=KEY), field)

    set_fields(draft, nurse, **{field: value})

    draft.refresh_from_db()
    assert getattr(draft.steps.get(key=KEY), field) == value
    assert content_of(draft).digest == draft.digest
    if before != value:
        assert VersionEvent.objects.get(kind="edited").changes == {field: [before, value]}


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"intent": "  "}, "intent", "few words"),
        ({"intent": "x" * 201}, "intent", "200 characters"),
        ({"category": ""}, "category", "Choose"),
        ({"category": "gossip"}, "category", "no kind of message"),
        ({"anchor": "birthday"}, "anchor", "no date"),
        ({"day_from": -61}, "day_from", "-60 to 730"),
        ({"day_to": 731}, "day_to", "-60 to 730"),
        ({"day_from": None}, "day_from", "whole number"),
        ({"day_from": 9}, "day_to", "forward"),
        ({"repeat_days": [2, 2]}, "repeat_days", "each once"),
        ({"repeat_days": [3, 4]}, "repeat_days", "begin with 2"),
        ({"repeat_days": [2, 9]}, "repeat_days", "last day later"),
        ({"every_working_days": 31}, "every_working_days", "1 to 30"),
        ({"at": "24:00"}, "at", "HH:MM"),
        ({"shift": "sideways"}, "shift", "days off"),
        ({"late_hours": 0}, "late_hours", "1 to 336"),
        ({"late_hours": 337}, "late_hours", "1 to 336"),
        ({"category": "check_in"}, "late_hours", "1 to 24"),
        ({"category": "check_in", "late_hours": 25}, "late_hours", "1 to 24"),
        ({"regions": ["cervical"]}, "regions", "not for the region"),
        ({"procedures": ["fusion"]}, "procedures", "not for"),
        ({"requires": [["moonlight"]]}, "requires", "moonlight"),
        ({"requires": [[]]}, "requires", "names no fact"),
        ({"excludes": ["moonlight"]}, "excludes", "moonlight"),
        ({"requires": [["smoker"]], "excludes": ["smoker"]}, "excludes", "nobody would get it"),
        ({"channels": []}, "channels", "text, mail, or both"),
        ({"channels": ["task"]}, "channels", "text or mail"),
        ({"privacy": "staff"}, "privacy", "staff only"),
        ({"privacy": "P2"}, "privacy", "mail only"),
        ({"replies": [REPLIES[0], {**REPLIES[1], "code": "1"}]}, "replies", "same code"),
        ({"replies": [{**REPLIES[0], "code": ""}]}, "replies", "short code"),
        ({"replies": [{**REPLIES[0], "code": "STOP"}]}, "replies", "means something else"),
        ({"replies": [{**REPLIES[0], "code": "999"}]}, "replies", "means something else"),
        ({"replies": [{**REPLIES[0], "meaning": "Very ill"}]}, "replies", "plain letters"),
        ({"replies": [{**REPLIES[0], "action": "pray"}]}, "replies", "what 1 starts"),
        ({"must_have": ["moon"]}, "must_have", "{moon}"),
        ({"restrictions": ["moon"]}, "restrictions", "calendar"),
        ({"permits": ["moon"]}, "permits", "calendar"),
        ({"evidence": "hearsay"}, "evidence", "evidence"),
    ],
)
def test_what_the_loader_would_refuse_is_refused_at_its_field(fields, field, said, draft, nurse):
    with pytest.raises(NotEditable) as refused:
        set_fields(draft, nurse, **fields)

    assert said in refused.value.problems[field]
    assert not VersionEvent.objects.filter(kind="edited").exists()


@pytest.mark.parametrize("sources", [(), ("NOBODY",)])
def test_a_step_rests_on_a_source_that_there_is(sources, draft, nurse):
    with pytest.raises(NotEditable) as refused:
        set_fields(draft, nurse, sources=sources)

    assert set(refused.value.problems) == {"sources"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"channels": ["sms"]}, "channels"), ({"staff_action": " "}, "staff_action")],
)
def test_a_task_stays_a_task(fields, field, draft, nurse):
    with pytest.raises(NotEditable) as refused:
        set_fields(draft, nurse, key="d1_task", **fields)

    assert field in refused.value.problems


def test_several_mistakes_are_said_at_once(draft, nurse):
    with pytest.raises(NotEditable) as refused:
        set_fields(draft, nurse, at="25:00", late_hours=0, day_to=731)

    assert set(refused.value.problems) == {"at", "late_hours", "day_to"}


def test_every_step_that_ships_could_have_been_written_in_the_panel(clinic):
    load_sources(read_sources())
    refused = {}
    for pathway in read_pathways():
        version = load_pathway(pathway, clinic=clinic, author=None, now=NOON)
        known = known_to(version, content=pathway)
        for row in version.steps.all():
            said = pathway.step(row.key)
            values = {name: getattr(row, name) for name in (*SETTINGS, "audience")}
            if problems := problems_in(
                values, key=row.key, sources=said.sources, texts=said.texts, known=known
            ):
                refused[f"{pathway.key}.{row.key}"] = problems

    assert refused == {}


def test_for_whom_a_step_is_stays_as_it_was_added(draft, nurse):
    with pytest.raises(NotEditable, match="audience cannot be changed"):
        set_fields(draft, nurse, audience="staff")
