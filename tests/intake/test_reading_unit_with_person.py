"""Under a header that names a unit and a person, units alone are read, and the two are divided only when it is sure."""

import pytest

HEADERS = [
    "责任单位/责任人",
    "责任单位、责任人",
    "责任单位及责任人",
    "责任单位和责任人",
    "责任单位与责任人",
    "整改责任单位及责任人",
]


@pytest.mark.parametrize("label", HEADERS)
def test_units_alone_are_the_responsible_unit(workbook, read, label):
    sheet = read(workbook([["序号", "问题描述", label, "整改时限"], [1, "多计", "市住建局", "2026-06-30"]])).sheets[0]
    assert sheet.mapping["responsible_unit"] == label and sheet.rows[0].status == "ready"
    assert sheet.rows[0].values["responsible_unit"] == "云杉市住房和城乡建设局"


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("市住建局/张某", "张某"),
        ("市住建局 张某某", "张某某"),
        ("市住建局（李某）", "李某"),
        ("市住建局：王某局长", "王某局长"),
        ("市住建局\n张某、李某", "张某、李某"),
    ],
)
def test_a_known_unit_with_what_can_only_be_a_person_is_divided(workbook, read, text, person):
    rows = [["序号", "问题描述", "责任单位及责任人", "整改时限"], [1, "多计", text, "2026-06-30"]]
    row = read(workbook(rows)).sheets[0].rows[0]
    assert row.status == "ready" and row.values["responsible_unit"] == "云杉市住房和城乡建设局"
    assert row.values["responsible_person"] == person


@pytest.mark.parametrize(
    "text",
    ["市住建局/水保科", "市住健局/张某", "市住建局/市教体局", "张某/市住建局", "市住建局/有关人员", "市住建局/方案组"],
)
def test_what_could_be_something_else_waits(workbook, read, text):
    rows = [["序号", "问题描述", "责任单位及责任人", "整改时限"], [1, "多计", text, "2026-06-30"]]
    row = read(workbook(rows)).sheets[0].rows[0]
    assert row.status == "waiting" and row.values["responsible_unit"] is None


def test_under_a_header_of_units_a_person_is_not_expected(read_row):
    assert read_row(unit="市住建局/张某").status == "waiting"
