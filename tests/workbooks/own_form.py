"""A mechanism with a field of every kind, and a list written as a workbook and read back without a ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

import bihuan
from bihuan.intake.form.cells import cell_of
from bihuan.intake.form.columns import Holds, ledger_columns
from bihuan.intake.form.names import Names
from bihuan.intake.form.sheet import OwnForm
from bihuan.intake.reading import Layout, UnitIndex, UnitName, read_ledger
from bihuan.mechanism.model import Choice, Field, FieldKind, Label
from bihuan.mechanism.state import Value
from bihuan.workbooks.paper import Formats, Paper

LAYOUT = Path(bihuan.__file__).parent / "packs" / "audit_rectification" / "intake.toml"
UNITS = {
    "u1": "云杉市住房和城乡建设局",
    "u2": "云杉市财政局",
    "u3": "甲、乙联合指挥部",
    "u4": "同名站〔u4〕",
    "u5": "同名站〔u5〕",
}
CHOICES = (("yes", "是", "Yes"), ("no", "否", "No"), ("both", "部分，且有逗号", "Partly"), ("dup", "是", "Again"))
_BY = ("supervisor",)


def field(key: str, kind: FieldKind, *, many: bool = False) -> Field:
    choices = tuple(Choice(each, Label(zh, en)) for each, zh, en in CHOICES) if kind is FieldKind.CHOICE else ()
    register = "firms" if kind is FieldKind.ENTRY else None
    return Field(key, Label(f"栏目{key}", f"Field {key}"), kind, _BY, choices=choices, many=many, register=register)


_MANY = (FieldKind.UNIT, FieldKind.PERSON, FieldKind.ENTRY, FieldKind.CHOICE, FieldKind.TEXT)
FIELDS = {
    each.key: each
    for each in (
        *(field(f"one_{kind.value}", kind) for kind in FieldKind if kind is not FieldKind.EVIDENCE),
        *(field(f"many_{kind.value}", kind, many=True) for kind in _MANY),
    )
}


def every_kind(mechanism: Any) -> Any:
    """Return `mechanism` with the fields of every kind added to its own."""
    return replace(mechanism, key="every_kind", fields={**mechanism.fields, **FIELDS})


def names() -> Names:
    index = UnitIndex(UnitName(key, name.partition("〔")[0]) for key, name in UNITS.items())
    return Names(index, UNITS, {"firms": {"f1": "青岚水泥厂", "f2": "同名厂〔f2〕", "f3": "同名厂〔f3〕"}})


def write(path: Path, mechanism: Any, rows: Sequence[Mapping[str, Value]]) -> None:
    """Write the values of `rows` into a workbook in the own form of `mechanism`."""
    columns = ledger_columns(mechanism)
    with Workbook(str(path), {"constant_memory": True}) as book:
        paper = Paper(book.add_worksheet("台账"), columns, Formats(book), frozen=3)
        for number, values in enumerate(rows, 1):
            cells = [
                "7N7D-Q6HV" if column.holds is Holds.NUMBER
                else cell_of(column.field, values.get(column.key), names()) if column.field
                else None
                for column in columns
            ]  # fmt: skip
            paper.write(number, cells, ["plain"] * len(columns))
        paper.finish(len(rows))


def read(path: Path, mechanism: Any) -> Any:
    """Return the one sheet as it is read."""
    form = OwnForm(mechanism, (), names(), 2026)
    layout, day = Layout.load(LAYOUT), date(2026, 3, 1)
    return read_ledger(path, units=names().index, layout=layout, reference_day=day, form=form).sheets[0]
