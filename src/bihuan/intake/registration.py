"""From the values of a row to a matter that can be registered, or to the problems that stand in the way.

Pure: the mechanism's fields say what shape each value must have, and nothing is guessed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from bihuan.directory.models import Unit
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.model import Field, FieldKind, Mechanism
from bihuan.mechanism.sentence import N_, Listed, Sentence
from bihuan.mechanism.state import Value
from bihuan.mechanism.values import LINE, TEXT

from .layouts import Landing
from .reading import Problem


@dataclass(frozen=True, slots=True)
class Landed:
    """A row as a matter will hold it: the fields' values, JSON-shaped (see `FieldKind`), and the unit's own word."""

    values: Mapping[str, Value]
    assertion: str = ""

    @property
    def given(self) -> dict[str, Value]:
        """Everything that the row says of its matter, the unit's own word under `assertion`."""
        return {**self.values, ASSERTION: self.assertion or None}


#: The name under which the unit's own word stands among the values of `Landed.given`.
ASSERTION = "assertion:"


class _Faulty(Exception):
    def __init__(self, message: Sentence) -> None:
        super().__init__(message.pattern)
        self.message = message


@dataclass(frozen=True)
class Units:
    """Units by key and by full name, asked for many rows; a name that two units have means none of them.

    Units that ended are found last: what a matter still holds has a name, though nothing new may be given to them.
    """

    organisation: Organisation
    _kept: dict[str, Unit | None] = field(default_factory=dict)

    def find(self, text: str) -> Unit | None:
        if text not in self._kept:
            self._kept[text] = self._named.get(text) or self.organisation.by_key.get(text) or self._gone.get(text)
        return self._kept[text]

    @cached_property
    def _named(self) -> dict[str, Unit | None]:
        named: dict[str, Unit | None] = {}
        for unit in self.organisation.units:
            named[unit.name] = None if unit.name in named else unit
        return named

    @cached_property
    def _gone(self) -> dict[str, Unit]:
        return {text: unit for unit in self.organisation.gone for text in (unit.key, unit.name)}


def registration(
    values: Mapping[str, Any],
    mechanism: Mechanism,
    units: Units,
    landing: Landing,
    labels: Mapping[str, str] | None = None,
    *,
    guesses: bool = True,
) -> Landed | tuple[Problem, ...]:
    """Return what would be registered for the read `values`, or every problem with them.

    `values` are shaped as reading gives them: amounts are decimal strings in yuan, units full names (or
    keys), days ISO. Values that the mechanism has no field for are left out. `labels` are the columns' labels.
    Unless it `guesses`, a class that is not written is not taken from the words of the deadline.
    """
    made: dict[str, Value] = {}
    problems: list[Problem] = []
    for key, value in values.items():
        declared = mechanism.fields.get(key)
        if declared is None or value is None or value == "" or value == []:
            continue
        try:
            made[key] = _shaped(declared, value, units)
        except _Faulty as faulty:
            problems.append(Problem(key, (labels or {}).get(key, ""), faulty.message))
    if problems:
        return tuple(problems)
    if guesses:
        _add_class(made, mechanism, landing, values.get("due_rule"))
    word = str(values.get(landing.assertion) or "") if landing.assertion else ""
    return Landed(made, word if word in mechanism.assertions else "")


def _add_class(made: dict[str, Value], mechanism: Mechanism, landing: Landing, rule: Any) -> None:
    klass = mechanism.deadline.by_class
    if klass and not made.get(klass) and isinstance(rule, str):
        said = landing.class_of(rule)
        if said in mechanism.fields[klass].choice_keys:
            made[klass] = said


def _shaped(declared: Field, value: Any, units: Units) -> Value:
    shape = _SHAPES.get(declared.kind, _text)
    if declared.many:
        listed = value if isinstance(value, list) else [value]
        return [str(shape(declared, each, units)) for each in listed]
    return shape(declared, value, units)


def _money(declared: Field, value: Any, units: Units) -> int:
    try:
        fen = Decimal(str(value).replace(",", "")) * 100
    except InvalidOperation:
        raise _faulty(N_("“%(text)s” is not an amount in yuan such as 12345.60."), value) from None
    if not fen.is_finite() or fen != fen.to_integral_value():
        raise _faulty(N_("“%(text)s” yuan is finer than a fen; write at most two decimals."), value)
    if abs(fen) > 10**17:
        raise _faulty(N_("“%(text)s” yuan is more than any ledger holds; look at the unit of the amount."), value)
    return int(fen)


def _number(declared: Field, value: Any, units: Units) -> int:
    try:
        return int(str(value))
    except ValueError:
        raise _faulty(N_("“%(text)s” is not a whole number."), value) from None


def _unit(declared: Field, value: Any, units: Units) -> str:
    unit = units.find(str(value))
    if unit is None:
        raise _faulty(N_("“%(text)s” is not the full name of exactly one unit that exists today."), value)
    return unit.key


def _choice(declared: Field, value: Any, units: Units) -> str:
    if value not in declared.choice_keys:
        known = Listed.of(choice.label for choice in declared.choices)
        pattern = N_("“%(text)s” cannot be chosen here; what can: %(known)s.")
        raise _Faulty(Sentence(pattern, {"text": _cut(value), "known": known}))
    return str(value)


def _text(declared: Field, value: Any, units: Units) -> str:
    text = str(value)
    limit = TEXT if declared.kind is FieldKind.LONG_TEXT else LINE
    if len(text) > limit:
        raise _Faulty(
            Sentence(
                N_("“%(text)s” has %(length)d characters; at most %(limit)d fit here."),
                {"text": _cut(text), "length": len(text), "limit": limit},
            )
        )
    return text.replace("\x00", "")


def _faulty(pattern: str, value: Any) -> _Faulty:
    return _Faulty(Sentence(pattern, {"text": _cut(value)}))


def _cut(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:79] + "…"


_SHAPES: Mapping[FieldKind, Callable[[Field, Any, Units], str | int]] = {
    FieldKind.MONEY: _money,
    FieldKind.NUMBER: _number,
    FieldKind.UNIT: _unit,
    FieldKind.CHOICE: _choice,
}
