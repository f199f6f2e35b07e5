"""A matter as a row of a workbook: what stands in each of the ledger's columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from bihuan.intake.form.cells import ERASED, Cell, cell_of, count, day, fitting, wan
from bihuan.intake.form.columns import STANDING, Column, Holds, Look, ledger_columns
from bihuan.intake.form.names import Names
from bihuan.ledger.fold import load_state
from bihuan.ledger.history import history
from bihuan.ledger.models import Matter
from bihuan.mechanism.deadline import days_left
from bihuan.mechanism.environment import environment, has_ground
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.state import State


@dataclass(frozen=True)
class Telling:
    """Tells matters of one mechanism. Days left are counted on `today`."""

    mechanism: Mechanism
    names: Names
    today: date

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        return ledger_columns(self.mechanism)

    def row(self, matter: Matter, state: State | None = None) -> list[Cell]:
        """Return the cells of `matter`, one for each column."""
        state = state or load_state(matter.state)
        erased = _erased(matter, state) if state.redacted else frozenset[str]()
        computed = self._computed(state)
        return [self._cell(column, matter, state, erased, computed) for column in self.columns]

    def _cell(
        self, column: Column, matter: Matter, state: State, erased: frozenset[str], computed: Mapping[str, Any]
    ) -> Cell:
        if column.holds is Holds.NUMBER:
            return matter.number
        if column.field is not None:
            value = state.values.get(column.key)
            return ERASED if value is None and column.key in erased else cell_of(column.field, value, self.names)
        if column.key in STANDING:
            return self._standing(column.key, matter, state)
        return _computed_cell(column, computed.get(column.key.rstrip(":")))

    def _standing(self, key: str, matter: Matter, state: State) -> Cell:
        mechanism = self.mechanism
        match key:
            case "stage:":
                stage = mechanism.stages.get(state.stage)
                return "已撤回" if state.ended == "withdrawn" else stage.label.zh if stage else state.stage
            case "assertion:":
                return label.zh if (label := mechanism.assertions.get(state.assertion)) else None
            case "recognition:":
                return label.zh if (label := mechanism.recognitions.get(state.recognition)) else None
            case "days_left:":
                return days_left(state.due, self.today) if state.is_open and state.due else None
            case "evidence:":
                # The same file given with two steps is one piece of evidence.
                return len({each.sha256 for each in state.evidence})
            case "version:":
                return matter.version
        named: date | None = getattr(state, key.rstrip(":"))
        return day(named) if named and not (key == "stage_due:" and state.ended) else None

    def _computed(self, state: State) -> dict[str, Any]:
        """Computed values that follow from something that was given."""
        if not self.mechanism.computed:
            return {}
        known = environment(self.mechanism, state, state.values)
        return {
            each.key: known[each.key]
            for each in self.mechanism.computed.values()
            if has_ground(self.mechanism, each.key, state)
        }


def _computed_cell(column: Column, value: Any) -> Cell:
    if value is None:
        return None
    if column.look is Look.MONEY:
        return wan(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return count(value) if isinstance(value, int) else fitting(str(value))


def _erased(matter: Matter, state: State) -> frozenset[str]:
    """Return the fields whose last value was erased."""
    last = {key: f"{event.version}:set.{key}" for event in history(matter.pk) for key in event.body.get("set") or {}}
    return frozenset(key for key, slot in last.items() if slot in state.redacted)
