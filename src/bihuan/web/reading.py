"""From typed texts to values and back, field by field."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.directory.organisation import Organisation
from bihuan.intake.reading.days import Unclear, read_day
from bihuan.mechanism.model import Field, FieldKind
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import Value

from .money import MoneyProblem, read_money, typed_wan
from .showing import unit_name
from .units import UnitProblem, find_unit

_WHOLE = re.compile(r"[+-]?\d{1,17}")


class TypedProblem(Exception):
    """A text that means no value of its field; `sentence` says what would be right."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads with the units of today; `year` stands in for a day typed without one."""

    organisation: Organisation
    year: int

    def value(self, field: Field, texts: Sequence[str], money_unit: str) -> Value:
        """Return the value (JSON shaped) that `texts` mean; None for nothing. Raises `TypedProblem`."""
        filled = [text.replace("\r\n", "\n") for text in texts if text.strip()]
        if field.many:
            return list(dict.fromkeys(str(self._one(field, text, money_unit)) for text in filled)) or None
        return self._one(field, filled[0], money_unit) if filled else None

    def typed(self, field: Field, value: Value) -> tuple[str, ...]:
        """Return `value` as a person would type it."""
        if value is None:
            return ()
        each = value if isinstance(value, list) else [value]
        return tuple(self._shown(field, one) for one in each)

    def _shown(self, field: Field, value: str | int) -> str:
        if field.kind is FieldKind.MONEY and isinstance(value, int):
            return typed_wan(value)
        return unit_name(str(value), self.organisation) if field.kind is FieldKind.UNIT else str(value)

    def _one(self, field: Field, text: str, money_unit: str) -> str | int:
        try:
            match field.kind:
                case FieldKind.MONEY:
                    return read_money(text, money_unit)
                case FieldKind.UNIT:
                    return find_unit(text, self.organisation).key
                case FieldKind.NUMBER:
                    return _number(text)
                case FieldKind.DATE:
                    return _day(text, self.year)
        except (MoneyProblem, UnitProblem) as problem:
            raise TypedProblem(problem.sentence) from None
        return text


def _number(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    if not _WHOLE.fullmatch(plain):
        raise TypedProblem(Sentence(N_("“%(text)s” is not a whole number."), {"text": text[:40]}))
    return int(plain)


def _day(text: str, year: int) -> str:
    try:
        day = read_day(text, year=year)
    except Unclear:
        day = None
    if day is None:
        raise TypedProblem(Sentence(N_("“%(text)s” is not a day; write it like 2026-06-30."), {"text": text[:40]}))
    return day.isoformat()
