"""A row is ready when it says what, whose and by when; what is not understood makes it wait, and nothing is lost."""

import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
import xlwt

from bihuan.intake.reading import FIELDS, Refusal

HEADER = ["问题编号", "问题描述", "责任单位", "整改时限"]


def test_a_plain_row_is_ready_and_holds_exactly_the_fields(read_row):
    row = read_row()
    assert row.status == "ready" and tuple(row.values) == FIELDS and not row.problems
    assert (row.row, row.values["finding_no"], row.values["responsible_unit"]) == (2, "001", "云杉市住房和城乡建设局")
    assert (row.values["due"], row.values["due_rule"], row.values["assisting_units"]) == ("2026-06-30", None, [])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit": "市住健局"}, "responsible_unit"),
        ({"unit": "财政局"}, "responsible_unit"),
        ({"unit": None}, "responsible_unit"),
        ({"unit": "—"}, "responsible_unit"),
        ({"due": None}, "due"),
        ({"due": "无"}, "due"),
        ({"due": "待定"}, "due"),
        ({"more": {"涉及金额": "120"}}, "amount"),
        ({"more": {"整改状态": "差不多了"}}, "claimed_status"),
        ({"more": {"整改类型": "限期"}}, "rectify_type"),
        ({"more": {"配合单位": "市住健局"}}, "assisting_units"),
    ],
)
def test_a_cell_that_is_not_understood_is_null_and_its_row_waits(read_row, change, field):
    row = read_row(**change)
    assert row.status == "waiting" and row.values[field] is None
    assert [problem.field for problem in row.problems] == [field]
    text = change.get("unit") or change.get("due") or next(iter(change.get("more", {}).values()), None)
    if text and text not in "—无":
        assert text in str(row.problems[0].message)


@pytest.mark.parametrize("sign", ["—", "－", "无", "/", "", None, " ", "——", "-"])
def test_signs_of_absence_are_empty_and_no_problem(read_row, sign):
    labels = ("涉及金额", "整改状态", "整改类型", "配合单位", "责任人", "整改措施", "未整改原因", "问题分类")
    row = read_row(dict.fromkeys(labels, sign))
    assert row.status == "ready"
    assert [row.values[key] for key in ("amount", "claimed_status", "rectify_type", "measures", "reason")] == [None] * 5
    assert row.values["assisting_units"] == []


def test_texts_are_kept_verbatim(read_row, workbook, read):
    row = read_row({"整改措施": "1．收回资金１２万元；\n2．完善制度。 ", "责任人": "赵某　科长", "内部备注": "００１"})
    assert row.values["measures"] == "1．收回资金１２万元；\n2．完善制度。 "
    assert row.values["responsible_person"] == "赵某　科长" and row.cells[-1] == "００１"


@pytest.mark.parametrize(
    ("number", "text"),
    [("001", "001"), (1, "1"), (1.0, "1"), ("1.0", "1.0"), (1.5, "1.5"), ("２０２６－１", "２０２６－１")],
)
def test_a_finding_number_is_text_as_it_stands(workbook, read, number, text):
    path = workbook([HEADER, [number, "多计工程款", "市住建局", "2026-06-30"]])
    assert read(path).sheets[0].rows[0].values["finding_no"] == text


def test_a_number_format_with_zeros_shows_the_zeros(tmp_path, read):
    book = openpyxl.Workbook()
    for row in (HEADER, [7, "多计工程款", "市住建局", date(2026, 6, 1)]):
        book.active.append(row)
    book.active["A2"].number_format, book.active["D2"].number_format = "000", 'yyyy"年"m"月"'
    book.save(tmp_path / "x.xlsx")
    row = read(tmp_path / "x.xlsx").sheets[0].rows[0]
    assert row.values["finding_no"] == "007"
    assert row.values["due"] == "2026-06-30", "a month that was typed is shown without a day and lasts to its end"


