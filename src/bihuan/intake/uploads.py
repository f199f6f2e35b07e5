"""The files as they were brought in, kept by the hash of their bytes in the folder `intake` of the data folder."""

import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from bihuan.mechanism.sentence import N_

from .models import Intake, Stage
from .reading.refusal import refuse

_CHUNK = 1 << 20
#: A temporary file older than this (seconds) belongs to a process that was killed.
_LEFT_BEHIND = 3600


def path_of(sha256: str) -> Path:
    """Return where the file with this hash lies."""
    return Path(settings.BIHUAN_INTAKE) / sha256[:2] / sha256


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; '' for what is no file or cannot be read, which reading then refuses."""
    digest = hashlib.sha256()
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()


def keep(path: Path, sha256: str) -> None:
    """Copy the file at `path` to its place. Raises the reading's `Refusal` if it changed meanwhile."""
    target = path_of(sha256)
    if target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            digest = _copy(path, file)
            file.flush()
            os.fsync(file.fileno())
        if digest != sha256:
            raise refuse(N_("The file changed while it was being read; save it, close it and try again."))
        os.replace(temporary, target)
    finally:
        Path(temporary).unlink(missing_ok=True)


def forget(sha256: str) -> None:
    """Delete the file with this hash, unless some intake still refers to it."""
    if not Intake.objects.filter(sha256=sha256).exists():
        path_of(sha256).unlink(missing_ok=True)


def release(sha256: str) -> None:
    """Delete the file with this hash, unless an intake that is not finished may have to read it again.

    What was registered lives on in the ledger, where it can be redacted, and what waits in its row; a second
    copy of a whole ledger in a folder could not.
    """
    if not Intake.objects.filter(sha256=sha256, stage__in=(Stage.STORING, Stage.OPEN)).exists():
        path_of(sha256).unlink(missing_ok=True)


def sweep() -> None:
    """Delete temporary files of processes that were killed."""
    for path in Path(settings.BIHUAN_INTAKE).glob("*/.*"):
        if time.time() - path.stat().st_mtime > _LEFT_BEHIND:
            path.unlink(missing_ok=True)


def _copy(path: Path, target: BinaryIO) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return digest.hexdigest()
