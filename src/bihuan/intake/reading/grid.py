"""A sheet as it lies in the file: rows of texts, and the areas that are merged."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bihuan.intake.reading.refusal import DAMAGED, refuse

TOP = 64
"""A header begins above this row."""

_MOST_MERGED = 4_000_000  # cells in merged areas: they cannot overlap, so no true sheet has more than cells

Area = tuple[int, int, int, int]
"""First row, first column, last row, last column, all counted from 0."""


@dataclass(frozen=True)
class Grid:
    """Rows and columns are counted from 0; a row may be shorter than the sheet is wide."""

    name: str
    rows: list[list[str]]
    merges: tuple[Area, ...] = ()
    marks: frozenset[tuple[int, int]] = frozenset()
    """Cells whose text is no value: an error such as #N/A, or a formula that was never computed."""

    @cached_property
    def width(self) -> int:
        """The number of columns up to the last one that holds something."""
        return max(map(len, self.rows), default=0)

    def text(self, row: int, column: int) -> str:
        """Return a cell's own text, '' beyond the end of its row."""
        cells = self.rows[row] if row < len(self.rows) else []
        return cells[column] if column < len(cells) else ""

    def first_filled(self, row: int) -> int:
        """Return the first column of a row that holds something (the width when none does)."""
        return next((place for place, text in enumerate(self.rows[row]) if text.strip()), self.width)

    def filled_before(self, row: int, column: int) -> int:
        """Return the last column before `column` that holds something in `row`, -1 when none does."""
        known = self._nearest.get(row)
        if known is None:
            known, last = [], -1
            for place in range(self.width):
                known.append(last)
                last = place if self.text(row, place).strip() else last
            self._nearest[row] = known
        return known[column]

    @cached_property
    def _nearest(self) -> dict[int, list[int]]:
        return {}

    def wide_areas(self, row: int) -> Iterator[Area]:
        """Give the merged areas that begin in `row` and span several columns."""
        return (area for area in self._starting.get(row, ()) if area[3] > area[1])

    def deepest_from(self, row: int) -> int:
        """Return how many rows below `row` the deepest area that begins there reaches (0 when none does)."""
        return max((area[2] - area[0] for area in self._starting.get(row, ())), default=0)

    @cached_property
    def fills(self) -> dict[int, list[tuple[int, int]]]:
        """Row → (column, row of the value): where a merged area continues a value down its first column."""
        fills: dict[int, list[tuple[int, int]]] = {}
        left_over = _MOST_MERGED
        for top, left, bottom, _ in self.merges:
            rows = range(top + 1, min(bottom, len(self.rows) - 1) + 1)
            left_over -= len(rows)
            if left_over < 0:
                raise refuse(DAMAGED)
            for row in rows:
                fills.setdefault(row, []).append((left, top))
        return fills

    @cached_property
    def _starting(self) -> dict[int, list[Area]]:
        starting: dict[int, list[Area]] = {}
        for area in self.merges:
            starting.setdefault(area[0], []).append(area)
        return starting

    @cached_property
    def top_areas(self) -> dict[tuple[int, int], Area]:
        """Cell → the merged area that holds it, for areas small enough and high enough to be part of a header."""
        found: dict[tuple[int, int], Area] = {}
        left_over = _MOST_MERGED
        for area in self.merges:
            top, left, bottom, right = area
            if top < TOP and bottom - top < 8 and right - left < 1024:
                left_over -= (bottom - top + 1) * (right - left + 1)
                if left_over < 0:
                    raise refuse(DAMAGED)
                for row in range(top, bottom + 1):
                    found.update(((row, column), area) for column in range(left, right + 1))
        return found

    @cached_property
    def last_filled(self) -> list[int]:
        """For each column, the last row in which it holds something (-1 when it holds nothing)."""
        last = [-1] * self.width
        for row, cells in enumerate(self.rows):
            for column, text in enumerate(cells):
                if text:
                    last[column] = row
        return last
