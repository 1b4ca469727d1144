"""Messages to carers, and what they write: a carer beside the patient, empty for what is there.

Adds empty columns. The unique rule of reminders is made again for patients, and another for each
carer: on a large table this takes a moment, in which nothing is planned. Going back fails while
there are reminders of carers, because two of them would be one.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0004_carers'),
        ('reminders', '0003_version_returned'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='reminder',
            name='reminder_once_per_surgery_and_step',
        ),
        migrations.AddField(
            model_name='delivery',
            name='carer',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='clinic.carer'),
        ),
        migrations.AddField(
            model_name='reminder',
            name='carer',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='clinic.carer'),
        ),
        migrations.AddField(
            model_name='reply',
            name='carer',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='clinic.carer'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='failure_reason',
            field=models.CharField(blank=True, choices=[('', ''), ('opted_out', 'The patient opted out'), ('no_consent', 'No consent for this channel'), ('no_address', 'No address for this channel'), ('bad_address', 'The address does not work'), ('deceased', 'The patient has died'), ('on_hold', 'On hold'), ('care_ended', 'Care has ended'), ('carer_ended', 'The carer is told no more'), ('surgery_cancelled', 'The operation was cancelled'), ('not_confirmed', 'The operation is not confirmed'), ('plan_changed', 'The plan changed before it was sent'), ('not_signed', 'The content is not signed'), ('pulled', 'Somebody pulled this message'), ('review_overdue', 'The review date of this tip has passed'), ('clinic_not_ready', "The clinic's numbers are not complete"), ('text_incomplete', 'The text could not be filled in'), ('too_late', 'Too late to be useful'), ('refused', 'Refused by the provider'), ('undelivered', 'Not delivered by the provider'), ('answer_lost', "The provider's answer was lost"), ('killed_workers', 'Stopped its worker three times')], default='', max_length=20),
        ),
        migrations.AlterField(
            model_name='step',
            name='audience',
            field=models.CharField(choices=[('patient', 'Patient'), ('carer', 'Carer'), ('staff', 'Staff')], default='patient', max_length=10),
        ),
        migrations.AddIndex(
            model_name='reply',
            index=models.Index(condition=models.Q(('carer__isnull', False)), fields=['carer', '-received_at'], name='reply_thread_of_carer'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('status', 'cancelled'), _negated=True), ('carer', None)), fields=('surgery', 'step_key', 'occurrence'), name='reminder_once_per_surgery_and_step'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('status', 'cancelled'), _negated=True), ('carer__isnull', False)), fields=('surgery', 'carer', 'step_key', 'occurrence'), name='reminder_once_per_carer_and_step'),
        ),
    ]
