"""What an import came to, as one object: every row as it was read, and the sums."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count

from .contents import problems_of
from .judging import Judged
from .models import Intake, Status
from .reading import Problem, Reading, RowReading, SheetReading

#: (place of the sheet, row) → what the row waits for.
Problems = dict[tuple[int, int], tuple[Problem, ...]]

_READ = (Status.READY, Status.WAITING, Status.SKIPPED)
_BECAME = (Status.CREATED, Status.UNCHANGED, Status.DIFFERING)


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was brought in: what was read (`sheets`), and what came of it. No intake after a dry run.

    `ignored` are the sheets that hold something and in which no ledger was found; `others` tells of which
    mechanism some of them are. `fates` counts, after a dry run, the rows by what would become of them.
    """

    intake: Intake | None
    sheets: tuple[SheetReading, ...]
    summary: Mapping[str, int]
    ignored: tuple[str, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)
    fates: Mapping[str, int] = field(default_factory=dict)


def report(brought: Brought, translate: Callable[[str], str] = str, language: str = "en") -> dict[str, Any]:
    """Return `{"sheets": […], "summary": {…}}` with every problem in the reader's language.

    Money is a decimal string in yuan, units are full names, days ISO.
    """
    sheets = [
        {
            "sheet": sheet.sheet,
            "header_rows": list(sheet.header_rows),
            "mapping": dict(sheet.mapping),
            "rows": [_row(row, translate, language) for row in sheet.rows],
        }
        for sheet in brought.sheets
    ]
    return {"sheets": sheets, "summary": dict(brought.summary)}


def summary(intake: Intake) -> dict[str, int]:
    """Return how many rows were read as what, and what has become of them so far."""
    counted = intake.rows.order_by().values_list("read_as", "status").annotate(Count("id"))
    return sums([(read_as, status, number) for read_as, status, number in counted])


def sums(counted: list[tuple[str, str, int]]) -> dict[str, int]:
    """Return the sums of (read as, status, number of rows)."""
    made = {str(key): sum(number for read_as, _, number in counted if read_as == key) for key in _READ}
    return made | {str(key): sum(number for _, status, number in counted if status == key) for key in _BECAME}


def corrected(reading: Reading, found: Problems) -> tuple[SheetReading, ...]:
    """Return the sheets with the rows (sheet, row) that wait for more than reading saw: doubles, rules."""
    if not found:
        return reading.sheets
    return tuple(
        replace(sheet, rows=tuple(_corrected(row, found.get((number, row.row))) for row in sheet.rows))
        for number, sheet in enumerate(reading.sheets)
    )


def stored_problems(intake: Intake) -> Problems:
    """Return (sheet, row) → problems of the stored rows that wait."""
    rows = intake.rows.filter(status=Status.WAITING).only("sheet_no", "row", "problems")
    return {(row.sheet_no, row.row): tuple(problems_of(row)) for row in rows.iterator()}


def note(waiting: Problems, row: Judged) -> None:
    """Note what a judged row waits for, if it waits."""
    if row.read_as == Status.WAITING:
        waiting[row.sheet_no, row.row] = row.problems


def _corrected(row: RowReading, problems: tuple[Problem, ...] | None) -> RowReading:
    return replace(row, status="waiting", problems=problems) if problems else row


def _row(row: RowReading, translate: Callable[[str], str], language: str) -> dict[str, Any]:
    problems = [
        {"field": each.field, "column": each.column, "message": each.message.render(translate, language)}
        for each in row.problems
    ]
    return {"row": row.row, "status": row.status, "values": dict(row.values), "problems": problems}
