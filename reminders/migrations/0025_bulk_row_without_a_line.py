"""Drop the line in English of an operation that was changed together with others: see 0024."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("reminders", "0024_bulk_row_counts")]

    operations = [migrations.RemoveField(model_name="bulkrow", name="told")]
