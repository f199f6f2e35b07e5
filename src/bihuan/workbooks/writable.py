"""Which fields a unit may write of a matter: what the rules would take from it now, or after its own plain next step.

Judged by the rules that judge what comes back, so that a cell which is open for writing is one that is taken.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from bihuan.directory.calendars import load_calendar
from bihuan.mechanism.decide import decide
from bihuan.mechanism.evolve import evolve
from bihuan.mechanism.extension import extension_part
from bihuan.mechanism.model import Action, Does, Mechanism
from bihuan.mechanism.permit import openings, permit
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.state import Command, Facts, Happened, State, opened

from .means import FITTING, TRIAL, plain_steps, unit_roles

_NOBODY = "-"


@dataclass(frozen=True)
class Writable:
    """Answers for the matters of one mechanism, on one day."""

    mechanism: Mechanism
    today: date

    def fields(self, state: State, unit: str) -> frozenset[str]:
        """Return the fields that the unit (its key) could set."""
        roles = unit_roles(state, unit)
        facts = Facts(self.today, load_calendar(), roles=roles, own_units=frozenset({unit}))
        stages = (state, *self._next(state, roles, facts))
        return frozenset(key for each in stages for key in self._settable(each, roles, facts))

    def _next(self, state: State, roles: frozenset[str], facts: Facts) -> Iterator[State]:
        for action in plain_steps(self.mechanism, state, roles):
            with suppress(Refusal):
                draft = decide(self.mechanism, Command(action.key, _NOBODY, evidence=TRIAL), state, facts)
                body = opened(dict(draft.body))
                yield evolve(state, Happened(draft.kind, state.version + 1, self.today, _NOBODY, body))

    def _settable(self, state: State, roles: frozenset[str], facts: Facts) -> Iterator[str]:
        for action in openings(self.mechanism, state):
            if action.does in FITTING and not action.record and self._would_go(action, state, facts):
                yield from (key for key in action.sets if not roles.isdisjoint(self.mechanism.fields[key].by))

    def _would_go(self, action: Action, state: State, facts: Facts) -> bool:
        try:
            permit(self.mechanism, action.key, _NOBODY, state, facts)
            if action.does is Does.ASK_EXTENSION and self.mechanism.extension is not None:
                # The shortest extension there is: if not even that could be asked for, none can.
                until = (state.due or self.today) + timedelta(days=1)
                wanted = {self.mechanism.extension.field: until.isoformat()}
                extension_part(self.mechanism, action, _NOBODY, state, wanted, facts)
        except Refusal:
            return False
        return True
