"""Keep who opened a patient of another clinic in an emergency: never changed, never deleted.

A row is ended once, told once and reviewed once, and the database refuses all else. Going back
drops the record of emergencies.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT
Q, F = models.Q, models.F
KINDS = [
    ("view", "Opened"),
    ("list", "Saw in a list"),
    ("search", "Searched"),
    ("print", "Printed"),
    ("export", "Exported"),
    ("emergency", "Emergency access"),
    ("denied", "Was refused"),
]

CREATE = """
CREATE FUNCTION clinic_emergency_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an emergency access is ended, told and reviewed once, and never changed'
        USING ERRCODE = '23514';
END $$;
CREATE TRIGGER emergency_is_not_deleted BEFORE DELETE ON clinic_emergencyaccess
    FOR EACH ROW EXECUTE FUNCTION clinic_emergency_stays();
CREATE TRIGGER emergency_stays BEFORE UPDATE ON clinic_emergencyaccess
    FOR EACH ROW WHEN (
        (to_jsonb(OLD) - '{ended_at,told_at,reviewed_at,reviewed_by_id,review_note}'::text[])
            IS DISTINCT FROM
        (to_jsonb(NEW) - '{ended_at,told_at,reviewed_at,reviewed_by_id,review_note}'::text[])
        OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS DISTINCT FROM OLD.ended_at)
        OR (OLD.told_at IS NOT NULL AND NEW.told_at IS DISTINCT FROM OLD.told_at)
        OR (OLD.reviewed_at IS NOT NULL
            AND (NEW.reviewed_at, NEW.reviewed_by_id, NEW.review_note)
                IS DISTINCT FROM (OLD.reviewed_at, OLD.reviewed_by_id, OLD.review_note))
    ) EXECUTE FUNCTION clinic_emergency_stays();
"""

DROP = """
DROP TRIGGER emergency_stays ON clinic_emergencyaccess;
DROP TRIGGER emergency_is_not_deleted ON clinic_emergencyaccess;
DROP FUNCTION clinic_emergency_stays();
"""


def leads_to(model, **options):
    return models.ForeignKey(on_delete=PROTECT, related_name="+", to=model, **options)


class Migration(migrations.Migration):
    dependencies = [("clinic", "0016_one_way_alone")]
    operations = [
        migrations.RemoveConstraint(model_name="accessevent", name="access_kind_is_known"),
        migrations.AlterField(
            model_name="accessevent",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=9),
        ),
        migrations.AddConstraint(
            model_name="accessevent",
            constraint=models.CheckConstraint(
                condition=Q(kind__in=[value for value, _words in KINDS]),
                name="access_kind_is_known",
            ),
        ),
        migrations.CreateModel(
            name="EmergencyAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("reason", models.CharField(max_length=300)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("review_note", models.CharField(blank=True, max_length=300)),
                ("by", leads_to(settings.AUTH_USER_MODEL)),
                ("clinic", leads_to("clinic.clinic", db_index=False)),
                ("from_clinic", leads_to("clinic.clinic", db_index=False)),
                ("patient", leads_to("clinic.patient")),
                (
                    "reviewed_by",
                    leads_to(settings.AUTH_USER_MODEL, blank=True, db_index=False, null=True),
                ),
            ],
            options={
                "ordering": ("-at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(reason__regex="^.{15,}$"), name="emergency_access_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=Q(until__gt=F("at")), name="emergency_access_is_for_a_while"
                    ),
                    models.CheckConstraint(
                        condition=Q(reviewed_at=None, reviewed_by=None, review_note="")
                        | Q(reviewed_at__isnull=False, reviewed_by__isnull=False)
                        & ~Q(review_note=""),
                        name="emergency_review_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("by")),
                        name="emergency_review_is_by_another",
                    ),
                    models.UniqueConstraint(
                        fields=["by"],
                        condition=Q(ended_at=None),
                        name="emergency_access_one_at_a_time",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["clinic", "-at", "-id"], name="emergency_of_clinic"),
                    models.Index(
                        fields=["clinic"],
                        condition=Q(reviewed_at=None),
                        name="emergency_to_review",
                    ),
                    models.Index(
                        fields=["at"], condition=Q(told_at=None), name="emergency_to_tell"
                    ),
                ],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
