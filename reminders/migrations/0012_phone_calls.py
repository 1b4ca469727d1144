"""Keep calls with patients as records, and let silence wait for the next try.

The database refuses to change or delete a call: what was written down wrongly is corrected by a
further entry. Going back drops the calls.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CREATE = """
CREATE FUNCTION reminders_call_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a call is only ever corrected by a further entry' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER phone_call_stays BEFORE UPDATE OR DELETE ON reminders_phonecall
    FOR EACH ROW EXECUTE FUNCTION reminders_call_stays();
"""

DROP = """
DROP TRIGGER phone_call_stays ON reminders_phonecall;
DROP FUNCTION reminders_call_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0008_unexpected_result'),
        ('reminders', '0011_history_stays'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='alert',
            name='try_again_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='PhoneCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurred_at', models.DateTimeField()),
                ('noted_at', models.DateTimeField()),
                ('direction', models.CharField(choices=[('out', 'We called'), ('in', 'They called us')], default='out', max_length=3)),
                ('reached', models.CharField(choices=[('patient', 'The patient'), ('carer', 'A carer or relative'), ('voicemail', 'Voicemail'), ('nobody', 'Nobody'), ('wrong_number', 'Wrong number')], max_length=12)),
                ('about', models.CharField(choices=[('alert', 'An alert'), ('reply', 'A reply'), ('silence', 'Questions that nobody answered'), ('undelivered', 'A message that did not arrive'), ('own', 'Own initiative')], default='own', max_length=12)),
                ('outcome', models.CharField(blank=True, max_length=100)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('next_try_at', models.DateTimeField(blank=True, null=True)),
                ('took_place', models.BooleanField(default=True)),
                ('alert', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='phone_calls', to='reminders.alert')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('corrects', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrected_by', to='reminders.phonecall')),
                ('delivery', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='phone_calls', to='reminders.delivery')),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='phone_calls', to='clinic.patient')),
                ('reply', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='phone_calls', to='reminders.reply')),
            ],
            options={
                'ordering': ('-occurred_at', '-pk'),
                'indexes': [models.Index(fields=['patient', '-occurred_at'], name='phone_call_thread'), models.Index(fields=['occurred_at'], name='phone_call_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('direction__in', ['out', 'in']), ('reached__in', ['patient', 'carer', 'voicemail', 'nobody', 'wrong_number']), ('about__in', ['alert', 'reply', 'silence', 'undelivered', 'own'])), name='phone_call_words_are_known'), models.CheckConstraint(condition=models.Q(('direction', 'out'), ('reached__in', ('patient', 'carer')), _connector='OR'), name='phone_call_to_us_is_from_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('reached__in', ('patient', 'carer')), _negated=True), models.Q(('outcome', ''), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='phone_call_with_somebody_has_an_outcome'), models.CheckConstraint(condition=models.Q(('noted_at__gte', models.F('occurred_at'))), name='phone_call_noted_afterwards'), models.CheckConstraint(condition=models.Q(('next_try_at__isnull', True), ('next_try_at__gt', models.F('occurred_at')), _connector='OR'), name='phone_call_next_try_is_later'), models.CheckConstraint(condition=models.Q(('took_place', True), ('corrects__isnull', False), _connector='OR'), name='phone_call_taken_back_names_which')],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
