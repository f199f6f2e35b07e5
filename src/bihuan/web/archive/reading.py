"""Opening an archive, and seeing that every byte of it is as it was written, before anything is made of it."""

import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from bihuan.mechanism.sentence import N_

from .manifest import NAME, ArchiveProblem, Manifest, read_manifest

_CHUNK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Archive:
    """A backup that is open for reading; `manifest` is what it says of itself."""

    def __init__(self, archive: zipfile.ZipFile, manifest: Manifest) -> None:
        self._archive, self.manifest = archive, manifest

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name)

    def check(self, progress: Callable[[int, int], None] = lambda done, total: None) -> None:
        """Read every file and compare its hash. Raises `ArchiveProblem` at the first that differs."""
        total, done = self.manifest.size, 0
        for name, part in self.manifest.files.items():
            digest = hashlib.sha256()
            try:
                with self.open(name) as file:
                    while chunk := file.read(_CHUNK):
                        digest.update(chunk)
                        done += len(chunk)
                        progress(done, total)
            except (*_BROKEN, OSError):
                raise _damaged(name) from None
            if digest.hexdigest() != part.sha256:
                raise _damaged(name)

    def unpack(self, name: str, target: Path) -> None:
        """Write the file `name` to `target`, readable by its owner alone."""
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file, self.open(name) as source:
            shutil.copyfileobj(source, file, _CHUNK)
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Open the backup `path`. Raises `ArchiveProblem` for what is none, is cut off, or holds foreign files."""
    if not path.is_file():
        raise ArchiveProblem(N_("There is no file %(file)s."), file=str(path))
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if NAME not in names:
                raise ArchiveProblem(
                    N_("%(file)s is a ZIP archive, but no backup that `bihuan backup` made."), file=str(path)
                )
            manifest = read_manifest(archive.read(NAME))
            _check_names(names - {NAME}, manifest)
            yield Archive(archive, manifest)
    except _BROKEN:
        raise ArchiveProblem(
            N_(
                "%(file)s is no backup, or only part of one: it cannot be opened as a ZIP archive. Copy it again whole."
            ),
            file=str(path),
        ) from None
    except OSError as error:
        raise ArchiveProblem(
            N_("%(file)s cannot be read: %(reason)s."), file=str(path), reason=error.strerror or str(error)
        ) from None


def _check_names(names: set[str], manifest: Manifest) -> None:
    if names != set(manifest.files):
        odd = min(names ^ set(manifest.files))
        raise ArchiveProblem(
            N_("This backup was changed after it was made: what it lists and what it holds differ at “%(name)s”."),
            name=odd,
        )
    for name in names:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or path.parts[0] not in ("data", "database"):
            raise ArchiveProblem(N_("This backup was changed after it was made: it holds “%(name)s”."), name=name)


def _damaged(name: str) -> ArchiveProblem:
    return ArchiveProblem(
        N_("This backup is damaged at “%(name)s”; nothing was restored. Take an earlier one, or copy it again."),
        name=name,
    )
