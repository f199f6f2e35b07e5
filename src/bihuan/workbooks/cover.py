"""The first sheet of a unit's workbook: what it is, what to fill in, by when it goes back, to whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .paper import FONT, SHADES

_WIDTH = (16, 78)
_LINE = {"font_name": FONT, "font_size": 11, "valign": "vcenter", "text_wrap": True}
_BOXED = {**_LINE, "border": 1, "border_color": "#BFBFBF"}
_PER_LINE = 42  # Chinese characters in a line of the wide column


@dataclass(frozen=True, slots=True)
class Letter:
    """What the cover says. `writable` are the heads of the columns that the unit fills in, in their order."""

    mechanism: str
    unit: str
    made_on: date
    return_by: date
    office: str
    sender: str
    rows: int
    late: int
    stage_late: int
    near: int
    writable: tuple[str, ...]


def write_cover(book: Workbook, sheet: Worksheet, letter: Letter) -> None:
    """Write the cover; it is protected as a whole."""
    sheet.hide_gridlines(2)
    for place, width in enumerate(_WIDTH):
        sheet.set_column(place, place, width)
    title = book.add_format({**_LINE, "font_size": 18, "bold": True, "align": "center"})
    sheet.merge_range(0, 0, 0, 1, f"{letter.mechanism}台账填报说明", title)
    sheet.set_row(0, 36)
    key, text = book.add_format({**_BOXED, "bold": True, "bg_color": "#DCE6F1"}), book.add_format(_BOXED)
    late = book.add_format({**_BOXED, "bold": True, "font_color": "#9C0006"})
    row = 1
    for name, said, is_late in _facts(letter):
        row = _line(sheet, row, name, said, key, late if is_late else text)
    row = _heading(book, sheet, row + 1, "怎样填报")
    for number, said in enumerate(_steps(letter), 1):
        row = _line(sheet, row, f"第{number}步", said, key, text)
    row = _heading(book, sheet, row + 1, "颜色说明")
    for shade, name, said in _colours():
        row = _line(sheet, row, name, said, book.add_format({**_BOXED, **shade}), text)
    sheet.protect("", {"select_locked_cells": True})
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()


def _facts(letter: Letter) -> Iterator[tuple[str, str, bool]]:
    yield "填报单位", letter.unit, False
    yield "事项数量", f"共 {letter.rows} 项", False
    yield "报回期限", f"请于 {letter.return_by.isoformat()} 前（含当日）报回", False
    yield "报回单位", f"{letter.office}（{letter.sender}）" if letter.office else letter.sender, False
    yield "下发日期", f"{letter.made_on.isoformat()}（剩余天数按此日计算）", False
    if letter.late:
        yield "已逾期", f"其中 {letter.late} 项已超过到期日，请优先办理，并说明未完成的原因", True
    if letter.stage_late:
        yield "环节逾期", f"其中 {letter.stage_late} 项的当前环节已超过办理时限", True
    if letter.near:
        yield "即将到期", f"其中 {letter.near} 项将在 10 天内到期", False


def _steps(letter: Letter) -> Iterator[str]:
    yield "打开下方“台账”工作表，每行为一个事项。第一列“事项编号”用于识别事项，请勿改动。"
    if letter.writable:
        yield (
            f"只填写浅黄色单元格，涉及以下各列：{'、'.join(letter.writable)}。"
            "各事项所处环节不同，可填写的单元格可能不同，以颜色为准。"
        )
    else:
        yield "本次各事项暂无需由贵单位填写的内容，请核对，如有出入请与下发单位联系。"
    yield (
        "日期写作 2026-06-30 的形式；金额以万元为单位，只写数字；设有下拉列表的，从列表中选择；没有变化的内容不必改动。"
    )
    yield "可以筛选、调整列宽和行高，不影响报回。请勿删除工作表或改动表头。灰色内容如有错误，请另行告知下发单位。"
    yield (
        "佐证材料请以事项编号或问题编号命名文件或文件夹，打包后与本表一并报送。"
        f"填写完毕保存，于 {letter.return_by.isoformat()} 前（含当日）报回。"
    )


def _colours() -> Iterator[tuple[dict[str, object], str, str]]:
    yield SHADES["open"], "浅黄色", "由贵单位填写或更新"
    yield SHADES["shut"], "灰色", "只供查看，已锁定（未设密码）"
    yield {"bg_color": "#FFC7CE", "font_color": "#9C0006", "bold": True}, "红色", "已超过到期日或环节时限"
    yield {"bg_color": "#FFEB9C", "font_color": "#7F6000"}, "橙黄色", "10 天内到期"


def _heading(book: Workbook, sheet: Worksheet, row: int, text: str) -> int:
    made = book.add_format({**_LINE, "font_size": 12, "bold": True})
    sheet.write_string(row, 0, text, made)
    sheet.set_row(row, 24)
    return row + 1


def _line(sheet: Worksheet, row: int, name: str, said: str, key: Format, text: Format) -> int:
    lines = sum(-(-max(len(part), 1) // _PER_LINE) for part in said.split("\n"))
    sheet.set_row(row, 8 + 16 * lines)
    sheet.write_string(row, 0, name, key)
    sheet.write_string(row, 1, said, text)
    return row + 1
