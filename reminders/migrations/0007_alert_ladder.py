"""Give alerts a ladder to climb: the clinic's rungs, its rota, the steps of each alert, notices.

Alerts that are open get their steps within seconds from `reminders.rescue`; nothing is filled
here. Going back drops the ladders, the rota and what is known of who was told.
"""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0005_symptom_check_mode'),
        ('reminders', '0006_check_ins'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AlertStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('after_minutes', models.PositiveIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(10080)])),
                ('hours', models.CharField(choices=[('always', 'At any hour'), ('staffed', 'While the clinic is open'), ('unstaffed', 'While the clinic is closed')], default='always', max_length=10)),
                ('whom', models.CharField(choices=[('on_duty', 'Whoever is on duty'), ('person', 'One member of staff'), ('role', 'Everybody in a role'), ('address', 'A fixed number or address')], max_length=10)),
                ('role', models.CharField(blank=True, choices=[('reception', 'Reception'), ('physiotherapist', 'Physiotherapist'), ('nurse', 'Nurse'), ('surgeon', 'Surgeon or clinical lead'), ('manager', 'Manager'), ('auditor', 'Auditor')], max_length=20)),
                ('address', models.CharField(blank=True, max_length=254)),
                ('label', models.CharField(blank=True, help_text='As in: on-call surgeon.', max_length=80)),
                ('how', models.CharField(choices=[('sms', 'Text message'), ('email', 'Email'), ('phone', 'Telephone: a banner asks to call')], max_length=5)),
                ('round', models.PositiveSmallIntegerField(default=0)),
                ('repeat', models.PositiveIntegerField(default=0)),
                ('planned_at', models.DateTimeField()),
                ('due_at', models.DateTimeField()),
                ('is_urgent', models.BooleanField(default=False)),
                ('status', models.CharField(choices=[('waiting', 'Waits'), ('told', 'Told'), ('failed', 'Reached nobody'), ('stopped', 'Not needed')], default='waiting', max_length=8)),
                ('status_since', models.DateTimeField()),
                ('told_at', models.DateTimeField(blank=True, null=True)),
                ('told', models.CharField(blank=True, help_text='The names of who was told.', max_length=300)),
                ('note', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ('due_at', 'after_minutes', 'position', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='DutyShift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
            ],
            options={
                'ordering': ('starts_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Ladder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('repeat_minutes', models.PositiveSmallIntegerField(default=10, help_text='After the last rung it is repeated this often until somebody takes the alert.', validators=[django.core.validators.MinValueValidator(2), django.core.validators.MaxValueValidator(240)])),
                ('raise_again_minutes', models.PositiveSmallIntegerField(default=60, help_text='Taken and not closed for so long, the alert climbs from the first rung again.', validators=[django.core.validators.MinValueValidator(10), django.core.validators.MaxValueValidator(1440)])),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Rung',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('after_minutes', models.PositiveIntegerField(default=0, validators=[django.core.validators.MaxValueValidator(10080)])),
                ('hours', models.CharField(choices=[('always', 'At any hour'), ('staffed', 'While the clinic is open'), ('unstaffed', 'While the clinic is closed')], default='always', max_length=10)),
                ('whom', models.CharField(choices=[('on_duty', 'Whoever is on duty'), ('person', 'One member of staff'), ('role', 'Everybody in a role'), ('address', 'A fixed number or address')], max_length=10)),
                ('role', models.CharField(blank=True, choices=[('reception', 'Reception'), ('physiotherapist', 'Physiotherapist'), ('nurse', 'Nurse'), ('surgeon', 'Surgeon or clinical lead'), ('manager', 'Manager'), ('auditor', 'Auditor')], max_length=20)),
                ('address', models.CharField(blank=True, max_length=254)),
                ('label', models.CharField(blank=True, help_text='As in: on-call surgeon.', max_length=80)),
                ('how', models.CharField(choices=[('sms', 'Text message'), ('email', 'Email'), ('phone', 'Telephone: a banner asks to call')], max_length=5)),
                ('tiers', models.JSONField(default=list, help_text='For which urgencies of alerts it is.')),
            ],
            options={
                'ordering': ('after_minutes', 'position'),
            },
        ),
        migrations.RemoveConstraint(
            model_name='delivery',
            name='delivery_has_its_cause',
        ),
        migrations.AddField(
            model_name='alert',
            name='banner',
            field=models.CharField(blank=True, help_text='Whom to call, and where.', max_length=300),
        ),
        migrations.AddField(
            model_name='alert',
            name='banner_since',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='alert',
            name='raise_again_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='alert',
            name='raise_again_minutes',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='alert',
            name='repeat_minutes',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='alert',
            name='round',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='failure_reason',
            field=models.CharField(blank=True, choices=[('', ''), ('opted_out', 'The patient opted out'), ('no_consent', 'No consent for this channel'), ('no_address', 'No address for this channel'), ('bad_address', 'The address does not work'), ('deceased', 'The patient has died'), ('on_hold', 'On hold'), ('care_ended', 'Care has ended'), ('carer_ended', 'The carer is told no more'), ('surgery_cancelled', 'The operation was cancelled'), ('not_confirmed', 'The operation is not confirmed'), ('plan_changed', 'The plan changed before it was sent'), ('not_signed', 'The content is not signed'), ('pulled', 'Somebody pulled this message'), ('alert_taken', 'Somebody has the alert in hand'), ('review_overdue', 'The review date of this tip has passed'), ('clinic_not_ready', "The clinic's numbers are not complete"), ('text_incomplete', 'The text could not be filled in'), ('too_late', 'Too late to be useful'), ('refused', 'Refused by the provider'), ('undelivered', 'Not delivered by the provider'), ('answer_lost', "The provider's answer was lost"), ('killed_workers', 'Stopped its worker three times')], default='', max_length=20),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='purpose',
            field=models.CharField(choices=[('reminder', 'Reminder'), ('answer', 'Answer to a reply'), ('notice', 'Notice to staff')], default='reminder', max_length=10),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('status', 'acknowledged')), fields=['raise_again_at'], name='alert_to_raise_again'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(models.Q(('tier', 'emergency'), ('banner_since__isnull', False), _connector='OR'), ('status', 'open')), fields=['clinic', 'opened_at'], name='alert_unclaimed'),
        ),
        migrations.AddField(
            model_name='alertstep',
            name='alert',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='reminders.alert'),
        ),
        migrations.AddField(
            model_name='alertstep',
            name='staff',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='alertstep',
            name='told_with',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='told_too', to='reminders.alertstep'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='alert_step',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='reminders.alertstep'),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('purpose', 'notice'), ('status', 'queued')), fields=['channel', 'next_try_at'], name='delivery_notices'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(fields=('alert_step', 'channel', 'address'), name='one_notice_per_step_and_address'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('purpose', 'reminder'), ('reminder__isnull', False)), models.Q(('purpose', 'answer'), ('reply__isnull', False)), models.Q(('alert_step__isnull', False), ('purpose', 'notice')), _connector='OR'), name='delivery_has_its_cause'),
        ),
        migrations.AddField(
            model_name='dutyshift',
            name='clinic',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='duty_shifts', to='clinic.clinic'),
        ),
        migrations.AddField(
            model_name='dutyshift',
            name='staff',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='duty_shifts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ladder',
            name='changed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='ladder',
            name='clinic',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='ladder', to='clinic.clinic'),
        ),
        migrations.AddField(
            model_name='rung',
            name='ladder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rungs', to='reminders.ladder'),
        ),
        migrations.AddField(
            model_name='rung',
            name='staff',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='alertstep',
            index=models.Index(models.OrderBy(models.F('is_urgent'), descending=True), models.F('due_at'), condition=models.Q(('status', 'waiting')), name='step_due'),
        ),
        migrations.AddIndex(
            model_name='alertstep',
            index=models.Index(condition=models.Q(('status', 'waiting')), fields=['alert'], name='step_waiting'),
        ),
        migrations.AddConstraint(
            model_name='alertstep',
            constraint=models.UniqueConstraint(fields=('alert', 'round', 'position', 'repeat'), name='step_once_per_alert'),
        ),
        migrations.AddConstraint(
            model_name='alertstep',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'told', 'failed', 'stopped'])), name='step_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='alertstep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'told'), _negated=True), ('told_at__isnull', False), _connector='OR'), name='step_told_at_a_moment'),
        ),
        migrations.AddIndex(
            model_name='dutyshift',
            index=models.Index(fields=['clinic', 'ends_at'], name='shift_running'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='shift_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='dutyshift',
            constraint=models.UniqueConstraint(fields=('clinic', 'staff', 'starts_at'), name='shift_once_per_start'),
        ),
        migrations.AddConstraint(
            model_name='rung',
            constraint=models.UniqueConstraint(fields=('ladder', 'position'), name='rung_once_per_position'),
        ),
    ]
