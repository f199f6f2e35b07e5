"""Two columns for one field: an empty cell takes the other's text, and a row in which they differ waits."""

import pytest

HEADER = [
    "问题编号",
    "问题描述",
    "整改责任单位",
    "牵头单位",
    "整改时限",
    "完成时限",
    "问题金额（万元）",
    "涉及金额（元）",
]
SAME = ["1", "多计", "市住建局", "云杉市住房和城乡建设局", "2026-06-30", "2026年6月底前", 1, 10000]


def read_one(workbook, read, change, **options):
    row = dict(zip(HEADER, SAME, strict=True)) | change
    return read(workbook([HEADER, list(row.values())]), **options).sheets[0].rows[0]


def test_two_columns_that_say_the_same_are_no_problem(workbook, read):
    row = read_one(workbook, read, {})
    assert row.status == "ready" and row.values["amount"] == "10000"
    assert (row.values["responsible_unit"], row.values["due"]) == ("云杉市住房和城乡建设局", "2026-06-30")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"牵头单位": "市教体局"}, "responsible_unit"),
        ({"牵头单位": "市住健局"}, "responsible_unit"),
        ({"完成时限": "2026-09-30"}, "due"),
        ({"完成时限": "立行立改"}, "due"),
        ({"涉及金额（元）": 1}, "amount"),
    ],
)
def test_a_row_in_which_they_differ_waits_and_names_both(workbook, read, change, field):
    row = read_one(workbook, read, change)
    assert row.status == "waiting" and row.values[field] is None
    (problem,) = row.problems
    (rival,) = change
    assert problem.field == field and rival in str(problem.message) and problem.column in str(problem.message)
    assert str(change[rival]) in str(problem.message)


def test_an_empty_cell_takes_the_text_of_the_other_column(workbook, read):
    row = read_one(workbook, read, {"整改责任单位": None, "整改时限": "—", "问题金额（万元）": None})
    assert row.status == "ready" and row.values["amount"] == "10000", "each column has its own unit"
    assert (row.values["responsible_unit"], row.values["due"]) == ("云杉市住房和城乡建设局", "2026-06-30")
    unknown = read_one(workbook, read, {"整改责任单位": None, "牵头单位": "市住健局"})
    assert unknown.status == "waiting" and unknown.problems[0].column == "牵头单位"


def test_a_person_who_chose_the_other_column_is_obeyed(workbook, read):
    row = read_one(workbook, read, {"牵头单位": "市教体局"}, mapping={"responsible_unit": "牵头单位"})
    assert row.status == "ready" and row.values["responsible_unit"] == "云杉市教育和体育局"
    same = read_one(workbook, read, {"牵头单位": "市教体局"}, mapping={"responsible_unit": "整改责任单位"})
    assert same.status == "waiting", "confirming what was proposed changes nothing"


def test_what_often_means_another_thing_is_no_rival(workbook, read):
    header = ["问题编号", "问题描述", "责任单位", "责任科室", "整改时限", "完成时间"]
    row = read(workbook([header, ["1", "多计", "市住建局", "预算科", "2026-06-30", "2026-05-01"]])).sheets[0].rows[0]
    assert row.status == "ready" and row.values["due"] == "2026-06-30"
