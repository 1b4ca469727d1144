"""Let a clinic say what it does with warning signs: off, pass on, or sort in a named person's name.

Every clinic starts with off, so nothing changes for anybody. Going back drops both columns.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0004_carers"),
    ]

    operations = [
        migrations.AddField(
            model_name="clinic",
            name="symptom_check_mode",
            field=models.CharField(
                choices=[
                    ("off", "Off: a fixed list to read"),
                    ("relay", "Pass on: answers go to staff unsorted"),
                    ("triage", "Sort: the rules of the symptom check"),
                ],
                default="off",
                help_text="What a check-in on the patient's page does with warning signs.",
                max_length=6,
                verbose_name="symptom check",
            ),
        ),
        migrations.AddField(
            model_name="clinic",
            name="symptom_check_responsible",
            field=models.ForeignKey(
                blank=True,
                help_text="Answers by name for sorting. Needed for it.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="responsible person",
            ),
        ),
        migrations.AddField(
            model_name="historicalclinic",
            name="symptom_check_mode",
            field=models.CharField(
                choices=[
                    ("off", "Off: a fixed list to read"),
                    ("relay", "Pass on: answers go to staff unsorted"),
                    ("triage", "Sort: the rules of the symptom check"),
                ],
                default="off",
                help_text="What a check-in on the patient's page does with warning signs.",
                max_length=6,
                verbose_name="symptom check",
            ),
        ),
        migrations.AddField(
            model_name="historicalclinic",
            name="symptom_check_responsible",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Answers by name for sorting. Needed for it.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="responsible person",
            ),
        ),
        migrations.AddConstraint(
            model_name="clinic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("symptom_check_mode", "triage"), _negated=True),
                    ("symptom_check_responsible__isnull", False),
                    _connector="OR",
                ),
                name="triage_names_who_is_responsible",
            ),
        ),
    ]
