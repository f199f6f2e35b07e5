"""The SQLite file of a ledger in use, copied whole and consistent while others write."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .snapshot import COUNTED, Snapshot

#: The member that holds the database.
MEMBER = "database/ledger.sqlite3"
_CHUNK = 1 << 20


@contextmanager
def taken(database: Path, work: Path) -> Iterator[Snapshot]:
    """Copy the file `database` into the folder `work` and give what it holds.

    By the engine's own backup, in one step: readers and writers go on. Not by VACUUM INTO, which numbers the
    rows of tables without an integer key anew, and whatever refers to those numbers would be wrong.
    """
    copy = work / "ledger.sqlite3"
    with closing(sqlite3.connect(database, timeout=20)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
        # One file and no companions: the copy must be whole wherever it is carried.
        target.execute("PRAGMA journal_mode=DELETE")
        counts = {name: int(_one(target, f"SELECT count(*) FROM {table}")) for name, table in COUNTED.items()}
        migrations: dict[str, list[str]] = defaultdict(list)
        for app, name in target.execute("SELECT app, name FROM django_migrations ORDER BY id"):
            migrations[app].append(name)
        evidence = {(str(matter), str(sha)) for matter, sha in target.execute(
            "SELECT matter_id, sha256 FROM ledger_evidence"
        )}  # fmt: skip
    yield Snapshot(
        engine="sqlite",
        engine_version=sqlite3.sqlite_version,
        counts=counts,
        migrations=dict(migrations),
        columns={},
        evidence=frozenset(evidence),
        parts=iter([(MEMBER, _bytes(copy))]),
    )


def trouble(database: Path) -> str:
    """Return what the engine finds wrong with the file, '' when it is whole."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            found = str(_one(connection, "PRAGMA quick_check(1)"))
    except sqlite3.Error as error:
        return str(error)
    return "" if found == "ok" else found


def _one(connection: sqlite3.Connection, question: str) -> str | int:
    answer: str | int = connection.execute(question).fetchone()[0]
    return answer


def _bytes(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
