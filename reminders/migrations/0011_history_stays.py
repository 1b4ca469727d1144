"""Let the database keep the history of content: nobody rewrites it, through whatever door.

What was done with a version is never changed or deleted. A signature may only be voided, once. A
pulled message may only be restored, once. Going back drops the triggers and loses nothing.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION reminders_history_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of content is never changed: % of %', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE ON reminders_versionevent
    FOR EACH ROW EXECUTE FUNCTION reminders_history_stays();
CREATE TRIGGER signature_is_not_deleted BEFORE DELETE ON reminders_signature
    FOR EACH ROW EXECUTE FUNCTION reminders_history_stays();
CREATE TRIGGER signature_stays BEFORE UPDATE ON reminders_signature
    FOR EACH ROW WHEN (
        OLD.voided_at IS NOT NULL
        OR (to_jsonb(OLD) - 'voided_at') IS DISTINCT FROM (to_jsonb(NEW) - 'voided_at')
    ) EXECUTE FUNCTION reminders_history_stays();
CREATE TRIGGER pull_is_not_deleted BEFORE DELETE ON reminders_pulledstep
    FOR EACH ROW EXECUTE FUNCTION reminders_history_stays();
CREATE TRIGGER pull_stays BEFORE UPDATE ON reminders_pulledstep
    FOR EACH ROW WHEN (
        OLD.restored_at IS NOT NULL
        OR (to_jsonb(OLD) - 'restored_at' - 'restored_by_id')
            IS DISTINCT FROM (to_jsonb(NEW) - 'restored_at' - 'restored_by_id')
    ) EXECUTE FUNCTION reminders_history_stays();
"""

DROP = """
DROP TRIGGER pull_stays ON reminders_pulledstep;
DROP TRIGGER pull_is_not_deleted ON reminders_pulledstep;
DROP TRIGGER signature_stays ON reminders_signature;
DROP TRIGGER signature_is_not_deleted ON reminders_signature;
DROP TRIGGER event_stays ON reminders_versionevent;
DROP FUNCTION reminders_history_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("reminders", "0010_restriction_changes")]
    operations = [migrations.RunSQL(CREATE, DROP)]
