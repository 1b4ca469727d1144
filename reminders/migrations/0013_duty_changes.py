"""Keep for good who changed the rota or the ladder; the database refuses to rewrite it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE TRIGGER duty_change_stays BEFORE UPDATE OR DELETE ON reminders_dutychange
    FOR EACH ROW EXECUTE FUNCTION reminders_history_stays();
"""

DROP = "DROP TRIGGER duty_change_stays ON reminders_dutychange;"


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0008_unexpected_result"),
        ("reminders", "0012_phone_calls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DutyChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("on_duty", "Put on duty"), ("off_duty", "Taken off duty"), ("ladder", "Ladder changed")], max_length=10)),
                ("at", models.DateTimeField()),
                ("before", models.JSONField(default=list)),
                ("after", models.JSONField(default=list)),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("clinic", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="duty_changes", to="clinic.clinic")),
                ("staff", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ("-at", "-pk"),
                "indexes": [models.Index(fields=["clinic", "-at"], name="duty_change_newest")],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
