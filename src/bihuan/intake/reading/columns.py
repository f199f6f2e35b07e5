"""Which column holds which field: proposed from the names of columns, or told by a saved mapping.

A field's label in a mapping is its column's label. Tick columns (已整改 | 整改中 | 未整改) hold one field together:
its label is that of their group (整改状态), or, when they have none, their own labels joined with slashes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bihuan.intake.reading.grid import Grid
from bihuan.intake.reading.header import Column, Header
from bihuan.intake.reading.layout import Layout, name_column
from bihuan.intake.reading.wanted import PERSON
from bihuan.intake.reading.writing import fold

_SAMPLE = 500
_OPENED, _JOINED, _AUDITORS = 100, 200, 400
#: The field that a column of this name may hold in place of the unit's word (整改情况).
_STORY = "progress"


@dataclass(frozen=True, slots=True)
class Ticks:
    """Columns of which one is ticked: the label of the whole, and (place, label, choice) of each column."""

    label: str
    choices: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Where each field (and each anchor day) of a sheet is found."""

    header: Header
    places: Mapping[str, Column] = field(default_factory=dict)
    ticks: Mapping[str, Ticks] = field(default_factory=dict)
    rivals: Mapping[str, tuple[Column, ...]] = field(default_factory=dict)
    """Columns without a field that name one as fully as its own column does (责任单位 beside 牵头单位)."""

    def label(self, key: str) -> str:
        """Return the label of the column of `key`, '' when the sheet has none."""
        if key in self.ticks:
            return self.ticks[key].label
        return self.places[key].label if key in self.places else ""

    @property
    def keys(self) -> frozenset[str]:
        """The fields and anchors that have a column."""
        return frozenset(self.places) | frozenset(self.ticks)


def propose_plan(grid: Grid, header: Header, layout: Layout) -> Plan:
    """Propose where each field is: the best name wins, and every column has at most one field."""
    ticks = {key: one for key in layout.ticked if (one := _find_ticks(header.columns, key, layout))}
    ticked = {place for one in ticks.values() for place, _, _ in one.choices}
    offers = sorted(
        (rank, column.place, key, column)
        for column in header.columns
        if column.place not in ticked
        for key, rank in _offers(column, layout)
        if _holds(grid, header, column, key, layout)
    )
    places: dict[str, Column] = {}
    for _, place, key, column in offers:
        if key not in places and key not in ticks and all(place != other.place for other in places.values()):
            places[key] = column
    return Plan(header, places, ticks, _find_rivals(header, places, ticked, layout))


def apply_mapping(plan: Plan, mapping: Mapping[str, str], layout: Layout) -> tuple[Plan, set[str]]:
    """Return the plan with the columns that `mapping` names, and the labels among them that the sheet lacks.

    A field mapped to '' is not in this sheet. A field that the mapping leaves out, or maps to a column that the sheet
    lacks, keeps what was proposed, unless the mapping gave its column away.
    """
    places = {key: column for key, column in plan.places.items() if key not in mapping}
    ticks = {key: one for key, one in plan.ticks.items() if key not in mapping}
    missing = set()
    for key, label in mapping.items():
        column = find_column(plan.header, label)
        own = plan.ticks.get(key) or (_ticks_called(plan.header, key, label, layout) if key in layout.ticked else None)
        if not label:
            continue
        if own and own.label == label:
            ticks[key] = own
        elif column:
            places = {k: c for k, c in places.items() if k in mapping or c.place != column.place}
            places[key] = column
        else:
            missing.add(label)
            places |= {key: plan.places[key]} if key in plan.places else {}
            ticks |= {key: plan.ticks[key]} if key in plan.ticks else {}
    taken = {column.place for column in places.values()}
    rivals = {
        key: left
        for key, columns in plan.rivals.items()
        if places.get(key) == plan.places[key] and (left := tuple(c for c in columns if c.place not in taken))
    }
    return Plan(plan.header, places, ticks, rivals), missing


def find_column(header: Header, label: str) -> Column | None:
    """Return the column that a label names: verbatim, else the only one that differs in blanks and width alone."""
    for column in header.columns:
        if column.label == label:
            return column
    alike = [column for column in header.columns if fold(column.label) == fold(label)]
    return alike[0] if len(alike) == 1 and fold(label) else None


