"""What comes out of a file: a `Reading` of sheets of rows, each with its values and its problems."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bihuan.mechanism.sentence import N_, Sentence

FIELDS = (
    "finding_no",
    "project",
    "audited_unit",
    "category",
    "title",
    "description",
    "amount",
    "rectify_type",
    "measures",
    "responsible_unit",
    "assisting_units",
    "responsible_person",
    "due",
    "due_rule",
    "claimed_status",
    "progress",
    "reason",
)
"""The field keys of a row's values, in their order."""

EMPTY_VALUES: Mapping[str, Any] = {field: [] if field == "assisting_units" else None for field in FIELDS}

FIELD_NAMES: Mapping[str, str] = {
    "finding_no": N_("finding number"),
    "project": N_("audit project"),
    "audited_unit": N_("audited unit"),
    "category": N_("category of the finding"),
    "title": N_("title of the finding"),
    "description": N_("description of the finding"),
    "amount": N_("amount concerned"),
    "rectify_type": N_("class of rectification"),
    "measures": N_("measures of rectification"),
    "responsible_unit": N_("responsible unit"),
    "assisting_units": N_("assisting units"),
    "responsible_person": N_("responsible person"),
    "due": N_("deadline of rectification"),
    "due_rule": N_("rule of the deadline"),
    "claimed_status": N_("status claimed by the unit"),
    "progress": N_("progress of rectification"),
    "reason": N_("reason for what is not put right"),
}
"""The name of each field, for people (English patterns, translated at the edge)."""

Status = Literal["ready", "waiting", "skipped"]
Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row waits: the field key, the label of the column (empty when there is none), and a sentence."""

    field: str
    column: str
    message: Sentence


@dataclass(frozen=True, slots=True)
class RowReading:
    """One row. `row` counts from 1 as Excel does (in a CSV: the record's number, its header included).

    `values` holds a value, or None or [], for every field of its layout. `cells` are the texts of all columns in
    their order, mapped or not, with the value of a merged area in each of its rows. `note` says why a row was skipped.
    """

    row: int
    status: Status
    values: Mapping[str, Any] = field(default_factory=lambda: EMPTY_VALUES)
    problems: tuple[Problem, ...] = ()
    cells: tuple[str, ...] = ()
    note: Sentence | None = None

    def to_json(self, translate: Translate = str) -> dict[str, Any]:
        """Return the row as the contract of `--json` draws it."""
        return {
            "row": self.row,
            "status": self.status,
            "values": dict(self.values),
            "problems": [
                {"field": p.field, "column": p.column, "message": p.message.render(translate)} for p in self.problems
            ],
        }


@dataclass(frozen=True, slots=True)
class SheetReading:
    """A sheet that holds a ledger.

    `header_rows` are row numbers; `mapping` gives each mapped field its column's label; `anchors` does so for the
    days that terms are counted from (delivered_on …); `columns` are all labels in their order. `lacking` are the
    fields without which no row is ready and for which the sheet has no column at all.
    """

    sheet: str
    header_rows: tuple[int, ...]
    mapping: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[RowReading, ...]
    anchors: Mapping[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()

    def to_json(self, translate: Translate = str) -> dict[str, Any]:
        """Return the sheet as the contract of `--json` draws it."""
        return {
            "sheet": self.sheet,
            "header_rows": list(self.header_rows),
            "mapping": dict(self.mapping),
            "rows": [row.to_json(translate) for row in self.rows],
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """Every ledger sheet of a file, in the file's order; `ignored` names the other sheets that hold something.

    `others` are those of them that are lists of this ledger's own of another kind: sheet → mechanism.
    """

    sheets: tuple[SheetReading, ...]
    ignored: tuple[str, ...] = ()
    others: Mapping[str, str] = field(default_factory=dict)

    @property
    def summary(self) -> dict[str, int]:
        """Count the rows by status."""
        counts = {"ready": 0, "waiting": 0, "skipped": 0}
        for sheet in self.sheets:
            for row in sheet.rows:
                counts[row.status] += 1
        return counts

    def to_json(self, translate: Translate = str) -> dict[str, Any]:
        """Return `{"sheets": […], "summary": {"ready", "waiting", "skipped"}}`."""
        return {"sheets": [sheet.to_json(translate) for sheet in self.sheets], "summary": self.summary}
