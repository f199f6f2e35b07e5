"""A file is what its bytes say, and a refusal gives the true cause."""

import zipfile

import openpyxl
import pytest
import xlwt

from bihuan.intake.reading import Refusal

ROWS = [["问题编号", "问题描述", "责任单位", "整改时限"], ["1", "多计", "市住建局", "2026-06-30"]]


@pytest.fixture
def old_workbook(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("台账")
    for row, texts in enumerate(ROWS * 200):
        for column, text in enumerate(texts):
            sheet.write(row, column, f"{text}{row}" if row > 1 else text)
    path = tmp_path / "old.xls"
    book.save(str(path))
    return path


def test_a_workbook_under_the_other_ending_is_read(tmp_path, workbook, old_workbook, read):
    assert read(workbook(ROWS).rename(tmp_path / "new.xls")).summary["ready"] == 1
    assert read(old_workbook.rename(tmp_path / "old.xlsx")).sheets[0].rows[0].status == "ready"


def test_an_old_workbook_that_was_cut_off_is_called_damaged(old_workbook, read):
    data = old_workbook.read_bytes()
    for length in (600, len(data) // 2, len(data) - 2000):
        old_workbook.write_bytes(data[:length])
        with pytest.raises(Refusal, match="damaged"):
            read(old_workbook)


def test_a_workbook_with_too_many_parts_is_told_so(tmp_path, workbook, read):
    path = workbook(ROWS)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(5_001):
            archive.writestr(f"xl/media/{number}.png", b"")
    with pytest.raises(Refusal, match=r"packs 50\d\d files"):
        read(path)


def test_a_cell_of_text_that_is_too_long_is_told_so(tmp_path, read):
    path = tmp_path / "x.csv"
    path.write_text(",".join(ROWS[0]) + "\n1," + "长" * 1_000_001 + ",市住建局,2026-06-30\n", encoding="utf-8")
    with pytest.raises(Refusal, match="record 2 is longer than 1000000"):
        read(path)


@pytest.mark.parametrize("sign", ["_x0000_", "_x0007_", "_x000B_"])
def test_a_control_character_in_a_workbook_is_refused_with_its_cell(tmp_path, workbook, read, sign):
    path = workbook([ROWS[0], ["1", f"多计{sign}款", "市住建局", "2026-06-30"]])
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name).replace(b"_x005F_x", b"_x") for name in old.namelist()}
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    with pytest.raises(Refusal, match=r"Cell B2 of the sheet “台账”.*control character"):
        read(path)


def test_line_breaks_and_tabs_are_no_control_characters(tmp_path, read):
    book = openpyxl.Workbook()
    for row in (ROWS[0], ["1", "多计\n\t工程款", "市住建局", "2026-06-30"]):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    assert read(tmp_path / "x.xlsx").sheets[0].rows[0].values["description"] == "多计\n\t工程款"
