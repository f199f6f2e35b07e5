"""The workbook of one unit: cover, its rows, and the very hidden sheet by which it is known when it comes back.

Saving it again in another program, as .xlsx or .xls, keeps what the way back needs: the hidden sheet and the
numbers in the first column (a test holds this for LibreOffice, where one is installed).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from bihuan.intake.form.cells import Cell, choice_names
from bihuan.intake.form.columns import VERSION, Column, Look, frozen_columns
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.mechanism.deadline import is_overdue
from bihuan.mechanism.model import FieldKind

from .cover import Letter, write_cover
from .paper import Formats, Paper
from .rows import Telling
from .sheets import COVER, HIDDEN, LEDGER
from .writable import Writable

#: Days before a deadline from which a row counts as near.
NEAR = 10
_LIST_TEXT = 255  # so long the text of a drop-down list may be; a longer list stands in the hidden sheet
_LATE_KEYS = ("due:", "stage_due:")
_PROTECTED = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "autofilter": True,
}


@dataclass(frozen=True, slots=True)
class Part:
    """A unit with its matters, and what the cover says besides. `handout` is the id under which it went out."""

    handout: str
    key: str
    name: str
    matters: Sequence[Matter]
    return_by: date
    office: str
    sender: str


def write_unit(path: Path, part: Part, telling: Telling, writable: Writable) -> None:
    """Write the workbook of `part` to `path`."""
    states = [load_state(matter.state) for matter in part.matters]
    open_fields = [writable.fields(state, part.key) for state in states]
    columns = telling.columns
    with Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        formats = Formats(book)
        cover, sheet, hidden = book.add_worksheet(COVER), book.add_worksheet(LEDGER), book.add_worksheet(HIDDEN)
        write_cover(book, cover, _letter(part, telling, [column for column in columns if _any(column, open_fields)]))
        rows = [telling.row(matter, state) for matter, state in zip(part.matters, states, strict=True)]
        empty = _empty(columns, rows, open_fields)
        paper = Paper(sheet, columns, formats, frozen=frozen_columns(telling.mechanism), hidden=empty)
        for place, (cells, may) in enumerate(zip(rows, open_fields, strict=True), 1):
            shades = ["open" if column.key in may and column.field else "shut" for column in columns]
            paper.write(place, cells, shades)
        _write_hidden(hidden, part, telling)
        _validate(book, sheet, hidden, columns, open_fields)
        _colour_late(sheet, columns, formats, len(part.matters), frozen_columns(telling.mechanism))
        paper.finish(len(part.matters))
        sheet.protect("", _PROTECTED)
        hidden.very_hidden()


def _empty(columns: Sequence[Column], rows: Sequence[list[Cell]], open_fields: Sequence[frozenset[str]]) -> set[int]:
    """Return the places of columns that say nothing to the unit: nothing in them to read, and nothing to write."""
    return {
        place
        for place, column in enumerate(columns)
        if column.key == VERSION or not (any(cells[place] is not None for cells in rows) or _any(column, open_fields))
    }


def _any(column: Column, open_fields: Sequence[frozenset[str]]) -> bool:
    return column.field is not None and any(column.key in may for may in open_fields)


def _letter(part: Part, telling: Telling, writable: Sequence[Column]) -> Letter:
    today = telling.today
    late = [each for each in part.matters if each.due and is_overdue(each.due, today)]
    near = [each for each in part.matters if each.due and today <= each.due <= today + timedelta(days=NEAR)]
    stage_late = [each for each in part.matters if each.stage_due and is_overdue(each.stage_due, today)]
    return Letter(
        mechanism=telling.mechanism.title.zh,
        unit=part.name,
        made_on=today,
        return_by=part.return_by,
        office=part.office,
        sender=part.sender,
        rows=len(part.matters),
        late=len(late),
        stage_late=len(stage_late),
        near=len(near),
        writable=tuple(column.head for column in writable),
    )


def _write_hidden(sheet: Worksheet, part: Part, telling: Telling) -> None:
    marks = (("handout", part.handout), ("unit", part.key), ("mechanism", telling.mechanism.key))
    for row, mark in enumerate(marks):
        for place, text in enumerate(mark):
            sheet.write_string(row, place, text)


def _validate(
    book: Workbook,
    sheet: Worksheet,
    hidden: Worksheet,
    columns: Sequence[Column],
    open_fields: Sequence[frozenset[str]],
) -> None:
    """Offer lists and refuse what is no day or number, in the cells that the unit may write in."""
    for place, column in enumerate(columns):
        rule = _rule(book, hidden, place, column) if _any(column, open_fields) else None
        if rule:
            for first, last in _runs([column.key in may for may in open_fields]):
                sheet.data_validation(1 + first, place, 1 + last, place, rule)


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Return first and last place of every unbroken run of true ones."""
    runs: list[tuple[int, int]] = []
    for place, flag in enumerate(flags):
        if flag and runs and runs[-1][1] == place - 1:
            runs[-1] = (runs[-1][0], place)
        elif flag:
            runs.append((place, place))
    return runs


