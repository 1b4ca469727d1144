"""Small versions as the loader writes them, and the staff who sign them."""

from dataclasses import replace

from clinic.models import Role
from reminders.flow.load import load_pathway, load_sources
from reminders.flow.signing import go_live, sign, submit
from reminders.rules.content import Category, Region
from tests.factories import NOON, StaffFactory
from tests.rules.content_builder import SOURCES, a_pathway, a_step, a_welcome

WALK = a_step(key="d1_walk", at="13:00", day_from=2, day_to=4)
FOOD = a_step(key="d1_food", category=Category.LIFESTYLE, day_from=1, day_to=3, at="12:00")
PILLS = a_step(
    key="d1_pills", category=Category.MEDICATION, day_from=1, day_to=3, at="12:00",
    intent="Take your tablets",
)  # fmt: skip


def content(*steps):
    return replace(a_pathway(a_welcome(), *steps), regions=(Region.LUMBAR,))


def a_draft(clinic, *steps, author=None):
    load_sources(SOURCES)
    return load_pathway(content(*(steps or (WALK,))), clinic=clinic, author=author, now=NOON)


def colleague(clinic, role):
    return StaffFactory(clinic=clinic, role=role)


def a_live_version(clinic, *steps, now=NOON):
    """Take a draft all the way, through every signature."""
    version = a_draft(clinic, *steps, author=colleague(clinic, Role.MANAGER))
    nurse, physio = colleague(clinic, Role.NURSE), colleague(clinic, Role.PHYSIOTHERAPIST)
    submit(version.pk, by=nurse, now=now)
    sign(version.pk, by=physio, now=now)
    version.refresh_from_db()
    if version.status == "in_review":
        sign(version.pk, by=nurse, now=now)
    go_live(version.pk, by=nurse, now=now)
    version.refresh_from_db()
    return version
