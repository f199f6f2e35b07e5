"""A matter as lists and scripts read it: the same keys wherever one is printed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bihuan.directory.models import Unit
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import pinned
from bihuan.mechanism.deadline import is_overdue
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.state import State

from .money import yuan
from .words import say


@dataclass(frozen=True, slots=True)
class Describing:
    """What describing matters needs besides them: the day, and every unit's name, dissolved ones included."""

    today: date
    units: Mapping[str, str]

    @classmethod
    def on(cls, today: date) -> "Describing":
        return cls(today, dict(Unit.objects.values_list("key", "name")))

    def row(self, matter: Matter) -> dict[str, Any]:
        """Return one matter of `bihuan list --json`."""
        mechanism, state = pinned(matter.mechanism_hash), load_state(matter.state)
        is_open = not matter.ended
        return {
            "number": matter.number,
            "id": matter.pk,
            "mechanism": matter.mechanism,
            "finding_no": matter.finding_no or None,
            "project": matter.project or None,
            "title": matter.title,
            "responsible_unit": matter.responsible.name,
            "responsible_unit_key": matter.responsible.key,
            "assisting_units": [self.units.get(key, key) for key in assisting(mechanism, state)],
            "category": matter.category or None,
            "amount": yuan(matter.amount),
            "rectify_type": matter.klass or None,
            "stage": matter.stage,
            "stage_label": say(mechanism.stages[matter.stage].label),
            "ended": matter.ended or None,
            "registered_on": matter.registered_on,
            "ended_on": matter.ended_on,
            "due": matter.due,
            "original_due": matter.original_due,
            "stage_due": matter.stage_due,
            "overdue": is_open and matter.due is not None and is_overdue(matter.due, self.today),
            "stage_overdue": is_open and matter.stage_due is not None and is_overdue(matter.stage_due, self.today),
            "claimed_status": matter.assertion or None,
            "recognition": matter.recognition or None,
            "parent": matter.parent_id,
            "version": matter.version,
        }


def assisting(mechanism: Mechanism, state: State) -> list[str]:
    """Return the keys of the units that are party to the matter beside the responsible one."""
    others = [role for role in mechanism.roles.values() if role.field and role.field != mechanism.index.responsible]
    return [key for role in others for key in state.parties.get(role.key, ())]
