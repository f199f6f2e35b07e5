"""A row of an import as people read it: where it stands in the file, what it says, why it waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from bihuan.intake.contents import cells_of, problems_of, values_of
from bihuan.intake.models import IntakeRow, Status
from bihuan.intake.reading import Problem
from bihuan.intake.reading.wanted import DUE_RULE
from bihuan.ledger.packs import current
from bihuan.mechanism.sentence import N_

from ..showing import Money

STATUSES: Mapping[str, tuple[str, str]] = {
    Status.READY: (N_("ready"), "here"),
    Status.WAITING: (N_("to settle"), "soon"),
    Status.SKIPPED: (N_("skipped"), ""),
    Status.CREATED: (N_("registered"), "done"),
    Status.UNCHANGED: (N_("unchanged"), ""),
    Status.DIFFERING: (N_("differs"), "soon"),
    Status.DECIDED: (N_("differences decided"), "done"),
    Status.DISCARDED: (N_("laid aside"), ""),
    Status.REPLACED: (N_("replaced by a later import"), ""),
    Status.WITHDRAWN: (N_("withdrawn"), ""),
}


@dataclass(frozen=True, slots=True)
class RowTold:
    """A row of a table. What has become a matter is told from the matter: the row's texts are gone by then."""

    row: IntakeRow
    sheet: str
    number: str
    title: str
    unit: str
    due: str
    amount: Money | str
    status: str
    tone: str
    problems: tuple[Problem, ...]


def tell_rows(rows: Iterable[IntakeRow], sheets: Mapping[int, str]) -> list[RowTold]:
    """`sheets` gives each sheet's name by its number."""
    return [_told(row, sheets.get(row.sheet_no, "")) for row in rows]


def _told(row: IntakeRow, sheet: str) -> RowTold:
    values = values_of(row)
    status, tone = STATUSES[row.status]
    problems = tuple(problems_of(row))
    if row.matter and not values:
        matter = row.matter
        due = matter.due.isoformat() if matter.due else ""
        amount = "" if matter.amount is None else Money(matter.amount)
        unit = matter.responsible.name
        return RowTold(row, sheet, matter.finding_no, matter.title, unit, due, amount, status, tone, problems)
    mechanism = current().get(row.intake.mechanism)
    index = mechanism.index if mechanism else None
    said = {
        key: values.get(getattr(index, key, None) or "") for key in ("title", "body", "number", "amount", "responsible")
    }
    title = str(said["title"] or said["body"] or "")
    if not values:
        title = " · ".join(dict.fromkeys(text.strip() for text in cells_of(row) if text.strip()))
    return RowTold(
        row=row,
        sheet=sheet,
        number=str(said["number"] or ""),
        title=title,
        unit=str(said["responsible"] or ""),
        due=str((mechanism and values.get(mechanism.deadline.field)) or values.get(DUE_RULE) or ""),
        amount=_money(said["amount"]),
        status=status,
        tone=tone,
        problems=problems,
    )


def _money(yuan: str | None) -> Money | str:
    try:
        return Money(int(Decimal(yuan) * 100)) if yuan else ""
    except InvalidOperation:
        return str(yuan)
