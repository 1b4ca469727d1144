"""Find our last answers to a telephone without reading every delivery there ever was.

Only answers are in it, so that it stays small and no reminder pays for it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reminders", "0025_bulk_row_without_a_line")]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("purpose", "answer")),
                fields=["address", "-queued_at"],
                name="delivery_answers",
            ),
        ),
    ]