def test_columns_that_are_not_mapped_are_kept_in_their_order(workbook, read):
    header = ["检查组", *HEADER, "备注", None, "备注"]
    sheet = read(
        workbook([header, ["甲", "1", "多计", "市住建局", date(2026, 6, 30), 0.1, "x", date(2026, 1, 2)]])
    ).sheets[0]
    assert sheet.columns == ("检查组", "问题编号", "问题描述", "责任单位", "整改时限", "备注", "#G", "备注#2")
    assert sheet.rows[0].cells == ("甲", "1", "多计", "市住建局", "2026-06-30", "0.1", "x", "2026-01-02")


def test_errors_and_formulas_without_a_value_wait_with_their_text(workbook, read):
    path = workbook(
        [
            [*HEADER, "涉及金额（元）"],
            ["1", "多计", "市住建局", "2026-06-30", "#REF!"],
            ["2", "多计", "=C2", "2026-06-30", 5],
        ]
    )
    error, formula = read(path).sheets[0].rows
    assert [p.field for p in error.problems] == ["amount"] and "#REF!" in str(error.problems[0].message)
    assert "responsible_unit" in [p.field for p in formula.problems] and formula.values["responsible_unit"] is None
    assert any("=C2" in str(p.message) for p in formula.problems)


def test_a_bare_number_takes_the_unit_that_header_or_title_names(workbook, read):
    def amount(rows):
        row = read(workbook(rows)).sheets[0].rows[-1]
        return row.values["amount"], [p.field for p in row.problems]

    data = ["1", "多计", "市住建局", "2026-06-30", 1234.5]
    assert amount([[*HEADER, "涉及金额（万元）"], data]) == ("12345000", [])
    assert amount([[*HEADER, "涉及金额\n单位：元"], data]) == ("1234.5", [])
    assert amount([["台账"], [None, None, None, "金额单位：万元"], [*HEADER, "涉及金额"], data]) == ("12345000", [])
    assert amount([["台账"], [None, None, None, "单位：万元"], [*HEADER, "涉及金额（元）"], data]) == ("1234.5", [])
    assert amount([[*HEADER, "涉及金额"], data]) == (None, ["amount"])
    assert amount([[*HEADER, "涉及金额（元/万元）"], data]) == (None, ["amount"])
    assert amount([["填报单位：云杉市审计局"], [*HEADER, "涉及金额"], data]) == (None, ["amount"])


def test_ticks_choose_one_column_and_two_ticks_wait(workbook, read):
    upper = [*HEADER, "整改状态", None, None, "整改类型", None]
    lower = [None] * 4 + ["已整改", "整改中", "未整改", "立行立改", "持续整改"]
    data = ["1", "多计", "市住建局", "2026-06-30"]
    marks = [
        ["√", None, None, None, "√"],
        [None, "✓", None, "1", None],
        ["√", "√", None, None, None],
        [None, None, "部分", None, None],
        [None] * 5,
    ]
    merges = ["E1:G1", "H1:I1", *(f"{c}1:{c}2" for c in "ABCD")]
    sheet = read(workbook([upper, lower, *([*data, *mark] for mark in marks)], merges=merges)).sheets[0]
    assert (
        sheet.header_rows == (1, 2)
        and sheet.mapping["claimed_status"] == "整改状态"
        and sheet.mapping["rectify_type"] == "整改类型"
    )
    assert [row.values["claimed_status"] for row in sheet.rows] == ["done", "in_progress", None, None, None]
    assert [row.values["rectify_type"] for row in sheet.rows] == ["continuous", "immediate", None, None, None]
    assert [row.status for row in sheet.rows] == ["ready", "ready", "waiting", "waiting", "ready"]
    assert {p.column for row in sheet.rows for p in row.problems} == {"整改状态"}


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("已整改", "done"),
        ("已完成", "done"),
        ("整改到位", "done"),
        ("整改中", "in_progress"),
        ("正在整改", "in_progress"),
        ("未整改", "not_started"),
        ("尚未整改", "not_started"),
        ("部分整改", "partial"),
        ("已销号", "struck_off"),
        (" 已 整改。", "done"),
    ],
)
def test_status_words_are_understood(read_row, word, key):
    assert read_row({"整改状态": word}).values["claimed_status"] == key


