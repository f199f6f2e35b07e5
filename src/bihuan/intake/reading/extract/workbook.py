"""Workbooks, read by calamine once nothing in them can kill it, and written out as texts.

A whole number loses its `.0`, other numbers keep the 15 digits that Excel shows, a day becomes ISO.
"""

import datetime
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from bihuan.intake.reading.extract.controls import refuse_controls
from bihuan.intake.reading.extract.parts import Parts
from bihuan.intake.reading.extract.scan import SheetScan
from bihuan.intake.reading.extract.styles import find_styles
from bihuan.intake.reading.refusal import DAMAGED, ENCRYPTED, TOO_MUCH, Limits, refuse
from bihuan.mechanism.sentence import N_

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BEGINNING = b"\x09\x08\x10\x00\x00\x06\x05\x00"
"""The record with which the workbook inside an .xls begins (Excel 97 and later)."""
_FILEPASS = 0x2F
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def read_xlsx(path: Path, *, sheet: str | None, limits: Limits) -> Iterator[Any]:
    """Give each sheet of an .xlsx or .xlsm and its rows, after looking through every part of the file."""
    parts = Parts(path, limits)
    if "xl/workbook.xml" not in parts.names() and not any(n.endswith("workbook.xml") for n in parts.names()):
        raise refuse(N_("The file is a zip archive but no Excel workbook; choose an .xlsx, .xls or .csv file."))
    styles = find_styles(parts.text("xl/styles.xml"))
    scans = {
        name: SheetScan(styles) for name in parts.names() if name.startswith("xl/worksheets/") and name.endswith(".xml")
    }
    places = _sheet_parts(parts)
    parts.look_through(scans)
    by_sheet = {name: scans[part] for name, part in places.items() if part in scans}
    _check_extent(by_sheet, limits)
    yield from _read_sheets(path, sheet, by_sheet, limits)


def read_xls(path: Path, *, sheet: str | None, limits: Limits) -> Iterator[Any]:
    """Give each sheet of an .xls and its rows."""
    with path.open("rb") as file:
        text = file.read()
    if _is_cut_off(text):
        raise refuse(DAMAGED)
    if "EncryptedPackage".encode("utf-16le") in text or _wants_password(text):
        raise refuse(ENCRYPTED)
    if not any(name.encode("utf-16le") in text for name in ("Workbook", "Book", "WORKBOOK", "BOOK")):
        raise refuse(N_("The file is an Office document but no Excel workbook; choose an .xlsx, .xls or .csv file."))
    del text
    yield from _read_sheets(path, sheet, {}, limits)


def _is_cut_off(text: bytes) -> bool:
    """Tell whether the file ends before the directory that its header points to."""
    if len(text) < 512:
        return True
    size = 1 << min(int.from_bytes(text[30:32], "little"), 20)
    return (int.from_bytes(text[48:52], "little") + 1) * size >= len(text)


def _wants_password(text: bytes) -> bool:
    """Tell whether one of the first records of the workbook says that the rest is encrypted."""
    at = text.find(_BEGINNING)
    for _ in range(5 if at >= 0 else 0):
        record, length = int.from_bytes(text[at : at + 2], "little"), int.from_bytes(text[at + 2 : at + 4], "little")
        if record == _FILEPASS:
            return True
        at += 4 + length
    return False


def _sheet_parts(parts: Parts) -> dict[str, str]:
    """Return sheet name → name of its part, as the workbook part and its relations say."""
    relations = ElementTree.fromstring(_without_declarations(parts.text("xl/_rels/workbook.xml.rels")) or b"<none/>")
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    workbook = ElementTree.fromstring(_without_declarations(parts.text("xl/workbook.xml")) or b"<none/>")
    found = {}
    for one in workbook.iter():
        if one.tag.endswith("}sheet"):
            target = targets.get(one.get(_RELATION) or one.get(_STRICT_RELATION)) or ""
            found[one.get("name", "")] = target[1:] if target.startswith("/") else str(PurePosixPath("xl") / target)
    return found


