"""Trying a backup out: it is made into a ledger of its own, aside, by this version, and the chains are walked.

Run as a process (`python -m bihuan.web.archive.trial ARCHIVE`), because it is another installation: a data
folder in a temporary place, and on PostgreSQL a schema of its own that is dropped afterwards.
"""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from bihuan.mechanism.sentence import N_

from .contents import PREFIX
from .manifest import ArchiveProblem
from .reading import opened


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the trial: how many matters were walked, and what is broken, in the reader's words."""

    matters: int
    broken: tuple[str, ...]


def try_out(path: Path, *, database_url: str) -> Verdict:
    """Make the backup `path` into a ledger aside and verify it. Raises `ArchiveProblem` where it cannot be made."""
    with TemporaryDirectory(prefix=".bihuan-trial-", dir=path.parent) as folder, _place(database_url) as place:
        command = [sys.executable, "-m", __name__, str(path)]
        environment = {name: text for name, text in os.environ.items() if name != "BIHUAN_DATABASE_URL"}
        environment |= {"BIHUAN_DATA": str(Path(folder) / "data"), **place}
        environment["DJANGO_SETTINGS_MODULE"] = "bihuan.web.settings"
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    try:
        told = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        raise ArchiveProblem(
            N_("The backup cannot be made into a ledger again: %(reason)s"), reason=last[:300]
        ) from None
    return Verdict(told["matters"], tuple(told["broken"]))


@contextmanager
def _place(database_url: str) -> Iterator[Mapping[str, str]]:
    """Give the environment of a database for the trial: the file of its data folder, or a schema of its own."""
    if not database_url:
        yield {}
        return
    import psycopg  # an office on SQLite need not load the driver

    schema = f"bihuan_trial_{uuid.uuid4().hex}"
    with psycopg.connect(database_url, autocommit=True) as connection:
        try:
            connection.execute(f"CREATE SCHEMA {schema}")
        except psycopg.errors.InsufficientPrivilege:
            raise ArchiveProblem(
                N_(
                    "The backup was written but not tried out, for want of a right: "
                    "GRANT CREATE ON DATABASE %(database)s TO %(user)s;"
                ),
                database=connection.info.dbname,
                user=connection.info.user,
            ) from None
        try:
            joint = "&" if "?" in database_url else "?"
            yield {"BIHUAN_DATABASE_URL": f"{database_url}{joint}options={quote(f'-csearch_path={schema}')}"}
        finally:
            connection.execute(f"DROP SCHEMA {schema} CASCADE")


def _run(path: Path) -> dict[str, object]:
    """Restore and verify here, in this process's installation."""
    import django

    django.setup()
    from bihuan.ledger.models import Matter
    from bihuan.ledger.verify import Broken, verify
    from bihuan.web.cli.words import say

    from .restoring import refuse_unfit, restore

    with opened(path) as archive:
        archive.check()
        refuse_unfit(archive.manifest)
        lacking = {uuid.UUID(name.split("/")[3]) for name in archive.manifest.missing}
        restore(archive, names=[name for name in archive.manifest.files if _is_wanted(name, lacking)])
    broken: list[Broken] = list(verify())
    # A file that was erased lawfully is missing with good reason: the matter's own history says which.
    for matter in sorted(lacking):
        broken += verify(matter, files=True)
    told = dict.fromkeys(f"{each.number}: {say(each.sentence)}" for each in broken)
    return {"matters": Matter.objects.count(), "broken": list(told)}


def _is_wanted(name: str, lacking: set[uuid.UUID]) -> bool:
    """Packs, and the evidence of matters of which a file is missing; the rest was compared by its hash."""
    if name.startswith(f"{PREFIX}evidence/"):
        return uuid.UUID(name.split("/")[3]) in lacking
    return name.startswith(f"{PREFIX}packs/")


if __name__ == "__main__":
    print(json.dumps(_run(Path(sys.argv[1])), ensure_ascii=False))
