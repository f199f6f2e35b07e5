"""The cells of the Ledger's rows, in the reader's words. One query for a page, whatever its rows and columns."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext

from bihuan.directory.models import Entry
from bihuan.directory.organisation import Organisation
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import pinned
from bihuan.mechanism.model import Field, FieldKind
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import State

from ..lateness import Lateness
from ..money import column_wan
from ..rows import Row
from ..showing import GONE
from ..speaking import language, say
from .columns import Column

_SENT_BACK = Sentence(N_("sent back"))
_ASKED = Sentence(N_("extension asked for"))
Tag = tuple[str, str]
_CLASSES = {"money": "right number", "number": "right number", "day": "c-day", "long": "c-long"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, and the (tone, word) of what stands beside it as a tag. `label` names its column."""

    label: str
    classes: str
    text: str
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A row as the grid shows it; `cells` are those of the columns that are not frozen.

    `step` is the key of the step that leads the matter on, where it is the viewer's (see `forward`).
    """

    row: Row
    cells: tuple[Cell, ...]
    step: str = ""

    @property
    def matter(self) -> Matter:
        return self.row.matter


def lines(
    rows: Sequence[Row], columns: Sequence[Column], organisation: Organisation, steps: Mapping[uuid.UUID, str]
) -> list[Line]:
    """Return each row with its cells, and with its step out of `steps`."""
    fields = [column for column in columns if column.field]
    states = {row.matter.pk: load_state(row.matter.state) for row in rows} if fields else {}
    known = (*organisation.gone, *organisation.units)
    writing = Writing(
        labels={column.key: head(column) for column in columns},
        units={unit.key: unit.name for unit in known},
        units_by_id={unit.pk: unit.name for unit in known},
        entries=_entries(rows, states, fields),
    )
    return [
        Line(
            row,
            tuple(writing.cell(row, states.get(row.matter.pk), column) for column in columns),
            steps.get(row.matter.pk, ""),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Writing:
    """Writes cells. `labels` name the columns by key; `units` are names by key, `units_by_id` by id, `entries`
    those of register entries by (register, key)."""

    labels: Mapping[str, str]
    units: Mapping[str, str]
    units_by_id: Mapping[int, str]
    entries: Mapping[tuple[str, str], str]

    def cell(self, row: Row, state: State | None, column: Column) -> Cell:
        label, classes = self.labels[column.key], _CLASSES.get(column.kind, "")
        if column.field:
            return Cell(label, classes, self._field(row.matter, state, column.field) if state else "")
        text, tags = _STANDING[column.key](row, self)
        return Cell(label, classes, text, tuple(tags))

    def _field(self, matter: Matter, state: State, key: str) -> str:
        field = pinned(matter.mechanism_hash).fields.get(key)
        if field is None:
            return ""
        value = state.values.get(key)
        if value is None:
            return say(GONE) if _erased(state, key) else ""
        joint = ", " if language() == "en" else "、"
        return joint.join(self._one(field, each) for each in (value if isinstance(value, list) else [value]))

    def _one(self, field: Field, value: Any) -> str:
        match field.kind:
            case FieldKind.MONEY:
                return column_wan(value)
            case FieldKind.UNIT:
                return self.units.get(str(value), str(value))
            case FieldKind.CHOICE:
                return next((say(each.label) for each in field.choices if each.key == value), str(value))
            case FieldKind.ENTRY:
                return self.entries.get((str(field.register), str(value)), str(value))
        return str(value)


def _erased(state: State, key: str) -> bool:
    return any(slot.partition(":")[2] == f"set.{key}" for slot in state.redacted)


def _entries(rows: Sequence[Row], states: Mapping[Any, State], columns: Iterable[Column]) -> dict[tuple[str, str], str]:
    """Look up, in one query, the names of the register entries that the page's fields hold."""
    wanted: set[str] = set()
    for row in rows:
        for column in columns:
            field = pinned(row.matter.mechanism_hash).fields.get(column.field)
            if field and field.kind is FieldKind.ENTRY and (value := states[row.matter.pk].values.get(field.key)):
                wanted.update(value if isinstance(value, list) else [str(value)])
    if not wanted:
        return {}
    found = Entry.objects.filter(key__in=wanted).values_list("register__key", "key", "name")
    return {(register, key): name for register, key, name in found}


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _late(late: Lateness | None) -> list[Tag]:
    return [(late.tone, say(late.sentence))] if late else []


def _stage(row: Row, writing: Writing) -> tuple[str, list[Tag]]:
    matter = row.matter
    tags = [("done" if matter.ended == "success" else "" if matter.ended else "here", say(row.stage))]
    tags += _late(row.stage_late)
    if matter.returned:
        tags.append(("soon", say(_SENT_BACK)))
    if row.asking:
        tags.append(("soon", say(_ASKED)))
    return "", tags


#: How the cells of the standing columns are made: (text, tags).
_STANDING: Mapping[str, Any] = {
    "unit": lambda row, writing: (row.matter.responsible.name, ()),
    "klass": lambda row, writing: (say(row.klass), ()),
    "amount": lambda row, writing: (row.amount, ()),
    "stage": _stage,
    "assertion": lambda row, writing: (say(row.assertion), ()),
    "recognition": lambda row, writing: (say(row.recognition), ()),
    "due": lambda row, writing: (_day(row.matter.due), _late(row.late)),
    "mechanism": lambda row, writing: (say(row.mechanism), ()),
    "project": lambda row, writing: (say(row.project), ()),
    "category": lambda row, writing: (say(row.category), ()),
    "supervising": lambda row, writing: (writing.units_by_id.get(row.matter.supervising_id, ""), ()),
    "stage_due": lambda row, writing: (_day(row.matter.stage_due), _late(row.stage_late)),
    "original_due": lambda row, writing: (_day(row.matter.original_due), ()),
    "asking": lambda row, writing: (_day(row.asking), ()),
    "registered_on": lambda row, writing: (_day(row.matter.registered_on), ()),
    "entered_on": lambda row, writing: (_day(row.matter.entered_on), ()),
    "ended_on": lambda row, writing: (_day(row.matter.ended_on), ()),
}


def heads(column: Column) -> tuple[str, ...]:
    """Return what stands over a column in Excel."""
    return column.heads or (say(column.title),)


def head(column: Column) -> str:
    """Return what stands over a column on the page."""
    words = say(column.title)
    return gettext("%(field)s (10,000 yuan)") % {"field": words} if column.field and column.kind == "money" else words