def _without_declarations(text: bytes) -> bytes:
    """Refuse to hand a document type to the XML parser, whatever its encoding."""
    squeezed = text.replace(b"\x00", b"")
    if b"<!DOCTYPE" in squeezed or b"<!ENTITY" in squeezed:
        raise refuse(
            N_(
                "The file holds a document type or entity declaration, which no ledger needs; open it in "
                "Excel or WPS, save it as a new .xlsx file and try again."
            )
        )
    return text


def _check_extent(scans: dict[str, SheetScan], limits: Limits) -> None:
    for name, scan in scans.items():
        if (scan.last_row + 1) * (scan.last_column + 1) > limits.cells:
            raise refuse(
                N_(
                    "The sheet “%(sheet)s” reaches to row %(row)s and column %(column)s, with almost nothing between; "
                    "delete "
                    "the stray cells beyond the ledger, save it and try again."
                ),
                sheet=name,
                row=scan.last_row + 1,
                column=scan.last_column + 1,
            )


def _read_sheets(path: Path, wanted: str | None, scans: dict[str, SheetScan], limits: Limits) -> Iterator[Any]:
    with _open(path) as workbook:
        names = [one.name for one in workbook.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
        if wanted is not None and wanted not in names:
            raise refuse(
                N_("The file has no sheet “%(sheet)s”; its sheets are: %(names)s."),
                sheet=wanted,
                names="、".join(names),
            )
        for name in names:
            if wanted is None or name == wanted:
                yield from _read_sheet(name, workbook.get_sheet_by_name(name), scans.get(name, SheetScan()), limits)


def _open(path: Path) -> CalamineWorkbook:
    """Open a workbook by what it is: the reader believes a file's ending, so a wrong one is not shown to it."""
    with path.open("rb") as file:
        endings = (".xlsx", ".xlsm") if file.read(2) == b"PK" else (".xls",)
        file.seek(0)
        if path.suffix.lower() in endings:
            return CalamineWorkbook.from_path(str(path))
        return CalamineWorkbook.from_filelike(file)


def _read_sheet(name: str, sheet: CalamineSheet, scan: SheetScan, limits: Limits) -> Iterator[Any]:
    start, end = sheet.start, sheet.end
    if start is None or end is None:
        yield {"sheet": name, "merges": [], "marks": [], "rows": 0}
        return
    if (end[0] + 1) * (end[1] + 1) > limits.cells:
        raise refuse(TOO_MUCH)
    merges = [[top, left, bottom, right] for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()]
    yield {"sheet": name, "merges": merges, "marks": sorted(scan.marks), "rows": end[0] + 1}
    for row, texts in enumerate(_rows(sheet, start[1], scan)):
        refuse_controls(texts, sheet=name, row=row)
        yield texts


def _rows(sheet: CalamineSheet, first_column: int, scan: SheetScan) -> Iterator[list[str]]:
    marks: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in scan.marks.items():
        marks.setdefault(row, []).append((column, text))
    last = -1
    for last, values in enumerate(sheet.iter_rows()):
        texts = [""] * first_column + [value if isinstance(value, str) else _show(value) for value in values]
        if scan.styled:
            for column, value in enumerate(values, first_column):
                kind = scan.styled.get((last, column)) if not isinstance(value, str) else None
                if kind:
                    texts[column] = _show_styled(value, kind)
        for column, text in marks.pop(last, ()):
            texts.extend([""] * (column + 1 - len(texts)))
            texts[column] = text
        while texts and not texts[-1]:
            texts.pop()
        yield texts
    for row in sorted(marks):  # errors alone in rows below the last value
        for _ in range(last + 1, row):
            yield []
        texts = [""] * (max(column for column, _ in marks[row]) + 1)
        for column, text in marks[row]:
            texts[column] = text
        yield texts
        last = row


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _show_number(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def _show_number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = format(value, ".15g")
    return format(Decimal(text), "f") if "e" in text else text


def _show_styled(value: Any, kind: str) -> str:
    if kind == "month" and isinstance(value, datetime.date) and value.day == 1:
        return f"{value.year}年{value.month}月"
    text = _show(value)
    if kind.startswith("zeros:") and text.isdigit():
        return text.zfill(int(kind[6:]))
    return text + kind[5:] if kind.startswith("unit:") and isinstance(value, float | int) else text