def test_a_column_of_progress_is_a_status_only_when_it_holds_status_words(workbook, read):
    data = ["1", "多计", "市住建局", "2026-06-30"]
    words = read(workbook([[*HEADER, "整改情况"], [*data, "已整改"], [*data, "整改中"]])).sheets[0]
    story = read(
        workbook(
            [[*HEADER, "整改情况"], [*data, "已收回资金12万元。"], [*data, "已整改"], [*data, "正在办理。材料已报。"]]
        )
    ).sheets[0]
    assert "claimed_status" in words.mapping and "progress" not in words.mapping
    assert "progress" in story.mapping and "claimed_status" not in story.mapping


def test_yes_means_what_the_column_asks_and_no_says_nothing_more(read_row, layout):
    assert read_row({"是否完成整改": "是"}).values["claimed_status"] == "done"
    assert read_row({"是否完成整改": "否"}).status == "waiting"
    ours = replace(layout, only_not={"claimed_status": frozenset({"否"})})
    no = read_row({"是否完成整改": "否"}, layout=ours)
    assert (no.values["claimed_status"], no.status, no.cells[-1]) == (None, "ready", "否")
    assert read_row({"是否完成整改": "快了"}).status == "waiting"


def test_a_rule_becomes_a_day_with_its_anchor_and_keeps_its_text(read_row):
    rule = "收到报告之日起60日内"
    assert [read_row(due=rule).values[key] for key in ("due", "due_rule")] == [None, rule]
    row = read_row({"报告送达日期": "2026年3月2日"}, due=rule)
    assert (row.values["due"], row.values["due_rule"], row.status) == ("2026-05-01", rule, "ready")
    row = read_row({"报告送达日期": "收到后补填"}, due=rule)
    assert (row.values["due"], row.status, row.problems[0].column) == (None, "waiting", "报告送达日期")
    row = read_row({"报告送达日期": "2026-03-02"}, due="立行立改")
    assert (row.values["due"], row.values["due_rule"], row.status) == (None, "立行立改", "ready")


def test_the_reference_day_supplies_a_year_and_nothing_more(read_row):
    assert read_row(due="6月底", reference_day=date(2025, 12, 1)).values["due"] == "2025-06-30"
    assert read_row(due="2026年6月底前", reference_day=date(2025, 12, 1)).values["due"] == "2026-06-30"


def test_other_rows_are_listed_as_skipped_and_gaps_stay(workbook, read):
    rows = [
        ["云杉市审计整改台账"],
        [None],
        HEADER,
        ["一、财政管理方面"],
        ["1", "多计", "市住建局", "2026-06-30"],
        ["4", "少收", "市财政局", "立行立改"],
        ["小  计", "2项"],
        [None],
        ["云杉市审计整改台账"],
        HEADER,
        ["7", "合计少缴税款", "市财政局", "长期坚持"],
        ["8"],
        ["合计：3项"],
        ["注：1.本表由责任单位填写。"],
        ["2.时限填写到日。"],
        ["填表人：赵某", None, "审核人：钱某", "2026年3月1日"],
    ]
    sheet = read(workbook(rows, merges=["A1:D1", "A4:D4", "A9:D9", "A14:D14"])).sheets[0]
    assert sheet.header_rows == (3,)
    assert {row.row: row.values["finding_no"] for row in sheet.rows if row.status == "ready"} == {
        5: "1",
        6: "4",
        11: "7",
    }
    assert [row.row for row in sheet.rows] == [1, 2, *range(4, 17)] and not any(
        row.status == "waiting" for row in sheet.rows
    )
    assert all(row.note and not row.problems for row in sheet.rows if row.status == "skipped")


