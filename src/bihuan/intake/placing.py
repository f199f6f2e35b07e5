"""Which of a row's cells go beside its values: the days that terms are counted from, and columns no field took up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bihuan.mechanism.model import FieldKind, Mechanism
from bihuan.mechanism.sentence import N_, Sentence

from .form.own import NUMBER
from .layouts import Landing
from .reading import Layout, Problem
from .reading.days import Unclear, read_full_day
from .reading.layout import name_column

_NO_DAY = N_("“%(text)s” is not a day from which the term could be counted; write a day such as 2026-03-02.")


@dataclass(frozen=True)
class Placing:
    """The columns of one sheet, as `place` found them. `labels` are those of the fields that have a column.

    `fields` are those of the mechanism's fields among them.
    """

    labels: Mapping[str, str]
    anchors: Mapping[str, int]
    columns: tuple[str, ...]
    kept: tuple[int, ...]
    year: int
    fields: Mapping[str, str]
    layout: Layout
    _days: dict[str, str | None] = field(default_factory=dict)

    @property
    def is_own(self) -> bool:
        """Whether the sheet is in the ledger's own form."""
        return NUMBER in self.labels

    def source(self, cells: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Return (label, text) of the columns that no field took up, in their order, blanks left out."""
        return tuple((self.columns[place], cells[place]) for place in self.kept if self._is_loose(place, cells[place]))

    def days(self, cells: Sequence[str]) -> dict[str, str]:
        """Return field → ISO day for the days that terms are counted from, where the row names one."""
        read = {key: self._day(cells[place]) for key, place in self.anchors.items()}
        return {key: day for key, day in read.items() if day}

    def unclear_day(self, cells: Sequence[str]) -> Problem | None:
        """Return the problem of a row whose term must be counted from a cell that names no day."""
        for place in self.anchors.values():
            text = cells[place]
            if not self.layout.is_empty(text) and not text.isspace() and self._day(text) is None:
                return Problem("due", self.columns[place], Sentence(_NO_DAY, {"text": text[:80]}))
        return None

    def _is_loose(self, place: int, text: str) -> bool:
        """An anchor's text is kept where it names no day that a field could hold."""
        return bool(text.strip()) and not (place in self.anchors.values() and self._day(text))

    def _day(self, text: str) -> str | None:
        if text not in self._days:
            self._days[text] = self._read(text)
        return self._days[text]

    def _read(self, text: str) -> str | None:
        try:
            day = read_full_day(text, year=self.year) if not self.layout.is_empty(text) else None
        except Unclear:
            return None
        return day.isoformat() if day else None


def place(sheet: Any, mechanism: Mechanism, layout: Layout, landing: Landing, reference_day: date) -> Placing:
    """Find the places of a sheet's columns. `sheet` has mapping, anchors and columns (IntakeSheet or SheetReading)."""
    columns = tuple(sheet.columns)
    fields = {key: label for key, label in sheet.mapping.items() if key in mechanism.fields}
    known = fields | {
        key: label for key, label in sheet.mapping.items() if key == landing.assertion or key.endswith(":")
    }
    anchors = {
        key: columns.index(label)
        for key, label in sheet.anchors.items()
        if label in columns and key in mechanism.fields and mechanism.fields[key].kind is FieldKind.DATE
    }
    taken = {columns.index(label) for label in known.values() if label in columns}
    if NUMBER not in known:
        taken |= _ticked(known, columns, layout)
    return Placing(
        labels=dict(sheet.mapping),
        anchors=anchors,
        columns=columns,
        kept=tuple(number for number in range(len(columns)) if number not in taken),
        year=reference_day.year,
        fields=fields,
        layout=layout,
    )


def _ticked(fields: Mapping[str, str], columns: Sequence[str], layout: Layout) -> set[int]:
    """Return the places of tick columns: the label of their field is that of a group, and no column's own."""
    ticks = [key for key in layout.ticked if key in fields and fields[key] not in columns]
    return {
        number
        for number, label in enumerate(columns)
        if label not in fields.values() and any(layout.choose(key, name_column(label.split("/")[-1])) for key in ticks)
    }
