"""Opening what people send in a heap: a zip as Windows, macOS or WPS makes it, a folder, or single files.

Nothing a zip says of itself is believed: every entry is inflated in small pieces and counted, and its name is
only ever a name, never a path on this machine.
"""

import hashlib
import os
import stat
import struct
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from bihuan.intake.reading.refusal import MEBIBYTE, refuse
from bihuan.mechanism.sentence import N_, Sentence

_CHUNK = 1 << 18
_DIRECTORY = 8 * MEBIBYTE
_END = struct.Struct("<4s4H2LH")
_UTF8 = 0x800
_UNICODE_PATH = 0x7075
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, NotImplementedError, ValueError, OSError)
_JUNK = frozenset({".ds_store", "thumbs.db", "desktop.ini", ".localized", "icon\r"})
_DAMAGED = N_("The zip “%(name)s” is damaged; pack it again and try once more.")
IGNORED = Sentence(N_("a by-product of the computer, not a document"))
EMPTY = Sentence(N_("the file is empty"))


@dataclass(frozen=True, slots=True)
class Room:
    """What may be unpacked. Sizes in bytes: of one file, and of all together."""

    file_size: int
    whole: int
    entries: int = 5_000


@dataclass(frozen=True, slots=True)
class Piece:
    """One file: its name as people read it (folders before it, joined by `/`), where it lies now, size and hash."""

    name: str
    path: Path
    size: int
    sha256: str

    @property
    def parts(self) -> tuple[str, ...]:
        return PurePosixPath(self.name).parts


@dataclass(slots=True)
class Heap:
    """What was unpacked, and what was left out with the reason."""

    pieces: list[Piece] = field(default_factory=list)
    ignored: list[tuple[str, Sentence]] = field(default_factory=list)


def room_for(largest: int) -> Room:
    """Return what may be unpacked where a single file may have `largest` bytes."""
    return Room(file_size=largest, whole=10 * largest)


def is_zip(path: Path) -> bool:
    """Tell whether the file is a zip of files, and no workbook or other document that is packed as one."""
    try:
        with path.open("rb") as file:
            if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
                return False
            if not _has_small_directory(file):
                return True
        with zipfile.ZipFile(path) as archive:
            names = {info.filename for info in archive.infolist()}
    except _BROKEN:
        return path.suffix.lower() == ".zip"
    return not ({"[Content_Types].xml", "mimetype"} & names or any(name.endswith("workbook.xml") for name in names))


def unpack(path: Path, name: str, target: Path, room: Room) -> Heap:
    """Unpack the zip at `path` (called `name`) into the folder `target`. Raises the reading's `Refusal`."""
    heap = Heap()
    try:
        with path.open("rb") as file:
            if not _has_small_directory(file):
                raise _too_many(name, room)
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > room.entries:
                raise _too_many(name, room)
            if not any(not info.is_dir() for info in infos):
                raise refuse(N_("The zip “%(name)s” is empty; put the files into it and send it again."), name=name)
            _unpack_all(archive, infos, name, target, room, heap)
    except _BROKEN:
        raise refuse(_DAMAGED, name=name) from None
    return heap


def walk(folder: Path, room: Room) -> Heap:
    """Take the files of a folder and all below it, in the order of their names, where they lie."""
    heap = Heap()
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        size = path.stat().st_size
        if _is_junk(name):
            heap.ignored.append((name, IGNORED))
        elif size == 0:
            heap.ignored.append((name, EMPTY))
        elif size > room.file_size:
            heap.ignored.append((name, too_large(room)))
        else:
            heap.pieces.append(Piece(name, path, size, digest(path)))
    return heap


def digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found.update(chunk)
    return found.hexdigest()


