"""Record that a specimen result was not expected; a change of it plans again.

Going back drops the column and what it holds, and restores the trigger of 0003.
"""

from django.db import migrations, models

FACTS_BEFORE = (
    "status", "surgery_date", "discharge_date", "enrolled_at", "on_hold", "procedure", "region",
    "indication", "wound_closure", "destination", "fusion", "brace", "durotomy",
    "emergency_surgery", "day_case", "histology_sent", "patient_told_of_specimen",
    "histology_result_date", "histology_reviewed", "smoker", "opioids", "driver",
    "not_driving_yet", "desk_work", "manual_work", "weight_goal_agreed", "appointment_at",
    "review_booked", "patient_id", "plan_approved_by_id", "approach_anterior", "collar",
)  # fmt: skip
NEW_FACTS = ("histology_unexpected",)


def raised_by(columns: tuple[str, ...]) -> str:
    """The trigger's function, which raises the revision when one of these columns changes."""
    new, old = (", ".join(f"{row}.{column}" for column in columns) for row in ("NEW", "OLD"))
    return f"""
CREATE OR REPLACE FUNCTION clinic_surgery_raise_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever writes the row cannot set the revision, only cause it to rise.
    NEW.revision := GREATEST(NEW.revision, OLD.revision);
    IF ({new}) IS DISTINCT FROM ({old}) THEN
        NEW.revision := OLD.revision + 1;
    END IF;
    RETURN NEW;
END $$;
"""


def field_of(model: str) -> migrations.AddField:
    return migrations.AddField(
        model_name=model,
        name="histology_unexpected",
        field=models.BooleanField(
            default=False,
            help_text=(
                "A clinician calls or sees the patient. Tips, outlook and closing messages stop;"
                " warning signs and appointments go on. No message speaks of a result."
            ),
            verbose_name="unexpected result, cancer or infection",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("clinic", "0007_sms_price")]
    operations = [
        field_of("historicalsurgery"),
        field_of("surgery"),
        migrations.RunSQL(raised_by(FACTS_BEFORE + NEW_FACTS), raised_by(FACTS_BEFORE)),
    ]
