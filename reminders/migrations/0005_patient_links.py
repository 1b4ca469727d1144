"""Links that open something of one patient without a log-in, by a hash of their token.

One new, empty table; going back drops it, and every link that was sent opens nothing.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0004_carers'),
        ('reminders', '0004_carer_deliveries'),
    ]

    operations = [
        migrations.CreateModel(
            name='PatientLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(help_text='SHA-256 of the token.', max_length=64, unique=True)),
                ('purpose', models.CharField(choices=[('page', "The patient's page"), ('calendar', "The patient's calendar"), ('unsubscribe', 'Stop emails')], max_length=12)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('carer', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='clinic.carer')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='clinic.patient')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('purpose__in', ['page', 'calendar', 'unsubscribe'])), name='link_purpose_is_known')],
            },
        ),
    ]
