"""Keep each change of how somebody signs in until that person has been told of it by mail."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WHAT = [
    ("factor_set", "Factor Set"),
    ("factor_reset", "Factor Reset"),
    ("codes_renewed", "Codes Renewed"),
    ("password", "Password"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("reminders", "0021_urgent_words_first"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False,
                                           verbose_name="ID")),
                ("what", models.CharField(choices=WHAT, max_length=14)),
                ("at", models.DateTimeField()),
                ("told_at", models.DateTimeField(blank=True, null=True)),
                ("by", models.ForeignKey(
                    blank=True, null=True, on_delete=django.db.models.deletion.PROTECT,
                    related_name="+", to=settings.AUTH_USER_MODEL)),
                ("staff", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+",
                    to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "ordering": ("at", "pk"),
                "indexes": [
                    models.Index(condition=models.Q(("told_at", None)), fields=["at"],
                                 name="sign_in_notice_to_tell")
                ],
            },
        ),
    ]  # fmt: skip
