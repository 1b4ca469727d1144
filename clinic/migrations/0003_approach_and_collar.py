"""Record an approach from the front of the neck, and a collar; a change of either plans again.

Going back drops both columns and what they hold, and restores the trigger of 0002.
"""

from django.db import migrations, models

FACTS_BEFORE = (
    "status", "surgery_date", "discharge_date", "enrolled_at", "on_hold", "procedure", "region",
    "indication", "wound_closure", "destination", "fusion", "brace", "durotomy",
    "emergency_surgery", "day_case", "histology_sent", "patient_told_of_specimen",
    "histology_result_date", "histology_reviewed", "smoker", "opioids", "driver",
    "not_driving_yet", "desk_work", "manual_work", "weight_goal_agreed", "appointment_at",
    "review_booked", "patient_id", "plan_approved_by_id",
)  # fmt: skip
NEW_FACTS = ("approach_anterior", "collar")


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


COLLARS = [("none", "None"), ("soft", "Soft"), ("hard", "Hard")]


def fields_of(model: str) -> list[migrations.AddField]:
    return [
        migrations.AddField(
            model_name=model,
            name="approach_anterior",
            field=models.BooleanField(default=False, verbose_name="from the front of the neck"),
        ),
        migrations.AddField(
            model_name=model,
            name="collar",
            field=models.CharField(choices=COLLARS, default="none", max_length=4),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("clinic", "0002_raise_revision")]
    operations = [
        *fields_of("historicalsurgery"),
        *fields_of("surgery"),
        migrations.RunSQL(raised_by(FACTS_BEFORE + NEW_FACTS), raised_by(FACTS_BEFORE)),
    ]
