"""The rows of every table of a PostgreSQL ledger, out of one transaction and into an empty database.

By COPY over the connection that is there already: no client program of a fitting version is needed on the
machine. Tables are not described in the archive; the product's own migrations make them again, so that
constraints, indexes and triggers are those of the product and not of a file.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from .snapshot import COUNTED, Snapshot

_FOLDER = "database/"
_ENDING = ".copy"
_CHUNK = 1 << 20


@contextmanager
def taken() -> Iterator[Snapshot]:
    """Give the database as it stands at this moment; what others write meanwhile is not seen."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        columns = _columns(cursor)
        cursor.execute("SHOW server_version")
        version = str(cursor.fetchone()[0])
        counts = {}
        for name, table in COUNTED.items():
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[name] = int(cursor.fetchone()[0])
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        migrations: dict[str, list[str]] = defaultdict(list)
        for app, name in cursor.fetchall():
            migrations[app].append(name)
        cursor.execute("SELECT matter_id, sha256 FROM ledger_evidence")
        evidence = frozenset((matter.hex, sha) for matter, sha in cursor.fetchall())
        yield Snapshot(
            engine="postgresql",
            engine_version=version,
            counts=counts,
            migrations=dict(migrations),
            columns=columns,
            evidence=evidence,
            parts=((member(table), _rows(table, names)) for table, names in columns.items()),
        )


def member(table: str) -> str:
    """Return the name of the file that holds the rows of `table`."""
    return f"{_FOLDER}{table}{_ENDING}"


def is_empty() -> bool:
    """Whether the database holds no table of a ledger."""
    return "django_migrations" not in connection.introspection.table_names()


def load(columns: Mapping[str, list[str]], open_member: Callable[[str], Any]) -> None:
    """Fill the tables, which must be there and are emptied first; all of it or nothing.

    The triggers that guard history are put aside for it, in this one transaction, and stand again at its end.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        tables = sql.SQL(", ").join(map(sql.Identifier, columns))
        for table in columns:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        cursor.execute(sql.SQL("TRUNCATE {}").format(tables))
        for table, names in columns.items():
            with open_member(member(table)) as source, _raw().copy(_copy(table, names, "FROM STDIN")) as target:
                while chunk := source.read(_CHUNK):
                    target.write(chunk)
        # Foreign keys are checked now: a table with checks pending cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in columns:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
        _set_counters(cursor, columns)


def _columns(cursor: Any) -> dict[str, list[str]]:
    """Return table → columns of the ledger's own schema; what the database computes itself is left out."""
    cursor.execute(
        "SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)"
        " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')"
        " AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''"
        " GROUP BY c.relname ORDER BY c.relname"
    )
    return {table: list(names) for table, names in cursor.fetchall()}


def _rows(table: str, names: list[str]) -> Iterator[bytes]:
    with _raw().copy(_copy(table, names, "TO STDOUT")) as copy:
        for block in copy:
            yield bytes(block)


def _raw() -> Any:
    """Return a cursor of the driver's own on Django's connection: Django's knows no COPY."""
    return connection.connection.cursor()


def _copy(table: str, names: list[str], way: str) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    return sql.SQL("COPY {} ({}) " + way).format(sql.Identifier(table), columns)


def _set_counters(cursor: Any, columns: Mapping[str, list[str]]) -> None:
    """Let every key that is counted up go on after the highest that was restored."""
    cursor.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND (is_identity = 'YES' OR column_default LIKE 'nextval(%')"
    )
    for table, column in cursor.fetchall():
        if table in columns:
            highest = sql.SQL(
                "SELECT setval(pg_get_serial_sequence({}, {}), max({}), true) FROM {} HAVING count(*) > 0"
            )
            place = sql.Identifier(table)
            cursor.execute(
                highest.format(sql.Literal(f'"{table}"'), sql.Literal(column), sql.Identifier(column), place)
            )
