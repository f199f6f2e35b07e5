"""What a row of the ledger's own form says beside its fields: of which matter it is, and as of which version.

These stand among a row's values under names that no field can have, since they end in a colon.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..reading.writing import fold

#: The matter's number; the version that it had when the row went out; fields whose cell held only a notice.
NUMBER, VERSION, UNTOLD = "number:", "version:", "untold:"

_KEY = "matter:"
_NUMBER = re.compile(r"([0-9A-HJKMNP-TV-Z]{4})-?([0-9A-HJKMNP-TV-Z]{4})")


@dataclass(frozen=True, slots=True)
class Own:
    """`names` are the fields that the row tells of its matter; `version` that of the matter when it went out."""

    names: tuple[str, ...]
    version: int | None


def read_number(text: str) -> str | None:
    """Return the matter number that a cell says, or None where it has not the form of one."""
    found = _NUMBER.fullmatch(fold(text).upper())
    return f"{found[1]}-{found[2]}" if found else None


def key_of_number(number: str) -> str:
    """Return the key that a row is known by which names its matter."""
    return _KEY + number


def number_of_key(key: str) -> str | None:
    """Return the matter number in a row's key, or None where it is known by something else."""
    return key.removeprefix(_KEY) if key.startswith(_KEY) else None


def own_of(values: Mapping[str, Any], fields: Mapping[str, str]) -> Own | None:
    """Return what a row with these values tells of its matter, or None where it names none.

    `fields` are those that its sheet has a column for.
    """
    if not values.get(NUMBER):
        return None
    untold = values.get(UNTOLD) or ()
    version = values.get(VERSION)
    return Own(tuple(key for key in fields if key not in untold), int(version) if version else None)
