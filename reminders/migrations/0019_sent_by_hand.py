"""Say who sent a reminder by hand. Going back forgets who it was; the messages stay."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reminders', '0018_shifts_and_agreements'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='reminder',
            name='sent_by',
            field=models.ForeignKey(blank=True, db_index=False, help_text='Who sent it by hand; empty for what the plan sends.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
