"""Paths of a matter through the stages, with one thing remembered along the way.

A proof asks about stages together with one yes or no (is it verified? is the field set?), so all of them
search the same kind of graph: places are (stage, yes or no), and a move may change both.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ..model import Action, Branch, Mechanism, Term

Place = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Move:
    """`action` taken at `source`, after which the matter stands at `target` (the same if it only adds)."""

    action: Action
    source: str
    target: str
    branch: Branch | None


def moves(mechanism: Mechanism, stage: str) -> Iterator[Move]:
    """Yield every way on from `stage`. A condition may turn out either way, so every branch counts."""
    for action in mechanism.actions_at(stage):
        if not action.to:
            yield Move(action, stage, stage, None)
        for branch in action.to:
            yield Move(action, stage, branch.stage, branch)


class Explored:
    """Everywhere a matter can come to from one place, nearest first.

    `after` says what may be remembered once a move is made, given what was remembered before it.
    """

    def __init__(self, mechanism: Mechanism, first: Place, after: Callable[[Move, bool], Iterable[bool]]) -> None:
        self._before: dict[Place, tuple[Place, str] | None] = {first: None}
        waiting = deque([first])
        while waiting:
            place = waiting.popleft()
            for move in moves(mechanism, place[0]):
                for mark in after(move, place[1]):
                    following = (move.target, mark)
                    if following not in self._before:
                        self._before[following] = (place, move.action.key)
                        waiting.append(following)

    def path(self, *goals: Place) -> tuple[str, ...] | None:
        """Return the keys of the shortest path (stage, action, stage …) to the nearest of `goals`, if any."""
        place = next((place for place in self._before if place in goals), None)
        if place is None:
            return None
        path = [place[0]]
        while (step := self._before[place]) is not None:
            place, action = step
            path += [action, place[0]]
        return tuple(reversed(path))


def ways(mechanism: Mechanism) -> Callable[[str], tuple[str, ...] | None]:
    """Return a function: stage → the shortest path to it from the start; None if it is never reached."""
    explored = Explored(mechanism, (mechanism.start, False), lambda move, mark: (False,))
    return lambda stage: explored.path((stage, False))


def lacking(mechanism: Mechanism, field: str) -> Callable[[str], tuple[str, ...] | None]:
    """Return a function: stage → the shortest path on which a matter stands there without a value in `field`.

    None where the value is certain. An action that may set the field without requiring it may also empty it.
    """
    at_start = field in mechanism.register_requires or field == mechanism.index.responsible

    def after(move: Move, known: bool) -> tuple[bool, ...]:
        if field in demanded(mechanism, move):
            return (True,)
        return (False,) if field in move.action.sets else (known,)

    explored = Explored(mechanism, (mechanism.start, at_start), after)
    return lambda stage: explored.path((stage, False))


def demanded(mechanism: Mechanism, move: Move) -> tuple[str, ...]:
    """Return the fields that must hold a value once `move` is made."""
    closing = mechanism.closing.requires if mechanism.stages[move.target].end == "success" else ()
    return tuple(dict.fromkeys((*move.action.requires, *closing)))


def hands(mechanism: Mechanism, roles: Iterable[str]) -> frozenset[str]:
    """Return `roles` and those who may enter what they do for them (代录)."""
    own = frozenset(roles)
    enter = (mechanism.roles[role].entered_by for role in own)
    return own | {role for role in enter if role}


def gives(mechanism: Mechanism, action: Action, field: str) -> bool:
    """Whether somebody to whom `action` is open may give `field` with it."""
    return field in action.sets and not set(action.by).isdisjoint(mechanism.fields[field].by)


def is_free(action: Action) -> bool:
    """Whether nothing but its roles and demands stands before `action`: no condition, and no window of days."""
    return all(each is None for each in (action.guard, action.holds, action.not_before, action.not_after))


def gives_while_waiting(mechanism: Mechanism, stage: str, field: str) -> bool:
    """Whether `field` can always be given at `stage` without leaving it."""
    return any(
        not action.to and is_free(action) and gives(mechanism, action, field) for action in mechanism.actions_at(stage)
    )


def never_started(mechanism: Mechanism, term: Term, stage: str) -> tuple[str, ...] | None:
    """Return the shortest path to `stage` on which no anchor of `term` happens.

    Several anchors are looked at one by one: a term is safe when one of them is certain.
    """
    shown: tuple[str, ...] | None = None
    for anchor in term.anchors:
        kind, _, key = anchor.partition(":")
        if not key:
            return None
        path = lacking(mechanism, key)(stage) if kind == "field" else _without(mechanism, key, stage)
        if path is None:
            return None
        shown = shown or path
    return shown


def starts_while_waiting(mechanism: Mechanism, term: Term, stage: str) -> bool:
    """Whether one of the anchors of `term` can always be made to happen at `stage` without leaving it."""
    for anchor in term.anchors:
        kind, _, key = anchor.partition(":")
        if kind == "field" and gives_while_waiting(mechanism, stage, key):
            return True
        action = mechanism.actions.get(key) if kind == "action" else None
        if action is not None and stage in action.stages and not action.to and is_free(action):
            return True
    return False


def _without(mechanism: Mechanism, action: str, stage: str) -> tuple[str, ...] | None:
    def after(move: Move, done: bool) -> tuple[bool, ...]:
        return (done or move.action.key == action,)

    return Explored(mechanism, (mechanism.start, False), after).path((stage, False))
