"""Rows → the one statement that writes them, where Django takes several or a slow one.

Django's `bulk_update` writes a CASE for each column and row, and takes longer to put together than
PostgreSQL takes to run. This hands the columns over as arrays: many times as fast for a re-plan.
Its `get_or_create` asks, opens a transaction, writes and commits: four calls where one will do.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection, models
from psycopg import sql

Fields = tuple["models.Field[Any, Any]", ...]


def insert_once(row: models.Model) -> bool:
    """Insert a new row and give it its id; return False when a unique rule says it is there.

    Then nothing is written and the row stays without an id. One statement, whole by itself.
    """
    statement, fields = _insert_of(type(row))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        written = cursor.fetchone()
    row.pk = written[0] if written else None
    return written is not None


@lru_cache
def _insert_of(model: type[models.Model]) -> tuple[sql.Composed, Fields]:
    meta = model._meta
    fields = tuple(field for field in meta.concrete_fields if field is not meta.auto_field)
    statement = sql.SQL(
        "INSERT INTO {table} ({names}) VALUES ({values}) ON CONFLICT DO NOTHING RETURNING {key}"
    ).format(
        table=sql.Identifier(meta.db_table),
        names=sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields),
        values=sql.SQL(", ").join(sql.Placeholder() for _ in fields),
        key=sql.Identifier(str(meta.pk.column)),
    )
    return statement, fields


def update_rows(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Write these columns of rows of one model, found by their ids. Twice is once."""
    if not rows:
        return
    meta = rows[0]._meta
    fields = [field for field in meta.concrete_fields if field.name in columns]
    key = meta.pk
    names = [sql.Identifier(str(field.column)) for field in (key, *fields)]
    types = [sql.SQL(f"%s::{field.rel_db_type(connection)}[]") for field in (key,)]
    types += [sql.SQL(f"%s::{field.db_type(connection)}[]") for field in fields]
    statement = sql.SQL(
        "UPDATE {table} AS t SET {changes}"
        " FROM unnest({arrays}) AS n({names}) WHERE t.{key} = n.{key}"
    ).format(
        table=sql.Identifier(meta.db_table),
        changes=sql.SQL(", ").join(sql.SQL("{0} = n.{0}").format(name) for name in names[1:]),
        arrays=sql.SQL(", ").join(types),
        names=sql.SQL(", ").join(names),
        key=names[0],
    )
    values = [[getattr(row, field.attname) for row in rows] for field in (key, *fields)]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
