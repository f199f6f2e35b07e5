"""The texts of a row in the table: values, cells and problems as JSON, and back.

A problem is kept as its pattern and what fills it, so that it can be read in any language later.
"""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from bihuan.mechanism.model import Label
from bihuan.mechanism.sentence import Listed, Sentence

from .models import IntakeRow
from .reading import Problem

#: What is left of a row of which nothing is to be known any more: its place, its key and what became of it.
CLEARED = {"salt": "", "mark": "", "prints": "", "values": "", "cells": "", "problems": ""}


#: Made once: `json.dumps` makes a new one for each text that is not written in its default form.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Texts(NamedTuple):
    """A stored row as far as it takes to enter it; without the cost of a model where there are thousands."""

    pk: int
    sheet_no: int
    key: str
    salt: str
    mark: str
    values: str
    cells: str


def values_of(row: IntakeRow | Texts) -> dict[str, Any]:
    """Return the row's values as they were read; empty once cleared."""
    return json.loads(row.values) if row.values else {}


def cells_of(row: IntakeRow | Texts) -> list[str]:
    """Return the texts of the row's cells, in the order of its sheet's columns; empty once cleared."""
    return json.loads(row.cells) if row.cells else []


def problems_of(row: IntakeRow) -> list[Problem]:
    """Return why the row waits."""
    made = json.loads(row.problems) if row.problems else []
    return [Problem(field, column, opened(message)) for field, column, message in made]


def dump(value: Any) -> str:
    return _ENCODER.encode(value)


def dump_problems(problems: Iterable[Problem]) -> str:
    """Return the text that `problems_of` reads; '' for none."""
    made = [[each.field, each.column, packed(each.message)] for each in problems]
    return dump(made) if made else ""


def packed(value: Any) -> Any:
    """Return a sentence (or what fills one) as JSON values, so that it can be read in any language later."""
    if isinstance(value, Sentence):
        return {"sentence": value.pattern, "values": {key: packed(each) for key, each in value.values.items()}}
    if isinstance(value, Label):
        return {"zh": value.zh, "en": value.en}
    if isinstance(value, Listed):
        return {"listed": [packed(each) for each in value.names]}
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | str | None) else str(value)


def opened(value: Any) -> Any:
    """Return what `packed` was given."""
    if not isinstance(value, dict):
        return value
    if "sentence" in value:
        return Sentence(value["sentence"], {key: opened(each) for key, each in value["values"].items()})
    if "listed" in value:
        return Listed(tuple(opened(each) for each in value["listed"]))
    return Label(value["zh"], value["en"])
