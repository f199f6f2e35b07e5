"""CSV in the encodings of Chinese offices, and mappings that a person gave."""

import codecs
import io
import re
from pathlib import Path

import openpyxl
import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

import bihuan
from bihuan.intake.reading import Refusal, dump_mapping, load_mapping

LINES = [
    "序号,问题描述,责任单位,整改时限,涉及金额",
    '001,"多计工程款，\r\n共两笔",市住建局,2026年6月底前,"1,234.5万元"',
    ",,,,",
    "3,少收租金,市财政局,立行立改,0.10元",
]
TEXT = "\r\n".join(LINES) + "\r\n"


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("gb18030"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        ("sep=,\r\n" + TEXT).encode("gb18030"),
    ],
    ids=["utf-8", "utf-8 with mark", "gb18030", "utf-16 little", "utf-16 big", "with sep="],
)
def test_the_text_is_read_whatever_its_encoding(tmp_path, read, data):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    sheet = read(path).sheets[0]
    first, blank, third = (row for row in sheet.rows if row.row > sheet.header_rows[0])
    assert (first.row - sheet.header_rows[0], third.row - sheet.header_rows[0]) == (1, 3), (
        "a record of two lines counts once"
    )
    assert (
        first.values["finding_no"] == "001"
        and first.values["amount"] == "12345000"
        and first.values["due"] == "2026-06-30"
    )
    assert first.values["description"] == "多计工程款，\r\n共两笔"
    assert blank.status == "skipped" and third.values["amount"] == "0.1" and third.values["due_rule"] == "立行立改"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path, read, separator):
    path = tmp_path / "x.txt"
    path.write_text(
        separator.join(["序号", "问题描述", "责任单位", "整改时限"])
        + "\n"
        + separator.join(["1", "甲，乙", "市住建局", "6月底"])
        + "\n",
        encoding="gb18030",
    )
    assert read(path).sheets[0].rows[0].status == "ready"


def test_a_two_line_header_needs_no_merged_cells(tmp_path, read):
    path = tmp_path / "x.csv"
    path.write_text(
        "序号,问题描述,责任单位,整改要求,,整改状态,,\n,,,整改类型,时限,已整改,整改中,未整改\n1,多计,市住建局,立行立改,6月底,√,,\n",
        encoding="utf-8",
    )
    sheet = read(path).sheets[0]
    assert sheet.header_rows == (1, 2)
    assert (sheet.mapping["due"], sheet.mapping["claimed_status"], sheet.rows[0].status) == (
        "时限",
        "整改状态",
        "ready",
    )


ODD = [["编码", "事情", "谁来办", "何时", "另一列"], ["1", "多计", "市住建局", "2026-06-30", "x"]]
GIVEN = {"finding_no": "编码", "title": "事情", "responsible_unit": "谁来办", "due": "何时"}


def test_a_mapping_names_columns_that_nobody_would_propose(workbook, read):
    path = workbook([["台账"], *ODD])
    with pytest.raises(Refusal, match="no ledger"):
        read(path)
    sheet = read(path, mapping=GIVEN).sheets[0]
    assert dict(sheet.mapping) == GIVEN and sheet.header_rows == (2,) and sheet.rows[-1].status == "ready"


def test_a_mapping_overrides_what_is_proposed_and_may_leave_a_field_out(workbook, read):
    path = workbook(
        [
            ["序号", "问题描述", "责任单位", "整改时限", "新时限", "责任人"],
            ["1", "多计", "市住建局", "2026-06-30", "2026-09-30", "赵某"],
        ]
    )
    sheet = read(path, mapping={"due": "新时限", "responsible_person": ""}).sheets[0]
    assert sheet.rows[0].values["due"] == "2026-09-30" and sheet.rows[0].values["responsible_person"] is None
    assert sheet.mapping["responsible_unit"] == "责任单位" and "responsible_person" not in sheet.mapping


def test_one_column_may_hold_two_fields_when_a_person_says_so(workbook, read):
    path = workbook([["序号", "问题描述", "被审计单位", "整改时限"], ["1", "多计", "市住建局", "2026-06-30"]])
    assert read(path).sheets[0].rows[0].status == "waiting"
    row = read(path, mapping={"responsible_unit": "被审计单位", "audited_unit": "被审计单位"}).sheets[0].rows[0]
    assert (row.status, row.values["audited_unit"], row.values["responsible_unit"]) == (
        "ready",
        "市住建局",
        "云杉市住房和城乡建设局",
    )


@pytest.mark.parametrize(("mapping", "says"), [({"due": "没有的列"}, "没有的列"), ({"deadline": "何时"}, "deadline")])
def test_a_mapping_that_cannot_hold_is_refused_by_name(workbook, read, mapping, says):
    with pytest.raises(Refusal, match=says):
        read(workbook(ODD), mapping=GIVEN | mapping)


def test_a_mapping_goes_to_a_file_and_comes_back(tmp_path, layout):
    path = tmp_path / "m.toml"
    given = GIVEN | {"measures": '措施"及\n要求\\', "delivered_on": "送达日期"}
    path.write_text(dump_mapping(given, layout=layout), encoding="utf-8")
    assert {key: label for key, label in load_mapping(path, layout=layout).items() if label} == given


@pytest.mark.parametrize(
    "text", ["", "[columns", "[other]\nx = 1", "[columns]\ndue = 3", '[columns]\nnothing = "x"', "\x00"]
)
def test_a_broken_mapping_file_is_refused(tmp_path, layout, text):
    path = tmp_path / "m.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refusal):
        load_mapping(path, layout=layout)


def test_a_mapping_that_fits_one_sheet_does_not_lose_another(tmp_path, read):
    book = openpyxl.Workbook()
    for row in (["序号", "问题描述", "责任单位", "新时限"], ["1", "多计", "市住建局", "2026-09-30"]):
        book.active.append(row)
    other = book.create_sheet("二")
    for row in (["序号", "问题描述", "责任单位", "整改时限"], ["2", "少收", "市财政局", "2026-06-30"]):
        other.append(row)
    book.save(tmp_path / "x.xlsx")
    reading = read(tmp_path / "x.xlsx", mapping={"due": "新时限"})
    assert [sheet.rows[0].values["due"] for sheet in reading.sheets] == ["2026-09-30", "2026-06-30"]
    with pytest.raises(Refusal, match="没有此列"):
        read(tmp_path / "x.xlsx", mapping={"due": "没有此列"})


def test_every_sentence_has_its_chinese_and_both_keep_the_same_places():
    folder = Path(bihuan.__file__).parent / "intake"
    with (folder / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalogue = read_po(file)
    found = [
        message
        for path in sorted((folder / "reading").rglob("*.py"))
        for _, message, _, _ in extract("python", io.BytesIO(path.read_bytes()), keywords={"N_": None})
    ]
    assert len(found) > 60
    for message in found:
        chinese = catalogue.get(message)
        assert chinese is not None and chinese.string, message
        assert sorted(re.findall(r"%\(\w+\)s", message)) == sorted(re.findall(r"%\(\w+\)s", chinese.string)), message
