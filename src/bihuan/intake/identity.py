"""What a row is known by, so that the same finding is never registered twice.

A finding is known by its project and its number. Without both, it is known by what was found and where: the
values that the pack names (`same` in its `intake.toml`), which an edit of progress, status or dates leaves alone.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bihuan.mechanism.model import Mechanism

from .layouts import has_layout, landing_of
from .reading.writing import fold

#: The claim space of what came, or could come, out of a ledger.
SPACE = "finding"


def key_of(mechanism: Mechanism, same: Sequence[str], values: Mapping[str, Any], cells: Sequence[str] = ()) -> str:
    """Return the key of a row with these values; `cells` stand in for a row that says nothing of what was found."""
    index = mechanism.index
    number, project = _told(values, index.number), _told(values, index.project)
    if number and project:
        return _hashed(mechanism.key, "number", project, number)
    names = same or (index.project or "", index.title, index.body or "", index.responsible)
    if _told(values, index.title) or _told(values, index.body):
        return _hashed(mechanism.key, "text", *(_told(values, name) for name in names))
    return _hashed(mechanism.key, "cells", *map(fold, cells))


def apart(key: str, number: str) -> str:
    """Return the key of another row with the same text, told apart by its own number."""
    return _hashed(key, fold(number))


def claims_of(mechanism: Mechanism, values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the claims of a matter registered by hand, so that an import knows it; none if it has no number.

    Give them to `Entering.claims`.
    """
    number, project = _told(values, mechanism.index.number), _told(values, mechanism.index.project)
    if not (number and project and has_layout(mechanism.key)):
        return ()
    return ((SPACE, key_of(mechanism, landing_of(mechanism.key).same, values)),)


def mapping_text(sheet: Any) -> str:
    """Return what the cells of a sheet are read by, as one text: mapped otherwise, the same cells say other things."""
    return json.dumps([dict(sheet.mapping), dict(sheet.anchors)], ensure_ascii=False, sort_keys=True)


def new_salt() -> str:
    return os.urandom(8).hex()


def mark_of(salt: str, cells: str, mapping: str) -> str:
    """Return the print of a row's cells (as JSON) under a mapping: equal means that nothing was edited."""
    return _print(salt, f"{mapping}\n{cells}")


def prints_of(salt: str, given: Mapping[str, Any]) -> dict[str, str]:
    """Return field → print of its value, for the fields that have one."""
    fresh = hashlib.blake2b(key=salt.encode(), digest_size=8)
    prints = {}
    for name, value in given.items():
        if value is not None and value != "" and value != []:
            one = fresh.copy()
            one.update(_plain(value).encode("utf-8", "surrogatepass"))
            prints[name] = one.hexdigest()
    return prints


def edited(salt: str, prints: Mapping[str, str], given: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """Return those of `names` whose value is another than the one that `prints` were taken of."""
    now = prints_of(salt, given)
    return [name for name in names if now.get(name) != prints.get(name)]


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "\x1f".join(value) if isinstance(value, list) else str(value)


def _print(salt: str, text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=salt.encode(), digest_size=8).hexdigest()


def _told(values: Mapping[str, Any], name: str | None) -> str:
    value = values.get(name) if name else None
    return fold(str(value)) if value else ""


def _hashed(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
