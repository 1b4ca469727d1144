"""Keep who has looked at whose record. The database refuses to change or delete a row of it.

Going back drops the history of views.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


CREATE = """
CREATE FUNCTION clinic_access_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of views is only ever added to' USING ERRCODE = '23514';
END $$;
CREATE TRIGGER access_event_stays BEFORE UPDATE OR DELETE ON clinic_accessevent
    FOR EACH ROW EXECUTE FUNCTION clinic_access_stays();
"""

DROP = """
DROP TRIGGER access_event_stays ON clinic_accessevent;
DROP FUNCTION clinic_access_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('clinic', '0010_live_since'),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('view', 'Opened'), ('list', 'Saw in a list'), ('search', 'Searched'), ('print', 'Printed'), ('export', 'Exported'), ('denied', 'Was refused')], max_length=8)),
                ('page', models.CharField(max_length=80)),
                ('patients', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clinic', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='clinic.clinic')),
            ],
            options={
                'indexes': [models.Index(fields=['clinic', '-at', '-id'], name='access_of_clinic'), models.Index(fields=['by', '-at', '-id'], name='access_by_person'), django.contrib.postgres.indexes.GinIndex(fields=['patients'], name='access_of_patient')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['view', 'list', 'search', 'print', 'export', 'denied'])), name='access_kind_is_known')],
            },
        ),
        migrations.RunSQL(CREATE, DROP),
    ]
