"""Values as people read them. What was erased by law says so; it is never shown as merely empty."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bihuan.directory.models import Entry, Unit
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.environment import environment, has_ground, is_money
from bihuan.mechanism.model import Computed, Field, FieldKind, Label, Mechanism, Total
from bihuan.mechanism.sentence import N_, Listed, Named, Sentence
from bihuan.mechanism.state import State

from .money import in_wan, in_yuan

#: Stands where a value was erased.
GONE = Sentence(N_("[deleted by law]"))
#: Stands where there is no value.
NONE = "—"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in fen, in the unit that each language counts in."""

    fen: int

    def text(self, language: str) -> str:
        return f"¥{in_yuan(self.fen)}" if language.startswith("en") else f"{in_wan(self.fen)}万元"


@dataclass(frozen=True, slots=True)
class Shown:
    """A field with its value in words. `long` values keep their lines."""

    key: str
    label: Label
    value: Sentence | Named | str
    long: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together; `label` is None for those of no group."""

    label: Label | None
    fields: tuple[Shown, ...]


def value_words(field: Field, value: Any, organisation: Organisation) -> Sentence | Named | str:
    """Return `value` (JSON shaped) of `field` as people read it."""
    if value is None or value == []:
        return NONE
    if isinstance(value, list):
        return Listed.of(_one(field, each, organisation) for each in value)
    return _one(field, value, organisation)


def _one(field: Field, value: Any, organisation: Organisation) -> Named | str:
    match field.kind:
        case FieldKind.MONEY:
            return Money(value)
        case FieldKind.UNIT:
            return unit_name(str(value), organisation)
        case FieldKind.CHOICE:
            return next((each.label for each in field.choices if each.key == value), str(value))
        case FieldKind.ENTRY:
            entry = Entry.objects.filter(register__key=field.register, key=value).first()
            return entry.name if entry else str(value)
    return str(value)


def unit_name(key: str, organisation: Organisation) -> str:
    """Return the unit's name, also when it no longer exists today."""
    unit = organisation.by_key.get(key) or Unit.objects.filter(key=key).first()
    return unit.name if unit else key


def groups(mechanism: Mechanism, state: State, erased: frozenset[str], organisation: Organisation) -> list[Group]:
    """Return the fields that hold a value or held one that was erased, by group; a computed value stands last in
    the group of the fields that it follows from."""
    named = [*mechanism.groups, None]
    by_group: dict[str | None, list[Shown]] = {key: [] for key in named}
    for field in mechanism.fields.values():
        if (shown := _shown(field, state, erased, organisation)) is not None:
            by_group[field.group].append(shown)
    for group, shown in _computed(mechanism, state):
        by_group[group].append(shown)
    return [Group(mechanism.groups[key] if key else None, tuple(shown)) for key, shown in by_group.items() if shown]


def _shown(field: Field, state: State, erased: frozenset[str], organisation: Organisation) -> Shown | None:
    value = state.values.get(field.key)
    if value is None:
        return Shown(field.key, field.label, GONE) if field.key in erased else None
    long = field.kind is FieldKind.LONG_TEXT
    return Shown(field.key, field.label, value_words(field, value, organisation), long)


def _computed(mechanism: Mechanism, state: State) -> Iterator[tuple[str | None, Shown]]:
    """Yield totals and computed values with the group of the field that they follow from last."""
    known = environment(mechanism, state, state.values)
    declared: dict[str, Computed | Total] = {**mechanism.totals, **mechanism.computed}
    for key, each in declared.items():
        if has_ground(mechanism, key, state):
            names = each.value.names if isinstance(each, Computed) else ()
            fields = [mechanism.fields[name] for name in names if name in mechanism.fields]
            yield fields[-1].group if fields else None, Shown(key, each.label, _counted(mechanism, key, known[key]))


def _counted(mechanism: Mechanism, key: str, value: Any) -> Sentence | Named | str:
    """A sum of amounts is an amount, a condition is yes or no; anything else that is counted is a number."""
    if isinstance(value, bool):
        return Sentence(N_("yes") if value else N_("no"))
    return Money(value) if is_money(mechanism, key) else str(value)
