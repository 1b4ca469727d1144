"""Give no two clinics the same number to send from: answers find their clinic by it.

Where two have it already this stops and names the number; give one of them a number of its own
and migrate again. Going back drops the rule.
"""

from django.db import migrations, models
from django.db.models import Count

NUMBER = r"^\+?[0-9]+$"


class SharedNumber(Exception):
    """Two clinics send from one number; the message names it."""


def refuse_shared_numbers(apps, schema_editor):
    clinics = apps.get_model("clinic", "Clinic").objects.filter(sms_sender__regex=NUMBER)
    shared = clinics.order_by().values("sms_sender").annotate(many=Count("pk")).filter(many__gt=1)
    if numbers := ", ".join(shared.values_list("sms_sender", flat=True)):
        raise SharedNumber(
            f"More than one clinic sends its texts from {numbers}. Give each a number of its own."
        )


class Migration(migrations.Migration):
    dependencies = [("clinic", "0005_symptom_check_mode")]

    operations = [
        migrations.RunPython(refuse_shared_numbers, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="clinic",
            constraint=models.UniqueConstraint(
                condition=models.Q(("sms_sender__regex", NUMBER)),
                fields=("sms_sender",),
                name="clinic_has_its_own_number",
                violation_error_message=(
                    "Another clinic sends its texts from this number. Each clinic needs a number of"
                    " its own, or patients' answers reach the wrong one."
                ),
            ),
        ),
    ]
