"""Keep since when a patient is on hold by their status, so that nobody is forgotten.

Of those who are on hold already the history of the record says since when.
"""

from django.db import migrations, models

FILL = """
UPDATE clinic_patient AS p SET held_since = COALESCE((
    SELECT min(h.history_date) FROM clinic_historicalpatient AS h
    WHERE h.id = p.id AND h.status = 'on_hold' AND h.history_date > COALESCE((
        SELECT max(o.history_date) FROM clinic_historicalpatient AS o
        WHERE o.id = p.id AND o.status <> 'on_hold'), '-infinity')
), p.created_at)
WHERE p.status = 'on_hold'
"""


class Migration(migrations.Migration):
    dependencies = [("clinic", "0014_reset_second_factor")]

    operations = [
        migrations.AddField(
            model_name="patient",
            name="held_since",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                condition=models.Q(("status", "on_hold")),
                fields=["clinic", "held_since"],
                name="patient_on_hold",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
