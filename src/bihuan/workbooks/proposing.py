"""From the rows of a returned file to proposals: what the unit wants, by which action, or why it stays as it is."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from bihuan.directory.models import Unit
from bihuan.intake.form.columns import NUMBER
from bihuan.intake.form.names import Names
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import pinned
from bihuan.mechanism.model import Does, Mechanism
from bihuan.mechanism.sentence import N_, Listed, Sentence
from bihuan.mechanism.state import State, Value

from .basis import Bases
from .comparing import Change, Comparing, no_column
from .identifying import Finder, Found
from .means import Standing, Way, find_way, unit_roles
from .plausible import doubt
from .returned import Returned, Row
from .rows import Telling

_NUMBER_STAYS = N_("A matter keeps its 事项编号 for ever; this row is %(number)s, by what was found.")
_STRANGER = N_("This is a matter of %(unit)s; what the workbook of %(other)s says of it is not taken.")
_NO_UNIT = N_("The file holds matters of several units (%(units)s); bring in the workbook of each unit by itself.")
_CLOSED = N_("This matter is closed (%(stage)s); it is reopened by: %(roles)s.")
_CLOSED_FOR_GOOD = N_("This matter is closed (%(stage)s) and is not reopened.")
_LEAD = N_("“%(action)s” is entered for the unit first, since the matter stands at “%(stage)s”.")
_TWICE = N_("Rows %(rows)s are of the same matter and say different things; leave the one that holds.")


@dataclass(frozen=True, slots=True)
class Proposed:
    """One value that a row says anew. `new` is a text where it cannot be read; `action` is the key of what sets it.

    `is_crossed` says that the row contradicts itself as to which matter it is of; `matter` is the one it names first.
    """

    sheet: str
    row: int
    matter: Matter | None
    field: str
    old: Value
    new: Value
    reason: Sentence | None = None
    action: str = ""
    is_open: bool = False
    is_crossed: bool = False


@dataclass(slots=True)
class Proposals:
    """What a file proposes, and how many of its rows say nothing new."""

    all: list[Proposed] = field(default_factory=list)
    unchanged: int = 0


@dataclass(frozen=True)
class Proposing:
    """What the rows of one file are measured by. `unit` is the one whose workbook it is, None where that is unclear."""

    returned: Returned
    finder: Finder
    bases: Bases
    unit: Unit | None
    standing: Standing
    names: Names
    of_units: tuple[str, ...] = ()

    def propose(self) -> Proposals:
        """Return the proposals of the whole file: its columns that nobody knows, then its rows in their order."""
        made = Proposals()
        for column in self.returned.unknown:
            label = " ".join(column.label.split())[:80]
            made.all.append(Proposed(column.sheet, column.row, None, label, None, None, no_column(column)))
        looked = [self._look(row) for row in self.returned.rows]
        several = _several(looked)
        for each in looked:
            matter = each.found.matter
            if each.found.crossed is not None:
                made.all += self._crossed(each.row, each.found)
                continue
            if matter is None:
                made.all += self._unfound(each)
                continue
            changes = each.changes
            if twins := several.get(matter.pk):
                changes = _of_twins(each, twins)
            made.unchanged += not changes
            made.all += self._judged(each.row, matter, each.state, changes)
        return made

    def _look(self, row: Row) -> "_Looked":
        found = self.finder.find(row)
        if found.matter is None:
            return _Looked(row, found)
        state = load_state(found.matter.state)
        base = self.bases.of(found.matter, row.texts.get("version:", ""))
        changes = self._comparing.changes(row, found.matter, base, state)
        if found.has_other_number:
            why = Sentence(_NUMBER_STAYS, {"number": found.matter.number})
            changes.insert(0, Change(NUMBER, found.matter.number, row.texts[NUMBER].strip(), why, False))
        return _Looked(row, found, changes, state)

    @cached_property
    def _comparing(self) -> Comparing:
        return Comparing(self.returned, Telling(self.returned.mechanism, self.names, self.standing.day))

    def _unfound(self, looked: "_Looked") -> list[Proposed]:
        assert looked.found.why is not None
        row, changes = looked.row, self._comparing.everything(looked.row, looked.found.why)
        return [Proposed(row.sheet, row.row, None, each.key, None, each.new, each.why) for each in changes]

    def _crossed(self, row: Row, found: Found) -> Iterator[Proposed]:
        """Tell the contradiction once, and beside it only what is new against either of the two matters."""
        assert found.crossed is not None and found.why is not None
        named, other = found.crossed
        changes = self._against(row, named)
        new = {each.key for each in self._against(row, other)}
        shown = [each for each in changes if each.key in new and each.key != found.field]
        first = Change(found.field, None, row.texts.get(found.field, "").strip(), found.why, False)
        for each in (first, *shown):
            yield Proposed(row.sheet, row.row, named, each.key, each.old, each.new, found.why, is_crossed=True)

    def _against(self, row: Row, matter: Matter) -> list[Change]:
        state = load_state(matter.state)
        return self._comparing.changes(row, matter, self.bases.of(matter, row.texts.get("version:", "")), state)

    def _judged(self, row: Row, matter: Matter, state: State | None, changes: list[Change]) -> Iterator[Proposed]:
        given = {each.key: each.new for each in changes if each.is_open}
        assert state is not None
        mechanism = pinned(matter.mechanism_hash)
        barred = self._barred(matter, mechanism, state)
        ways: dict[str, str] = {}
        lead: Sentence | None = None
        obstacles: dict[str, tuple[Sentence, str]] = {}
        if given and barred is None:
            assert self.unit is not None
            way = find_way(mechanism, state, given, unit=self.unit.key, standing=self.standing)
            ways = {key: step.action.key for step in way.steps for key in step.values}
            lead = lead_words(mechanism, state, way)
            obstacles = {key: (each.why, each.later.key if each.later else "") for key, each in way.obstacles.items()}
        for each in changes:
            key = each.key
            why, later = obstacles.get(key, (barred, "")) if each.is_open else (each.why, "")
            is_open = each.is_open and key in ways
            doubted = doubt(mechanism, {**state.values, **given}, key, each.new)
            reason = (doubted or each.why or _led(mechanism, state, ways[key], lead)) if is_open else why
            yield Proposed(row.sheet, row.row, matter, key, each.old, each.new, reason, ways.get(key, later), is_open)

    def _barred(self, matter: Matter, mechanism: Mechanism, state: State) -> Sentence | None:
        """Return why nothing at all that this file says of the matter may be done."""
        if self.unit is None:
            return Sentence(_NO_UNIT, {"units": Listed.of(self.of_units)})
        if not unit_roles(state, self.unit.key):
            told = {"unit": matter.responsible.name, "other": self.unit.name}
            return Sentence(_STRANGER, told)
        return closed(mechanism, state)


def lead_words(mechanism: Mechanism, state: State, way: Way) -> Sentence | None:
    """Return that a step of the unit's own comes first, where one does."""
    if way.lead is None:
        return None
    stage = mechanism.stages[state.stage].label
    return Sentence(_LEAD, {"action": way.lead.label, "stage": stage})


