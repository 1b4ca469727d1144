"""Name the reason of a message that its clinic does not send this way."""

from django.db import migrations, models

REASONS = [
    ("", ""),
    ("opted_out", "The patient opted out"),
    ("no_consent", "No consent for this channel"),
    ("no_address", "No address for this channel"),
    ("not_our_channel", "The clinic does not send this way"),
    ("bad_address", "The address does not work"),
    ("deceased", "The patient has died"),
    ("on_hold", "On hold"),
    ("care_ended", "Care has ended"),
    ("carer_ended", "The carer is told no more"),
    ("surgery_cancelled", "The operation was cancelled"),
    ("not_confirmed", "The operation is not confirmed"),
    ("plan_changed", "The plan changed before it was sent"),
    ("not_signed", "The content is not signed"),
    ("pulled", "Somebody pulled this message"),
    ("alert_taken", "Somebody has the alert in hand"),
    ("review_overdue", "The review date of this tip has passed"),
    ("clinic_not_ready", "The clinic's numbers are not complete"),
    ("text_incomplete", "The text could not be filled in"),
    ("too_late", "Too late to be useful"),
    ("answered", "It was answered before"),
    ("refused", "Refused by the provider"),
    ("undelivered", "Not delivered by the provider"),
    ("answer_lost", "The provider's answer was lost"),
    ("killed_workers", "Stopped its worker three times"),
]


class Migration(migrations.Migration):
    dependencies = [("reminders", "0022_sign_in_notices")]

    operations = [
        migrations.AlterField(
            model_name="delivery",
            name="failure_reason",
            field=models.CharField(blank=True, choices=REASONS, default="", max_length=20),
        ),
    ]
