"""Handing a matter over to other units or people: what is open when a unit ends or a person leaves a post.

It moves no stage and no deadline, and it is nobody's work on the matter: only who is named in it changes.
"""

from collections.abc import Mapping
from typing import Any

from .decide import parties
from .model import FieldKind, Mechanism
from .state import Draft, Private, State, Value
from .values import sealed


def hand_over(
    mechanism: Mechanism,
    state: State,
    *,
    units: Mapping[str, str] | None = None,
    people: Mapping[str, str] | None = None,
    reason: str = "",
) -> Draft | None:
    """Return the event in which new units (old key → new key) and people (old name → new name) stand for the old.

    None when the matter names none of them, or has ended: what is closed stays with whom it was closed.
    """
    if not state.is_open:
        return None
    units, people = dict(units or {}), dict(people or {})
    changed: dict[str, Value] = {}
    for key, field in mechanism.fields.items():
        names = {FieldKind.UNIT: units, FieldKind.PERSON: people}.get(field.kind)
        old = state.values.get(key)
        if names and old is not None and (new := _replaced(old, names)) != old:
            changed[key] = new
    body: dict[str, Any] = {}
    if changed:
        body["set"] = sealed(mechanism.fields, changed)
    if units.keys() & {unit for keys in state.parties.values() for unit in keys}:
        body["parties"] = parties(mechanism, {**state.values, **changed})
    if state.supervising in units:
        body["supervising"] = units[str(state.supervising)]
    if not body and not units.keys() & set(state.spread):
        return None
    return Draft("handed_over", _told(state, units, people) | body | ({"reason": Private(reason)} if reason else {}))


def _told(state: State, units: Mapping[str, str], people: Mapping[str, str]) -> dict[str, Any]:
    """What was asked for, as far as the matter is concerned; names of people stay erasable."""
    told: dict[str, Any] = {}
    met: set[object] = {key for keys in state.parties.values() for key in keys} | {state.supervising, *state.spread}
    for value in state.values.values():
        met.update(value if isinstance(value, list) else [value])
    if moved := {old: new for old, new in units.items() if old in met}:
        told["units"] = moved
    if gone := [[Private(old), Private(new)] for old, new in people.items() if old in met]:
        told["people"] = gone
    return told


def _replaced(value: Value, names: Mapping[str, str]) -> Value:
    if isinstance(value, list):
        return list(dict.fromkeys(names.get(each, each) for each in value)) if names.keys() & set(value) else value
    return names.get(value, value) if isinstance(value, str) else value
