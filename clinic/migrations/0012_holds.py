"""Keep each hold of an operation: why, from when to when, and how the plan went on.

A hold that has ended is never changed, and none is deleted. Operations that are on hold get the row
that belongs to it, from their history. Going back drops the holds and restores the trigger of 0008.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FACTS_BEFORE = (
    "status", "surgery_date", "discharge_date", "enrolled_at", "on_hold", "procedure", "region",
    "indication", "wound_closure", "destination", "fusion", "brace", "durotomy",
    "emergency_surgery", "day_case", "histology_sent", "patient_told_of_specimen",
    "histology_result_date", "histology_reviewed", "smoker", "opioids", "driver",
    "not_driving_yet", "desk_work", "manual_work", "weight_goal_agreed", "appointment_at",
    "review_booked", "patient_id", "plan_approved_by_id", "approach_anterior", "collar",
    "histology_unexpected",
)  # fmt: skip
NEW_FACTS = ("hold_kind",)

KEEP = """
CREATE FUNCTION clinic_hold_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a hold that has ended is never changed' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER hold_is_not_deleted BEFORE DELETE ON clinic_hold
    FOR EACH ROW EXECUTE FUNCTION clinic_hold_stays();
CREATE TRIGGER hold_stays BEFORE UPDATE ON clinic_hold
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION clinic_hold_stays();

CREATE FUNCTION clinic_hold_raise_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE clinic_surgery SET revision = revision + 1 WHERE id = NEW.surgery_id;
    RETURN NULL;
END $$;
CREATE TRIGGER hold_raise_revision AFTER INSERT OR UPDATE ON clinic_hold
    FOR EACH ROW EXECUTE FUNCTION clinic_hold_raise_revision();
"""

NO_LONGER_KEEP = """
DROP TRIGGER hold_raise_revision ON clinic_hold;
DROP TRIGGER hold_stays ON clinic_hold;
DROP TRIGGER hold_is_not_deleted ON clinic_hold;
DROP FUNCTION clinic_hold_raise_revision();
DROP FUNCTION clinic_hold_stays();
"""

# Of whoever is on hold now: since the first time they were after the last time they were not.
HOLDS_OF_NOW = """
INSERT INTO clinic_hold (surgery_id, kind, reason, began_at, ends_itself, after, shifted_days)
SELECT s.id, 'other', COALESCE(NULLIF(s.hold_reason, ''), 'On hold'), COALESCE((
    SELECT min(h.history_date) FROM clinic_historicalsurgery h
    WHERE h.id = s.id AND h.on_hold AND h.history_date > COALESCE((
        SELECT max(g.history_date) FROM clinic_historicalsurgery g
        WHERE g.id = s.id AND NOT g.on_hold), '-infinity')
), now()), false, 'go_on', 0
FROM clinic_surgery s WHERE s.on_hold;
"""


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


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0011_history_of_views'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalsurgery',
            name='hold_kind',
            field=models.CharField(blank=True, choices=[('hospital', 'In hospital again, or in a rehabilitation clinic'), ('away', 'Away or abroad'), ('unwell', 'Ill, or the plan does not fit for now'), ('asked', 'The patient asked for a pause'), ('unclear', 'Not sure who reads the messages'), ('other', 'Something else')], max_length=12),
        ),
        migrations.AddField(
            model_name='surgery',
            name='hold_kind',
            field=models.CharField(blank=True, choices=[('hospital', 'In hospital again, or in a rehabilitation clinic'), ('away', 'Away or abroad'), ('unwell', 'Ill, or the plan does not fit for now'), ('asked', 'The patient asked for a pause'), ('unclear', 'Not sure who reads the messages'), ('other', 'Something else')], max_length=12),
        ),
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('hospital', 'In hospital again, or in a rehabilitation clinic'), ('away', 'Away or abroad'), ('unwell', 'Ill, or the plan does not fit for now'), ('asked', 'The patient asked for a pause'), ('unclear', 'Not sure who reads the messages'), ('other', 'Something else')], max_length=12)),
                ('reason', models.CharField(max_length=120)),
                ('began_at', models.DateTimeField()),
                ('until', models.DateField(blank=True, null=True)),
                ('ends_itself', models.BooleanField(default=False)),
                ('after', models.CharField(choices=[('go_on', 'Go on at the day of recovery that the patient has reached'), ('shift', 'Move exercises and tips by the days that the hold lasted')], default='go_on', max_length=5)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('shifted_days', models.PositiveSmallIntegerField(default=0)),
                ('began_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('surgery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='clinic.surgery')),
            ],
            options={
                'ordering': ('-began_at', '-pk'),
                'indexes': [models.Index(condition=models.Q(('ended_at', None)), fields=['began_at'], name='hold_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('surgery',), name='one_open_hold_per_surgery'), models.CheckConstraint(condition=models.Q(('ended_at', None), ('ended_at__gte', models.F('began_at')), _connector='OR'), name='hold_ends_after_it_began'), models.CheckConstraint(condition=models.Q(('ends_itself', False), ('until__isnull', False), _connector='OR'), name='hold_that_ends_itself_has_its_day'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='hold_has_a_reason')],
            },
        ),
        migrations.RunSQL(raised_by(FACTS_BEFORE + NEW_FACTS), raised_by(FACTS_BEFORE)),
        migrations.RunSQL(HOLDS_OF_NOW, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, NO_LONGER_KEEP),
    ]
