"""The evidence store: files by the hash of their bytes, each within its matter.

A file is written first and referred to after, so that an event never names a file that is not there. The
same bytes in two matters are two files: one can be deleted lawfully without the other.
"""

import hashlib
import os
import tempfile
import uuid
import zipfile
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
#: Endings of what a computer runs: no paper is one, and whoever opens it would start it.
_RUN = frozenset(
    (
        *(".exe", ".msi", ".bat", ".cmd", ".js", ".jse", ".vbs", ".vbe", ".wsf", ".wsh", ".hta"),
        *(".ps1", ".lnk", ".scr", ".pif", ".cpl", ".dll", ".sys", ".jar", ".apk", ".reg"),
    )
)
_OFFICE = {
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_PROGRAM = N_(
    "“%(name)s” is a program or a script, which proves nothing and is not taken in; give a scan, a photograph, "
    "a PDF or an Office document."
)


def keep(matter: uuid.UUID, name: str, chunks: Iterable[bytes]) -> Proof:
    """Write the bytes into the store and return what is known of them.

    Raises `Refusal` if they are empty, too large, or a program.
    """
    _check_program(name, b"")
    folder = _folder(matter)
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".")
    try:
        with os.fdopen(handle, "wb") as file:
            digest, size = _copy(chunks, file, name)
            file.flush()
            os.fsync(file.fileno())
        with open(temporary, "rb") as written:
            _check_program(name, written.read(64))
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


def program_refusal(name: str, head: bytes) -> Refusal | None:
    """Return why a file called `name` that begins with `head` is no evidence: it is a program or a script."""
    ending = Path(name.rstrip(" .").lower()).suffix
    # A text may begin with MZ; the header of a program has zeros in its first 64 bytes.
    is_run = (head.startswith(b"MZ") and b"\0" in head[:64]) or head.startswith((b"\x7fELF", b"L\0\0\0\x01\x14\x02\0"))
    if ending in _RUN or is_run:
        return Refusal("program", _PROGRAM, field="evidence", name=Path(name).name)
    return None


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


def _check_program(name: str, head: bytes) -> None:
    if refusal := program_refusal(name, head):
        raise refusal


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
    if office := _office_type(path):
        return office
    try:
        found = str(puremagic.from_file(str(path), mime=True))
    except (puremagic.PureError, ValueError):
        return "text/plain" if _is_text(path) else "application/octet-stream"
    if "officedocument" in found:  # of a zip that is none, as its parts have shown
        return "application/zip"
    return found or "application/octet-stream"


def _office_type(path: Path) -> str:
    """Return the type of an Office Open XML document by the folder of its main part; '' where it is none.

    The first bytes are those of any zip, and writers put the parts in whatever order.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) != b"PK\x03\x04":
                return ""
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ""
    if "[Content_Types].xml" not in names:
        return ""
    return next((kind for folder, kind in _OFFICE.items() if any(name.startswith(folder) for name in names)), "")


def _is_text(path: Path) -> bool:
    with path.open("rb") as file:
        return b"\x00" not in file.read(4096)
