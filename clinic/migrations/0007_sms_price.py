"""A clinic may say what one part of a text costs; nothing but prices in the panel depends on it.

Adds columns that are empty. Going back drops them.
"""

from decimal import Decimal

from django.core.validators import MinValueValidator, RegexValidator
from django.db import migrations, models


def fields_of(model: str) -> list[migrations.AddField]:
    return [
        migrations.AddField(
            model_name=model,
            name="sms_part_price",
            field=models.DecimalField(
                blank=True,
                decimal_places=4,
                help_text="What your provider asks, as in 0.04. Empty: no prices are shown.",
                max_digits=7,
                null=True,
                validators=[MinValueValidator(Decimal("0.0001"))],
                verbose_name="price of one part of a text",
            ),
        ),
        migrations.AddField(
            model_name=model,
            name="sms_currency",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Three letters, as in GBP, EUR or USD.",
                max_length=3,
                validators=[
                    RegexValidator(r"^[A-Z]{3}\Z", "Write three letters, as in GBP or USD.")
                ],
                verbose_name="currency",
            ),
            preserve_default=False,
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("clinic", "0006_sms_sender_once")]
    operations = [*fields_of("clinic"), *fields_of("historicalclinic")]
