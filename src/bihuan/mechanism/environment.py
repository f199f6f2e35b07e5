"""The names that the expressions of a mechanism can use, with their values for one matter."""

from collections.abc import Mapping
from typing import Any

from .expression.types import Kind
from .model import FieldKind, Measure, Mechanism, Total
from .state import State, Value


def environment(mechanism: Mechanism, state: State, values: Mapping[str, Value]) -> dict[str, Any]:
    """Return name → value: every field (None when unset), the built-in names, the totals, then the computed values."""
    known: dict[str, Any] = {key: values.get(key) for key in mechanism.fields}
    known |= {
        "stage": state.stage,
        "assertion": state.assertion or None,
        "recognition": state.recognition or None,
        "open": state.is_open,
        "open_children": state.open_children,
        "children": state.children,
        "raised": state.raised,
    }
    known |= {key: total_of(total, state) for key, total in mechanism.totals.items()}
    for computed in mechanism.computed.values():  # declared in the order in which they depend on each other
        known[computed.key] = computed.value.evaluate(known)
    return known


def total_of(total: Total, state: State) -> int:
    """Return the number of entries, or what they add up to (fen for money); a redacted value counts as 0."""
    entries = state.records.get(total.record, {}).values()
    if total.measure is Measure.COUNT:
        return len(entries)
    return sum(value for entry in entries if isinstance(value := entry.get(total.field or ""), int))


def is_money(mechanism: Mechanism, name: str) -> bool:
    """Whether a field, total or computed value is an amount in fen: one that is made of amounts alone is one."""
    if (field := mechanism.fields.get(name)) is not None:
        return field.kind is FieldKind.MONEY
    if (total := mechanism.totals.get(name)) is not None:
        summed = mechanism.records[total.record].field(total.field or "")
        return summed is not None and summed.kind is FieldKind.MONEY
    computed = mechanism.computed.get(name)
    if computed is None or computed.value.type.kind is not Kind.INT:
        return False
    names = computed.value.names
    return bool(names) and all(is_money(mechanism, each) for each in names)


def has_ground(mechanism: Mechanism, name: str, state: State) -> bool:
    """Whether anything that was given stands behind a field, a total or a computed value."""
    if (total := mechanism.totals.get(name)) is not None:
        return bool(state.records.get(total.record))
    if (computed := mechanism.computed.get(name)) is not None:
        return any(has_ground(mechanism, each, state) for each in computed.value.names)
    return state.values.get(name) is not None
