"""Test messages of a clinic to its own people; and that somebody tried a made-up patient.

Going back drops the tests, and needs the deliveries of tests to be gone first.
"""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0010_live_since'),
        ('reminders', '0013_duty_changes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SendingTest',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('channel', models.CharField(choices=[('sms', 'Text'), ('email', 'Email')], max_length=5)),
                ('sender', models.CharField(max_length=254)),
                ('asked_at', models.DateTimeField()),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-asked_at',),
            },
        ),
        migrations.RemoveConstraint(
            model_name='delivery',
            name='delivery_has_its_cause',
        ),
        migrations.AlterField(
            model_name='delivery',
            name='purpose',
            field=models.CharField(choices=[('reminder', 'Reminder'), ('again', 'Asked again'), ('answer', 'Answer to a reply'), ('notice', 'Notice to staff'), ('page_link', "A new link to the patient's page"), ('test', 'Test of sending')], default='reminder', max_length=10),
        ),
        migrations.AlterField(
            model_name='versionevent',
            name='kind',
            field=models.CharField(choices=[('loaded', 'Loaded'), ('derived', 'Draft begun'), ('edited', 'Edited'), ('submitted', 'Handed in for review'), ('signed', 'Signed'), ('returned', 'Sent back to its writers'), ('approved', 'Approved'), ('live', 'Put live'), ('retired', 'Retired'), ('tried', 'Tried with a made-up patient')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('purpose__in', ['reminder', 'again']), ('reminder__isnull', False)), models.Q(('purpose', 'answer'), ('reply__isnull', False)), models.Q(('alert_step__isnull', False), ('purpose', 'notice')), models.Q(('patient__isnull', False), ('purpose', 'page_link')), models.Q(('patient__isnull', True), ('purpose', 'test')), _connector='OR'), name='delivery_has_its_cause'),
        ),
        migrations.AddField(
            model_name='sendingtest',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sendingtest',
            name='clinic',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sending_tests', to='clinic.clinic'),
        ),
        migrations.AddField(
            model_name='sendingtest',
            name='confirmed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sendingtest',
            name='delivery',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='sending_test', to='reminders.delivery'),
        ),
        migrations.AddConstraint(
            model_name='sendingtest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='test_is_confirmed_by_a_person'),
        ),
    ]
