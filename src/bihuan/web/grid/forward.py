"""The step that leads a matter on from where it stands: a button where all ticked rows wait for the same one."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bihuan.ledger.fold import load_state
from bihuan.ledger.listing import Filter
from bihuan.ledger.models import Matter
from bihuan.ledger.next_steps import refusal_of
from bihuan.ledger.packs import current, pinned
from bihuan.ledger.roles import roles_on
from bihuan.mechanism.model import Action, Label, Mechanism
from bihuan.mechanism.state import Facts

from ..asked import is_aside, is_due
from ..viewer import ViewerRequest


@dataclass(frozen=True, slots=True)
class Forward:
    """A button: `key` names the step as `bulk.offers` does. `whole` says that the whole list stands there."""

    key: str
    label: Label
    whole: bool


def buttons(request: ViewerRequest, wanted: Filter) -> list[Forward]:
    """Return the steps that lead on with one of the viewer's posts, each once; `wanted` is what the list shows."""
    found: dict[str, Forward] = {}
    for mechanism in current().values():
        if wanted.mechanism not in ("", mechanism.key):
            continue
        for stage in mechanism.stages:
            for action in _leading_on(mechanism, stage):
                if not request.viewer.roles.isdisjoint(action.by):
                    key = _key(mechanism, action)
                    whole = wanted.stage == stage or (key in found and found[key].whole)
                    found[key] = Forward(key, action.label, whole)
    return list(found.values())


def steps(request: ViewerRequest, matters: Iterable[Matter]) -> dict[uuid.UUID, str]:
    """Return matter → the key of the step that leads it on, for those on which the viewer may do it now."""
    found = (
        (matter, mechanism, _step(request, matter, mechanism, actions))
        for matter, mechanism, actions in _asked(request, matters)
    )
    return {matter.pk: _key(mechanism, action) for matter, mechanism, action in found if action}


def _asked(request: ViewerRequest, matters: Iterable[Matter]) -> Iterator[tuple[Matter, Mechanism, list[Action]]]:
    """Yield the matters of which the stage waits for a step that one of the viewer's roles takes."""
    roles = request.viewer.roles
    for matter in matters:
        mechanism = pinned(matter.mechanism_hash)
        actions = [each for each in _leading_on(mechanism, matter.stage) if not roles.isdisjoint(each.by)]
        if actions and not matter.ended:
            yield matter, mechanism, actions


def _step(request: ViewerRequest, matter: Matter, mechanism: Mechanism, actions: list[Action]) -> Action | None:
    state, viewer = load_state(matter.state), request.viewer
    own = frozenset(post.unit.key for post in viewer.posts if post.unit)
    for post in viewer.posts:
        roles = roles_on(post, mechanism, state, viewer.organisation)
        facts = Facts(request.today, request.calendar, roles=roles, own_units=own)
        for action in actions:
            if refusal_of(mechanism, action, state, post, facts) is None:
                return action
    return None


def _leading_on(mechanism: Mechanism, stage: str) -> list[Action]:
    at = mechanism.stages[stage]
    actions = (action for action in mechanism.actions_at(stage) if action.to and not is_aside(action))
    return [action for action in actions if is_due(at, action, action.by)]


def _key(mechanism: Mechanism, action: Action) -> str:
    return f"{mechanism.key}.{action.key}"
