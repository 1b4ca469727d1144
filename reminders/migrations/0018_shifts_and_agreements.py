"""Say by how much holds have moved a reminder, and keep what staff agreed to.

The database refuses to change or delete an agreement. Going back drops them.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


CREATE = """
CREATE FUNCTION reminders_agreement_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what somebody agreed to is never changed' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER agreement_stays BEFORE UPDATE OR DELETE ON reminders_planagreement
    FOR EACH ROW EXECUTE FUNCTION reminders_agreement_stays();
"""

DROP = """
DROP TRIGGER agreement_stays ON reminders_planagreement;
DROP FUNCTION reminders_agreement_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0012_holds'),
        ('reminders', '0017_figures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='reminder',
            name='shifted_days',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='By how many days holds have moved it; the message says so.'),
        ),
        migrations.AlterField(
            model_name='reminder',
            name='reason',
            field=models.CharField(blank=True, choices=[('', ''), ('not_confirmed', 'Operation not confirmed yet'), ('surgery_on_hold', 'The plan is on hold'), ('patient_on_hold', 'The patient is on hold'), ('needs_clinician', 'A clinician must approve this plan'), ('in_hospital', 'In intensive care: waits for the discharge date'), ('no_live_content', 'No signed pathway for this operation'), ('pulled', 'Somebody pulled this message'), ('review_overdue', 'The review date of this tip has passed'), ('limit_extended', 'A clinician has extended this limit'), ('content_incomplete', 'The text could not be filled in'), ('while_held', 'Fell into a hold of the plan'), ('enrolled_late', 'Lay before the enrolment'), ('too_late', 'Too late to be useful'), ('no_channel', 'No consent or address for any channel'), ('surgery_moved', 'The operation was moved'), ('surgery_cancelled', 'The operation was cancelled'), ('not_asked_for', 'The record no longer asks for it'), ('deceased', 'The patient has died'), ('care_ended', 'Care has ended')], default='', max_length=20),
        ),
        migrations.CreateModel(
            name='PlanAgreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('confirm', 'It took place'), ('move', 'The operation moved'), ('hold', 'Messages put on hold'), ('resume', 'Messages let go on'), ('approve', 'The plan approved'), ('cancel', 'The operation called off'), ('edit', "The operation's record changed"), ('patient', "The patient's record changed"), ('limit', 'A limit changed')], max_length=10)),
                ('counts', models.JSONField()),
                ('difference', models.JSONField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('surgery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='clinic.surgery')),
            ],
            options={
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
