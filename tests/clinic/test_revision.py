"""The database itself raises a surgery's revision, whichever door a change comes through."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import connection
from django.db.models import F

from clinic.models import Clinic, Patient, Surgery
from reminders.flow.record import read_record
from tests.factories import (
    ClinicFactory,
    ClosureFactory,
    PatientFactory,
    StaffFactory,
    SurgeryFactory,
)

A_DAY = date(2026, 3, 20)
A_MOMENT = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
FLAGS = [
    "on_hold", "approach_anterior", "fusion", "brace", "durotomy", "emergency_surgery", "day_case",
    "histology_sent", "patient_told_of_specimen", "histology_reviewed", "histology_unexpected",
    "smoker", "opioids", "driver", "not_driving_yet", "desk_work", "manual_work",
    "weight_goal_agreed", "review_booked",
]  # fmt: skip
SURGERY_CHANGES = {
    "status": "cancelled",
    "surgery_date": A_DAY,
    "discharge_date": A_DAY,
    "enrolled_at": A_MOMENT,
    "procedure": "laminectomy",
    "region": "cervical",
    "indication": "tumour",
    "wound_closure": "staples",
    "destination": "icu",
    "collar": "soft",
    "hold_kind": "away",
    "histology_result_date": A_DAY,
    "appointment_at": A_MOMENT,
    "patient_id": "another patient",
    "plan_approved_by_id": "a clinician",
} | dict.fromkeys(FLAGS, True)
PATIENT_CHANGES = {
    "status": "on_hold",
    "zone": "Asia/Tokyo",
    "clinic_id": "another clinic",
    "intimacy_advice": True,
}
CLINIC_CHANGES = {
    "zone": "Asia/Tokyo",
    "country": "IE",
    "subdivision": "SCT",
    "quiet_from": time(21),
    "quiet_until": time(9),
    "workdays": "mon,tue",
    "texts_a_day": 3,
}
ROWS_MADE_FOR_THE_TEST = {
    "another patient": PatientFactory,
    "a clinician": StaffFactory,
    "another clinic": ClinicFactory,
}


def by_the_form(row, column, value):
    setattr(row, column, value)
    row.save()


def by_a_queryset(row, column, value):
    type(row).objects.filter(pk=row.pk).update(**{column: value})


def by_sql(row, column, value):
    with connection.cursor() as cursor:
        table = row._meta.db_table
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, row.pk])


@pytest.fixture
def surgery(db):
    return SurgeryFactory(surgery_date=date.today())  # noqa: DTZ011 - the trigger reads the clock


def is_stale(surgery):
    return Surgery.objects.stale().filter(pk=surgery.pk).exists()


def planned(surgery):
    """As the planner leaves it."""
    surgery.refresh_from_db()
    Surgery.objects.filter(pk=surgery.pk).update(planned_revision=surgery.revision)
    surgery.refresh_from_db()
    return surgery


@pytest.mark.parametrize("door", [by_the_form, by_a_queryset, by_sql])
class TestAChangeMakesThePlanStale:
    @pytest.mark.parametrize(("column", "value"), SURGERY_CHANGES.items())
    def test_of_the_operation(self, surgery, door, column, value):
        value = ROWS_MADE_FOR_THE_TEST[value]().pk if value in ROWS_MADE_FOR_THE_TEST else value
        planned(surgery)

        door(surgery, column, value)

        assert is_stale(surgery)

    @pytest.mark.parametrize(("column", "value"), PATIENT_CHANGES.items())
    def test_of_the_patient(self, surgery, door, column, value):
        value = ROWS_MADE_FOR_THE_TEST[value]().pk if value in ROWS_MADE_FOR_THE_TEST else value

        door(planned(surgery).patient, column, value)

        assert is_stale(surgery)

    @pytest.mark.parametrize(("column", "value"), CLINIC_CHANGES.items())
    def test_of_the_clinic(self, surgery, door, column, value):
        door(planned(surgery).patient.clinic, column, value)

        assert is_stale(surgery)

    def test_of_a_closure(self, surgery, door):
        closure = ClosureFactory(clinic=surgery.patient.clinic)
        planned(surgery)

        door(closure, "last_day", A_DAY)

        assert is_stale(surgery)

    @pytest.mark.parametrize(
        ("column", "value"), [("levels", "L4/5"), ("hold_reason", "Away"), ("side", "left")]
    )
    def test_but_not_what_no_plan_depends_on(self, surgery, door, column, value):
        door(planned(surgery), column, value)

        assert not is_stale(surgery)

    def test_and_not_what_stays_the_same(self, surgery, door):
        door(planned(surgery), "surgery_date", surgery.surgery_date)

        assert not is_stale(surgery)

    def test_and_not_of_another_patient_or_clinic(self, surgery, door):
        others = SurgeryFactory()
        planned(surgery)

        door(others.patient, "zone", "Asia/Tokyo")
        door(others.patient.clinic, "texts_a_day", 1)

        assert not is_stale(surgery)


class TestClosures:
    def test_a_new_one_makes_plans_stale(self, surgery):
        planned(surgery)

        ClosureFactory(clinic=surgery.patient.clinic)

        assert is_stale(surgery)

    def test_a_deleted_one_makes_plans_stale(self, surgery):
        closure = ClosureFactory(clinic=surgery.patient.clinic)
        planned(surgery)

        closure.delete()

        assert is_stale(surgery)


class TestTheRevision:
    def test_of_a_new_operation_has_no_plan_yet(self, surgery):
        assert is_stale(surgery)

    def test_cannot_be_lowered_by_a_form_that_was_opened_before(self, surgery):
        opened_before = Surgery.objects.get(pk=surgery.pk)
        Surgery.objects.update(revision=F("revision") + 1)  # as a new version of the content does

        opened_before.side = "left"
        opened_before.save()

        surgery.refresh_from_db()
        assert surgery.revision == opened_before.revision + 1

    def test_rises_once_for_each_change(self, surgery):
        before = planned(surgery).revision

        by_sql(surgery, "smoker", True)
        by_sql(surgery, "driver", True)

        surgery.refresh_from_db()
        assert surgery.revision == before + 2


class Watched:
    """A row that notes which of its columns are read."""

    def __init__(self, row, notes):
        self._row, self._notes = row, notes

    def __getattr__(self, name):
        columns = {field.attname for field in self._row._meta.concrete_fields}
        if name in columns:
            self._notes.add((type(self._row), name))
        value = getattr(self._row, name)
        return Watched(value, self._notes) if isinstance(value, (Patient, Clinic)) else value


def test_whatever_a_plan_is_made_from_raises_the_revision(surgery):
    read = set()
    read_record(Watched(surgery, read), closures=[])
    # `tz` and the names of working days are worked out from columns.
    read |= {(Patient, "zone"), (Clinic, "zone"), (Clinic, "workdays")}

    covered = {
        *((Surgery, name) for name in SURGERY_CHANGES),
        *((Patient, name) for name in PATIENT_CHANGES),
        *((Clinic, name) for name in CLINIC_CHANGES),
    }
    assert read - covered == set()
    assert (Surgery, "smoker") in read
