"""What stands in a cell for a value, so that `reading` gives the same value back."""

import re
from datetime import date
from decimal import Decimal

from bihuan.mechanism.model import Field, FieldKind
from bihuan.mechanism.state import Value

from .names import Names

#: What a cell can be: text, a number, a day, or blank.
Cell = str | int | float | date | None

#: How much text a cell holds, in UTF-16 units, as Excel counts.
LONGEST = 32_767
#: Stands where a value was erased by law. It says nothing when it comes back.
ERASED = "〔已依法删除〕"

_TOO_LONG = "〔全文共{length}字，超过单元格容量，请在系统中查看，请勿改动本格〕"
_IS_TOO_LONG = re.compile(_TOO_LONG.format(length=r"\d+"))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FEN = 1_000_000  # a 万元
_DIGITS = 15  # more a workbook's numbers do not hold
_FIRST_DAY = date(1900, 3, 1)  # Excel counts a 29 February 1900 that never was
_FREE = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.PERSON, FieldKind.PLACE})


def cell_of(field: Field, value: Value, names: Names) -> Cell:
    """Return what a cell holds for `value` (JSON-shaped, see `FieldKind`) of `field`."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, list):
        return fitting(_joined([str(_one(field, each, names)) for each in value]))
    return _one(field, value, names)


def choice_names(field: Field) -> dict[str, str]:
    """Return key → name of the field's choices; where two share a name, each has its key behind it."""
    labels = [choice.label.zh for choice in field.choices]
    return {
        choice.key: choice.label.zh if labels.count(choice.label.zh) == 1 else f"{choice.label.zh}〔{choice.key}〕"
        for choice in field.choices
    }


def wan(fen: int) -> Cell:
    """Return an amount in 万元 as an exact number, or as text where a workbook's number could not hold its digits."""
    amount = (Decimal(fen) / _FEN).normalize()
    if len(amount.as_tuple().digits) > _DIGITS:
        return format(amount, "f")
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def count(number: int) -> Cell:
    return number if abs(number) < 10**_DIGITS else str(number)


def day(value: date) -> Cell:
    """Return a day as a workbook's date, or as text before its calendar begins."""
    return value if value >= _FIRST_DAY else value.isoformat()


def fitting(text: str) -> str:
    """Return `text` with what no workbook can hold made visible, or a notice where it is too long for a cell."""
    clean = _CONTROL.sub(lambda found: _visible(found.group()), text)
    if len(clean) <= LONGEST // 2 or len(clean.encode("utf-16-le")) // 2 <= LONGEST:
        return clean
    return _TOO_LONG.format(length=len(text))


def says_nothing(text: str) -> bool:
    """Whether a cell holds a notice in place of a value."""
    return text == ERASED or is_too_long(text)


def is_too_long(text: str) -> bool:
    """Whether a cell holds the notice of a text that did not fit."""
    return _IS_TOO_LONG.fullmatch(text) is not None


def _one(field: Field, value: str | int, names: Names) -> Cell:
    match field.kind:
        case FieldKind.MONEY:
            return wan(int(value))
        case FieldKind.NUMBER:
            return count(int(value))
        case FieldKind.DATE:
            return day(date.fromisoformat(str(value)))
        case FieldKind.CHOICE:
            return choice_names(field).get(str(value), str(value))
        case FieldKind.UNIT:
            return names.units.get(str(value), str(value))
        case FieldKind.ENTRY:
            return names.entries.get(field.register or "", {}).get(str(value), str(value))
    return fitting(str(value))


def _joined(parts: list[str]) -> str:
    """Return several values as one text; one to a line where the mark between them stands in one of them."""
    return "、".join(parts) if not any("、" in part or "\n" in part for part in parts) else _lines(parts)


def _lines(parts: list[str]) -> str:
    return "".join(part.replace("\n", " ") + "\n" for part in parts)


def _visible(control: str) -> str:
    code = ord(control)
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"


def text_of(cell: Cell) -> str:
    """Return a cell as the intake's child process gives it back from a workbook."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return format(Decimal(format(cell, ".15g")), "f")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
