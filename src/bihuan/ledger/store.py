"""The evidence store: files by the hash of their bytes, each within its matter.

A file is written first and referred to after, so that an event never names a file that is not there. The
same bytes in two matters are two files: one can be deleted lawfully without the other.
"""

import hashlib
import os
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import puremagic
from django.conf import settings

from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.mechanism.state import Proof

from .models import Evidence

_CHUNK = 1 << 20


def keep(matter: uuid.UUID, name: str, chunks: Iterable[bytes]) -> Proof:
    """Write the bytes into the store and return what is known of them. Raises `Refusal` if empty or too large."""
    folder = _folder(matter)
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            digest, size = _copy(chunks, file, name)
            file.flush()
            os.fsync(file.fileno())
        media_type = _sniff(Path(temporary))
        os.replace(temporary, folder / digest)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return Proof(sha256=digest, name=Path(name).name[:200], size=size, media_type=media_type)


def keep_file(matter: uuid.UUID, path: Path) -> Proof:
    """Copy the file at `path` into the store. Raises `Refusal` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return keep(matter, path.name, iter(lambda: file.read(_CHUNK), b""))
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refusal(
            "unreadable", N_("“%(name)s” cannot be read: %(reason)s."), name=str(path), reason=reason
        ) from None


def path_of(matter: uuid.UUID, sha256: str) -> Path:
    """Return where the file lies."""
    return _folder(matter) / sha256


def forget(matter: uuid.UUID, sha256: str) -> None:
    """Delete the bytes for good; the hash stays in the history."""
    path_of(matter, sha256).unlink(missing_ok=True)


def same_elsewhere(matter: uuid.UUID, proofs: Iterable[Proof]) -> Iterator[tuple[Proof, Evidence]]:
    """Yield each proof whose very bytes have been given as proof of another matter too."""
    for proof in proofs:
        for other in Evidence.objects.filter(sha256=proof.sha256).exclude(matter=matter).select_related("matter"):
            yield proof, other


def intact(matter: uuid.UUID, sha256: str) -> bool | None:
    """Whether the stored bytes still have their hash; None when the file is not there."""
    digest = hashlib.sha256()
    try:
        with path_of(matter, sha256).open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except FileNotFoundError:
        return None
    return digest.hexdigest() == sha256


def _folder(matter: uuid.UUID) -> Path:
    name = str(matter)
    return Path(settings.BIHUAN_EVIDENCE) / name[-2:] / name


def _copy(chunks: Iterable[bytes], file: BinaryIO, name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        size += len(chunk)
        if size > settings.BIHUAN_MAX_UPLOAD:
            raise Refusal(
                "too_large",
                N_("“%(name)s” is larger than %(limit)d MB; give it in parts."),
                field="evidence",
                name=name,
                limit=settings.BIHUAN_MAX_UPLOAD >> 20,
            )
        digest.update(chunk)
        file.write(chunk)
    if not size:
        raise Refusal("empty_file", N_("“%(name)s” is empty; choose the file again."), field="evidence", name=name)
    return digest.hexdigest(), size


def _sniff(path: Path) -> str:
    """Return the type that the bytes show, whatever the name says."""
    try:
        return str(puremagic.from_file(str(path), mime=True)) or "application/octet-stream"
    except (puremagic.PureError, ValueError):
        return "text/plain" if _is_text(path) else "application/octet-stream"


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        return b"\x00" not in file.read(4096)
