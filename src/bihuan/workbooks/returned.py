"""A returned workbook as it lies in the file: its rows under the ledger's columns, wherever those stand now."""

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bihuan.intake.form.columns import NUMBER, Column, Holds, Look, ledger_columns
from bihuan.intake.layouts import has_layout, layout_of
from bihuan.intake.reading.grid import Grid
from bihuan.intake.reading.header import Column as Place
from bihuan.intake.reading.header import Header, propose_headers
from bihuan.intake.reading.layout import name_column
from bihuan.intake.reading.money_unit import find_unit
from bihuan.intake.reading.opening import open_sheets
from bihuan.intake.reading.refusal import Limits, refuse
from bihuan.intake.reading.writing import fold
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.sentence import N_

#: Columns of a form's own that say nothing of a matter.
_COUNTERS = frozenset({"序号", "序", "编号", "行号", "项次", "no", "no."})
#: How lines begin that stand below a list: sums, notes, signatures.
_BELOW = (
    *("合计", "总计", "小计", "填表人", "填报人", "审核人", "负责人", "单位负责人", "联系人", "联系电话", "电话"),
    *("填报单位", "填报日期", "填报时间", "制表", "备注:", "注:", "注1", "说明:"),
    *("盖章", "(盖章)", "单位盖章", "单位(盖章)"),
)
_NUMBER = re.compile(r"[0-9A-Za-z]{4}-?[0-9A-Za-z]{4}")
_NO_LEDGER = N_(
    "The file holds no list of matters: no row names the columns of the workbook that went out (事项编号 and others)."
)


@dataclass(frozen=True, slots=True)
class Mark:
    """What the very hidden sheet says: which handout this workbook is of, which unit's, of which mechanism."""

    handout: uuid.UUID | None
    unit: str
    mechanism: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as people count, the text of each known column, and what else stands in it."""

    sheet: str
    row: int
    texts: Mapping[str, str]
    marked: frozenset[str] = frozenset()
    others: tuple[tuple[str, str], ...] = ()

    @property
    def cells(self) -> tuple[tuple[str, str], ...]:
        """Every filled cell by the key of its column, or by its label where no field has it."""
        return (*((key, text) for key, text in self.texts.items() if text.strip()), *self.others)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as it came. `places` are the columns that the ledger has, by their place."""

    grid: Grid
    header: Header
    places: Mapping[int, Column]

    @property
    def heads(self) -> list[list[str]]:
        """The texts of the header's rows."""
        return [list(self.grid.rows[row]) for row in self.header.rows]

    def texts(self, row: int) -> list[str]:
        """Return the texts of one row, counted as people count."""
        return _cells(self.grid, row - 1, self.header.rows[-1])


@dataclass(frozen=True, slots=True)
class Unknown:
    """A column that the ledger does not have: sheet, row of its head, label, and how many of its cells are filled."""

    sheet: str
    row: int
    label: str
    filled: int


@dataclass(slots=True)
class Returned:
    """What a file holds. `units` is, for each column of money, the multiplier that the file names for it."""

    mechanism: Mechanism
    mark: Mark | None
    rows: list[Row] = field(default_factory=list)
    units: dict[tuple[str, str], int | None] = field(default_factory=dict)
    is_text: bool = False
    sheets: dict[str, "Sheet"] = field(default_factory=dict)
    unknown: list[Unknown] = field(default_factory=list)


def read_returned(path: Path, mechanisms: Mapping[str, Mechanism], limits: Limits) -> Returned:
    """Read the file at `path`, in a process of its own. Raises the reading's `Refusal`."""
    mark, grids = None, []
    for grid in open_sheets(path, sheet=None, limits=limits):
        found = _mark(grid)
        if found:
            mark = found
        elif grid.rows:
            grids.append(grid)
    chosen = [mechanisms[mark.mechanism]] if mark and mark.mechanism in mechanisms else list(mechanisms.values())
    best: tuple[int, Mechanism, list[tuple[Grid, Header, dict[int, Column]]]] | None = None
    for mechanism in chosen:
        heads = Heads(mechanism)
        planned = [plan for grid in grids if (plan := _plan(grid, heads))]
        weight = sum(len(places) for _, _, places in planned)
        if planned and (best is None or weight > best[0]):
            best = (weight, mechanism, planned)
    if best is None:
        raise refuse(_NO_LEDGER)
    returned = Returned(best[1], mark, is_text=not _is_workbook(path))
    for grid, header, places in best[2]:
        returned.sheets[grid.name] = Sheet(grid, header, places)
        for place, column in places.items():
            if column.look is Look.MONEY:
                at = next(each for each in header.columns if each.place == place)
                returned.units[grid.name, column.key] = find_unit(grid, header, at)
        rows = list(_rows(grid, header, places))
        returned.rows.extend(rows)
        filled = Counter(label for row in rows for label, _ in row.others)
        below = header.rows[-1] + 1
        returned.unknown += [Unknown(grid.name, below, label, number) for label, number in filled.items()]
    return returned


