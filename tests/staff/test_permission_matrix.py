"""docs/permissions.md is what the code does, and no page of the panel is missing from it."""

from functools import cache

import pytest

from clinic.models import Clinic, Patient, Role
from reminders.management.commands.permission_matrix import PLACE, document
from reminders.staff.permissions.addresses import panel_routes
from reminders.staff.permissions.matrix import ACT, SEE, matrix
from tests.factories import NOON

HOW = "run `manage.py permission_matrix` (in a test or demo database) and look at what changed"


@cache
def tried():
    return matrix(now=NOON)


@pytest.fixture
def table(db):
    """The table, made once for all tests here: nothing in it depends on rows that stay."""
    return tried()


def test_the_document_is_what_the_code_does(table):
    assert PLACE.read_text(encoding="utf-8") == document(table), HOW


def test_nothing_stays_of_what_was_tried(table):
    assert not Clinic.objects.exists()
    assert not Patient.objects.exists()


def test_every_page_of_the_panel_has_a_row(table):
    assert {row.name for row in table.rows} == {str(p.name) for _route, p in panel_routes()}


@pytest.mark.parametrize("role", Role.values)
def test_nobody_deletes_anything(table, role):
    may = {row.name: row.may[role] for row in table.rows if row.name.endswith("_delete")}

    assert may
    assert not any(may.values())


def test_an_auditor_changes_no_record(table):
    acts = {row.name for row in table.rows if ACT in row.may[Role.AUDITOR]}

    exports = {name for name in acts if name.endswith("_export")}
    assert acts - exports == {"password_change", "logout", "login", "reminders_numbers_count"}


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("clinic_patient_looks", {Role.SURGEON, Role.MANAGER, Role.AUDITOR}),
        ("clinic_clinic_change", {Role.SURGEON, Role.MANAGER}),
        ("clinic_patient_timeline", set(Role)),
        ("clinic_patient_emergency", {Role.PHYSIOTHERAPIST, Role.NURSE, Role.SURGEON}),
        ("clinic_patient_emergency_reviews", {Role.SURGEON, Role.MANAGER, Role.AUDITOR}),
    ],
)
def test_a_page_is_seen_by_those_it_is_for(table, name, roles):
    [row] = [row for row in table.rows if row.name == name]

    assert {role for role in Role if SEE in row.may[role]} == roles
