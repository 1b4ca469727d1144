"""Keep what changed for each operation as counts: the line in English could be said in no other.

Rows that were done before get the counts that their line names. Twice is once. Nothing to undo:
the line itself stays until 0025.
"""

from django.db import migrations, models

SORTS = {
    "move": "moves",
    "moves": "moves",
    "new": "adds",
    "held": "holds",
    "released": "releases",
    "already sent": "already_sent",
    "cancelled": "cancels",
    "too late": "too_late",
}


def counts_of(told):
    """Return {"moves": 9, "cancels": 3} for "9 move, 3 cancelled"."""
    parts = (part.partition(" ") for part in told.split(", "))
    return {SORTS[word]: int(number) for number, _gap, word in parts if word in SORTS}


def fill_counts(apps, schema_editor):
    for row in apps.get_model("reminders", "BulkRow").objects.exclude(told="").iterator():
        row.counts = counts_of(row.told)
        row.save(update_fields=["counts"])


class Migration(migrations.Migration):
    dependencies = [("reminders", "0023_one_way_alone")]

    operations = [
        migrations.AddField(
            model_name="bulkrow",
            name="counts",
            field=models.JSONField(
                default=dict, help_text="How many of each sort changed in the plan."
            ),
        ),
        migrations.RunPython(fill_counts, migrations.RunPython.noop),
    ]
