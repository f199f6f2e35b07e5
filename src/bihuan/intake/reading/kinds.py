"""What kind of row a row is: a finding, or one that a ledger holds beside its findings.

Skipped are: rows above the header, blank rows, rows wholly inside a merged area, the header or title printed again,
headings, totals, notes and signatures, and lines that hold only a sequence number. Each says why.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from bihuan.intake.reading.columns import Plan
from bihuan.intake.reading.grid import Grid
from bihuan.intake.reading.layout import Layout
from bihuan.intake.reading.units import UnitIndex
from bihuan.intake.reading.writing import fold
from bihuan.mechanism.sentence import N_, Sentence

ABOVE = Sentence(N_("above the header"))
BLANK = Sentence(N_("blank row"))
INSIDE = Sentence(N_("no cell of its own: part of the merged row above"))
HEADER = Sentence(N_("header printed again"))
TITLE = Sentence(N_("title printed again"))
HEADING = Sentence(N_("heading of a section"))
TOTAL = Sentence(N_("subtotal or total"))
NOTE = Sentence(N_("note or signature"))
COLUMN_NUMBERS = Sentence(N_("numbers of the columns"))
EXAMPLE = Sentence(N_("example of how to fill in the form"))
NUMBER_ONLY = Sentence(N_("only a sequence number"))

_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十]{1,3}\)|第[一二三四五六七八九十\d]{1,3}[部章节类]|(?:20\d\d)年度?.{0,30}$)"
)
_PAGE = re.compile(r"第?-?\d+-?页?(?:[,/]?共\d+页)|第\d+页|-\d+-")
_EXAMPLE = re.compile(r"\(?(?:填写|填报)?(?:示例|样例|范例|举例|例)\d*\)?:?")
_NUMBER = re.compile(r"[A-Za-z0-9一二三四五六七八九十()./-]{1,30}")
_FIRST_NUMBERS = frozenset({"1", "(1)", "甲", "栏次", "列次", "第1栏", "1栏"})
_WIDE = 3


@dataclass
class Sorter:
    """Tells rows apart; it remembers that notes have begun, since they go on over several lines."""

    grid: Grid
    plan: Plan
    layout: Layout
    units: UnitIndex
    in_notes: bool = False
    headers: list[dict[int, str]] = field(default_factory=list)
    titles: set[tuple[str, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        rows = self.plan.header.rows
        self._whose, self._until = self.layout.wanted.responsible, self.layout.wanted.due
        self.headers = [_folded(self.grid.rows[row]) for row in rows]
        self.titles = {tuple(_folded(self.grid.rows[row]).values()) for row in range(rows[0])}

    def why_skipped(self, row: int, cells: Sequence[str]) -> Sentence | None:
        """Return why a row below the header is skipped, or None when it is a finding.

        `cells` are the row's texts with those that merged areas continue into it.
        """
        own = {place: text for place, text in enumerate(self.grid.rows[row]) if text and not text.isspace()}
        if not own:
            return INSIDE if row in self.grid.fills else BLANK
        if len(own) >= 5 and self._has(own, self._whose) and self._has(own, self._until):
            reason = self._why_crowded(own)
        else:
            reason = self._why(row, own, cells)
        self.in_notes = reason is NOTE or (self.in_notes and reason in (BLANK, HEADING))
        return reason

    def _why_crowded(self, own: dict[int, str]) -> Sentence | None:
        """Judge a row that has a text for the unit and for the deadline: most are findings, so this is quick."""
        if self._is_header(own):
            return HEADER
        first = fold(next(iter(own.values())))
        if first in self.layout.totals and not self._names_known_unit(own):
            return TOTAL
        if _EXAMPLE.fullmatch(first):
            return EXAMPLE
        return COLUMN_NUMBERS if first in _FIRST_NUMBERS and _are_column_numbers(own) else None

    def _why(self, row: int, own: dict[int, str], cells: Sequence[str]) -> Sentence | None:
        texts = {place: fold(text) for place, text in own.items()}
        if self._is_header(own):
            return HEADER
        if tuple(texts.values()) in self.titles:
            return TITLE
        first = next(iter(texts.values()))
        if _EXAMPLE.fullmatch(first):
            return EXAMPLE
        if self._names_known_unit(own):
            return None
        if self._is_total(texts):
            return TOTAL
        if _are_column_numbers(own):
            return COLUMN_NUMBERS
        if self._is_note(first, texts):
            return NOTE
        filled = sum(bool(text) and not text.isspace() for text in cells)
        return self._why_lonely(row, next(iter(texts)), first) if len(texts) == 1 and filled == 1 else None

    def _why_lonely(self, row: int, place: int, text: str) -> Sentence | None:
        """Judge a row with a single text: it stands across the sheet, or under the number, or is a finding begun."""
        is_wide = any(area[1] == place and area[3] - area[1] + 1 >= _WIDE for area in self.grid.wide_areas(row))
        number = self.plan.places.get(self.layout.wanted.number or "")
        if self.in_notes:
            return NOTE
        if is_wide or _HEADING.match(text):
            return HEADING
        if number is not None and number.place == place:
            return NUMBER_ONLY if _NUMBER.fullmatch(text) else HEADING
        return None if any(column.place == place for column in self.plan.places.values()) else NOTE

    def _is_header(self, own: dict[int, str]) -> bool:
        """Tell whether the row repeats a header line: all of it, or most of it with, say, a page number beside."""
        opening = [(place, fold(text)) for place, text in islice(own.items(), 2)]
        for header in self.headers:
            if not any(header.get(place) == text for place, text in opening):
                continue  # nearly every row leaves here, and quickly
            same = sum(header.get(place) == fold(text) for place, text in own.items() if place in header)
            if same >= 2 and (same == len(own) or (same >= 3 and same >= 0.7 * len(own))):
                return True
        return False

    def _is_total(self, texts: dict[int, str]) -> bool:
        if next(iter(texts.values())) in self.layout.totals:
            return True
        unit, due = self.plan.places.get(self._whose), self.plan.places.get(self._until)
        whose = texts.get(unit.place, "") if unit else ""
        until = texts.get(due.place, "") if due else ""
        if not self.layout.is_empty(until) or not (self.layout.is_empty(whose) or self._says_total(whose)):
            return False
        return self._says_total(whose) or any(self._says_total(text) for text in list(texts.values())[:3])

    def _says_total(self, text: str) -> bool:
        return any(
            len(text) <= 30 and re.fullmatch(rf".{{0,20}}{word}(?:数|金额)?(?:[:(].*|\d.*|共.*|\(.*)?", text)
            for word in self.layout.totals
        )

    def _is_note(self, first: str, texts: dict[int, str]) -> bool:
        if _PAGE.fullmatch(first) and len(texts) <= 2:
            return True
        return first.startswith(self.layout.notes) and (
            len(texts) <= 2
            or sum(text.startswith(self.layout.notes) for text in texts.values()) >= 2
            or self._is_bare(texts)
        )

    def _is_bare(self, texts: dict[int, str]) -> bool:
        """Tell whether no cell stands under title, description, unit or deadline, except the note's own."""
        wanted = {self.layout.wanted.title, self.layout.wanted.body, self._whose, self._until}
        places = {column.place for key, column in self.plan.places.items() if key in wanted}
        return sum(place in places for place in texts) <= 1

    def _has(self, own: dict[int, str], key: str) -> bool:
        column = self.plan.places.get(key)
        return column is not None and not self.layout.is_empty(own.get(column.place, ""))

    def _names_known_unit(self, own: dict[int, str]) -> bool:
        column = self.plan.places.get(self._whose)
        return (
            column is not None
            and column.place in own
            and len(own) > 1
            and self.units.find(own[column.place]).unit is not None
        )


def _are_column_numbers(own: dict[int, str]) -> bool:
    """Tell whether the cells only count the columns, as forms do below their header: 甲 乙 1 2 3, (1) (2) (3)."""
    texts = [fold(text).strip("()栏列第") for text in own.values()]
    letters = "甲乙丙丁戊己庚辛"
    lead = 0
    while lead < len(texts) and lead < len(letters) and texts[lead] == letters[lead]:
        lead += 1
    if texts[0] in ("次", "栏次", "列次"):
        lead = 1
    numbers = texts[lead:]
    return len(texts) >= 4 and numbers == [str(n) for n in range(1, len(numbers) + 1)]


def _folded(texts: Sequence[str]) -> dict[int, str]:
    return {place: fold(text) for place, text in enumerate(texts) if text and not text.isspace()}