def _rule(book: Workbook, hidden: Worksheet, place: int, column: Column) -> dict[str, Any] | None:
    field = column.field
    if field is None:
        return None
    if field.kind is FieldKind.CHOICE and not field.many:
        source = _list(book, hidden, place, list(choice_names(field).values()))
        return {
            "validate": "list",
            "source": source,
            "error_title": "请从列表中选择",
            "error_message": "请从下拉列表中选择一项。",
        }
    if column.look is Look.DAY:
        return {
            "validate": "date", "criteria": "between", "minimum": date(1990, 1, 1), "maximum": date(2100, 12, 31),
            "error_title": "请填写日期", "error_message": "请填写日期，例如 2026-06-30。",
        }  # fmt: skip
    if column.look is Look.MONEY:
        return {
            "validate": "decimal", "criteria": "between", "minimum": -10**11, "maximum": 10**11,
            "error_title": "请填写金额", "error_message": "请填写以万元为单位的数字，例如 12.5。",
        }  # fmt: skip
    if column.look is Look.COUNT:
        return {
            "validate": "integer", "criteria": "between", "minimum": -10**9, "maximum": 10**9,
            "error_title": "请填写整数", "error_message": "请填写整数。",
        }  # fmt: skip
    return None


def _list(book: Workbook, hidden: Worksheet, place: int, names: list[str]) -> list[str] | str:
    """Return the source of a drop-down list: its words, or a named range where they are too long or hold a comma."""
    if len(",".join(names)) <= _LIST_TEXT and not any("," in name or '"' in name for name in names):
        return names
    letters = xl_col_to_name(place + 3)
    for row, name in enumerate(names):
        hidden.write_string(row, place + 3, name)
    # By its name, since the older format knows lists of another sheet by their names only.
    book.define_name(f"bihuan_list_{place}", f"={HIDDEN}!${letters}$1:${letters}${len(names)}")
    return f"=bihuan_list_{place}"


def _colour_late(sheet: Worksheet, columns: Sequence[Column], formats: Formats, rows: int, frozen: int) -> None:
    """Colour the first columns and the dates of a row that is late or near on the day it is looked at."""
    places = {column.key: place for place, column in enumerate(columns)}
    due, stage_due = (f"${xl_col_to_name(places[key])}2" for key in _LATE_KEYS)
    late = f'=OR(AND({due}<>"",{due}<TODAY()),AND({stage_due}<>"",{stage_due}<TODAY()))'
    near = f'=AND({due}<>"",{due}>=TODAY(),{due}<=TODAY()+{NEAR})'
    for first, last in ((0, frozen - 1), (places["due:"], places["days_left:"])):
        for formula, look in ((late, formats.late), (near, formats.near)):
            given = {"type": "formula", "criteria": formula, "format": look, "stop_if_true": True}
            sheet.conditional_format(1, first, max(rows, 1), last, given)
