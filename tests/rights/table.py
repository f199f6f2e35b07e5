"""The table of who may do what, as it was written by hand.

`expected.csv` holds one line for each thing that can be asked and each kind of matter, and a cell for each of
the cast: `yes`; `no` (not their role); the name of any other rule that refuses; `hidden` (answered as if it
were not there); `sign_in` (asked who they are first); a number where something is counted; `.` where the
question makes no sense. `both` is the person with two posts, who is asked on pages; the command line is asked
by post. `nobody` is not signed in on a page; on the command line it leaves `--as` out, which means the clerk.

`whose.csv` says what each matter is to each of the cast.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
#: Cells that are not asked.
SILENT = "."


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what is asked by which door, in what case, of whose matter, and what each member is answered."""

    line: int
    door: str
    what: str
    case: str
    whose: str
    cells: Mapping[str, str]

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.door, self.what, self.case, self.whose) if part)


@cache
def rows() -> tuple[Row, ...]:
    lines = list(csv.DictReader((HERE / "expected.csv").open(encoding="utf-8")))
    return tuple(
        Row(number, line.pop("door"), line.pop("what"), line.pop("case"), line.pop("whose"), line)
        for number, line in enumerate(lines, start=2)
    )


def of(*doors: str, case: str | None = None) -> list[Row]:
    """Return the lines of these doors, in one case or in all."""
    return [row for row in rows() if row.door in doors and case in (None, row.case)]


@cache
def whose() -> Mapping[str, Mapping[str, str]]:
    """Return matter → member → what it is to them."""
    lines = csv.DictReader((HERE / "whose.csv").open(encoding="utf-8"))
    return {line.pop("matter"): line for line in lines}
