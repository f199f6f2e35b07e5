"""What a sheet's XML says that the workbook reader does not pass on.

The reader gives a dense rectangle, so one cell in the last row and column would cost the memory of 17 thousand million:
the extent is known here first. It also renders errors (#N/A) and formulas without a stored value as blanks, and
numbers without their number format; those cells are told apart here.
"""

import html
import re
from dataclasses import dataclass, field

_CELL = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,3})(\d{1,7})"[^<>]*(?<!/)>')
_ERROR = re.compile(rb'<(?:\w+:)?c\s([^<>]*?\bt="e"[^<>]*)>.*?<(?:\w+:)?v[^<>]*>([^<>]*)</', re.S)
_UNSTORED = re.compile(
    rb"<(?:\w+:)?c\s([^<>]*)>\s*<(?:\w+:)?f(?:\s[^<>]*?)?(?:/>|>([^<>]*)</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_STYLED = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_STYLE = re.compile(rb'\bs="(\d{1,6})"')
_BLOCK = 1 << 22


@dataclass
class SheetScan:
    """Fed with a sheet's XML piece by piece. Cells are (row, column) from 0.

    `marks` are cells whose text is no value (an error, a formula never computed), `styled` cells whose number is
    shown in a telling way, by the names that `styles` gives to style numbers.
    """

    styles: dict[int, str] = field(default_factory=dict)
    last_row: int = -1
    last_column: int = -1
    filled: int = 0
    marks: dict[tuple[int, int], str] = field(default_factory=dict)
    styled: dict[tuple[int, int], str] = field(default_factory=dict)
    _rest: bytes = b""

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the sheet's XML."""
        self._rest += piece
        if len(self._rest) >= _BLOCK:
            cut = self._rest.rfind(b"row>") + 4
            if cut > 4:
                self._take(self._rest[:cut])
                self._rest = self._rest[cut:]

    def close(self) -> None:
        """Take what is left."""
        self._take(self._rest)
        self._rest = b""

    def _take(self, block: bytes) -> None:
        found = _CELL.findall(block)
        self.filled += max(len(found), block.count(b"</c>") + block.count(b":c>"))  # references may be left out
        if found:
            columns, rows = {column for column, _ in found}, {row for _, row in found}
            self.last_column = max(self.last_column, *map(_column, columns))
            self.last_row = max(self.last_row, *(int(row) - 1 for row in rows))
        if b't="e"' in block:
            self._mark(_ERROR, block, "")
        if b"f>" in block or b"<f" in block or b":f" in block:
            self._mark(_UNSTORED, block, "=")
        if self.styles:
            self._style(block)

    def _mark(self, pattern: re.Pattern[bytes], block: bytes, prefix: str) -> None:
        for found in pattern.finditer(block):
            place = _PLACE.search(found.group(1))
            if place and b't="str"' not in found.group(1):
                text = html.unescape((found.group(2) or b"").decode("utf-8", "replace"))
                self.marks[int(place.group(2)) - 1, _column(place.group(1))] = prefix + text

    def _style(self, block: bytes) -> None:
        for found in _STYLED.finditer(block):
            style = _STYLE.search(found.group(1))
            kind = self.styles.get(int(style.group(1))) if style else None
            place = _PLACE.search(found.group(1)) if kind else None
            if kind and place:
                self.styled[int(place.group(2)) - 1, _column(place.group(1))] = kind


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
