"""Renamed, moved, sorted, saved as .xls: what was written is found, and what was not touched stays."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bihuan.ledger.models import Matter
from bihuan.workbooks.sheets import HIDDEN
from city import City
from workbooks.returning import HandedOut, hand_out, merged, said

# What is read out of a workbook; what is then kept of it, and decided, has tests on both engines.
pytestmark = pytest.mark.either_engine


def _rename_the_sheet(out: HandedOut) -> None:
    out.sheet.title = "住建局报送"


def _put_titles_above(out: HandedOut) -> None:
    out.sheet.insert_rows(1, 3)
    out.sheet["A1"] = "澄湖市住房和城乡建设局审计整改情况"
    out.sheet.merge_cells("A1:H1")
    out.sheet["A2"] = "填报日期：2026年6月1日"


def _move_columns(out: HandedOut) -> None:
    rows = [[(cell.value, cell.number_format) for cell in row] for row in out.sheet.iter_rows()]
    order = list(range(len(rows[0])))
    random.Random(4).shuffle(order)
    for number, row in enumerate(rows, 1):
        for place, old in enumerate(order, 1):
            cell = out.sheet.cell(number, place)
            cell.value, cell.number_format = row[old]


def _delete_columns(out: HandedOut) -> None:
    for head in ("现行到期日", "涉及金额（万元）", "整改类型"):
        out.sheet.delete_cols(out.column(head))


def _hide_columns(out: HandedOut) -> None:
    for letter in ("A", "B", "D"):
        out.sheet.column_dimensions[letter].hidden = True


def _turn_the_rows(out: HandedOut) -> None:
    rows = [list(row) for row in out.sheet.iter_rows(min_row=2, values_only=True)]
    for number, row in enumerate(reversed(rows), 2):
        for place, cell in enumerate(row, 1):
            out.sheet.cell(number, place).value = cell


def _delete_the_number(out: HandedOut) -> None:
    out.sheet.delete_cols(out.column("事项编号"))


def _delete_an_untouched_row(out: HandedOut) -> None:
    out.sheet.delete_rows(out.row(out.matters[2]))


def _mark_the_heads(out: HandedOut) -> None:
    for cell in out.sheet[1]:
        cell.value = f" *{cell.value}\n" if cell.value else None


def _sign_below(out: HandedOut) -> None:
    out.sheet.append([])
    out.sheet.append(["填表人：王工", None, "审核人：李处"])
    out.sheet.append(["注：以上情况属实"])


def _copy_into_a_new_workbook(out: HandedOut) -> None:
    del out.book[HIDDEN]


EDITS: tuple[Callable[[HandedOut], None], ...] = (
    _rename_the_sheet,
    _put_titles_above,
    _move_columns,
    _delete_columns,
    _hide_columns,
    _turn_the_rows,
    _delete_the_number,
    _delete_an_untouched_row,
    _mark_the_heads,
    _sign_below,
    _copy_into_a_new_workbook,
)


def _matters(city: City) -> list[Matter]:
    return [
        city.rectifying(title=f"问题{n}", finding_no=f"SJ-2026-{n:03d}", project="预算执行审计", amount=n * 1_000_01)
        for n in range(1, 5)
    ]


@pytest.mark.parametrize("ending", ["xlsx", "xls", "csv"])
@pytest.mark.parametrize("edit", EDITS)
def test_one_value_is_found_whatever_else_was_done_to_the_file(
    city: City, tmp_path: Path, edit: Callable[[HandedOut], None], ending: str
) -> None:
    matters = _matters(city)
    out = hand_out(city, "housing", matters)
    out.write(matters[1], "整改进展", "已整改到位")
    edit(out)
    save = {"xlsx": out.save, "xls": out.save_as_xls, "csv": out.save_as_csv}[ending]
    told = merged(city, save(tmp_path / f"住建局 回复.{ending}"))
    assert said(told) == {(matters[1].number, "progress", None, "已整改到位")}
    assert said(told, "refused") == set()
    assert told["files"][0]["unit"] == "housing"
    assert told["missing_units"] == []


def test_values_are_understood_as_people_write_them(city: City, tmp_path: Path) -> None:
    matter = city.rectifying(title="问题", finding_no="SJ-1")
    written: dict[str, Any] = {
        "申请延期至": "2026年12月31日",
        "下一步措施": "  逐笔清理  ",
        "未整改原因": "对方单位撤并",
        "整改进展": "进行中",
        "整改结果": "部分完成",
        "问题根源": "制度缺失",
        "上缴财政（万元）": "1,234.5万元",
        "归还原资金渠道（万元）": "3600元",
        "完善制度（项）": "3项",
        "追责问责（人）": "两人",
    }
    out = hand_out(city, "housing", [matter])
    for head, value in written.items():
        out.write(matter, head, value)
    told = merged(city, out.save(tmp_path / "a.xlsx"))
    values = {field: new for _, field, _, new in said(told) | said(told, "refused")}
    assert values["extended_to"] == "2026-12-31"
    assert values["next_step"] == "逐笔清理"
    assert (values["paid_in"], values["returned"]) == (1_234_5_000_00, 3_600_00)
    assert values["rules_made"] == 3
    assert values["accountable"] == "两人", "a number of people is digits, or it is not understood"


def test_a_column_in_yuan_is_read_in_yuan_if_its_head_says_so(city: City, tmp_path: Path) -> None:
    matter = city.rectifying(title="问题", finding_no="SJ-1", amount=2_000_000_00)
    out = hand_out(city, "housing", [matter])
    for head, value in (("上缴财政（万元）", 1_500_000), ("涉及金额（万元）", 2_000_000)):
        column = out.column(head)
        out.write(matter, head, value)
        out.sheet.cell(1, column).value = head.replace("万元", "元")
    assert said(merged(city, out.save(tmp_path / "a.xlsx")), "refused") == {
        (matter.number, "paid_in", None, 1_500_000_00),
    }


def test_what_cannot_be_understood_is_kept_as_it_stands(city: City, tmp_path: Path) -> None:
    matter = city.rectifying(title="问题", finding_no="SJ-1")
    out = hand_out(city, "housing", [matter])
    out.write(matter, "上缴财政（万元）", "约三百万")
    out.write(matter, "申请延期至", "尽快")
    out.write(matter, "整改进展", "=1/0")
    told = merged(city, out.save(tmp_path / "a.xlsx"))
    assert {(field, new) for _, field, _, new in said(told, "refused")} >= {
        ("paid_in", "约三百万"),
        ("extended_to", "尽快"),
    }
    assert told["summary"]["proposed"] == 0


def test_a_number_typed_over_is_refused_and_the_row_still_known(city: City, tmp_path: Path) -> None:
    matters = _matters(city)
    out = hand_out(city, "housing", matters)
    out.write(matters[0], "整改进展", "已改")
    out.sheet.cell(out.row(matters[0]), out.column("事项编号")).value = "1"
    told = merged(city, out.save(tmp_path / "a.xlsx"))
    assert said(told) == {(matters[0].number, "progress", None, "已改")}
    assert said(told, "refused") == {(matters[0].number, "number", matters[0].number, "1")}


def test_a_column_sorted_alone_is_noticed(city: City, tmp_path: Path) -> None:
    matters = _matters(city)
    out = hand_out(city, "housing", matters)
    numbers = [out.sheet.cell(row, 1).value for row in range(2, 6)]
    for row, number in enumerate(numbers[1:] + numbers[:1], 2):
        out.sheet.cell(row, 1).value = number
    out.sheet.cell(2, out.column("整改进展")).value = "到底是谁的"
    told = merged(city, out.save(tmp_path / "a.xlsx"))
    assert told["summary"]["proposed"] == 0
    assert any("sorted" in str(each["reason"]) for each in told["files"][0]["proposals"])


def test_a_row_copied_and_edited_is_not_chosen_between(city: City, tmp_path: Path) -> None:
    matters = _matters(city)
    out = hand_out(city, "housing", matters)
    out.sheet.append([cell.value for cell in out.sheet[out.row(matters[0])]])
    out.sheet.cell(out.sheet.max_row, out.column("整改进展")).value = "第二份"
    told = merged(city, out.save(tmp_path / "a.xlsx"))
    assert said(told) == set()
    assert said(told, "refused") == {(matters[0].number, "progress", None, "第二份")}


def test_a_file_that_says_nothing_of_where_it_came_from_is_measured_by_what_is_there(
    city: City, tmp_path: Path
) -> None:
    matter = city.rectifying(title="问题", finding_no="SJ-1")
    book = openpyxl.Workbook()
    book.active.append(["问题编号", "问题摘要", "整改进展"])
    book.active.append(["SJ-1", "问题", "自己做的表"])
    path = tmp_path / "澄湖市住房和城乡建设局.xlsx"
    book.save(path)
    told = merged(city, path)
    assert told["files"][0]["unit"] == "housing"
    assert said(told) == {(matter.number, "progress", None, "自己做的表")}
