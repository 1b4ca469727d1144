"""A version may be sent back to its writers; the signatures that it had stay on record, void.

Adds an empty column and swaps a unique rule of a small table for one on standing signatures only.
Going back fails where somebody has signed a version again after it was sent back.
"""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0002_seal_and_govern_content"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="signature",
            name="one_signature_each",
        ),
        migrations.AddField(
            model_name="signature",
            name="voided_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="versionevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("loaded", "Loaded"),
                    ("derived", "Draft begun"),
                    ("edited", "Edited"),
                    ("submitted", "Handed in for review"),
                    ("signed", "Signed"),
                    ("returned", "Sent back to its writers"),
                    ("approved", "Approved"),
                    ("live", "Put live"),
                    ("retired", "Retired"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("voided_at__isnull", True)),
                fields=("version", "signer"),
                name="one_standing_signature_each",
            ),
        ),
    ]
