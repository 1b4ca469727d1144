"""Keep what clinicians decide about one patient's limits, and say that a message waits for it.

The database refuses to change or delete a decision. Going back drops the decisions.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

CREATE = """
CREATE FUNCTION reminders_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a decision about a limit is only ever added to' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER restriction_change_stays BEFORE UPDATE OR DELETE ON reminders_restrictionchange
    FOR EACH ROW EXECUTE FUNCTION reminders_refuse_change();
"""

DROP = """
DROP TRIGGER restriction_change_stays ON reminders_restrictionchange;
DROP FUNCTION reminders_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0005_symptom_check_mode"),
        ("reminders", "0009_ask_again"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RestrictionChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("restriction_key", models.CharField(max_length=60)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("released", "Released"),
                            ("new_day", "Another day"),
                            ("as_calendar", "As the calendar says"),
                        ],
                        max_length=12,
                    ),
                ),
                ("first_free_day", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=300)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "surgery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restriction_changes",
                        to="clinic.surgery",
                    ),
                ),
            ],
            options={
                "ordering": ("-at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(
                            kind="new_day",
                            first_free_day__isnull=False,
                            first_free_day__lte=730,
                        )
                        | ~Q(kind="new_day") & Q(first_free_day__isnull=True),
                        name="restriction_change_has_its_day",
                    ),
                    models.CheckConstraint(
                        condition=Q(kind__in=["released", "new_day", "as_calendar"]),
                        name="restriction_change_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=~Q(reason=""), name="restriction_change_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.AlterField(
            model_name="reminder",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", ""),
                    ("not_confirmed", "Operation not confirmed yet"),
                    ("surgery_on_hold", "The plan is on hold"),
                    ("patient_on_hold", "The patient is on hold"),
                    ("needs_clinician", "A clinician must approve this plan"),
                    ("in_hospital", "In intensive care: waits for the discharge date"),
                    ("no_live_content", "No signed pathway for this operation"),
                    ("pulled", "Somebody pulled this message"),
                    ("review_overdue", "The review date of this tip has passed"),
                    ("limit_extended", "A clinician has extended this limit"),
                    ("content_incomplete", "The text could not be filled in"),
                    ("enrolled_late", "Lay before the enrolment"),
                    ("too_late", "Too late to be useful"),
                    ("no_channel", "No consent or address for any channel"),
                    ("surgery_moved", "The operation was moved"),
                    ("surgery_cancelled", "The operation was cancelled"),
                    ("not_asked_for", "The record no longer asks for it"),
                    ("deceased", "The patient has died"),
                    ("care_ended", "Care has ended"),
                ],
                default="",
                max_length=20,
            ),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
