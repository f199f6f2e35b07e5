"""The names that the expressions of a mechanism can use, with their values for one matter."""

from collections.abc import Mapping
from typing import Any

from .model import Mechanism
from .state import State, Value


def environment(mechanism: Mechanism, state: State, values: Mapping[str, Value]) -> dict[str, Any]:
    """Return name → value: every field (None when unset), the built-in names, then the computed values."""
    known: dict[str, Any] = {key: values.get(key) for key in mechanism.fields}
    known |= {
        "stage": state.stage,
        "assertion": state.assertion or None,
        "recognition": state.recognition or None,
        "open": state.is_open,
        "open_children": state.open_children,
    }
    for computed in mechanism.computed.values():  # declared in the order in which they depend on each other
        known[computed.key] = computed.value.evaluate(known)
    return known