def too_large(room: Room) -> Sentence:
    limit = max(1, room.file_size // MEBIBYTE)
    return Sentence(N_("the file is larger than %(limit)d MB, which is the most that is taken in"), {"limit": limit})


def _unpack_all(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], zip_name: str, target: Path, room: Room, heap: Heap
) -> None:
    left = room.whole
    if sum(info.file_size for info in infos) > room.whole:
        raise _too_large(zip_name, room)
    for number, info in enumerate(infos):
        name = _name(info)
        _check(info, name, zip_name)
        if name.endswith("/") or stat.S_ISDIR(info.external_attr >> 16):
            continue
        if _is_junk(name) or stat.S_ISLNK(info.external_attr >> 16):
            heap.ignored.append((name, IGNORED))
        elif info.file_size == 0:
            heap.ignored.append((name, EMPTY))
        elif info.file_size > room.file_size:
            heap.ignored.append((name, too_large(room)))
        else:
            place = target / f"{number}{_suffix(name)}"
            found = _copy(archive, info, place, min(left, room.file_size))
            if found is None:
                raise _too_large(zip_name, room)
            left -= found[0]
            heap.pieces.append(Piece(name, place, *found))


def _copy(archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path, most: int) -> tuple[int, str] | None:
    """Inflate one entry; None when it holds more than `most` bytes, whatever it says of itself."""
    found, size = hashlib.sha256(), 0
    with archive.open(info) as source, place.open("wb") as target:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > most:
                return None
            found.update(chunk)
            target.write(chunk)
    return size, found.hexdigest()


def _check(info: zipfile.ZipInfo, name: str, zip_name: str) -> None:
    if info.flag_bits & 1:
        raise refuse(N_("The zip “%(name)s” is protected by a password; pack it without one."), name=zip_name)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise refuse(
            N_("The zip “%(name)s” is packed in an unusual way; pack it as an ordinary zip and try again."),
            name=zip_name,
        )
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\x00" in name or (parts and parts[0][1:2] == ":"):
        raise refuse(
            N_("The zip “%(name)s” holds “%(entry)s”, which points outside of it; such a zip is not unpacked."),
            name=zip_name,
            entry=name,
        )


def _name(info: zipfile.ZipInfo) -> str:
    """Return an entry's name: UTF-8 where it says so or is so, else GBK, in which Windows writes Chinese names."""
    raw = info.orig_filename
    if not info.flag_bits & _UTF8:
        raw = _decoded(raw, info.extra)
    return unicodedata.normalize("NFC", raw.replace("\\", "/"))


def _decoded(raw: str, extra: bytes) -> str:
    if told := _told(extra):
        return told
    try:
        octets = raw.encode("cp437")
    except UnicodeEncodeError:
        return raw
    for encoding in ("utf-8", "gb18030"):
        try:
            return octets.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw


def _told(extra: bytes) -> str:
    """Return the Unicode name that some packers add beside the other one."""
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(body) > 5:
            return body[5:].decode("utf-8", "replace")
    return ""


def _is_junk(name: str) -> bool:
    parts = PurePosixPath(name).parts
    last = parts[-1] if parts else ""
    return "__MACOSX" in parts or last.lower() in _JUNK or last.startswith(("._", "~$"))


def _suffix(name: str) -> str:
    """Return the ending of a name if it is a plain one: it helps programs, and nothing else of the name is used."""
    ending = os.path.splitext(name)[1].lower()
    return ending if ending[1:].isascii() and ending[1:].isalnum() and len(ending) < 8 else ""


def _has_small_directory(file: BinaryIO) -> bool:
    """Tell whether the list of entries is one that can be read at all; a million entries would fill the memory."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return True  # no end: the reader refuses it
    *_, length, _offset, _comment = _END.unpack_from(tail, at)
    return bool(length <= _DIRECTORY)


def _too_many(name: str, room: Room) -> Exception:
    return refuse(
        N_("The zip “%(name)s” holds more than %(limit)s files; send them in parts."), name=name, limit=room.entries
    )


def _too_large(name: str, room: Room) -> Exception:
    return refuse(
        N_("The zip “%(name)s” would unpack to more than %(limit)s MB; send it in parts."),
        name=name,
        limit=max(1, room.whole // MEBIBYTE),
    )
