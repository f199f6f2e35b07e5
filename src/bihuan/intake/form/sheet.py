"""Reading a sheet in the ledger's own form: found by its heads, wherever its columns and rows were moved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bihuan.mechanism.model import FieldKind, Mechanism
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import Value

from ..reading.columns import Plan
from ..reading.grid import Grid
from ..reading.header import Column as Place
from ..reading.header import Header, letter
from ..reading.kinds import ABOVE, BLANK, Sorter
from ..reading.layout import Layout
from ..reading.model import Problem, RowReading, SheetReading
from ..reading.units import UnitIndex
from ..reading.writing import fold, quote
from .cells import says_nothing
from .columns import NUMBER_HEAD, Column, Holds, ledger_columns
from .names import Names
from .own import NUMBER, UNTOLD, VERSION, read_number
from .reading import CellFault, read_cell

_TOP = 20
_FEWEST = 3
_UNCOMPUTED = N_(
    "“%(text)s” is a formula without a value, or an error; open the file in Excel or WPS, write the value "
    "itself and save it."
)
_NO_NUMBER = N_(
    "“%(text)s” is no number of a matter; leave the number as it went out, or empty it for a finding that is new."
)


@dataclass(frozen=True)
class OwnForm:
    """The own form of `mechanism`. Sheets in that of one of `others` are left alone. `year` supplies a missing one."""

    mechanism: Mechanism
    others: tuple[Mechanism, ...]
    names: Names
    year: int

    def find(self, grid: Grid) -> "OwnSheet | None":
        """Return the sheet in its own form; None where it is no such sheet, or one of another mechanism."""
        found = self._columns(grid, self.mechanism)
        if found and not any(_more(self._columns(grid, other), found) for other in self.others):
            return OwnSheet(self, grid, *found)
        return None

    def kind_of_other(self, grid: Grid) -> str:
        """Return the key of the other mechanism in whose own form the sheet is; '' where it is in none."""
        found = {other.key: columns for other in self.others if (columns := self._columns(grid, other))}
        if not found or self.find(grid) is not None:
            return ""
        return max(found, key=lambda key: len(found[key][1]))

    def _columns(self, grid: Grid, mechanism: Mechanism) -> "tuple[int, dict[int, Column]] | None":
        heads = {fold(column.head): column for column in ledger_columns(mechanism)}
        for row, texts in enumerate(grid.rows[:_TOP]):
            if fold(NUMBER_HEAD) in map(fold, texts):
                found: dict[int, Column] = {}
                for place, text in enumerate(texts):
                    column = heads.get(fold(text))
                    if column and column not in found.values():
                        found[place] = column
                return (row, found) if len(found) >= _FEWEST and _are_numbers(grid, row, found) else None
        return None


@dataclass(frozen=True)
class OwnSheet:
    """One sheet: the row of its heads, and what its columns are by their place."""

    form: OwnForm
    grid: Grid
    row: int
    columns: Mapping[int, Column]

    def read(self, layout: Layout, units: UnitIndex) -> SheetReading:
        """Return its rows. Every cell that is understood is a value; the others stand as problems."""
        labels = _labels(self.grid, self.row)
        places = [Place(place, label, (label,)) for place, label in labels.items()]
        own = {_key(column): Place(place, labels[place], (labels[place],)) for place, column in self.columns.items()}
        plan = Plan(Header((self.row,), tuple(places)), {key: at for key, at in own.items() if not key.endswith(":")})
        sorter = Sorter(self.grid, plan, layout, units)
        return SheetReading(
            sheet=self.grid.name,
            header_rows=(self.row + 1,),
            mapping={key: place.label for key, place in own.items()},
            columns=tuple(labels.values()),
            rows=tuple(self._rows(sorter, tuple(labels), layout.wanted.empty)),
        )

    def _rows(self, sorter: Sorter, kept: Sequence[int], empty: Mapping[str, Any]) -> Iterator[RowReading]:
        for row in range(len(self.grid.rows)):
            if row == self.row:
                continue
            cells = self._cells(row)
            texts = tuple(cells[place] for place in kept)
            note = ABOVE if row < self.row else self._why_skipped(row, cells, sorter)
            if note:
                yield RowReading(row + 1, "skipped", empty, cells=texts, note=note)
            else:
                yield self._read(row, cells, texts, empty)

    def _why_skipped(self, row: int, cells: list[str], sorter: Sorter) -> Sentence | None:
        """A row that names its matter is never anything else, whatever stands in it."""
        number = next(place for place, column in self.columns.items() if column.holds is Holds.NUMBER)
        if read_number(cells[number]):
            return None
        return sorter.why_skipped(row, cells) if any(text.strip() for text in cells) else BLANK

    def _cells(self, row: int) -> list[str]:
        cells = self.grid.rows[row]
        cells = cells + [""] * (self.grid.width - len(cells))
        if row > self.row:
            for place, top in self.grid.fills.get(row, ()):
                if top > self.row and place < len(cells) and not cells[place]:
                    cells[place] = self.grid.text(top, place)
        return cells

    def _read(self, row: int, cells: list[str], texts: tuple[str, ...], empty: Mapping[str, Any]) -> RowReading:
        values: dict[str, Any] = {**empty, UNTOLD: []}
        problems: list[Problem] = []
        for place, column in self.columns.items():
            label = self.grid.text(self.row, place)
            try:
                self._read_cell(row, place, column, cells[place], values)
            except CellFault as fault:
                problems.append(Problem(column.key if column.field else NUMBER, label, fault.sentence))
        values |= {key: [] for key, nothing in empty.items() if nothing == [] and not values[key]}
        return RowReading(row + 1, "waiting" if problems else "ready", values, tuple(problems), texts)

    def _read_cell(self, row: int, place: int, column: Column, text: str, values: dict[str, Any]) -> None:
        if column.holds is Holds.NUMBER:
            values[NUMBER] = _number(text)
        elif column.key == VERSION:
            values[VERSION] = text if text.isdecimal() and len(text) < 8 else None
        elif column.field is not None:
            if (row, place) in self.grid.marks:
                raise CellFault(Sentence(_UNCOMPUTED, {"text": quote(text)}))
            if says_nothing(text):
                values[UNTOLD].append(column.key)
                return
            value = read_cell(column.field, text, self.form.names, year=self.form.year)
            values[column.key] = told(column.field.kind, value, self.form.names)


def told(kind: FieldKind, value: Value, names: Names) -> Any:
    """Return a value as the intake's readings give it: amounts in yuan as text, units by name."""
    if value is None:
        return None
    if kind is FieldKind.MONEY and isinstance(value, int):
        sign, fen = "-" if value < 0 else "", abs(value)
        return f"{sign}{fen // 100}" + (f".{fen % 100:02d}" if fen % 100 else "")
    if kind is FieldKind.UNIT:
        return [_unit(key, names) for key in value] if isinstance(value, list) else _unit(str(value), names)
    return value


