"""Making the archive: the database first, then the files, so that every file it names is there."""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection

from bihuan.mechanism.sentence import N_

from . import postgresql, sqlite
from .contents import PREFIX, SECRET, files, place_of
from .manifest import NAME, ArchiveProblem, Manifest, Part
from .snapshot import Snapshot

_CHUNK = 1 << 20
#: What stays free on the disk beside a backup.
_MARGIN = 64 << 20

Progress = Callable[[int, int], None]


def write_archive(
    target: Path, *, now: datetime, with_secret: bool = False, progress: Progress = lambda done, total: None
) -> Manifest:
    """Write the backup to the file `target`, which must not exist; it comes into being whole or not at all.

    Readable by its owner alone: it holds everything. `progress(done, total)` counts bytes. Raises
    `ArchiveProblem`, and OSError where the disk fails.
    """
    data = Path(settings.BIHUAN_DATA)
    wanted = list(files(data))
    total = _size(path for _name, path in wanted) + _database_size()
    _refuse_full(target.parent, total)
    with tempfile.TemporaryDirectory(prefix=".bihuan-backup-", dir=target.parent) as folder:
        work = Path(folder)
        draft = work / target.name
        with _private(draft) as file, zipfile.ZipFile(file, "w", allowZip64=True) as archive:
            writer = _Writer(archive, lambda done: progress(min(done, total), total))
            with _taken(work) as snapshot:
                for name, blocks in snapshot.parts:
                    writer.put(name, blocks, packed=True)
            for name, path in files(data):
                writer.put_file(PREFIX + name, path)
            if with_secret:
                writer.put_file(PREFIX + SECRET, data / SECRET)
            manifest = _manifest(snapshot, writer.parts, now=now, secret=with_secret)
            archive.writestr(NAME, manifest.text(), zipfile.ZIP_DEFLATED)
        with draft.open("rb") as done:
            os.fsync(done.fileno())
        try:
            os.link(draft, target)  # refuses where somebody has made a file of that name meanwhile
        except FileExistsError:
            raise already_there(target) from None
        except OSError:
            os.replace(draft, target)  # a network share or a stick that knows no links
    return manifest


def already_there(target: Path) -> ArchiveProblem:
    return ArchiveProblem(N_("%(file)s is there already; a backup never takes the place of a file."), file=str(target))


class _Writer:
    """Puts files into the archive and keeps their hashes."""

    def __init__(self, archive: zipfile.ZipFile, progress: Callable[[int], None]) -> None:
        self.parts: dict[str, Part] = {}
        self._archive, self._progress, self._done = archive, progress, 0

    def put(self, name: str, blocks: Iterable[bytes], *, packed: bool) -> None:
        info = zipfile.ZipInfo(name)
        # Photographs and scans are packed already; a second packing only costs time.
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        digest, size = hashlib.sha256(), 0
        with self._archive.open(info, "w", force_zip64=True) as member:
            for block in blocks:
                member.write(block)
                digest.update(block)
                size += len(block)
                self._done += len(block)
                self._progress(self._done)
        self.parts[name] = Part(digest.hexdigest(), size)

    def put_file(self, name: str, path: Path) -> None:
        """Put the file in; one that was deleted a moment ago is left out, and told if the database names it."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            self.put(name, iter(lambda: file.read(_CHUNK), b""), packed=path.suffix in {".toml", ".csv", ".txt"})


def _taken(work: Path) -> AbstractContextManager[Snapshot]:
    if connection.vendor == "postgresql":
        return postgresql.taken()
    return sqlite.taken(Path(connection.settings_dict["NAME"]), work)


def _manifest(snapshot: Snapshot, parts: dict[str, Part], *, now: datetime, secret: bool) -> Manifest:
    named = sorted(PREFIX + place_of(matter, sha256) for matter, sha256 in snapshot.evidence)
    return Manifest(
        product=version("bihuan"),
        made_at=now.isoformat(),
        engine=snapshot.engine,
        engine_version=snapshot.engine_version,
        secret=secret,
        counts=snapshot.counts,
        migrations=snapshot.migrations,
        columns=snapshot.columns,
        missing=[name for name in named if name not in parts],
        files=parts,
    )


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def _size(paths: Iterator[Path]) -> int:
    total = 0
    for path in paths:
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total


def _database_size() -> int:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    return Path(connection.settings_dict["NAME"]).stat().st_size


def _refuse_full(folder: Path, total: int) -> None:
    """Refuse before anything is written where it cannot fit: the archive, and the database once more to try it."""
    needed = total + 2 * _database_size() + _MARGIN
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise ArchiveProblem(
            N_("The disk of %(folder)s has %(free)d MB free, and the backup needs up to %(needed)d MB."),
            folder=str(folder),
            free=free >> 20,
            needed=needed >> 20,
        )
