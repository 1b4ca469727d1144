"""Name the permission to reset a colleague's second factor, as roles have it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("clinic", "0013_patients_by_name")]
    operations = [
        migrations.AlterModelOptions(
            name="staff",
            options={
                "ordering": ("username",),
                "permissions": [
                    ("reset_second_factor", "Can have somebody set up a new second factor")
                ],
                "verbose_name": "member of staff",
                "verbose_name_plural": "staff",
            },
        ),
    ]
