"""Let the list of patients be read in its own order, however deep somebody leafs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clinic", "0012_holds"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="patient", name="patient_clinic_family"),
        migrations.AddIndex(
            model_name="patient",
            index=models.Index(
                fields=["clinic", "family_name", "given_name", "id"], name="patient_by_name"
            ),
        ),
    ]
