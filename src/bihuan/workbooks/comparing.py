"""What a row says anew: against what the workbook said when it went out, and against what the matter says now.

A cell that the unit did not touch is no change, even when the ledger has moved on since.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from bihuan.intake.form.columns import Column, Holds, Look
from bihuan.intake.form.names import Names
from bihuan.intake.form.reading import CellFault
from bihuan.intake.reading.days import Unclear, read_day
from bihuan.intake.reading.writing import fold
from bihuan.ledger.models import Matter
from bihuan.mechanism.model import Field, Mechanism
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import State, Value

from .basis import Base
from .cells import WAN, Cell, read, same, shows, tidy
from .returned import Returned, Row, Unknown
from .rows import Telling

_FORMULA = N_("“%(text)s” is a formula without a value, or an error; write the value itself.")
_ERASED = N_("The value of “%(field)s” was erased by law; what the file says of it is not taken in again.")
_SHOWN = N_("“%(column)s” is only shown in the workbook and follows from what is done; it is not changed there.")
_BOTH = N_("The ledger has changed it too since the workbook went out; what it says now stands beside it.")
_NO_COLUMN = N_("Column not recognised: “%(column)s” (%(filled)d cells filled); nothing of it is taken over.")
#: Columns whose text is another on every day, or says only how far the history had come.
_PASSING = frozenset({"days_left:", "version:"})
_NOTHING = frozenset({"", "-", "—", "——", "0", "/", "无"})


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that says something new. `new` is its value, or its text where `why` says what stands against it.

    `is_open` says that the change may be asked for, `why` then is a remark (both changed it).
    """

    key: str
    old: Value
    new: Value
    why: Sentence | None = None
    is_open: bool = True


@dataclass(frozen=True)
class Comparing:
    """Reads the rows of one returned file."""

    returned: Returned
    telling: Telling

    @cached_property
    def columns(self) -> dict[str, Column]:
        return {each.key: each for each in self.telling.columns}

    @property
    def names(self) -> Names:
        return self.telling.names

    @property
    def year(self) -> int:
        return self.telling.today.year

    @property
    def mechanism(self) -> Mechanism:
        return self.returned.mechanism

    def changes(self, row: Row, matter: Matter, base: Base, now: State) -> list[Change]:
        """Return what the row says anew of its matter, in the order of the columns."""
        return [*self._fields(row, base, now), *self._shown(row, matter, base, now)]

    def everything(self, row: Row, why: Sentence) -> list[Change]:
        """Return all that a row holds which is no matter's, so that nothing of it is lost."""
        return [Change(key[:80], None, self._as_read(row, key, text), why, False) for key, text in row.cells]

    def _as_read(self, row: Row, key: str, text: str) -> Value:
        column = self.columns.get(key)
        if column is None or column.field is None or key in row.marked:
            return tidy(text)
        try:
            return read(column.field, self._cell(row, key), self.names, year=self.year)
        except CellFault:
            return tidy(text)

    def _cell(self, row: Row, key: str) -> Cell:
        return Cell(row.texts[key], self.returned.units.get((row.sheet, key)), self.returned.is_text)

    def _fields(self, row: Row, base: Base, now: State) -> Iterator[Change]:
        for key in row.texts:
            column = self.columns[key]
            if column.holds is Holds.FIELD and column.field is not None:
                change = self._field(row, column.field, base, now)
                if change is not None:
                    yield change

    def _field(self, row: Row, field: Field, base: Base, now: State) -> Change | None:
        key, cell = field.key, self._cell(row, field.key)
        known, present = base.value(key), now.values.get(key)
        if shows(field, cell, known, self.names) or shows(field, cell, present, self.names):
            return None
        if not base.is_known and not cell.text.strip():
            return None  # nobody handed this row out, so that nobody can be said to have emptied its cells
        if base.is_erased(key, now):
            return Change(key, None, None, Sentence(_ERASED, {"field": field.label}), False)
        if key in row.marked:
            return Change(key, present, tidy(cell.text), Sentence(_FORMULA, {"text": cell.text[:80]}), False)
        try:
            new = read(field, cell, self.names, year=self.year)
        except CellFault as fault:
            return Change(key, present, tidy(cell.text), fault.sentence, False)
        if same(field, new, known) or same(field, new, present):
            return None
        moved = base.is_known and not same(field, known, present)
        return Change(key, present, new, Sentence(_BOTH) if moved else None)

    def _shown(self, row: Row, matter: Matter, base: Base, now: State) -> Iterator[Change]:
        asked = [
            column
            for key, text in row.texts.items()
            if (column := self.columns[key]).holds is Holds.SHOWN and key not in _PASSING and text.strip()
        ]
        if not asked or not base.is_known:
            return
        before, present = (self._standing(matter, state) for state in (base.state, now))
        for column in asked:
            key = column.key
            if not any(self._stands(row, column, each[key]) for each in (before, present)):
                why = Sentence(_SHOWN, {"column": column.label})
                old = present[key]
                yield Change(key, old if isinstance(old, str | int) else _plain(old), tidy(row.texts[key]), why, False)

    def _standing(self, matter: Matter, state: State) -> dict[str, Any]:
        return dict(zip(self.columns, self.telling.row(matter, state), strict=True))

    def _stands(self, row: Row, column: Column, cell: Any) -> bool:
        """Tell whether what is only shown stands there as it went out (`cell`)."""
        text = row.texts[column.key]
        if tidy(text) == _plain(cell):
            return True
        if cell is None:
            return fold(text) in _NOTHING
        if column.look is Look.DAY:
            return self._day(text) == _plain(cell)
        if column.look is Look.MONEY:
            return _amounts_agree(text, cell, self.returned.units.get((row.sheet, column.key)))
        return fold(text) in (fold(str(cell)), fold(self._english(column, cell)))

    def _english(self, column: Column, cell: Any) -> str:
        """Return the English name of a stage or mark, which an English screen would have shown."""
        mechanism = self.mechanism
        labels = [*(each.label for each in mechanism.stages.values()), *mechanism.assertions.values()]
        return next((each.en for each in (*labels, *mechanism.recognitions.values()) if each.zh == cell), str(cell))

    def _day(self, text: str) -> str | None:
        try:
            found = read_day(text, year=self.year)
        except Unclear:
            return None
        return found.isoformat() if found else None


def no_column(unknown: Unknown) -> Sentence:
    """Return that the ledger has no such column."""
    return Sentence(_NO_COLUMN, {"column": " ".join(unknown.label.split())[:80], "filled": unknown.filled})


def is_no_column(sentence: Sentence | None) -> bool:
    """Tell whether this is what `no_column` says."""
    return sentence is not None and sentence.pattern == _NO_COLUMN


def _plain(cell: Any) -> str | None:
    return None if cell is None else str(cell)


def _amounts_agree(text: str, cell: Any, unit: int | None) -> bool:
    try:
        shown = Decimal(fold(text).replace(",", "").removesuffix("元").removesuffix("万"))
    except InvalidOperation:
        return False
    return format(float(shown * (unit or WAN) / WAN), ".15g") == format(float(cell), ".15g")
