"""What a cell of a returned workbook says, as the value that its field would hold, and whether that is anything new.

What went out is read back by the form's own `reading`; beyond that, units write as people write: `6月底`, `3项`,
amounts in another unit than the one that went out. What cannot be understood is never guessed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bihuan.intake.form.cells import cell_of, says_nothing
from bihuan.intake.form.names import Names
from bihuan.intake.form.reading import CellFault, read_cell
from bihuan.intake.reading.amounts import read_amount
from bihuan.intake.reading.days import Unclear, read_day
from bihuan.intake.reading.writing import fold_dashes, quote, read_numeral
from bihuan.mechanism.model import Field, FieldKind
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import Value

WAN = 10_000
#: What people write where there is nothing, in cells that hold no free text.
_NOTHING = frozenset({"", "-", "--", "---", "/", "//", "\\", "无", "N/A", "n/a", "NA", "不涉及", "无金额"})
_TEXTS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.PERSON, FieldKind.PLACE})
_COUNT = re.compile(r"(?:共|计)?(-?\d+)(?:\.0+)?(?:项|个|人|次|件|起|名|家|户|条|份|处|笔|人次)?")
_AMOUNT = re.compile(r"(-?[\d.]+)(?:万?元)?")


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell. `unit` is the multiplier to the yuan that a column of amounts names, if it names one.

    `is_rounded` says that the file holds what a screen showed, as a text file does.
    """

    text: str
    unit: int | None = None
    is_rounded: bool = False


def read(field: Field, cell: Cell, names: Names, *, year: int) -> Value:
    """Return the value that the cell gives the field; None for an empty one. Raises `CellFault`."""
    text = cell.text
    if field.kind in _TEXTS and not field.many:
        return read_cell(field, tidy(text), names, year=year)
    if fold_dashes(text) in _NOTHING:
        return None
    special = _OWN.get(field.kind)
    return special(field, cell, names, year) if special and not field.many else read_cell(field, text, names, year=year)


def shows(field: Field, cell: Cell, value: Value, names: Names) -> bool:
    """Tell whether the cell stands as it would for `value`: how a workbook spoils blanks and digits is no change."""
    if says_nothing(cell.text.strip()):
        return True
    shown = cell_of(field, value, names)
    if tidy(cell.text) == tidy("" if shown is None else str(shown)):
        return True
    return field.kind is FieldKind.MONEY and not field.many and _same_amount(cell, value)


def same(field: Field, new: Value, known: Value) -> bool:
    """Tell whether two values of a field are the same for a person."""
    if new == known:
        return True
    if isinstance(new, list) or isinstance(known, list):
        return sorted(map(str, new or ())) == sorted(map(str, known or ()))  # type: ignore[arg-type]
    if isinstance(new, str) and isinstance(known, str) and field.kind in _TEXTS:
        return tidy(new) == tidy(known)
    return new in (None, "") and known in (None, "")


def tidy(text: str) -> str:
    """Return a text as it is kept: one kind of line end, no blanks around it or at the end of its lines."""
    lines = text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def _same_amount(cell: Cell, known: Value) -> bool:
    """Tell whether an amount shows the known fen: in its column's unit, with the 15 digits that a workbook holds."""
    written = _AMOUNT.fullmatch(fold_dashes(cell.text).replace(",", ""))
    if not isinstance(known, int) or isinstance(known, bool) or written is None:
        return False
    try:
        shown = Decimal(written[1])
    except InvalidOperation:
        return False
    whole = Decimal(known) / 100 / (cell.unit or WAN)
    if format(float(shown), ".15g") == format(float(whole), ".15g"):
        return True
    places = -int(shown.as_tuple().exponent)
    return cell.is_rounded and places >= 2 and whole.quantize(shown) == shown


def _money(field: Field, cell: Cell, names: Names, year: int) -> int:
    amount = read_amount(cell.text, unit=cell.unit)
    if amount.yuan is None:
        raise CellFault(amount.fault or Sentence(N_("“%(text)s” is not one amount of money."), {"text": cell.text}))
    fen = Decimal(amount.yuan) * 100
    if fen != fen.to_integral_value() or abs(fen) > 10**17:
        pattern = N_("“%(text)s” is finer than a fen, or more than any ledger holds; look at the unit of the amount.")
        raise CellFault(Sentence(pattern, {"text": quote(cell.text)}))
    return int(fen)


def _number(field: Field, cell: Cell, names: Names, year: int) -> int:
    folded = fold_dashes(cell.text).replace(",", "")
    found = _COUNT.fullmatch(folded)
    number = int(found[1]) if found and len(found[1]) < 18 else read_numeral(folded)
    if number is None:
        raise CellFault(Sentence(N_("“%(text)s” is not a whole number."), {"text": quote(cell.text)}))
    return number


def _day(field: Field, cell: Cell, names: Names, year: int) -> str:
    try:
        found = read_day(cell.text, year=year)
    except Unclear:
        found = None
    if found is None:
        pattern = N_("“%(text)s” does not name one day; write one such as 2026-06-30.")
        raise CellFault(Sentence(pattern, {"text": quote(cell.text)}))
    return found.isoformat()


_OWN: Mapping[FieldKind, Callable[[Field, Cell, Names, int], str | int]] = {
    FieldKind.MONEY: _money,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _day,
}
