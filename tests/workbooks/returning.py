"""Workbooks that went out, and ways in which people edit them before they come back."""

import csv
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import xlwt
from openpyxl.worksheet.worksheet import Worksheet

from bihuan.directory.organisation import Organisation
from bihuan.intake.form.names import Names
from bihuan.ledger.days import local_day
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import current
from bihuan.workbooks.collecting import collect
from bihuan.workbooks.files import room
from bihuan.workbooks.merge_report import report
from bihuan.workbooks.merging import merge
from bihuan.workbooks.models import Handout, HandoutPart, HandoutRow
from bihuan.workbooks.rows import Telling
from bihuan.workbooks.sheets import HIDDEN, LEDGER
from city import City


@dataclass
class HandedOut:
    """One unit's workbook as it went out, open in openpyxl; `save` writes what somebody made of it."""

    part: HandoutPart
    book: Any
    matters: Sequence[Matter]

    @property
    def sheet(self) -> Worksheet:
        return next(sheet for sheet in self.book.worksheets if sheet.title != HIDDEN)

    def column(self, head: str) -> int:
        for row in self.sheet.iter_rows(min_row=1, max_row=6):
            for cell in row:
                if cell.value == head:
                    return int(cell.column)
        raise KeyError(head)

    def row(self, matter: Matter) -> int:
        for row in self.sheet.iter_rows():
            if any(cell.value == matter.number for cell in row):
                return int(row[0].row)
        raise KeyError(matter.number)

    def write(self, matter: Matter, head: str, value: Any) -> None:
        self.sheet.cell(self.row(matter), self.column(head)).value = value

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path

    def save_as_xls(self, path: Path) -> Path:
        """Write the workbook as WPS does for people whose Excel is twenty years old."""
        book = xlwt.Workbook()
        days = xlwt.easyxf(num_format_str="yyyy-mm-dd")
        for sheet in self.book.worksheets:
            made = book.add_sheet(sheet.title)
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is None:
                        continue
                    style = [days] if isinstance(cell.value, date) else []
                    made.write(cell.row - 1, cell.column - 1, cell.value, *style)
            if sheet.title == HIDDEN:
                made.visibility = 2
        book.save(str(path))
        return path

    def save_as_csv(self, path: Path, encoding: str = "gb18030") -> Path:
        """Write the one sheet as text, as its numbers are shown."""
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file)
            for row in self.sheet.iter_rows(values_only=True):
                writer.writerow(["" if cell is None else _as_shown(cell) for cell in row])
        return path


def _as_shown(cell: Any) -> str:
    if hasattr(cell, "strftime"):
        return str(cell.strftime("%Y/%-m/%-d"))
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)


def hand_out(city: City, unit: str, matters: Sequence[Matter], *, days: int = 7) -> HandedOut:
    """Hand `matters` out to the unit, wanted back in so many days."""
    mechanism = current()[city.mechanism]
    today = local_day(city.now)
    telling = Telling(mechanism, Names.of(Organisation.on(today), [mechanism]), today)
    handout = Handout.objects.create(
        id=uuid.uuid4(),
        mechanism=mechanism.key,
        made_at=city.now,
        return_by=today + timedelta(days=days),
        post=city.posts["clerk"],
        account="clerk",
    )
    part = HandoutPart.objects.create(handout=handout, unit=city.units[unit], file=f"{unit}.xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = LEDGER
    sheet.append([column.head for column in telling.columns])
    fresh = [Matter.objects.get(pk=each.pk) for each in matters]
    for matter in fresh:
        HandoutRow.objects.create(part=part, matter=matter, version=matter.version)
        sheet.append(telling.row(matter))
    hidden = book.create_sheet(HIDDEN)
    for row in (("handout", str(handout.pk)), ("unit", unit), ("mechanism", mechanism.key)):
        hidden.append(row)
    hidden.sheet_state = "veryHidden"
    return HandedOut(part, book, fresh)


def merged(city: City, *paths: Path, dry_run: bool = False, by: str = "clerk") -> dict[str, Any]:
    """Merge the files and return the JSON that scripts read."""
    post = city.posts[by]
    with room() as folder:
        collected = collect([(path.name, path) for path in paths], folder)
        found = merge(collected.pieces, post=post, account=post.account.account, now=city.now, dry_run=dry_run)
    return report(found)


def said(told: dict[str, Any], status: str = "proposed") -> set[tuple[Any, ...]]:
    """Return (matter, field, old, new) of what has this status in all files."""
    return {
        (each["matter"], each["field"], each["old"], each["new"])
        for file in told["files"]
        for each in file["proposals"]
        if each["status"] == status
    }