def _led(mechanism: Mechanism, state: State, action: str, lead: Sentence | None) -> Sentence | None:
    return lead if state.stage not in mechanism.actions[action].stages else None


def closed(mechanism: Mechanism, state: State) -> Sentence | None:
    """Return that the matter is closed, and who could reopen it; None while it is open."""
    if state.is_open:
        return None
    stage = mechanism.stages[state.stage].label
    reopening = [
        role
        for action in mechanism.actions.values()
        if action.does is Does.REOPEN and state.stage in action.stages
        for role in action.by
    ]
    if not reopening or state.ended == "withdrawn":
        return Sentence(_CLOSED_FOR_GOOD, {"stage": stage})
    roles = Listed.of(mechanism.roles[role].label for role in dict.fromkeys(reopening))
    return Sentence(_CLOSED, {"stage": stage, "roles": roles})


@dataclass(frozen=True, slots=True)
class _Looked:
    """A row with its matter, if it has one, and what it says anew of it."""

    row: Row
    found: Found
    changes: list[Change] = field(default_factory=list)
    state: State | None = None

    @property
    def said(self) -> list[tuple[str, str]]:
        return [(each.key, str(each.new)) for each in self.changes]


def _several(looked: Iterable[_Looked]) -> dict[uuid.UUID, list[_Looked]]:
    """Return matter → its rows, for those that stand in more than one."""
    places: dict[uuid.UUID, list[_Looked]] = defaultdict(list)
    for each in looked:
        if each.found.matter is not None:
            places[each.found.matter.pk].append(each)
    return {key: rows for key, rows in places.items() if len(rows) > 1}


def _of_twins(looked: _Looked, twins: list[_Looked]) -> list[Change]:
    """Return what counts of a row that stands more than once: the first of equal ones; of different ones, none."""
    if all(each.said == twins[0].said for each in twins):
        return looked.changes if looked is twins[0] else []
    why = Sentence(_TWICE, {"rows": "、".join(str(each.row.row) for each in twins)})
    return [Change(each.key, each.old, each.new, why, False) for each in looked.changes]
