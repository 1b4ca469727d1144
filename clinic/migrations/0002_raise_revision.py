"""Raise a surgery's revision in the database whenever something that its plan depends on changes.

In the database, because a plan must follow the record through every door: the panel, a
spreadsheet, an interface, or an operator with SQL. Going back drops the triggers and loses nothing.
"""

from django.db import migrations

SURGERY_FACTS = (
    "status", "surgery_date", "discharge_date", "enrolled_at", "on_hold", "procedure", "region",
    "indication", "wound_closure", "destination", "fusion", "brace", "durotomy",
    "emergency_surgery", "day_case", "histology_sent", "patient_told_of_specimen",
    "histology_result_date", "histology_reviewed", "smoker", "opioids", "driver",
    "not_driving_yet", "desk_work", "manual_work", "weight_goal_agreed", "appointment_at",
    "review_booked", "patient_id", "plan_approved_by_id",
)  # fmt: skip
PATIENT_FACTS = ("status", "zone", "clinic_id", "intimacy_advice", "channels")
CLINIC_FACTS = (
    "zone", "country", "subdivision", "quiet_from", "quiet_until", "workdays", "texts_a_day",
)  # fmt: skip


def _changed(columns: tuple[str, ...]) -> str:
    return f"({', '.join(f'NEW.{c}' for c in columns)}) IS DISTINCT FROM " + (
        f"({', '.join(f'OLD.{c}' for c in columns)})"
    )


CREATE = f"""
CREATE FUNCTION clinic_surgery_raise_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever writes the row cannot set the revision, only cause it to rise.
    NEW.revision := GREATEST(NEW.revision, OLD.revision);
    IF {_changed(SURGERY_FACTS)} THEN
        NEW.revision := OLD.revision + 1;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER surgery_raise_revision BEFORE UPDATE ON clinic_surgery
    FOR EACH ROW EXECUTE FUNCTION clinic_surgery_raise_revision();

CREATE FUNCTION clinic_patient_new_address() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A corrected number or address has not failed yet.
    IF NEW.mobile <> OLD.mobile THEN NEW.mobile_failed_at := NULL; END IF;
    IF NEW.email <> OLD.email THEN NEW.email_failed_at := NULL; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER patient_new_address BEFORE UPDATE ON clinic_patient
    FOR EACH ROW EXECUTE FUNCTION clinic_patient_new_address();

CREATE FUNCTION clinic_patient_raise_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE clinic_surgery SET revision = revision + 1 WHERE patient_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER patient_raise_revision AFTER UPDATE ON clinic_patient
    FOR EACH ROW WHEN ({_changed(PATIENT_FACTS)})
    EXECUTE FUNCTION clinic_patient_raise_revision();

CREATE FUNCTION clinic_clinic_raise_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE clinic_surgery SET revision = revision + 1
    FROM clinic_patient
    WHERE clinic_patient.id = patient_id AND clinic_patient.clinic_id = NEW.id
      AND clinic_surgery.surgery_date > now() - interval '2 years';
    RETURN NULL;
END $$;
CREATE TRIGGER clinic_raise_revision AFTER UPDATE ON clinic_clinic
    FOR EACH ROW WHEN ({_changed(CLINIC_FACTS)})
    EXECUTE FUNCTION clinic_clinic_raise_revision();

CREATE FUNCTION clinic_closure_raise_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE clinic_surgery SET revision = revision + 1
    FROM clinic_patient
    WHERE clinic_patient.id = patient_id
      AND clinic_patient.clinic_id = COALESCE(NEW.clinic_id, OLD.clinic_id)
      AND clinic_surgery.surgery_date > now() - interval '2 years';
    RETURN NULL;
END $$;
CREATE TRIGGER closure_raise_revision AFTER INSERT OR UPDATE OR DELETE ON clinic_closure
    FOR EACH ROW EXECUTE FUNCTION clinic_closure_raise_revision();
"""

DROP = """
DROP TRIGGER closure_raise_revision ON clinic_closure;
DROP FUNCTION clinic_closure_raise_revision();
DROP TRIGGER clinic_raise_revision ON clinic_clinic;
DROP FUNCTION clinic_clinic_raise_revision();
DROP TRIGGER patient_new_address ON clinic_patient;
DROP FUNCTION clinic_patient_new_address();
DROP TRIGGER patient_raise_revision ON clinic_patient;
DROP FUNCTION clinic_patient_raise_revision();
DROP TRIGGER surgery_raise_revision ON clinic_surgery;
DROP FUNCTION clinic_surgery_raise_revision();
"""


class Migration(migrations.Migration):
    dependencies = [("clinic", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
