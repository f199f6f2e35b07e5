"""The database and the files of evidence: reachable, of this version, guarded, complete."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db import Error, connection

from bihuan.directory import disclosed
from bihuan.ledger.models import Evidence
from bihuan.ledger.store import path_of
from bihuan.ledger.verify import verify
from bihuan.mechanism.sentence import N_, Listed

from .finding import Finding, bad, ok, warn

#: The triggers that keep history from being rewritten, engine by engine.
GUARDS = {
    "sqlite": frozenset(
        f"{table}_no_{deed}"
        for table, deeds in {
            "event": ("update", "delete", "replace"),
            "disclosed": ("update",),
            "mechanism": ("update", "delete", "replace"),
            "alteration": ("update", "delete", "replace"),
            "alteration_value": ("update", "replace"),
        }.items()
        for deed in deeds
    ),
    "postgresql": frozenset(
        f"{table}_{guard}"
        for table in ("event", "disclosed", "mechanism", "alteration", "alteration_value")
        for guard in ("keep", "keep_all")
    ),
}
_POSTGRESQL = 140000
_SAMPLE = 500


def database() -> Finding:
    """Whether the database answers, and which it is."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version_num" if connection.vendor == "postgresql" else "PRAGMA journal_mode")
            answer = str(cursor.fetchone()[0])
    except Error as error:
        reason = " ".join(str(error).split())[:200]
        return bad("database", N_("The database does not answer (%(reason)s); see BIHUAN_DATABASE_URL."), reason=reason)
    if connection.vendor == "sqlite":
        if answer != "wal":
            return bad(
                "database",
                N_(
                    "The SQLite file is in mode %(mode)s, not wal; it must lie on a local disk, not on a network share."
                ),
                mode=answer,
            )
        return ok("database", N_("SQLite, one file with a write-ahead log"))
    version = f"{int(answer) // 10000}.{int(answer) % 10000}"
    if int(answer) < _POSTGRESQL:
        return bad("database", N_("PostgreSQL %(version)s is too old; 14 or newer is needed."), version=version)
    return ok("database", N_("PostgreSQL %(version)s"), version=version)


def migrations(behind: bool) -> Finding:
    if behind:
        return bad("migrations", N_("The tables are those of an earlier version; run `bihuan upgrade`."))
    return ok("migrations", N_("The tables are those of this version."))


def triggers() -> Finding:
    """Whether every trigger that guards history stands and is on."""
    missing = sorted(GUARDS[connection.vendor] - standing())
    if missing:
        return bad(
            "triggers",
            N_("History can be rewritten: the triggers %(names)s are missing. Restore a backup elsewhere and compare."),
            names=Listed.of(missing),
        )
    return ok("triggers", N_("The database refuses to change or remove history."))


def record() -> Finding:
    """Whether every name and reason in the record of changes is as it was written, or was erased by law."""
    found = list(disclosed.broken())
    if not found:
        return ok("record", N_("The record of changes of units, accounts and posts is as it was written."))
    return bad(
        "record",
        N_("The record of changes was rewritten at entry %(entries)s: %(why)s. Compare with a backup."),
        entries=_shown(str(entry) for entry, _ in found),
        why=found[0][1],
    )


def standing() -> set[str]:
    """Return the names of the triggers that stand and are on."""
    question = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(question)
        return {str(row[0]) for row in cursor.fetchall()}


def evidence(*, full: bool) -> Finding:
    """Whether the files that the ledger names are there, in their size; the newest ones, or with `full` all."""
    rows = Evidence.objects.order_by("-given_at").values_list("matter_id", "sha256", "size")
    looked = list(rows if full else rows[:_SAMPLE])
    lacking = {matter for matter, sha256, size in looked if not _is_whole(path_of(matter, sha256), size)}
    # What was erased lawfully is missing with good reason: the matter's own history says which.
    wrong = [broken.number for matter in sorted(lacking) for broken in verify(matter, files=True)]
    told = {"count": len(looked), "folder": str(settings.BIHUAN_EVIDENCE)}
    if wrong:
        return bad(
            "evidence",
            N_("Files of evidence of %(numbers)s are missing or cut in %(folder)s; fetch them from a backup."),
            **told,
            numbers=_shown(wrong),
        )
    if full:
        return ok("evidence", N_("All %(count)d files of evidence are there."), **told)
    return ok("evidence", N_("The newest %(count)d files of evidence are there (--full looks at all)."), **told)


def _is_whole(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except FileNotFoundError:
        return False


def _shown(numbers: Iterable[str]) -> Listed:
    several = list(numbers)
    return Listed.of([*several[:5], *(["…"] if len(several) > 5 else [])])


def backup(age_in_days: int | None) -> Finding:
    if age_in_days is None:
        return warn(
            "backup", N_("There has been no backup yet: `bihuan backup --to FOLDER`, best every night on another disk.")
        )
    if age_in_days > 7:
        return bad("backup", N_("The last backup is %(days)d days old; make one every night."), days=age_in_days)
    if age_in_days > 1:
        return warn("backup", N_("The last backup is %(days)d days old; make one every night."), days=age_in_days)
    return ok("backup", N_("The last backup is less than two days old."))
