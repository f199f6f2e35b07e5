"""Files that came with a form and wait until its act is done: sent in parts, taken up again where a link broke.

They lie in a folder of their own for each form (this account, this matter, this action, this unit), named by
the hash of their bytes, so that the same file chosen again goes on where it stopped and nobody can name a file
of somebody else. Nothing here is in the history; `into_store` gives a file to the ledger once the act is done.
What nobody used is swept away after `KEPT_FOR`.
"""

import fcntl
import hashlib
import json
import os
import shutil
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from bihuan.ledger import store
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.mechanism.state import Proof

#: How long a file waits to be used, from the last byte that came.
KEPT_FOR = timedelta(days=7)
#: How many files one account may have waiting, and how many times the largest file they may have together.
MOST_FILES, MOST_SIZES = 200, 10
#: How many forms' folders one sweep looks into.
SWEEP = 500
_PIECE = 1 << 20
MANY = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Form:
    """Whose form it is and on what: nothing that waits for one form is seen by another.

    A form over many matters is on none of them: `matter` is `MANY`.
    """

    account: int
    matter: uuid.UUID
    action: str
    behalf: str = ""

    @property
    def folder(self) -> Path:
        what = hashlib.sha256(f"{self.action}\n{self.behalf}".encode()).hexdigest()[:16]
        return _root() / str(self.account) / f"{self.matter}-{what}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits, whole or in part. Sizes in bytes."""

    sha256: str
    name: str
    size: int
    received: int

    @property
    def whole(self) -> bool:
        return self.received == self.size


class OutOfStep(Exception):
    """A part that does not begin where the file ends so far; `waiting` says where that is."""

    def __init__(self, waiting: Waiting) -> None:
        super().__init__(str(waiting))
        self.waiting = waiting


def begin(form: Form, *, name: str, size: int, sha256: str) -> Waiting:
    """Make room for a file, or return how much of it is there already. Raises `Refusal` for one not to be taken."""
    name = tidy_name(name)
    if not _is_hash(sha256):
        raise Refusal("bad_hash", N_("“%(name)s” was not read rightly; choose it again."), field="evidence", name=name)
    if not size:
        raise Refusal("empty_file", N_("“%(name)s” is empty; choose the file again."), field="evidence", name=name)
    if size > settings.BIHUAN_MAX_UPLOAD:
        raise _too_large(name)
    if refusal := store.program_refusal(name, b""):
        raise refusal
    known = find(form, sha256)
    if known and known.size == size:
        _note(form, sha256, name, size)
        return Waiting(sha256, name, size, known.received)
    _check_room(form.account, size)
    form.folder.mkdir(parents=True, exist_ok=True)
    _part(form, sha256).touch()
    _note(form, sha256, name, size)
    return _measured(form, sha256, name, size)


def append(form: Form, sha256: str, *, at: int, piece: bytes) -> Waiting:
    """Add the next piece of a file; the last one is followed by a look at the hash of the whole.

    Raises `OutOfStep` where `at` is not the place to go on from, `Refusal` if the file was never begun, grows
    beyond what was said of it, or is not the one that was said.
    """
    waiting = find(form, sha256)
    if waiting is None:
        raise Refusal("not_begun", N_("This file does not wait here any more; choose it again."), field="evidence")
    if waiting.whole:
        return waiting
    try:
        with _part(form, sha256).open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            there = file.seek(0, os.SEEK_END)
            if at != there:
                raise OutOfStep(Waiting(sha256, waiting.name, waiting.size, there))
            if there + len(piece) > waiting.size:
                raise Refusal("too_long", N_("“%(name)s” is longer than was said; choose it again."), name=waiting.name)
            _write(file.fileno(), piece, there)
            received = there + len(piece)
            if received == waiting.size:
                os.fsync(file.fileno())
                _finish(form, waiting)
    except FileNotFoundError:  # another request has just put in the last piece
        return find(form, sha256) or waiting
    return Waiting(sha256, waiting.name, waiting.size, received)


