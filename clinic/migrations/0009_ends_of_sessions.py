"""Count how often a person's sessions were ended; keep a table of wrong tries at the log-in."""

from django.db import migrations, models

COUNTS = (
    ("signed_out_everywhere", "times signed out everywhere"),
    ("second_factor_resets", "times the second factor was reset"),
)
# As `manage.py createcachetable` would make it. Rows are worthless after a day.
MAKE_TABLE = """
CREATE TABLE IF NOT EXISTS clinic_short_memory (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX IF NOT EXISTS clinic_short_memory_expires ON clinic_short_memory (expires);
"""


def count(model: str, name: str, words: str) -> migrations.AddField:
    return migrations.AddField(
        model_name=model,
        name=name,
        field=models.PositiveIntegerField(default=0, verbose_name=words),
    )


class Migration(migrations.Migration):
    dependencies = [("clinic", "0008_unexpected_result")]
    operations = [
        *(count(model, *one) for one in COUNTS for model in ("staff", "historicalstaff")),
        migrations.RunSQL(MAKE_TABLE, "DROP TABLE IF EXISTS clinic_short_memory"),
    ]
