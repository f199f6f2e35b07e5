"""What a cell of the ledger's own form says: the value that was written into it, or what a person wrote there."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from bihuan.mechanism.model import Field, FieldKind
from bihuan.mechanism.sentence import N_, Listed, Sentence
from bihuan.mechanism.state import Value
from bihuan.mechanism.values import LINE, TEXT

from ..reading.amounts import read_amount
from ..reading.days import Unclear, read_full_day
from ..reading.parties import read_assisting
from ..reading.several import read_several
from ..reading.writing import fold, quote
from .cells import choice_names
from .names import Names

_WAN = 10_000


class CellFault(Exception):
    """A cell that says no value of its field. `sentence` says what is wrong and what would be right."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.pattern)
        self.sentence = sentence


def read_cell(field: Field, text: str, names: Names, *, year: int) -> Value:
    """Return the value (JSON-shaped, see `FieldKind`) that the cell's text says; None for a blank cell.

    `text` is as the intake's child process gives it: numbers and days of the workbook in plain writing. `year`
    supplies one that a day lacks. Raises `CellFault`.
    """
    if text == "" or (text.isspace() and field.kind not in _FREE):
        return None
    if field.many:
        return _many(field, text, names)
    return _READERS.get(field.kind, _text)(field, text, names, year)


def _many(field: Field, text: str, names: Names) -> Value:
    if field.kind is FieldKind.UNIT:
        return [*dict.fromkeys(_units(field, text, names))] or None
    reader = _READERS.get(field.kind, _text)
    if field.kind in (FieldKind.CHOICE, FieldKind.ENTRY):
        found, strange = read_several(text, lambda part: _tried(reader, field, part, names))
        return found or ([str(reader(field, strange, names, 0))] if strange.strip() else None)
    parts = text.split("\n") if "\n" in text else text.split("、")
    return [str(reader(field, part, names, 0)) for part in parts if part.strip()] or None


def _tried(reader: Callable[[Field, str, Names, int], str | int], field: Field, text: str, names: Names) -> str | None:
    try:
        return str(reader(field, text, names, 0))
    except CellFault:
        return None


def _text(field: Field, text: str, names: Names, year: int) -> str:
    limit = TEXT if field.kind is FieldKind.LONG_TEXT else LINE
    if len(text) > limit:
        pattern = N_("“%(text)s” has %(length)d characters; at most %(limit)d fit here.")
        raise CellFault(Sentence(pattern, {"text": quote(text)[:80], "length": len(text), "limit": limit}))
    return text


def _money(field: Field, text: str, names: Names, year: int) -> int:
    amount = read_amount(text, unit=_WAN)
    if amount.yuan is None:
        assert amount.fault is not None
        raise CellFault(amount.fault)
    fen = Decimal(amount.yuan) * 100
    if fen != fen.to_integral_value():
        raise _fault(N_("“%(text)s” is finer than a fen; in 10,000 yuan write at most six decimals."), text)
    if abs(fen) > 10**17:
        raise _fault(N_("“%(text)s” is more than any ledger holds; amounts here are in 10,000 yuan."), text)
    return int(fen)


def _number(field: Field, text: str, names: Names, year: int) -> int:
    try:
        return int(fold(text))
    except ValueError:
        raise _fault(N_("“%(text)s” is not a whole number."), text) from None


def _date(field: Field, text: str, names: Names, year: int) -> str:
    found = _iso_day(text.strip()) or _written_day(text, year)
    if found is None:
        raise _fault(N_("“%(text)s” is not a day; write one such as 2026-06-30."), text)
    return found.isoformat()


def _iso_day(text: str) -> date | None:
    """A workbook's own day comes as ISO; unlike a typed one it may lie in any year."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _written_day(text: str, year: int) -> date | None:
    try:
        return read_full_day(text, year=year)
    except Unclear:
        return None


def _choice(field: Field, text: str, names: Names, year: int) -> str:
    wanted = fold(text)
    named = choice_names(field)
    for key, name in named.items():
        if wanted == fold(name):
            return key
    for choice in field.choices:
        if wanted in (choice.key, fold(choice.label.en)):
            return choice.key
    pattern = N_("“%(text)s” cannot be chosen here; what can: %(known)s.")
    known = Listed.of(choice.label for choice in field.choices)
    raise CellFault(Sentence(pattern, {"text": quote(text)[:80], "known": known}))


def _unit(field: Field, text: str, names: Names, year: int) -> str:
    if key := names.unit_keys.get(text.strip()) or (text.strip() if text.strip() in names.units else None):
        return key
    if unit := names.index.find(text).unit:
        return unit.key
    raise CellFault(names.index.explain(text))


def _units(field: Field, text: str, names: Names) -> list[str]:
    """Several units; a separator may stand inside a name, so that known names are looked for."""
    parts = [part for part in (text.split("\n") if "\n" in text.strip() else text.split("、")) if part.strip()]
    try:
        return [_unit(field, part, names, 0) for part in parts]
    except CellFault:
        found = read_assisting(text, names.index)
        if found.assisting_fault:
            raise CellFault(found.assisting_fault) from None
        return [unit.key for unit in found.assisting]


def _entry(field: Field, text: str, names: Names, year: int) -> str:
    register = field.register or ""
    wanted = text.strip()
    if key := names.entry_keys.get(register, {}).get(wanted):
        return key
    if wanted in names.entries.get(register, {}):
        return wanted
    raise _fault(N_("“%(text)s” is not an entry of the register; write its name as it stands there."), text)


def _fault(pattern: str, text: str) -> CellFault:
    return CellFault(Sentence(pattern, {"text": quote(text)[:80]}))


_FREE = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.PERSON, FieldKind.PLACE})
_READERS: dict[FieldKind, Callable[[Field, str, Names, int], str | int]] = {
    FieldKind.MONEY: _money,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.UNIT: _unit,
    FieldKind.ENTRY: _entry,
}
