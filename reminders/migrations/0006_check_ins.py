"""Keep check-ins and their answers, and let a step list its questions by key.

The words that a step had for its questions (`form`) were shown to nobody; versions that are live
ask for nothing until their next version says what. A check-in that was handed in, and any answer,
cannot be changed afterwards, through whatever door: the database refuses. Going back drops the
check-ins.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE FUNCTION reminders_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a check-in that was handed in, and its answers, are never changed';
END $$;
CREATE TRIGGER check_in_stays BEFORE UPDATE ON reminders_checkin
    FOR EACH ROW WHEN (OLD.submitted_at IS NOT NULL) EXECUTE FUNCTION reminders_never_changed();
CREATE TRIGGER check_in_answer_stays BEFORE UPDATE ON reminders_checkinanswer
    FOR EACH ROW EXECUTE FUNCTION reminders_never_changed();
"""

DROP = """
DROP TRIGGER check_in_answer_stays ON reminders_checkinanswer;
DROP TRIGGER check_in_stays ON reminders_checkin;
DROP FUNCTION reminders_never_changed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0005_symptom_check_mode"),
        ("reminders", "0005_patient_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField(
            model_name="step",
            name="form",
        ),
        migrations.AddField(
            model_name="step",
            name="questions",
            field=models.JSONField(default=list, help_text="What its page asks, by question key."),
        ),
        migrations.CreateModel(
            name="CheckIn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                ("step_key", models.CharField(blank=True, max_length=60)),
                ("day", models.SmallIntegerField(help_text="Days after the operation.")),
                (
                    "by",
                    models.CharField(
                        choices=[
                            ("sms", "By text"),
                            ("page", "On the patient's page"),
                            ("staff", "By telephone"),
                        ],
                        max_length=5,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                (
                    "active_at",
                    models.DateTimeField(help_text="When the patient was last seen at it."),
                ),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.CharField(help_text="Of the symptom check.", max_length=40)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("off", "Off: a fixed list to read"),
                            ("relay", "Pass on: answers go to staff unsorted"),
                            ("triage", "Sort: the rules of the symptom check"),
                        ],
                        max_length=6,
                    ),
                ),
                (
                    "tier",
                    models.CharField(
                        blank=True, help_text="Only in the mode triage.", max_length=10
                    ),
                ),
                ("sla_minutes", models.PositiveIntegerField(blank=True, null=True)),
                ("rules", models.JSONField(default=list, help_text="The rules that held, by key.")),
                ("told", models.TextField(blank=True, help_text="The fixed text that was shown.")),
                ("language", models.CharField(blank=True, max_length=8)),
                (
                    "alert",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="reminders.alert",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="clinic.patient",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="reminders.reminder",
                    ),
                ),
                (
                    "surgery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_ins",
                        to="clinic.surgery",
                    ),
                ),
            ],
            options={
                "ordering": ("-started_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="CheckInAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=40)),
                ("version", models.CharField(max_length=40)),
                ("raw", models.CharField(max_length=200)),
                (
                    "number",
                    models.DecimalField(blank=True, decimal_places=1, max_digits=6, null=True),
                ),
                ("choice", models.CharField(blank=True, max_length=30)),
                ("at", models.DateTimeField()),
                (
                    "check_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="reminders.checkin",
                    ),
                ),
                (
                    "reply",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="check_in_answers",
                        to="reminders.reply",
                    ),
                ),
            ],
            options={
                "ordering": ("check_in", "pk"),
            },
        ),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(
                condition=models.Q(("submitted_at__isnull", True)),
                fields=["patient", "active_at"],
                name="check_in_open",
            ),
        ),
        migrations.AddIndex(
            model_name="checkin",
            index=models.Index(fields=["patient", "-started_at"], name="check_in_history"),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("by", "staff"), _negated=True),
                    ("recorded_by__isnull", False),
                    _connector="OR",
                ),
                name="check_in_by_staff_names_them",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkin",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submitted_at__isnull", True),
                    ("submitted_at__gte", models.F("started_at")),
                    _connector="OR",
                ),
                name="check_in_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkinanswer",
            constraint=models.UniqueConstraint(
                fields=("check_in", "question"), name="check_in_answers_each_once"
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
