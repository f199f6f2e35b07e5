"""Matters that an action on another one registers: its parts, the returns of a round, what was found on the way."""

from bihuan.mechanism.decide import register, spread_over
from bihuan.mechanism.model import Action, Does
from bihuan.mechanism.permit import lent
from bihuan.mechanism.state import Command, Facts, Registration, Value

from .facts import gather
from .loading import Loaded
from .register import in_force, keep_texts
from .roles import responsible
from .writing import Writing, new_number


def open_matters(action: Action, command: Command, at: Loaded, facts: Facts, writing: Writing) -> None:
    """Register what `action` opens on the matter `at`: one for each of `command.opened`, with that key.

    The parts of a round are one for each unit that had none. Where no responsible unit is given, it is that of the
    matter itself. What is raised is linked with it both ways. Raises `Refusal` if one may not be registered.
    """
    mechanism = in_force(str(action.opens))
    responsible_field = mechanism.index.responsible
    spreads = action.does is Does.SPREAD
    units = spread_over(action, at.state) if spreads else (responsible(at.mechanism, at.state),)
    roles = facts.roles
    if command.behalf:  # what is entered for a unit is opened by that unit
        roles |= lent(at.mechanism, at.state, facts, command.behalf)
    keep_texts({mechanism.key}, writing.recorded_at)
    for key, unit in zip(command.opened, units, strict=True):
        values: dict[str, Value] = {responsible_field: unit, **command.values}
        if spreads:
            values[responsible_field] = unit
        known = gather(mechanism.fields, values, roles=roles, today=facts.today, organisation=writing.organisation)
        made = writing.begin(mechanism, register(mechanism, _asked(action, command, at, key, values), known))
        if action.raises:
            writing.link(at.row.pk, made)


def _asked(action: Action, command: Command, at: Loaded, key: str, values: dict[str, Value]) -> Registration:
    above = str(at.row.pk)
    return Registration(
        matter=key,
        account=command.account,
        values=values,
        number=new_number(),
        supervising=at.state.supervising,
        parent=above if action.child else None,
        raised_from=above if action.raises else None,
    )
