"""Visits to the patient's page, wrong tries at its door, and warning signs reported on it.

New, empty tables, and new columns on links that nothing has made yet. Going back drops them: links
that were sent open nothing, and reports are only in their alerts any more.
"""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0006_sms_sender_once'),
        ('reminders', '0007_alert_ladder'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PageTry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=64)),
                ('span', models.DateTimeField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='PatientVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('started_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('left_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('-started_at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='SignReport',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('signs', models.JSONField(default=list)),
                ('words', models.TextField(blank=True)),
                ('language', models.CharField(max_length=8)),
                ('reported_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('-reported_at',),
            },
        ),
        migrations.AlterModelOptions(
            name='patientlink',
            options={'ordering': ('-created_at', '-pk')},
        ),
        migrations.RemoveConstraint(
            model_name='delivery',
            name='delivery_has_its_cause',
        ),
        migrations.AddField(
            model_name='patientlink',
            name='locked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='patientlink',
            name='reminder',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='reminders.reminder'),
        ),
        migrations.AddField(
            model_name='patientlink',
            name='revoked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='patientlink',
            name='tries',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='alert',
            name='kind',
            field=models.CharField(choices=[('reply', 'A reply that may be urgent'), ('warning_sign', "A warning sign, reported on the patient's page"), ('check_in', 'An answer that asks for a call'), ('staff_step', 'A staff step of the pathway'), ('not_reached', 'A safety message reached nobody'), ('contact', 'A contact that no longer works'), ('opted_out', 'The patient opted out'), ('content', 'Content to see to'), ('page', "The patient's page")], max_length=12),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='purpose',
            field=models.CharField(choices=[('reminder', 'Reminder'), ('answer', 'Answer to a reply'), ('notice', 'Notice to staff'), ('page_link', "A new link to the patient's page")], default='reminder', max_length=10),
        ),
        migrations.AlterField(
            model_name='patientlink',
            name='purpose',
            field=models.CharField(choices=[('page', "The patient's page"), ('calendar', 'The calendar of appointments'), ('unsubscribe', 'Stop of one channel')], max_length=12),
        ),
        migrations.AlterField(
            model_name='patientlink',
            name='token_hash',
            field=models.CharField(editable=False, max_length=64, unique=True),
        ),
        migrations.AddIndex(
            model_name='patientlink',
            index=models.Index(fields=['patient', '-created_at'], name='link_by_patient'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'reminder'), ('reminder__isnull', False)), models.Q(('purpose', 'answer'), ('reply__isnull', False)), models.Q(('alert_step__isnull', False), ('purpose', 'notice')), models.Q(('patient__isnull', False), ('purpose', 'page_link')), _connector='OR'), name='delivery_has_its_cause'),
        ),
        migrations.AddConstraint(
            model_name='patientlink',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='link_expires_after_it_is_made'),
        ),
        migrations.AddConstraint(
            model_name='patientlink',
            constraint=models.CheckConstraint(condition=models.Q(('tries__lt', 5), models.Q(('locked_at__isnull', False), ('tries', 5)), _connector='OR'), name='link_locks_at_the_last_try'),
        ),
        migrations.AddIndex(
            model_name='pagetry',
            index=models.Index(fields=['span'], name='tries_by_span'),
        ),
        migrations.AddConstraint(
            model_name='pagetry',
            constraint=models.UniqueConstraint(fields=('source', 'span'), name='tries_once_per_span'),
        ),
        migrations.AddField(
            model_name='patientvisit',
            name='link',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='reminders.patientlink'),
        ),
        migrations.AddField(
            model_name='signreport',
            name='link',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_reports', to='reminders.patientlink'),
        ),
        migrations.AddField(
            model_name='signreport',
            name='patient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sign_reports', to='clinic.patient'),
        ),
    ]
