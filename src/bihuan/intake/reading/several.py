"""Several values in one cell, where what stands between them may also stand inside one (住房、子女、配偶)."""

import re
from collections.abc import Callable, Hashable
from typing import TypeVar

_BREAKS = re.compile(r"\s*[、,，;；\n]+\s*")
_MOST = 60

T = TypeVar("T", bound=Hashable)


def read_several(text: str, read: Callable[[str], T | None]) -> tuple[list[T], str]:
    """Return the values that `text` names, and the first part of it that names none ('' where all do).

    `read` gives the value of a part, or None. The longest part that is one is taken first.
    """
    body = text.strip().strip("、,，;；")
    breaks = [(found.start(), found.end()) for found in _BREAKS.finditer(body)][:_MOST]
    starts, ends = [0, *(end for _, end in breaks)], [*(start for start, _ in breaks), len(body)]
    values: dict[T, None] = {}
    first = 0
    while first < len(starts):
        for last in range(len(ends) - 1, first - 1, -1):
            if (value := read(body[starts[first] : ends[last]])) is not None:
                values[value] = None
                first = last + 1
                break
        else:
            return [], body[starts[first] : ends[first]]
    return list(values), ""


def split_several(text: str) -> list[str]:
    """Return the parts of `text`, where nothing says which texts there are."""
    return [part for each in _BREAKS.split(text) if (part := each.strip())]