def _unit(key: str, names: Names) -> str:
    """The full name; for units that share theirs, the key, which alone tells them apart."""
    name = names.units.get(key, key)
    return key if name.endswith(f"〔{key}〕") else name


def _number(text: str) -> str | None:
    if not text.strip():
        return None
    if number := read_number(text):
        return number
    raise CellFault(Sentence(_NO_NUMBER, {"text": quote(text)[:80]}))


def _key(column: Column) -> str:
    return NUMBER if column.holds is Holds.NUMBER else column.key


def _labels(grid: Grid, row: int) -> dict[int, str]:
    """Return place → label of every column that has a head or holds something; a second one of a name is numbered."""
    labels: dict[int, str] = {}
    for place in range(grid.width):
        text = grid.text(row, place)
        if not text.strip() and grid.last_filled[place] <= row:
            continue
        label, again = text if text.strip() else f"#{letter(place)}", 2
        base = label
        while label in labels.values():
            label, again = f"{base}#{again}", again + 1
        labels[place] = label
    return labels


def _are_numbers(grid: Grid, row: int, columns: Mapping[int, Column]) -> bool:
    """Whether numbers of matters stand below the head: other ledgers have a column of this name too."""
    place = next(place for place, column in columns.items() if column.holds is Holds.NUMBER)
    texts = [text for below in range(row + 1, len(grid.rows)) if (text := grid.text(below, place).strip())]
    return bool(texts) and 2 * sum(read_number(text) is not None for text in texts) >= len(texts)


def _more(one: "tuple[int, dict[int, Column]] | None", other: "tuple[int, dict[int, Column]]") -> bool:
    return one is not None and len(one[1]) > len(other[1])
