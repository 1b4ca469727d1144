"""Carers, with a consent of their own. Who is told, and until when, is part of the patient's plan.

The database raises the revision of the patient's operations, as for every other fact of a plan
(0002), and forgets that an address failed once it is corrected. Going back drops what was recorded.
"""

import clinic.clock
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


CREATE = """
CREATE FUNCTION clinic_carer_raise_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE clinic_surgery SET revision = revision + 1 WHERE patient_id = NEW.patient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER carer_added_raises_revision AFTER INSERT ON clinic_carer
    FOR EACH ROW EXECUTE FUNCTION clinic_carer_raise_revision();
CREATE TRIGGER carer_raises_revision AFTER UPDATE ON clinic_carer
    FOR EACH ROW
    WHEN ((NEW.ended_at, NEW.allowed_at) IS DISTINCT FROM (OLD.ended_at, OLD.allowed_at))
    EXECUTE FUNCTION clinic_carer_raise_revision();

CREATE TRIGGER carer_new_address BEFORE UPDATE ON clinic_carer
    FOR EACH ROW EXECUTE FUNCTION clinic_patient_new_address();
"""

DROP = """
DROP TRIGGER carer_new_address ON clinic_carer;
DROP TRIGGER carer_raises_revision ON clinic_carer;
DROP TRIGGER carer_added_raises_revision ON clinic_carer;
DROP FUNCTION clinic_carer_raise_revision();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0003_approach_and_collar'),
    ]

    operations = [
        migrations.CreateModel(
            name='Carer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='As they want to be called.', max_length=100)),
                ('relation', models.CharField(blank=True, help_text='As in partner or daughter.', max_length=40)),
                ('mobile', models.CharField(blank=True, help_text='Kept as +447700900123.', max_length=32)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('language', models.CharField(default='en', max_length=8)),
                ('channels', models.CharField(choices=[('both', 'Text and email'), ('sms', 'Text only'), ('email', 'Email only')], default='both', max_length=5, verbose_name='wants')),
                ('allowed_at', models.DateTimeField(default=clinic.clock.now, editable=False, help_text='From here on their messages count.')),
                ('allowed_wording', models.CharField(help_text='What the patient was asked or said.', max_length=200)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('ended_why', models.CharField(blank=True, editable=False, max_length=120)),
                ('mobile_failed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('email_failed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('allowed_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='carers', to='clinic.patient')),
            ],
            options={
                'ordering': ('patient', 'allowed_at', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='CarerConsent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('sms', 'Text'), ('email', 'Email')], max_length=5)),
                ('given', models.BooleanField()),
                ('at', models.DateTimeField()),
                ('source', models.CharField(choices=[('staff', 'Recorded by staff'), ('import', 'Imported'), ('reply', "The patient's own message"), ('link', "The patient's own page"), ('provider', 'Told by the provider')], max_length=10)),
                ('wording', models.CharField(help_text='What the carer was asked or wrote.', max_length=200)),
                ('carer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='clinic.carer')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('-at', '-pk'),
            },
        ),
        migrations.CreateModel(
            name='HistoricalCarer',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(help_text='As they want to be called.', max_length=100)),
                ('relation', models.CharField(blank=True, help_text='As in partner or daughter.', max_length=40)),
                ('mobile', models.CharField(blank=True, help_text='Kept as +447700900123.', max_length=32)),
                ('email', models.CharField(blank=True, max_length=254)),
                ('language', models.CharField(default='en', max_length=8)),
                ('channels', models.CharField(choices=[('both', 'Text and email'), ('sms', 'Text only'), ('email', 'Email only')], default='both', max_length=5, verbose_name='wants')),
                ('allowed_at', models.DateTimeField(default=clinic.clock.now, editable=False, help_text='From here on their messages count.')),
                ('allowed_wording', models.CharField(help_text='What the patient was asked or said.', max_length=200)),
                ('ended_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('ended_why', models.CharField(blank=True, editable=False, max_length=120)),
                ('mobile_failed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('email_failed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('allowed_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='clinic.patient')),
            ],
            options={
                'verbose_name': 'historical carer',
                'verbose_name_plural': 'historical carers',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddIndex(
            model_name='carer',
            index=models.Index(fields=['mobile'], name='carer_mobile'),
        ),
        migrations.AddConstraint(
            model_name='carer',
            constraint=models.CheckConstraint(condition=models.Q(('mobile', ''), ('mobile__startswith', '+'), _connector='OR'), name='carer_mobile_is_e164'),
        ),
        migrations.AddConstraint(
            model_name='carer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('mobile', ''), _negated=True), models.Q(('email', ''), _negated=True), _connector='OR'), name='carer_can_be_reached'),
        ),
        migrations.AddConstraint(
            model_name='carer',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at', None), models.Q(('ended_why', ''), _negated=True), _connector='OR'), name='carer_ended_for_a_reason'),
        ),
        migrations.AddIndex(
            model_name='carerconsent',
            index=models.Index(fields=['carer', 'channel', '-at', '-id'], name='carer_consent_latest'),
        ),
        migrations.AddConstraint(
            model_name='carerconsent',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('source', 'staff'), _negated=True), ('recorded_by__isnull', False), _connector='OR'), name='carer_consent_by_staff_names_them'),
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