def test_a_merged_value_holds_for_its_rows_and_a_blank_one_is_not_filled(workbook, read):
    rows = [HEADER, ["1", "多计", "市住建局", "2026-06-30"], ["2", "少收", None, None], ["3", "漏记", None, None]]
    _, second, third = read(workbook(rows, merges=["C2:C3", "D2:D3"])).sheets[0].rows
    assert second.status == "ready" and second.values["due"] == "2026-06-30" and second.cells[2] == "市住建局"
    assert third.status == "waiting" and third.values["responsible_unit"] is None


def test_hidden_rows_columns_and_sheets_are_read(tmp_path, read):
    book = openpyxl.Workbook()
    for row in (HEADER, ["1", "多计", "市住建局", "2026-06-30"]):
        book.active.append(row)
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["C"].hidden = True
    other = book.create_sheet("旧台账")
    for row in (HEADER, ["9", "旧账", "市财政局", "2026-06-30"]):
        other.append(row)
    other.sheet_state = "hidden"
    book.create_sheet("填表说明")["A1"] = "填写责任单位全称"
    book.save(tmp_path / "x.xlsx")
    reading = read(tmp_path / "x.xlsx")
    assert [(sheet.sheet, sheet.rows[0].status) for sheet in reading.sheets] == [
        ("Sheet", "ready"),
        ("旧台账", "ready"),
    ]
    assert [sheet.sheet for sheet in read(tmp_path / "x.xlsx", sheet="旧台账").sheets] == ["旧台账"]
    with pytest.raises(Refusal, match=r"无此表.*旧台账"):
        read(tmp_path / "x.xlsx", sheet="无此表")
    with pytest.raises(Refusal, match="填表说明"):
        read(tmp_path / "x.xlsx", sheet="填表说明")


def test_an_old_workbook_is_read_like_a_new_one(tmp_path, read):
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for row, texts in enumerate([HEADER, [1, "多计", "市住建局", None], [2, "少收", None, None]]):
        for column, text in enumerate(texts):
            if text is not None:
                sheet.write(row, column, text)
    sheet.write_merge(1, 2, 3, 3, date(2026, 6, 30), xlwt.easyxf(num_format_str="yyyy/m/d"))
    sheet.write(2, 2, "市财政局")
    book.save(str(tmp_path / "x.xls"))
    rows = read(tmp_path / "x.xls").sheets[0].rows
    assert [(row.status, row.values["finding_no"], row.values["due"]) for row in rows] == [
        ("ready", "1", "2026-06-30"),
        ("ready", "2", "2026-06-30"),
    ]


def test_rows_go_in_as_they_are_and_come_out_as_the_contract_draws_them(read_row, workbook, read):
    reading = read(workbook([HEADER, ["1", "多计", "市住健局", "2026-06-30"]]))
    drawn = reading.to_json()
    assert set(drawn) == {"sheets", "summary"} and drawn["summary"] == {"ready": 0, "waiting": 1, "skipped": 0}
    assert set(drawn["sheets"][0]) == {"sheet", "header_rows", "mapping", "rows"}
    assert set(drawn["sheets"][0]["rows"][0]) == {"row", "status", "values", "problems"}
    assert set(drawn["sheets"][0]["rows"][0]["problems"][0]) == {"field", "column", "message"}


