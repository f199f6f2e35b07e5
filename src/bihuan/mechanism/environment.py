"""The names that the expressions of a mechanism can use, with their values for one matter."""

from collections.abc import Mapping
from typing import Any

from .model import Measure, Mechanism, Total
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
