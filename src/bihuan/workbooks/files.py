"""The returned files that somebody still has to decide on, by their hash, in `workbooks` of the data folder.

Whatever of them is accepted leaves an extract with the evidence of its own matter (see `extracts`); when all is decided
the file here is deleted.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from .models import Answer

#: A folder for unpacking that is older than this (seconds) belongs to a process that was killed; a heap of evidence
#: that nobody confirmed waits so long.
_LEFT_BEHIND = 7 * 24 * 3600


def path_of(sha256: str) -> Path:
    """Return where the file with this hash lies."""
    return _root() / sha256[:2] / sha256


def keep(path: Path, sha256: str) -> None:
    """Copy the file at `path` to its place."""
    target = path_of(sha256)
    if target.exists():
        os.utime(target)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".")
    os.close(handle)
    try:
        shutil.copyfile(path, temporary)
        os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def release(sha256: str) -> None:
    """Delete the file with this hash, unless an answer that is not decided still needs it."""
    if not Answer.objects.filter(sha256=sha256, ended_at=None).exists():
        path_of(sha256).unlink(missing_ok=True)


def forget(sha256: str) -> None:
    """Delete the file with this hash, whoever still needs it: values in it were erased by law."""
    path_of(sha256).unlink(missing_ok=True)


@contextmanager
def room() -> Iterator[Path]:
    """Give a folder to unpack into, which is gone afterwards."""
    _root().mkdir(parents=True, exist_ok=True)
    sweep()
    folder = Path(tempfile.mkdtemp(dir=_root(), prefix="open-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Delete what was left behind: folders of killed processes, heaps of evidence that nobody came back to."""
    wanted = set(Answer.objects.filter(ended_at=None).values_list("sha256", flat=True))
    for path in (*_root().glob("open-*"), *_root().glob("??/*")):
        if path.name in wanted or time.time() - path.stat().st_mtime < _LEFT_BEHIND:
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _root() -> Path:
    return Path(settings.BIHUAN_DATA) / "workbooks"
