"""A file in, a `Reading` out."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Protocol

from bihuan.intake.reading.columns import Plan, apply_mapping, count_names, propose_plan
from bihuan.intake.reading.entries import EntryIndex
from bihuan.intake.reading.grid import Grid
from bihuan.intake.reading.header import propose_headers
from bihuan.intake.reading.layout import Layout
from bihuan.intake.reading.mapping import check_mapping
from bihuan.intake.reading.model import Reading, SheetReading
from bihuan.intake.reading.opening import Progress, open_sheets
from bihuan.intake.reading.refusal import Limits, refuse
from bihuan.intake.reading.rows import RowReader
from bihuan.intake.reading.terms import CountWorkingDays
from bihuan.intake.reading.units import UnitIndex
from bihuan.intake.reading.wanted import DUE_RULE, Wanted
from bihuan.mechanism.sentence import N_

_NO_LEDGER = N_(
    "The file holds no ledger: no sheet has a row that names columns for what a matter is about, its responsible unit "
    "and its deadline (%(heads)s)."
)
_NO_LEDGER_THERE = N_(
    "The sheet “%(sheet)s” holds no ledger: no row names columns for what a matter is about, its responsible unit and "
    "its deadline (%(heads)s)."
)
_NO_COLUMN = N_(
    "The mapping names the column “%(column)s”, which the file does not have; write a column's label as it "
    "stands in the header."
)


class OwnSheet(Protocol):
    """A sheet that this ledger wrote itself."""

    def read(self, layout: Layout, units: UnitIndex) -> SheetReading: ...


class OwnForm(Protocol):
    """What tells sheets in the ledger's own form from others; they need no guess at what their columns are."""

    def find(self, grid: Grid) -> OwnSheet | None: ...

    def kind_of_other(self, grid: Grid) -> str: ...


def read_ledger(
    path: Path,
    *,
    units: UnitIndex,
    layout: Layout,
    reference_day: date,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    count_working_days: CountWorkingDays | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
    form: OwnForm | None = None,
    entries: EntryIndex | None = None,
) -> Reading:
    """Read every sheet of `path` that holds a ledger, or only `sheet`.

    `reference_day` only supplies a year that is not written. `mapping` gives fields their columns' labels ('' for a
    field that the file does not have); what it leaves out is proposed. `count_working_days(start, n)` returns the n-th
    working day after `start`; without it a rule in working days names no day. `entries` are those of the registers.
    Sheets in the own `form` are read by it, whatever the mapping says. Raises `Refusal` for a whole file.
    """
    wanted = check_mapping(mapping, layout=layout) if mapping else {}
    sheets: list[SheetReading] = []
    ignored: list[str] = []
    others: dict[str, str] = {}
    lacking = {label for label in wanted.values() if label}
    for grid in open_sheets(Path(path), sheet=sheet, limits=limits or Limits(), progress=progress):
        own = form.find(grid) if form else None
        if own:
            lacking = set()
            sheets.append(own.read(layout, units))
        elif form and (kind := form.kind_of_other(grid)):
            ignored.append(grid.name)
            others[grid.name] = kind
        elif found := _plan(grid, layout, wanted):
            plan, missing = found
            lacking &= missing
            reader = RowReader(grid, plan, layout, units, reference_day, count_working_days, entries or EntryIndex())
            sheets.append(_gather(grid, plan, reader, layout))
        elif grid.rows:
            ignored.append(grid.name)
    if lacking:
        raise refuse(_NO_COLUMN, column=min(lacking))
    if not sheets and others:
        name, kind = next(iter(others.items()))
        raise refuse(_OTHER_KIND, sheet=name, kind=kind)
    if not sheets:
        raise _no_ledger(sheet, layout)
    if not any(row.row > one.header_rows[-1] for one in sheets for row in one.rows):
        raise refuse(N_("The sheet “%(sheet)s” has the header of a ledger and no row below it."), sheet=sheets[0].sheet)
    return Reading(tuple(sheets), tuple(ignored), others)


def _gather(grid: Grid, plan: Plan, reader: RowReader, layout: Layout) -> SheetReading:
    return SheetReading(
        sheet=grid.name,
        header_rows=tuple(row + 1 for row in plan.header.rows),
        mapping={key: plan.label(key) for key in layout.wanted.keys if key in plan.keys},
        columns=tuple(column.label for column in plan.header.columns),
        rows=tuple(reader.read_all()),
        anchors={key: plan.label(key) for key in layout.anchors if key in plan.keys},
        lacking=_lacking(plan, layout.wanted),
    )


def _lacking(plan: Plan, wanted: Wanted) -> tuple[str, ...]:
    """Return the fields without which no row is ready and for which the sheet has no column."""
    needed = [key for key in wanted.required if key not in plan.keys]
    if wanted.has_rule and not plan.keys & {wanted.due, DUE_RULE}:
        needed.append(wanted.due)
    return tuple(needed)


def _plan(grid: Grid, layout: Layout, mapping: Mapping[str, str]) -> tuple[Plan, set[str]] | None:
    """Return the plan of the sheet's best header and the labels of `mapping` that it lacks; None for no ledger.

    Of several sheets one may lack a column that the mapping names: there the field's own proposal stands.
    """
    best: tuple[int, int, Plan, set[str]] | None = None
    labels = {label for label in mapping.values() if label}
    for header in propose_headers(
        grid, lambda texts: count_names(texts, layout) + sum(text in labels for text in texts)
    ):
        plan, missing = apply_mapping(propose_plan(grid, header, layout), mapping, layout)
        standing = (-len(missing), len(plan.keys))
        is_told = bool(labels) and not missing
        if _is_ledger(plan, layout.wanted, is_told=is_told) and (best is None or standing > best[:2]):
            best = (*standing, plan, missing)
    return best[2:] if best else None


def _is_ledger(plan: Plan, wanted: Wanted, *, is_told: bool) -> bool:
    """Tell whether the fields of a header make a ledger: what was found, and whose it is or by when.

    A header that a person's mapping describes needs no third field.
    """
    keys = plan.keys
    enough = 2 if is_told else min(3, len(plan.header.columns))
    return bool(keys & wanted.what) and bool(keys & wanted.whose) and len(keys) >= enough


_OTHER_KIND = N_(
    "The sheet “%(sheet)s” is a list that this ledger wrote of matters of another kind; bring it in as %(kind)s."
)


def _no_ledger(sheet: str | None, layout: Layout) -> Exception:
    wanted = layout.wanted
    heads = "、".join(wanted.label_zh(key) for key in dict.fromkeys((wanted.title, wanted.responsible, wanted.due)))
    told = {"heads": heads}
    return refuse(_NO_LEDGER, **told) if sheet is None else refuse(_NO_LEDGER_THERE, sheet=sheet, **told)
