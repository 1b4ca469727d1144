"""Seal what goes live, keep who did what with a version, and let anybody pull a message.

A version is sealed when it goes live, after its rows were compared with the digest that was
signed. The database breaks the seal when a row of the content changes afterwards, through
whatever door, and an unsealed version is not sent. Versions that are live already stay so.
Going back drops the triggers, the seals and the history of versions.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CREATE = """
UPDATE reminders_pathwayversion SET sealed = true WHERE status = 'live';

CREATE FUNCTION reminders_break_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE version bigint;
BEGIN
    IF TG_TABLE_NAME = 'reminders_step' THEN
        version := COALESCE(NEW.version_id, OLD.version_id);
    ELSE
        SELECT version_id INTO version FROM reminders_step
        WHERE id = COALESCE(NEW.step_id, OLD.step_id);
    END IF;
    UPDATE reminders_pathwayversion SET sealed = false WHERE id = version AND sealed;
    RETURN NULL;
END $$;
CREATE TRIGGER step_breaks_seal AFTER INSERT OR UPDATE OR DELETE ON reminders_step
    FOR EACH ROW EXECUTE FUNCTION reminders_break_seal();
CREATE TRIGGER text_breaks_seal AFTER INSERT OR UPDATE OR DELETE ON reminders_steptext
    FOR EACH ROW EXECUTE FUNCTION reminders_break_seal();
CREATE TRIGGER source_breaks_seal AFTER INSERT OR UPDATE OR DELETE ON reminders_step_sources
    FOR EACH ROW EXECUTE FUNCTION reminders_break_seal();

CREATE FUNCTION reminders_version_breaks_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.sealed := false;
    RETURN NEW;
END $$;
CREATE TRIGGER version_breaks_seal BEFORE UPDATE ON reminders_pathwayversion
    FOR EACH ROW WHEN ((NEW.digest, NEW.head) IS DISTINCT FROM (OLD.digest, OLD.head))
    EXECUTE FUNCTION reminders_version_breaks_seal();
"""

DROP = """
DROP TRIGGER version_breaks_seal ON reminders_pathwayversion;
DROP FUNCTION reminders_version_breaks_seal();
DROP TRIGGER source_breaks_seal ON reminders_step_sources;
DROP TRIGGER text_breaks_seal ON reminders_steptext;
DROP TRIGGER step_breaks_seal ON reminders_step;
DROP FUNCTION reminders_break_seal();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0002_raise_revision"),
        ("reminders", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField(
            model_name="pathwayversion",
            old_name="review_by",
            new_name="safety_review_by",
        ),
        migrations.AddField(
            model_name="pathwayversion",
            name="derived_from",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="drafts",
                to="reminders.pathwayversion",
            ),
        ),
        migrations.AddField(
            model_name="pathwayversion",
            name="head",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="pathwayversion",
            name="other_review_by",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="pathwayversion",
            name="sealed",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="alert",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reply", "A reply that may be urgent"),
                    ("check_in", "An answer that asks for a call"),
                    ("staff_step", "A staff step of the pathway"),
                    ("not_reached", "A safety message reached nobody"),
                    ("contact", "A contact that no longer works"),
                    ("opted_out", "The patient opted out"),
                    ("content", "Content to see to"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="delivery",
            name="failure_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", ""),
                    ("opted_out", "The patient opted out"),
                    ("no_consent", "No consent for this channel"),
                    ("no_address", "No address for this channel"),
                    ("bad_address", "The address does not work"),
                    ("deceased", "The patient has died"),
                    ("on_hold", "On hold"),
                    ("care_ended", "Care has ended"),
                    ("surgery_cancelled", "The operation was cancelled"),
                    ("not_confirmed", "The operation is not confirmed"),
                    ("plan_changed", "The plan changed before it was sent"),
                    ("not_signed", "The content is not signed"),
                    ("pulled", "Somebody pulled this message"),
                    ("review_overdue", "The review date of this tip has passed"),
                    ("clinic_not_ready", "The clinic's numbers are not complete"),
                    ("text_incomplete", "The text could not be filled in"),
                    ("too_late", "Too late to be useful"),
                    ("refused", "Refused by the provider"),
                    ("undelivered", "Not delivered by the provider"),
                    ("answer_lost", "The provider's answer was lost"),
                    ("killed_workers", "Stopped its worker three times"),
                ],
                default="",
                max_length=20,
            ),
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
        migrations.CreateModel(
            name="VersionEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("loaded", "Loaded"),
                            ("derived", "Draft begun"),
                            ("edited", "Edited"),
                            ("submitted", "Handed in for review"),
                            ("signed", "Signed"),
                            ("approved", "Approved"),
                            ("live", "Put live"),
                            ("retired", "Retired"),
                        ],
                        max_length=10,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "detail",
                    models.CharField(
                        blank=True, help_text="As in d3_check_in, en: sms.", max_length=200
                    ),
                ),
                (
                    "changes",
                    models.JSONField(default=dict, help_text="Old and new value by field."),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="reminders.pathwayversion",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="PulledStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step_key", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=300)),
                ("pulled_at", models.DateTimeField()),
                ("restored_at", models.DateTimeField(blank=True, null=True)),
                (
                    "clinic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pulled_steps",
                        to="clinic.clinic",
                    ),
                ),
                (
                    "pulled_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "restored_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-pulled_at",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("restored_at__isnull", True)),
                        fields=("clinic", "step_key"),
                        name="step_pulled_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("restored_at__isnull", True),
                            ("restored_by__isnull", False),
                            _connector="OR",
                        ),
                        name="step_restored_by_somebody",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
