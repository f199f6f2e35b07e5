"""Finding the header of a ledger: its rows, and what its columns are called.

The label of a column is the text of its lowest header cell, verbatim. Where two columns would share it, the text
of the group above is put before it with a slash (`审计/责任人`), and what is still the same gets a number (`备注#2`);
a column without any label is called by its letter (`#H`). Columns without label and content are left out.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bihuan.intake.reading.grid import TOP, Grid
from bihuan.intake.reading.writing import fold

_DEEPEST = 4
_LONGEST_LABEL = 400
_INFO = re.compile(r"[::]|^附件?\d*$|^\d{4}年|单位$")


@dataclass(frozen=True, slots=True)
class Column:
    """A column under a header: its place in the sheet, its label, the texts from top to bottom, its group's span."""

    place: int
    label: str
    path: tuple[str, ...]
    group: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """Header rows (counted from 0) and the columns under them."""

    rows: tuple[int, ...]
    columns: tuple[Column, ...]


def propose_headers(grid: Grid, count_names: Callable[[list[str]], int]) -> Iterator[Header]:
    """Give every run of rows that could be a header, from the top down.

    `count_names` tells how many of the texts of a row are names that columns carry.
    """
    for row in range(min(TOP, len(grid.rows))):
        texts = grid.rows[row]
        if any(text.strip() for text in texts) and _is_short(texts):
            rows = _band(grid, row, count_names)
            if sum(count_names(grid.rows[one]) for one in rows):
                yield Header(rows, _columns(grid, rows))


def letter(place: int) -> str:
    """Return Excel's letter for a column counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _is_short(texts: list[str]) -> bool:
    return all(len(text) <= _LONGEST_LABEL for text in texts)


def _band(grid: Grid, row: int, count_names: Callable[[list[str]], int]) -> tuple[int, ...]:
    depth = grid.deepest_from(row) + 1
    if depth > _DEEPEST:
        return (row,)
    if depth == 1 and _has_lower_line(grid, row) and (count_names(grid.rows[row]) >= 2 or _is_grouped(grid, row)):
        depth = 2
    return tuple(range(row, min(row + depth, len(grid.rows))))


def _has_lower_line(grid: Grid, row: int) -> bool:
    """Tell whether the next row only divides groups of this one: it is blank under every plain label."""
    lower = [place for place in range(grid.width) if grid.text(row + 1, place).strip()]
    if len(lower) < 2 or any(len(grid.text(row + 1, place)) > 30 for place in lower):
        return False
    first = grid.first_filled(row)
    return all(_is_in_group(grid, row, place, first) for place in lower)


def _is_in_group(grid: Grid, row: int, place: int, first: int) -> bool:
    if not grid.text(row, place).strip():
        return first < place
    return not grid.text(row, place + 1).strip() and bool(grid.text(row + 1, place + 1).strip())


def _is_grouped(grid: Grid, row: int) -> bool:
    """Tell whether merged groups, not titles or notes, lie over most columns of the next row."""
    groups = [area for area in grid.wide_areas(row) if area[2] == row]
    below = sum(bool(text.strip()) for text in grid.rows[row + 1])
    covered = sum(right - left + 1 for _, left, _, right in groups)
    texts = [text for text in grid.rows[row] if text.strip()]
    return len(groups) >= 2 and covered >= 0.6 * below and not any(_INFO.search(fold(text)) for text in texts)


def _columns(grid: Grid, rows: tuple[int, ...]) -> tuple[Column, ...]:
    paths = [_path(grid, rows, place) for place in range(grid.width)]
    lowest = Counter(path[-1] for path in paths if path)
    labels = ["/".join(path[-2:] if path and lowest[path[-1]] > 1 else path[-1:]) for path in paths]
    seen: Counter[str] = Counter()
    columns = []
    for place, (path, label) in enumerate(zip(paths, labels, strict=True)):
        if not path and grid.last_filled[place] <= rows[-1]:
            continue
        label = label or f"#{letter(place)}"
        seen[label] += 1
        unique = label if seen[label] == 1 else f"{label}#{seen[label]}"
        columns.append(Column(place, unique, path, _group(grid, rows, place)))
    return tuple(columns)


def _path(grid: Grid, rows: tuple[int, ...], place: int) -> tuple[str, ...]:
    return tuple(text for _, _, text in _cells_above(grid, rows, place))


def _group(grid: Grid, rows: tuple[int, ...], place: int) -> tuple[str, int] | None:
    """Return the text of the group above a column, and the column where the group begins."""
    cells = _cells_above(grid, rows, place)
    return (cells[-2][2], cells[-2][1]) if len(cells) > 1 else None


def _cells_above(grid: Grid, rows: tuple[int, ...], place: int) -> list[tuple[int, int, str]]:
    """Return (row, column, text) of each different header cell above a column, from the top down."""
    cells: list[tuple[int, int, str]] = []
    for row in rows:
        cell = _cell(grid, row, place, is_last=row == rows[-1])
        if cell[2].strip() and cell not in cells:
            cells.append(cell)
    return cells


def _cell(grid: Grid, row: int, place: int, *, is_last: bool) -> tuple[int, int, str]:
    area = grid.top_areas.get((row, place))
    if area:
        return area[0], area[1], grid.text(area[0], area[1])
    text = grid.text(row, place)
    if text.strip() or is_last or not grid.text(row + 1, place).strip():
        return row, place, text
    left = grid.filled_before(row, place)
    if left < 0 or (row, left) in grid.top_areas:
        return row, place, ""
    return row, left, grid.text(row, left)  # a group written over several columns without merging them
