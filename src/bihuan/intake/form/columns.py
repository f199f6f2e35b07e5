"""The columns of the ledger's own form: what identifies a matter, its fields, and what is only shown of it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bihuan.mechanism.environment import is_money
from bihuan.mechanism.model import Computed, Field, FieldKind, Label, Mechanism

#: The key of the first column, which says which matter a row is of.
NUMBER = "number"
#: The head of that column.
NUMBER_HEAD = "事项编号"


class Holds(StrEnum):
    """What a column holds: the number that identifies, a field's value, or something that is only shown."""

    NUMBER = "number"
    FIELD = "field"
    SHOWN = "shown"


class Look(StrEnum):
    """How cells are written, whatever they hold."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    MONEY = "money"  # 万元
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `head` is the text of its header cell: the Chinese label, with the unit where money stands.

    `key` is the field's key, `number`, or, for what is only shown, a name that ends in a colon.
    """

    key: str
    label: Label
    head: str
    holds: Holds
    look: Look
    field: Field | None = None


#: What is only shown of a matter beside its fields, by the key of its column.
STANDING: Mapping[str, tuple[Label, Look]] = {
    "stage:": (Label("当前环节", "Stage"), Look.LINE),
    "assertion:": (Label("单位自报", "Unit says"), Look.LINE),
    "recognition:": (Label("认定情况", "Recognised"), Look.LINE),
    "due:": (Label("现行到期日", "Due as it stands"), Look.DAY),
    "stage_due:": (Label("本环节到期日", "Stage due"), Look.DAY),
    "days_left:": (Label("剩余天数", "Days left"), Look.COUNT),
    "registered_on:": (Label("登记日期", "Registered on"), Look.DAY),
    "ended_on:": (Label("办结日期", "Ended on"), Look.DAY),
    "evidence:": (Label("佐证材料份数", "Pieces of evidence"), Look.COUNT),
    "version:": (Label("版本", "Version"), Look.COUNT),
}
VERSION = "version:"

_LOOKS = {
    FieldKind.LONG_TEXT: Look.TEXT,
    FieldKind.DATE: Look.DAY,
    FieldKind.MONEY: Look.MONEY,
    FieldKind.NUMBER: Look.COUNT,
}


def ledger_columns(mechanism: Mechanism) -> tuple[Column, ...]:
    """Return the columns of `mechanism`'s ledger: number, fields, then what is only shown. Their heads are unique.

    The finding number and the title stand right after the matter's number, so that all three can be frozen;
    the other fields keep the mechanism's order. Records and evidence are no columns.
    """
    made = [Column(NUMBER, Label(NUMBER_HEAD, "Matter"), NUMBER_HEAD, Holds.NUMBER, Look.LINE), *_fields(mechanism)]
    made += [_computed(each, mechanism) for each in mechanism.computed.values()]
    made += [Column(key, label, label.zh, Holds.SHOWN, look) for key, (label, look) in STANDING.items()]
    counted = Counter(each.head for each in made)
    return tuple(
        each if counted[each.head] == 1 or each.holds is Holds.NUMBER else replace(each, head=_told_apart(each))
        for each in made
    )


def frozen_columns(mechanism: Mechanism) -> int:
    """Return how many columns from the left stay in sight: number, finding number, title."""
    return 1 + len(_first(mechanism))


def _fields(mechanism: Mechanism) -> Iterator[Column]:
    first = _first(mechanism)
    for key in (*first, *(key for key in mechanism.fields if key not in first)):
        field = mechanism.fields[key]
        if field.kind is not FieldKind.EVIDENCE:
            look = _LOOKS.get(field.kind, Look.TEXT if field.many else Look.LINE)
            yield Column(key, field.label, _head(field.label, look), Holds.FIELD, look, field)


def _first(mechanism: Mechanism) -> tuple[str, ...]:
    return tuple(key for key in (mechanism.index.number, mechanism.index.title) if key)


def _computed(computed: Computed, mechanism: Mechanism) -> Column:
    look = Look.MONEY if is_money(mechanism, computed.key) else Look.LINE
    return Column(f"{computed.key}:", computed.label, _head(computed.label, look), Holds.SHOWN, look)


def _head(label: Label, look: Look) -> str:
    return f"{label.zh}（万元）" if look is Look.MONEY else label.zh


def _told_apart(column: Column) -> str:
    return f"{column.head}〔{column.key.rstrip(':')}〕"
