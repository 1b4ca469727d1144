"""Which database may send: the guard against restored and copied ones (promise P9)."""

from django.conf import settings
from django.db import connection, models
from django.db.models import Q

from clinic.models import Staff


class Instance(models.Model):
    """The one row that names the database which a person has released for sending.

    A restore into another server, a copy into another database, a recovery to a point in time
    and another ENVIRONMENT each change the identity, and then nothing is sent until a person
    says so (`manage.py release_sending`).
    """

    ONLY = 1

    environment = models.CharField(max_length=12)
    identity = models.CharField(max_length=80)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(Staff, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(pk=1), name="one_instance"),)

    def __str__(self) -> str:
        return f"{self.environment} {self.identity}"


# PostgreSQL manual, pg_control_system() and pg_control_checkpoint(); a recovery to a point in time
# starts a new timeline.
IDENTITY = (
    "concat_ws('-', (SELECT system_identifier FROM pg_control_system()),"
    " (SELECT oid FROM pg_database WHERE datname = current_database()),"
    " (SELECT timeline_id FROM pg_control_checkpoint()))"
)
# In one question and as it stands, because it is asked before every batch.
IS_RELEASED = (
    "SELECT EXISTS (SELECT FROM reminders_instance"  # noqa: S608 - nothing from outside is in it
    f" WHERE id = {Instance.ONLY} AND environment = %s AND identity = {IDENTITY})"
)


def database_identity() -> str:
    """Return what tells this database from any copy of it: server, database and timeline."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {IDENTITY}")
        return str(cursor.fetchone()[0])


def sending_is_released() -> bool:
    """True when a person released exactly this database in exactly this environment."""
    with connection.cursor() as cursor:
        cursor.execute(IS_RELEASED, [settings.ENVIRONMENT])
        return bool(cursor.fetchone()[0])
