"""Throwing the demonstration away: every row and file of it, with the triggers back in their place afterwards.

This is the one place that removes history, and it does so only where all of it is invented: `check` refuses a
ledger that is no demonstration, `added` names what people put in since, and nothing is done behind either.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from bihuan.directory.models import Account, Alteration, Unit
from bihuan.intake.models import Intake
from bihuan.ledger.models import Claim, Matter
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence

from .material import findings, rows
from .rehearsal import TOLD

#: Tables that say what the database is, not what is in it.
_KEPT = frozenset({"django_migrations", "django_content_type", "auth_permission"})


def check() -> None:
    """Raise `Refusal` unless the people and units of the demonstration are in this ledger."""
    people = {row["account"] for row in rows("people")}
    named = {row["name"] for row in rows("units")}
    there = set(Account.objects.filter(account__in=people).values_list("account", flat=True))
    units = set(Unit.objects.filter(key__in=[f"u{n}" for n in range(1, len(named) + 1)]).values_list("name", flat=True))
    if there != people or len(units & named) * 2 < len(named):
        raise Refusal("no_demonstration", N_("This ledger is not the demonstration; nothing was changed."))


def added() -> Iterator[Sentence]:
    """Yield, in words, each matter, unit, person and post that is not of the demonstration."""
    numbers = {finding.finding_no for finding in findings()}
    told = Claim.objects.filter(space=TOLD).values("matter")
    others = Matter.objects.filter(parent=None).exclude(finding_no__in=numbers).exclude(pk__in=told)
    for matter in others.select_related("responsible"):
        said = {"number": matter.number, "title": matter.title[:60], "unit": matter.responsible.name}
        yield Sentence(N_("matter %(number)s of %(unit)s: %(title)s"), said)
    names = {row["name"] for row in rows("units")}
    renamed = Alteration.objects.filter(kind="unit_renamed").values_list("unit_id", flat=True)
    for unit in Unit.objects.exclude(name__in=names).exclude(pk__in=renamed):
        yield Sentence(N_("unit %(name)s"), {"name": unit.name})
    for intake in Intake.objects.order_by("opened_at"):
        yield Sentence(N_("import of %(name)s"), {"name": intake.name})
    accounts = {row["account"] for row in rows("people")}
    for account in Account.objects.exclude(account__in=accounts):
        yield Sentence(N_("person %(name)s (%(account)s)"), {"name": account.name, "account": account.account})


def drop(*, now: datetime, then: Callable[[], object]) -> None:
    """Delete every row of the ledger, call `then` in the same transaction, and delete the files afterwards."""
    with transaction.atomic():
        with _without_triggers():
            _empty(_tables())
        then()
    for folder in (
        settings.BIHUAN_EVIDENCE,
        settings.BIHUAN_INTAKE,
        settings.BIHUAN_WAITING,
        settings.BIHUAN_DATA / "workbooks",
    ):
        shutil.rmtree(Path(folder), ignore_errors=True)


def _tables() -> list[str]:
    """Return the tables of all applications that are there, those without a model in between included."""
    there = set(connection.introspection.table_names())
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return sorted((ours & there) - _KEPT)


def _empty(tables: list[str]) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(map(quote, tables))} RESTART IDENTITY")
            return
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        for table in tables:
            cursor.execute(f"DELETE FROM {quote(table)}")
        cursor.execute(
            "DELETE FROM sqlite_sequence WHERE name IN (SELECT name FROM sqlite_master WHERE type = 'table')"
        )


@contextmanager
def _without_triggers() -> Iterator[None]:
    """Lift the triggers that refuse to delete history, and put back exactly the same ones; in one transaction."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"
            )
            tables = [connection.ops.quote_name(name) for (name,) in cursor.fetchall()]
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _definition in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        yield
        for _name, definition in triggers:
            cursor.execute(definition)