def test_what_forms_print_between_findings_is_no_finding(workbook, read):
    header = [*HEADER, "涉及金额（万元）"]
    data = ["1", "多计", "市住建局", "2026-06-30", 3]
    rows = [
        header,
        [1, 2, 3, 4, 5],
        ["示例", "如：多计工程款", "市财政局", "2026-06-30", 5],
        data,
        [None, None, "市住建局小计", None, 3],
        ["小计", "2项", "1个单位", "—", 3],
        ["总 计", None, "共1家", "2项到期", 3],
        [*header, "第2页"],
        ["（1）", "（2）", "（3）", "（4）", "（5）"],
        ["2", "费用合计", "市财政局", "2026-06-30", 4],
        ["以下空白"],
        ["第2页 共2页"],
    ]
    sheet = read(workbook(rows)).sheets[0]
    assert [row.row for row in sheet.rows if row.status != "skipped"] == [4, 10]
    assert all(row.status == "ready" for row in sheet.rows if row.row in (4, 10))


@pytest.mark.parametrize(
    "label", ["整改金额", "已整改金额（万元）", "审计内容", "整改报告", "责任单位意见", "实际完成时间", "问题数量"]
)
def test_a_column_that_only_resembles_a_field_is_not_mapped(read_row, workbook, read, label):
    sheet = read(workbook([[*HEADER, label], ["1", "多计", "市住建局", "2026-06-30", "x"]])).sheets[0]
    assert label not in sheet.mapping.values() and sheet.rows[0].status == "ready" and sheet.rows[0].cells[-1] == "x"


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("责 任\n单 位", "responsible_unit"),
        ("*整改责任单位（全称）", "responsible_unit"),
        ("整改时限（填写到日）", "due"),
        ("截至2026年6月底整改进展情况", "progress"),
        ("问题金额（单位：万元）", "amount"),
        ("涉及金额/万元", "amount"),
        ("5.整改措施", "measures"),
        ("未完成整改原因", "reason"),
        ("协办单位", "assisting_units"),
        ("被审计单位名称", "audited_unit"),
        ("审计项目名称", "project"),
        ("问题类别", "category"),
    ],
)
def test_columns_are_known_by_the_names_that_ledgers_use(workbook, read, label, key):
    header = [
        name
        for name, own in zip(HEADER, ("finding_no", "description", "responsible_unit", "due"), strict=True)
        if own != key
    ]
    sheet = read(workbook([[*header, label], ["1", "多计", "市住建局", "x"]])).sheets[0]
    assert sheet.mapping[key] == label


def test_yes_and_no_columns_choose_only_by_yes(workbook, read):
    rows = [[*HEADER, "是否完成整改", None], [None] * 4 + ["是", "否"]]
    rows += [["1", "多计", "市住建局", "2026-06-30", "√", None], ["2", "少收", "市住建局", "2026-06-30", None, "√"]]
    sheet = read(workbook(rows, merges=["E1:F1", *(f"{c}1:{c}2" for c in "ABCD")])).sheets[0]
    assert [(row.status, row.values["claimed_status"]) for row in sheet.rows] == [("ready", "done"), ("waiting", None)]


def test_the_responsible_person_is_not_the_auditors(workbook, read):
    rows = [["序号", "问题描述", "审计组", None, "整改单位", None, "整改时限"]]
    rows += [
        [None, None, "责任人", "电话", "责任单位", "责任人", None],
        [1, "多计", "甲", "1", "市住建局", "乙", "6月底"],
    ]
    sheet = read(workbook(rows, merges=["A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:G2"])).sheets[0]
    assert (
        sheet.mapping["responsible_person"] == "整改单位/责任人" and sheet.rows[0].values["responsible_person"] == "乙"
    )


def test_a_number_is_shown_as_excel_shows_it_without_the_noise_of_binary_fractions(workbook, read):
    path = workbook([[*HEADER, "涉及金额（万元）", "比例"], ["1", "多计", "市住建局", "2026-06-30", 7, 8]])
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"<v>7</v>", b"<v>3.3000000000000003</v>")
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"<v>8</v>", b"<v>1.4999999999999999E-7</v>")
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    row = read(path).sheets[0].rows[0]
    assert row.values["amount"] == "33000" and row.cells[-2:] == ("3.3", "0.00000015")
