"""Emptying the tables between tests, although the product's triggers refuse to delete history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction


def lift_for_flush(connection: Any) -> None:
    """Make the flush after a transactional test step over the triggers, and put them back at once.

    For every connection of the engine, since a later test may have opened another one than this.
    """
    operations = type(connection.ops)
    flush: Callable[[Any, list[str]], None] = operations.execute_sql_flush

    def flush_without_triggers(self: Any, statements: list[str]) -> None:
        with transaction.atomic(using=self.connection.alias), _lifted(self.connection):
            flush(self, statements)

    operations.execute_sql_flush = flush_without_triggers


@contextmanager
def _lifted(connection: Any) -> Iterator[None]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        for _, definition in triggers:
            cursor.execute(definition)


@contextmanager
def without_triggers() -> Iterator[None]:
    """Let a test do what somebody with the database's own password could do."""
    with transaction.atomic(), _lifted(connection):
        yield
