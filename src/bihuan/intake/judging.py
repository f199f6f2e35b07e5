"""What becomes of each row that was read: new, known and the same, known and edited, or waiting for a person."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bihuan.directory.viewer import Viewer
from bihuan.mechanism.sentence import N_, Sentence

from .contents import dump
from .form.columns import NUMBER_HEAD
from .form.own import NUMBER, number_of_key
from .ground import Ground
from .identity import apart, mapping_text
from .known import Fate, Told, fate, look_up, states_of
from .models import Status
from .numbers import look_up_numbers
from .placing import Placing
from .reading import Problem, RowReading, SheetReading

_AT_ONCE = 2_000
_NAMED_TWICE = N_(
    "Row %(row)d of the sheet “%(sheet)s” is of the same matter; keep one of the two rows, "
    "or empty the number of the one that is another finding."
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its fate. `values` and `cells` are JSON texts, '' where nothing must be kept of them."""

    sheet_no: int
    row: int
    read_as: str
    status: str
    problems: tuple[Problem, ...] = ()
    key: str = ""
    salt: str = ""
    mark: str = ""
    prints: str = ""
    values: str = ""
    cells: str = ""
    matter: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """A row on its way to being judged."""

    sheet_no: int
    row: int
    values: str
    problems: tuple[Problem, ...]
    told: Told


@dataclass
class Judge:
    """Judges the rows of one file against the ledger of today. It reads the database and writes nothing."""

    ground: Ground
    viewer: Viewer
    _seen: dict[str, tuple[str, RowReading]] = field(default_factory=dict)

    def judge(self, sheets: Sequence[SheetReading]) -> Iterator[Judged]:
        """Yield every row of `sheets`, in order."""
        self._named = _named(sheets)
        self._numbers = look_up_numbers(self._named, self.ground.mechanism.key, self.viewer)
        together: list[_Row | Judged] = []
        for row in self._prepared(sheets):
            together.append(row)
            if len(together) >= _AT_ONCE:
                yield from self._judged(together)
                together.clear()
        yield from self._judged(together)

    def _prepared(self, sheets: Sequence[SheetReading]) -> Iterator[_Row | Judged]:
        for number, sheet in enumerate(sheets):
            placing, mapping = self.ground.add_sheet(number, sheet), mapping_text(sheet)
            for reading in sheet.rows:
                if reading.status == "skipped":
                    yield _skipped(number, reading)
                else:
                    yield self._prepare(number, sheet, reading, placing, mapping)

    def _prepare(self, number: int, sheet: SheetReading, reading: RowReading, placing: Placing, mapping: str) -> _Row:
        values = {**reading.values, **placing.days(reading.cells)}
        landed = None
        values, unnamed = self._numbers.checked(values, placing)
        problems = (*reading.problems, *unnamed)
        if not problems:
            landed, problems = self.ground.land(values, reading.cells, placing)
        key = self.ground.key(values, reading.cells)
        if numbered := number_of_key(key):
            twice = self._named_twice(numbered, sheet.sheet, reading)
        else:
            key, twice = self._once(key, sheet.sheet, reading)
        if twice:
            landed, problems = None, (*problems, twice)
        told = self.ground.told(key, values, dump(reading.cells), mapping, placing, landed)
        return _Row(number, reading.row, dump(values), problems, told)

    def _named_twice(self, number: str, sheet: str, reading: RowReading) -> Problem | None:
        """Return the problem that another row is of the same matter: neither of them can be preferred."""
        others = [place for place in self._named[number] if place != (sheet, reading.row)]
        if not others:
            return None
        said = Sentence(_NAMED_TWICE, {"sheet": others[0][0] or "—", "row": others[0][1]})
        return Problem(NUMBER, NUMBER_HEAD, said)

    def _once(self, key: str, sheet: str, reading: RowReading) -> tuple[str, Problem | None]:
        """Return the row's key, and the problem that another row of the file has it already.

        Rows that say the same are told apart by their numbers: those of their matters in another ledger, or their own.
        """
        first_sheet, first = self._seen.setdefault(key, (sheet, reading))
        if first is reading:
            return key, None
        index = self.ground.mechanism.index
        number, other = (
            str(each.values.get(NUMBER) or each.values.get(index.number or "") or "") for each in (reading, first)
        )
        if number and other and number != other:
            return self._once(apart(key, number), sheet, reading)
        name = index.number if number and index.number else index.title
        return key, Problem(name, "", _same_as(first.row, "" if first_sheet == sheet else first_sheet))

    def _judged(self, together: Sequence[_Row | Judged]) -> Iterator[Judged]:
        told = [row.told for row in together if isinstance(row, _Row)]
        known = look_up(each.key for each in told)
        states = states_of(known, told)
        for row in together:
            if isinstance(row, Judged):
                yield row
            else:
                yield _decided(
                    row,
                    fate(self.ground.mechanism, row.told, known.get(row.told.key), states, lambda: self.ground.names),
                )


def _decided(row: _Row, found: Fate) -> Judged:
    read_as = Status.WAITING if row.problems else Status.READY
    return Judged(
        sheet_no=row.sheet_no,
        row=row.row,
        read_as=read_as,
        status=found.status or read_as,
        problems=row.problems,
        key=row.told.key,
        salt=found.salt,
        mark=found.mark,
        prints=found.prints,
        values=row.values if found.kept else "",
        cells=row.told.cells if found.kept else "",
        matter=found.matter,
    )


def _named(sheets: Sequence[SheetReading]) -> dict[str, list[tuple[str, int]]]:
    """Return the matter numbers that rows name, each with the sheets and rows where it stands."""
    named: dict[str, list[tuple[str, int]]] = {}
    for sheet in sheets:
        for row in sheet.rows:
            if number := row.values.get(NUMBER):
                named.setdefault(number, []).append((sheet.sheet, row.row))
    return named


def _skipped(number: int, reading: RowReading) -> Judged:
    cells = dump(reading.cells) if any(text.strip() for text in reading.cells) else ""
    return Judged(number, reading.row, Status.SKIPPED, Status.SKIPPED, cells=cells)


def _same_as(row: int, sheet: str) -> Sentence:
    if not sheet:
        return Sentence(
            N_("The same finding stands in row %(row)d already; if it is another one, give it a number of its own."),
            {"row": row},
        )
    return Sentence(
        N_(
            "The same finding stands in row %(row)d of the sheet “%(sheet)s” already; if it is another one, give it a "
            "number of its own."
        ),
        {"row": row, "sheet": sheet},
    )
