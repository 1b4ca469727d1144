"""Let a clinic say that it sends texts alone, or mails alone."""

from django.db import migrations, models

CHOICES = [("both", "Text and email"), ("sms", "Text only"), ("email", "Email only")]


def _sends_by() -> models.CharField:
    return models.CharField(
        choices=CHOICES,
        default="both",
        help_text="With one alone, whoever it does not reach is told nothing.",
        max_length=5,
    )


class Migration(migrations.Migration):
    dependencies = [("clinic", "0015_patient_held_since")]

    operations = [
        migrations.AddField(model_name="clinic", name="sends_by", field=_sends_by()),
        migrations.AddField(model_name="historicalclinic", name="sends_by", field=_sends_by()),
    ]
