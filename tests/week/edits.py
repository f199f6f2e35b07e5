"""What the units make of their workbooks, in the ways that people edit; most of them come back."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlwt

#: The units that send nothing (index of `material.BUREAUS`).
SILENT = frozenset({5, 17, 33})
#: A unit edits by what is left of its index divided by six.
KEEPS, WRITES, TURNS, TITLES, TAMPERS, CLAIMS = range(6)
PROGRESS = "已收回部分资金，其余正在办理"
RESULT, CAUSE = "已全额上缴国库", "制度执行不严"


def edit(path: Path, index: int, folder: Path) -> Path:
    """Edit the workbook of the unit `index` and save it in `folder` under the name that it comes back with."""
    book = openpyxl.load_workbook(path)
    sheet = book["台账"]
    top = next(row[0].row for row in sheet.iter_rows() if row[0].value == "事项编号")
    heads = {cell.value: cell.column for cell in sheet[top]}
    rows = [row for row in range(top + 1, sheet.max_row + 1) if sheet.cell(row, 1).value]
    rows.sort(key=lambda row: str(sheet.cell(row, heads["问题编号"]).value))
    way = index % 6
    if way in (WRITES, TURNS, TITLES):
        for row in rows[:5]:
            sheet.cell(row, heads["整改进展"]).value = PROGRESS
    if way == TURNS:
        _turn_round(sheet, top, sorted(rows))
    if way == TITLES:
        sheet.insert_rows(1, 2)
        sheet.cell(1, 1).value = "整改情况反馈表（盖章）"
    if way == TAMPERS:
        sheet.cell(rows[0], heads["涉及金额（万元）"]).value = 1
        sheet.cell(rows[1], heads["整改进展"]).value = PROGRESS
    if way == CLAIMS:
        for row in rows[:5]:
            sheet.cell(row, heads["整改结果"]).value = RESULT
            sheet.cell(row, heads["问题根源"]).value = CAUSE
        sheet.cell(max(rows) + 1, heads["问题摘要"]).value = "另有一项自查发现的问题"
    name = f"反馈{index:02d}（修改版）"
    return _save_old(book, folder / f"{name}.xls") if index % 2 else _save(book, folder / f"{name}.xlsx")


def _turn_round(sheet: Any, top: int, rows: list[int]) -> None:
    """Turn the order of the rows round, and move the first column to the end."""
    texts = [[cell.value for cell in sheet[row]] for row in (top, *rows)]
    for row, values in zip((top, *rows), (texts[0], *reversed(texts[1:])), strict=True):
        for column, value in enumerate((*values[1:], values[0]), 1):
            sheet.cell(row, column).value = value


def _save(book: Any, path: Path) -> Path:
    book.save(path)
    return path


def _save_old(book: Any, path: Path) -> Path:
    """Save as .xls, as half of the offices do; what is hidden stays hidden."""
    old = xlwt.Workbook()
    days = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for sheet in book.worksheets:
        made = old.add_sheet(sheet.title)
        made.visibility = 0 if sheet.sheet_state == "visible" else 2
        for cell in _filled(sheet):
            style = [days] if isinstance(cell.value, (date, datetime)) else []
            made.write(cell.row - 1, cell.column - 1, cell.value, *style)
    old.save(str(path))
    return path


def _filled(sheet: Any) -> Iterable[Any]:
    return (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)
