"""The lumbar pathway that ships, against the facts that were agreed for it."""

import csv
from collections import Counter
from datetime import time
from pathlib import Path

import pytest

from reminders.rules.content import Action, Audience, Channel, Region
from reminders.rules.forbidden_words import found_in
from reminders.rules.lint import Severity, lint
from reminders.rules.wording import fill
from tests.pathways.shipped import PATHWAYS, SETTINGS, SOURCES

FACTS = list(csv.DictReader(Path(__file__).with_name("lumbar_facts.csv").read_text().splitlines()))
LUMBAR = PATHWAYS["lumbar_hemilaminectomy"]
OWN = [step for step in LUMBAR.steps if step.audience is not Audience.CARER]


def as_in_the_table(step):
    repeat = [str(day) for day in step.repeat_days]
    if step.every_working_days:
        repeat.append(f"+{step.every_working_days}wd")
    return {
        "key": step.key,
        "category": step.category.value,
        "anchor": step.anchor.value,
        "day_from": str(step.day_from),
        "day_to": str(step.day_to),
        "repeat": ";".join(repeat),
        "at": step.at,
        "shift": step.shift.value,
        "channels": "+".join(step.channels),
        "requires": ";".join("|".join(group) for group in step.requires),
        "excludes": "|".join(step.excludes),
        "sources": "|".join(step.sources),
    }


@pytest.mark.parametrize("fact", FACTS, ids=[fact["key"] for fact in FACTS])
def test_each_step_has_its_days_conditions_and_sources(fact):
    assert as_in_the_table(LUMBAR.step(fact["key"])) == fact


def test_there_are_sixty_two_steps_and_no_other():
    assert {step.key for step in OWN} == {fact["key"] for fact in FACTS}
    assert len(OWN) == len(FACTS) == 62


def test_the_steps_are_of_every_category():
    assert Counter(step.category.value for step in OWN) == {
        "activity": 13,
        "appointment": 8,
        "check_in": 9,
        "histology": 4,
        "lifestyle": 5,
        "medication": 4,
        "physio": 9,
        "warning_signs": 6,
        "wound": 4,
    }
    assert sum(step.for_patients for step in LUMBAR.steps) == 57


def test_the_steps_stand_in_the_order_of_their_days():
    days = [step.day_from for step in OWN if step.anchor.value == "surgery_date"]

    assert days == sorted(days)


def test_the_pack_ships_as_a_draft():
    assert LUMBAR.version == "0.1-draft"
    assert LUMBAR.licence == "CC BY 4.0"
    assert LUMBAR.review_status == "needs clinician review"
    assert LUMBAR.regions == (Region.LUMBAR,)
    assert LUMBAR.procedures == ("hemilaminectomy",)
    assert LUMBAR.excludes == ("fusion",)


def test_no_finding_stands_against_review():
    findings = lint(LUMBAR, sources=SOURCES, settings=SETTINGS)

    assert [finding for finding in findings if finding.severity is Severity.BLOCKS] == []


def test_every_text_can_be_filled():
    for step in LUMBAR.steps:
        for texts in step.texts.values():
            for text in filter(None, (texts.sms, texts.subject, texts.heading, texts.email)):
                assert "{" not in fill(text, values=SETTINGS.longest_values), step.key


def test_a_question_is_too_late_after_a_day():
    late = {step.late_hours for step in LUMBAR.steps if step.category.value == "check_in"}

    assert late == {24}


def test_a_worry_always_reaches_staff_the_same_day():
    worries = [
        reply
        for step in LUMBAR.steps
        for reply in step.replies
        if reply.meaning in ("worry", "ill")
    ]

    assert len(worries) == 9
    assert {reply.action for reply in worries} == {Action.STAFF_SAME_DAY}


def test_staff_have_tasks_and_patients_have_messages():
    for step in LUMBAR.steps:
        assert step.is_sent is (Channel.TASK not in step.channels)
        assert step.is_sent or step.staff_action


def test_nothing_is_planned_in_the_quiet_hours():
    times = {step.local_time for step in LUMBAR.steps if step.local_time}

    assert min(times) >= time(8)
    assert max(times) < time(20)


def test_nobody_is_told_a_result():
    result = LUMBAR.step("hist_result_release")

    assert not result.for_patients
    assert {s.key for s in LUMBAR.steps if s.category.value == "histology" and s.for_patients} == {
        "hist_patient_wait"
    }


@pytest.mark.parametrize(
    "text",
    [
        "Your bladder",
        "Cauda equina",
        "your back is sore",
        "Feeling low or worried?",
        "Sex after your operation",
        "About your test result",
        "take your codeine",
        "after your laminectomy",
    ],
)
def test_a_lock_screen_is_kept_free_of_what_gives_a_patient_away(text):
    assert found_in(text, words=SETTINGS.private_words["en"])