def take(form: Form, name: str, pieces: Iterable[bytes]) -> Waiting:
    """Keep a file that came whole with the form. Raises `Refusal` if it is empty, too large, or a program."""
    name = tidy_name(name)
    _check_room(form.account, 0)
    form.folder.mkdir(parents=True, exist_ok=True)
    arriving = form.folder / f".{uuid.uuid4().hex}"
    digest, size = hashlib.sha256(), 0
    try:
        with arriving.open("wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > settings.BIHUAN_MAX_UPLOAD:
                    raise _too_large(name)
                digest.update(piece)
                file.write(piece)
        if not size:
            raise Refusal("empty_file", N_("“%(name)s” is empty; choose the file again."), field="evidence", name=name)
        with arriving.open("rb") as file:
            if refusal := store.program_refusal(name, file.read(64)):
                raise refusal
        sha256 = digest.hexdigest()
        _note(form, sha256, name, size)
        os.replace(arriving, form.folder / sha256)
    finally:
        arriving.unlink(missing_ok=True)
    return Waiting(sha256, name, size, size)


def find(form: Form, sha256: str) -> Waiting | None:
    """Return what waits for this form under the hash, whole or in part."""
    if not _is_hash(sha256):
        return None
    try:
        told = json.loads(_about(form, sha256).read_text("utf-8"))
        return _measured(form, sha256, str(told["name"]), int(told["size"]))
    except (FileNotFoundError, ValueError, KeyError):
        return None


def waiting(form: Form) -> list[Waiting]:
    """Return all that waits for this form, in the order in which it was begun."""
    if not form.folder.is_dir():
        return []
    notes = sorted(form.folder.glob("*.json"), key=lambda note: note.stat().st_mtime_ns)
    return [each for note in notes if (each := find(form, note.stem))]


def chosen(form: Form, hashes: Iterable[str]) -> Iterator[Waiting]:
    """Yield those of the files named that wait here, whole."""
    for sha256 in dict.fromkeys(hashes):
        if (each := find(form, sha256)) and each.whole:
            yield each


def into_store(form: Form, waiting: Waiting, *, matter: uuid.UUID | None = None) -> Proof:
    """Copy a file into the evidence of `matter`, by default the form's own. It goes on waiting here."""
    with (form.folder / waiting.sha256).open("rb") as file:
        return store.keep(matter or form.matter, waiting.name, iter(lambda: file.read(_PIECE), b""))


def drop(form: Form, sha256: str) -> None:
    """Forget one file: the person does not want to give it."""
    if _is_hash(sha256):
        for path in (form.folder / sha256, _part(form, sha256), _about(form, sha256)):
            path.unlink(missing_ok=True)


def clear(form: Form) -> None:
    """Forget everything that waits for this form: its act is done."""
    shutil.rmtree(form.folder, ignore_errors=True)


def sweep(now: datetime) -> int:
    """Remove what has waited too long, of the first `SWEEP` forms looked at; return how many forms went."""
    gone, before = 0, (now - KEPT_FOR).timestamp()
    for count, folder in enumerate(_root().glob("*/*")):
        if count == SWEEP:
            break
        try:
            touched = max((each.stat().st_mtime for each in folder.iterdir()), default=folder.stat().st_mtime)
        except FileNotFoundError:
            continue
        if touched < before:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def tidy_name(name: str) -> str:
    """Return the last part of a path without what cannot be seen or turns the text around, at most 200 long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    seen = "".join(sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}).strip()
    stem, dot, ending = seen.rpartition(".")
    if len(seen) > 200 and dot and len(ending) <= 10:
        return f"{stem[: 199 - len(ending)]}.{ending}"
    return seen[:200] or "file"


def _root() -> Path:
    return Path(settings.BIHUAN_WAITING)


def _part(form: Form, sha256: str) -> Path:
    return form.folder / f"{sha256}.part"


def _about(form: Form, sha256: str) -> Path:
    return form.folder / f"{sha256}.json"


def _is_hash(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


def _note(form: Form, sha256: str, name: str, size: int) -> None:
    form.folder.mkdir(parents=True, exist_ok=True)
    arriving = form.folder / f".{uuid.uuid4().hex}"
    arriving.write_text(json.dumps({"name": name, "size": size}), "utf-8")
    os.replace(arriving, _about(form, sha256))


def _measured(form: Form, sha256: str, name: str, size: int) -> Waiting:
    if (form.folder / sha256).is_file():
        return Waiting(sha256, name, size, size)
    return Waiting(sha256, name, size, _part(form, sha256).stat().st_size)


def _write(handle: int, piece: bytes, at: int) -> None:
    """Write the whole piece or nothing: half a piece would not be where the other side thinks it is."""
    try:
        done = 0
        while done < len(piece):
            done += os.pwrite(handle, piece[done:], at + done)
    except OSError:
        os.ftruncate(handle, at)
        raise


def _finish(form: Form, waiting: Waiting) -> None:
    part, digest = _part(form, waiting.sha256), hashlib.sha256()
    with part.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    if digest.hexdigest() != waiting.sha256:
        drop(form, waiting.sha256)
        raise Refusal(
            "damaged",
            N_("“%(name)s” was damaged on its way; it is being sent again."),
            field="evidence",
            name=waiting.name,
        )
    os.replace(part, form.folder / waiting.sha256)


def _check_room(account: int, size: int) -> None:
    """Refuse when too much waits unused for one account; what is used or swept makes room."""
    notes = list((_root() / str(account)).glob("*/*.json"))
    held = sum(_size_in(note) for note in notes)
    if len(notes) >= MOST_FILES or held + size > MOST_SIZES * settings.BIHUAN_MAX_UPLOAD:
        raise Refusal(
            "too_many_waiting",
            N_("Too many of your files wait unused; send or remove some of them first."),
            field="evidence",
        )


def _size_in(note: Path) -> int:
    try:
        return int(json.loads(note.read_text("utf-8"))["size"])
    except (FileNotFoundError, ValueError, KeyError):
        return 0


def _too_large(name: str) -> Refusal:
    return Refusal(
        "too_large",
        N_("“%(name)s” is larger than %(limit)d MB; give it in parts."),
        field="evidence",
        name=name,
        limit=settings.BIHUAN_MAX_UPLOAD >> 20,
    )
