"""A file that is not read at all, and the limits that decide it."""

from dataclasses import dataclass

from bihuan.mechanism.sentence import N_, Sentence

MEBIBYTE = 1 << 20
_LONGEST = 400
_ROOM_FOR_VALUE = 80


class Refusal(Exception):
    """The whole file is refused, for the reason that `sentence` gives in one line of at most 400 characters."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.pattern)
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence.render()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may cost. Sizes in bytes, times in seconds.

    `memory` is the address space of the reading process, `cells` the filled area of a sheet (rows × columns),
    `filled` the cells with content in the whole file.
    """

    file_size: int = 100 * MEBIBYTE
    inflated_size: int = 400 * MEBIBYTE
    parts: int = 5_000
    cells: int = 12_000_000
    filled: int = 4_000_000
    rows: int = 250_000
    memory: int = 640 * MEBIBYTE
    cpu_seconds: int = 24
    wall_seconds: int = 27


def refuse(pattern: str, **values: object) -> Refusal:
    """Make a `Refusal` whose values are cut and freed of line breaks, so that it stays one short line."""
    return Refusal(Sentence(pattern, {key: _shorten(value) for key, value in values.items()}))


def _shorten(value: object) -> object:
    if not isinstance(value, str):
        return value
    line = "".join(c if c.isprintable() else " " for c in value)
    return line if len(line) <= _ROOM_FOR_VALUE else line[: _ROOM_FOR_VALUE - 1] + "…"


TOO_MUCH = N_(
    "The file needs more memory or time than a ledger may take, or it is damaged; save the ledger sheet "
    "alone as a new .xlsx file and try again."
)
DAMAGED = N_(
    "The file is damaged and cannot be opened; open it in Excel or WPS, save it as a new .xlsx file and try again."
)
ENCRYPTED = N_("The file is protected by a password; remove the password in Excel or WPS, save it and try again.")
EMPTY = N_("The file is empty; choose the file that holds the ledger.")
