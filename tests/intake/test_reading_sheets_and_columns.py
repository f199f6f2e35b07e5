"""A sheet that was not read is named, and every problem names a column, also one that the sheet lacks."""

import openpyxl
import pytest

HEADER = ["问题编号", "问题描述", "责任单位", "整改时限"]
DATA = ["1", "多计", "市住建局", "2026-06-30"]


def test_sheets_that_hold_something_and_are_no_ledger_are_named(tmp_path, read):
    book = openpyxl.Workbook()
    for row in (HEADER, DATA):
        book.active.append(row)
    book.create_sheet("台账（二）")["A1"] = "情况"
    book.create_sheet("空表")
    book.save(tmp_path / "x.xlsx")
    reading = read(tmp_path / "x.xlsx")
    assert reading.ignored == ("台账（二）",) and set(reading.to_json()) == {"sheets", "summary"}


def test_a_missing_value_names_its_column_and_a_missing_column_its_usual_name(workbook, read):
    blank = read(workbook([HEADER, ["1", "多计", None, None], DATA])).sheets[0]
    assert [(p.field, p.column) for p in blank.rows[0].problems] == [
        ("responsible_unit", "责任单位"),
        ("due", "整改时限"),
    ]
    assert blank.lacking == ()
    without = read(workbook([["问题编号", "问题描述", "整改时限"], ["1", "多计", "2026-06-30"]])).sheets[0]
    assert without.lacking == ("responsible_unit",)
    assert [(p.field, p.column) for p in without.rows[0].problems] == [("responsible_unit", "责任单位")]


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("问题表述", "description"),
        ("问题具体表现", "description"),
        ("问题定性", "title"),
        ("协同配合单位", "assisting_units"),
        ("责任配合单位", "assisting_units"),
        ("责任领导", "responsible_person"),
        ("未整改或未完成整改原因", "reason"),
        ("原因分析", "reason"),
        ("存在困难", "reason"),
        ("整改属性", "rectify_type"),
        ("整改要求", "measures"),
        ("审计事项", "project"),
    ],
)
def test_more_names_are_known(workbook, read, label, key):
    header = [name for name in HEADER if not (key == "description" and name == "问题描述")]
    sheet = read(workbook([[*header, label], ["1"] * (len(header) + 1)])).sheets[0]
    assert sheet.mapping[key] == label


def test_a_weak_name_yields_to_a_better_one(workbook, read):
    header = [*HEADER, "问题标题", "问题定性", "整改措施", "整改要求", "审计项目", "审计事项"]
    mapping = read(workbook([header, [*DATA, "a", "b", "c", "d", "e", "f"]])).sheets[0].mapping
    assert (mapping["title"], mapping["measures"], mapping["project"]) == ("问题标题", "整改措施", "审计项目")


def test_a_notices_term_counts_only_from_the_notices_day(read_row):
    rule = "收到整改通知书后30日内"
    assert read_row({"报告签收日期": "2026-03-16"}, due=rule).values["due"] is None
    assert read_row({"送达日期": "2026-03-16"}, due=rule).values["due"] is None
    row = read_row({"整改通知书送达日期": "2026-03-16"}, due=rule)
    assert (row.values["due"], row.values["due_rule"], row.status) == ("2026-04-15", rule, "ready")
    report = "收到报告之日起60日内"
    assert read_row({"整改通知书送达日期": "2026-03-16"}, due=report).values["due"] is None
    assert read_row({"报告签收日期": "2026-03-16"}, due=report).values["due"] == "2026-05-15"


@pytest.mark.parametrize("text", ["三月中旬", "2026年上半年", "年底前", "2026年3月", "2026年3月底前"])
def test_a_term_does_not_count_from_a_vague_day(read_row, text):
    rule = "收到报告之日起60日内"
    row = read_row({"报告送达日期": text}, due=rule)
    assert (row.values["due"], row.values["due_rule"], row.status) == (None, rule, "waiting")
    assert text in str(row.problems[0].message) and row.problems[0].column == "报告送达日期"
    assert read_row({"报告送达日期": "3月16日"}, due=rule).values["due"] == "2026-05-15"


@pytest.mark.parametrize(
    ("word", "key", "status"),
    [
        ("已整改（2026.5.20）", "done", "ready"),
        ("未销号", None, "waiting"),
        ("未完成整改", None, "waiting"),
        ("未整改到位", None, "waiting"),
        ("已整改（部分）", None, "waiting"),
    ],
)
def test_a_status_with_its_day_is_the_status_and_a_mere_not_is_none(read_row, word, key, status):
    row = read_row({"整改状态": word})
    assert (row.values["claimed_status"], row.status, row.cells[-1]) == (key, status, word)


def test_a_circle_under_a_status_waits_for_it_may_mean_either(workbook, read):
    upper, lower = [*HEADER, "整改状态", None], [None] * 4 + ["已整改", "未整改"]
    rows = [upper, lower, [*DATA, "○", None], [*DATA, "●", None]]
    circle, dot = read(workbook(rows, merges=["E1:F1", *(f"{c}1:{c}2" for c in "ABCD")])).sheets[0].rows
    assert (circle.status, circle.values["claimed_status"]) == ("waiting", None)
    assert "○" in str(circle.problems[0].message)
    assert (dot.status, dot.values["claimed_status"]) == ("ready", "done")


def test_a_message_stands_on_one_line(read_row):
    row = read_row(unit="市住健局\n水利厅")
    assert "\n" not in str(row.problems[0].message) and "市住健局 水利厅" in str(row.problems[0].message)


def test_a_bare_number_under_two_things_that_are_counted_waits(workbook, read):
    rows = [[*HEADER, "涉及金额（万元/亩）"], [*DATA, 12.5], [*DATA, "12.5万元"]]
    bare, said = read(workbook(rows)).sheets[0].rows
    assert (bare.status, bare.values["amount"], said.values["amount"]) == ("waiting", None, "125000")
