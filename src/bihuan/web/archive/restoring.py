"""Making a ledger of a backup again, in an empty data folder and an empty database."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from bihuan.mechanism.sentence import N_

from . import postgresql, sqlite
from .contents import PREFIX, SECRET
from .manifest import ArchiveProblem, Manifest
from .reading import Archive

#: Names that may stand in a data folder which counts as empty.
_HARMLESS = frozenset({"logs", "backups", "lost+found"})


def refuse_unfit(manifest: Manifest) -> None:
    """See that this installation can take the backup in. Raises `ArchiveProblem`; nothing is changed."""
    if manifest.engine != connection.vendor:
        asked = {
            "sqlite": N_("This is a backup of an SQLite ledger: restore it without BIHUAN_DATABASE_URL."),
            "postgresql": N_("This is a backup of a PostgreSQL ledger: set BIHUAN_DATABASE_URL to an empty database."),
        }
        raise ArchiveProblem(asked[manifest.engine])
    data = Path(settings.BIHUAN_DATA)
    there = sorted(path.name for path in data.iterdir() if path.name not in _HARMLESS) if data.is_dir() else []
    if there:
        raise ArchiveProblem(
            N_("The data folder %(folder)s is not empty (%(name)s); restore into an empty one with --to FOLDER."),
            folder=str(data),
            name=there[0],
        )
    if connection.vendor == "postgresql" and not postgresql.is_empty():
        raise ArchiveProblem(N_("The database that BIHUAN_DATABASE_URL names holds a ledger; give an empty one."))
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    if any((app, name) not in known for app, names in manifest.migrations.items() for name in names):
        raise ArchiveProblem(
            N_("This backup was made by a later version (%(version)s); install that one or a newer to restore it."),
            version=manifest.product,
        )


def restore(archive: Archive, *, names: Iterable[str]) -> None:
    """Write the files `names` of the archive into the data folder, fill the database, bring it up to date.

    The secret key is left for the caller: it is what tells a ledger that is ready.
    """
    data = Path(settings.BIHUAN_DATA)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in names:
        path = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and path != SECRET:
            archive.unpack(name, data / path)
    _restore_database(archive)
    call_command("migrate", verbosity=0, interactive=False)


def restore_secret(archive: Archive) -> bool:
    """Write the secret key, if the archive holds it; return whether it did."""
    if archive.manifest.secret:
        archive.unpack(PREFIX + SECRET, Path(settings.BIHUAN_DATA) / SECRET)
    return archive.manifest.secret


def _restore_database(archive: Archive) -> None:
    if archive.manifest.engine == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        connections.close_all()
        archive.unpack(sqlite.MEMBER, database)
        if trouble := sqlite.trouble(database):
            raise ArchiveProblem(N_("The database of this backup is damaged: %(reason)s."), reason=trouble)
        return
    MigrationExecutor(connection).migrate(_leaves(archive.manifest))
    postgresql.load(archive.manifest.columns, archive.open)


def _leaves(manifest: Manifest) -> list[tuple[str, str]]:
    """Return the last migrations of the backup, of each app: those that no other one of the app follows."""
    graph = MigrationLoader(None, ignore_no_migrations=True).graph
    there = {(app, name) for app, names in manifest.migrations.items() for name in names}
    return sorted(
        node
        for node in there
        if node in graph.nodes
        and not any(child.key in there and child.key[0] == node[0] for child in graph.node_map[node].children)
    )
