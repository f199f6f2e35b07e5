"""From what somebody names or drops to single workbooks: files, folders, and zips of either."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.conf import settings

from bihuan.intake.reading import Refusal as FileRefusal
from bihuan.mechanism.sentence import N_, Sentence

from .unpacking import Heap, Piece, digest, is_zip, room_for, too_large, unpack, walk

_NESTED = N_("a zip within a zip is not unpacked; unpack it once and send what is in it")


@dataclass(slots=True)
class Collected:
    """Single files, what was left out with the reason, and whole zips that were refused."""

    pieces: list[Piece] = field(default_factory=list)
    ignored: list[tuple[str, Sentence]] = field(default_factory=list)
    refused: list[tuple[str, Sentence]] = field(default_factory=list)

    def take(self, heap: Heap, under: str = "") -> None:
        """Add what was unpacked; `under` is the name of the zip that it came out of."""
        for piece in heap.pieces:
            if is_zip(piece.path):
                self.ignored.append((piece.name, Sentence(_NESTED)))
            else:
                self.pieces.append(replace(piece, name=f"{under}/{piece.name}" if under else piece.name))
        self.ignored += heap.ignored


def collect(sources: Iterable[tuple[str, Path]], room: Path) -> Collected:
    """Take `sources` (what they are called, where they lie) apart; zips are unpacked into the folder `room`."""
    limits = room_for(settings.BIHUAN_MAX_UPLOAD)
    found = Collected()
    for number, (name, path) in enumerate(sources):
        if path.is_dir():
            found.take(walk(path, limits))
        elif is_zip(path):
            target = room / f"zip{number}"
            target.mkdir()
            try:
                found.take(unpack(path, name, target, limits))
            except FileRefusal as refusal:
                found.refused.append((name, refusal.sentence))
        elif path.stat().st_size > limits.file_size:
            found.ignored.append((name, too_large(limits)))
        else:
            found.pieces.append(Piece(name, path, path.stat().st_size, digest(path)))
    return found