def count_names(texts: Sequence[str], layout: Layout) -> int:
    """Count the texts that are names of columns."""
    return sum(bool(text.strip()) and bool(_ranks(name_column(text), layout)) for text in texts if len(text) < 200)


def _find_rivals(
    header: Header, places: Mapping[str, Column], ticked: set[int], layout: Layout
) -> dict[str, tuple[Column, ...]]:
    """Return, for each field whose layout lists them, the columns left over that name it just as well."""
    taken = {column.place for column in places.values()} | ticked
    return {
        key: found
        for key, names in layout.rivals.items()
        if key in places
        and name_column(places[key].path[-1]) in names
        and (
            found := tuple(
                column
                for column in header.columns
                if column.path and column.place not in taken and name_column(column.path[-1]) in names
            )
        )
    }


def _offers(column: Column, layout: Layout) -> Iterator[tuple[str, int]]:
    if not column.path:
        return
    lowest = name_column(column.path[-1])
    found = list(_ranks(lowest, layout))
    if not found and len(column.path) > 1:
        upper = name_column(column.path[-2])
        found = [(key, rank + _JOINED) for key, rank in _ranks(upper + lowest, layout)]
    is_auditors = any("审计" in text for text in column.path[:-1])
    for key, rank in found:
        yield key, rank + (_AUDITORS if is_auditors and key == PERSON else 0)


def _ranks(name: str, layout: Layout) -> Iterator[tuple[str, int]] | tuple[tuple[str, int], ...]:
    exact = layout.ranks.get(name)
    if exact:
        return exact
    for opening in layout.openings:
        if name.startswith(opening) and layout.ranks.get(name[len(opening) :]):
            return tuple((key, rank + _OPENED) for key, rank in layout.ranks[name[len(opening) :]])
    return ()


def _holds(grid: Grid, header: Header, column: Column, key: str, layout: Layout) -> bool:
    """Tell whether a column whose name may mean a status or a story holds, in its cells, what `key` wants."""
    name = name_column(column.path[-1])
    assertion = layout.wanted.assertion
    if name not in layout.by_content or key not in (*layout.wanted.choices, _STORY):
        return True
    first = header.rows[-1] + 1
    texts = [
        t
        for r in range(first, min(first + _SAMPLE, len(grid.rows)))
        if not layout.is_empty(t := grid.text(r, column.place))
    ]
    if key == _STORY:
        told = sum(bool(layout.choose(assertion, t)) for t in texts) if assertion else 0
        return 2 * told < len(texts) or not texts
    return bool(texts) and 2 * sum(_is_choice(t, key, name, layout) for t in texts) >= len(texts)


def _is_choice(text: str, key: str, name: str, layout: Layout) -> bool:
    if layout.choose(key, text) or fold(text) in layout.only_not.get(key, ()):
        return True
    return name in layout.yes and fold(text) == "是"


def _find_ticks(columns: Sequence[Column], key: str, layout: Layout) -> Ticks | None:
    for _, run in groupby(columns, key=lambda column: column.group):
        members = list(run)
        group = members[0].group
        if group and name_column(group[0]) not in layout.groups[key] and name_column(group[0]) not in layout.yes:
            continue
        asked = layout.yes.get(name_column(group[0])) if group and key == layout.wanted.assertion else None
        chosen = [
            (c.place, c.label, choice)
            for c in members
            if c.path and (choice := _choice_of(name_column(c.path[-1]), key, asked, layout)) is not None
        ]
        if len(chosen) >= 2 or (group and chosen and len(chosen) == len(members)):
            return Ticks(group[0] if group else "/".join(label for _, label, _ in chosen), tuple(chosen))
    return None


def _choice_of(name: str, key: str, asked: str | None, layout: Layout) -> str | None:
    """Return what a tick under `name` chooses; '' for a 否, which says only what the matter is not."""
    if asked and name in ("是", "否"):
        return asked if name == "是" else ""
    return layout.choose(key, name)


def _ticks_called(header: Header, key: str, label: str, layout: Layout) -> Ticks | None:
    found = _find_ticks(header.columns, key, layout)
    return found if found and found.label == label else None