class Heads:
    """The ledger's columns by everything that their header cells may say."""

    def __init__(self, mechanism: Mechanism) -> None:
        self.columns = ledger_columns(mechanism)
        self._layout = layout_of(mechanism.key) if has_layout(mechanism.key) else None
        self._whole: dict[str, Column] = {}
        self._bare: dict[str, Column | None] = {}
        for column in self.columns:
            for text in (column.head, column.label.zh, column.label.en):
                self._whole.setdefault(fold(text).lower(), column)
        for column in self.columns:
            for name in {name_column(column.head), name_column(column.label.en).lower()}:
                known = self._bare.get(name, column)
                self._bare[name] = column if known is column else None

    def find(self, text: str) -> Column | None:
        """Return the column whose head this is, written with other marks, blanks or unit of money or without."""
        folded, bare = fold(text).lower(), name_column(text).lower()
        return self._whole.get(folded) or self._whole.get(bare) or self._bare.get(bare)

    def like(self, text: str) -> Iterator[Column]:
        """Yield the fields' columns that people call so, the likeliest first: by the names that an import knows.

        `下一步整改措施` is 下一步措施 too, and `结果` is 整改结果.
        """
        name = name_column(text).lower()
        if name in _COUNTERS:
            return
        fields = {each.key: each for each in self.columns if each.holds is Holds.FIELD}
        known = self._layout.ranks.get(name, ()) if self._layout else ()
        yield from (fields[key] for key, _ in sorted(known, key=lambda each: each[1]) if key in fields)
        bare = _plain(name)
        alike = [each for each in fields.values() if _plain(name_column(each.head)) == bare]
        if len(bare) > 1 and len(alike) == 1:
            yield alike[0]

    def count(self, texts: Sequence[str]) -> int:
        return sum(bool(text.strip()) and len(text) < 200 and self.find(text) is not None for text in texts)


def _plain(name: str) -> str:
    """Return a name without the word that nearly every name of such a list begins with, or not."""
    return name.replace("整改", "")


def _mark(grid: Grid) -> Mark | None:
    said = {grid.text(row, 0).strip(): grid.text(row, 1).strip() for row in range(min(3, len(grid.rows)))}
    if not {"handout", "unit", "mechanism"} <= said.keys():
        return None
    try:
        handout = uuid.UUID(said["handout"])
    except ValueError:
        handout = None
    return Mark(handout, said["unit"], said["mechanism"])


def _plan(grid: Grid, heads: Heads) -> tuple[Grid, Header, dict[int, Column]] | None:
    best: tuple[int, Header, dict[int, Column]] | None = None
    for header in propose_headers(grid, heads.count):
        places: dict[int, Column] = {}
        for at in header.columns:
            column = heads.find(at.path[-1]) if at.path else None
            if column and column not in places.values():
                places[at.place] = column
        for at in header.columns:
            if at.path and at.place not in places:
                found = (each for each in heads.like(at.path[-1]) if each not in places.values())
                if (column := next(found, None)) is not None:
                    places[at.place] = column
        if best is None or len(places) > best[0]:
            best = (len(places), header, places)
    if best is None or best[0] < 2:
        return None
    return grid, best[1], best[2]


def _rows(grid: Grid, header: Header, places: Mapping[int, Column]) -> Iterator[Row]:
    others = [at for at in header.columns if at.place not in places and _says_something(at)]
    heads = {place: fold(grid.text(header.rows[-1], place)) for place in places}
    for row in range(header.rows[-1] + 1, len(grid.rows)):
        cells = _cells(grid, row, header.rows[-1])
        texts = {column.key: cells[place] if place < len(cells) else "" for place, column in places.items()}
        extra = tuple((at.label, cells[at.place]) for at in others if at.place < len(cells) and cells[at.place].strip())
        filled = [text for text in texts.values() if text.strip()]
        if not filled and not extra:
            continue
        if sum(fold(cells[place]) == head for place, head in heads.items() if place < len(cells)) >= 2:
            continue  # the header printed again
        if not _NUMBER.fullmatch(texts.get(NUMBER, "").strip()) and _is_below(cells, len(filled)):
            continue
        marked = frozenset(column.key for place, column in places.items() if (row, place) in grid.marks)
        yield Row(grid.name, row + 1, texts, marked, extra)


def _cells(grid: Grid, row: int, header: int) -> list[str]:
    cells = list(grid.rows[row])
    for place, top in grid.fills.get(row, ()):
        if top > header:
            cells.extend([""] * (place + 1 - len(cells)))
            cells[place] = cells[place] or grid.text(top, place)
    return cells


def _is_below(cells: Sequence[str], filled: int) -> bool:
    """Tell whether a row is a sum, a note or a signature below the list and no matter."""
    first = fold(next((text for text in cells if text.strip()), ""))
    return first.startswith(_BELOW) and filled <= 4


def _says_something(at: Place) -> bool:
    return bool(at.path) and name_column(at.path[-1]).lower() not in _COUNTERS


def _is_workbook(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
