"""The ways out of a stage, and the conditions under which each is taken."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, reduce

from ..expression.tree import Binary, Node, Unary
from ..model import Action, Mechanism
from ..names import all_types
from .coverage import TRUE, World, renamed
from .given import never_given
from .paths import Move, demanded, gives, gives_while_waiting, lacking, moves, never_started, starts_while_waiting

_COUNTS = frozenset({"open_children", "children", "raised"})


@dataclass(frozen=True, slots=True)
class Exit:
    move: Move
    condition: Node


class Exits:
    """The ways out of the stages of one mechanism."""

    def __init__(self, mechanism: Mechanism) -> None:
        self._mechanism = mechanism
        self._types = all_types(mechanism)
        self._ways: dict[str, Callable[[str], tuple[str, ...] | None]] = {}

    @cached_property
    def _hopeless(self) -> frozenset[tuple[str, str]]:
        return frozenset((action, field) for action, field, _ in never_given(self._mechanism))

    def of(self, stage: str) -> Iterator[Exit]:
        """Yield every move that leaves `stage`, with what must hold for it."""
        for move in moves(self._mechanism, stage):
            if move.branch is not None and move.target != stage:
                yield Exit(move, _both(guard_of(move.action), self._branch_condition(move)))

    def usable(self, stage: str) -> list[Exit]:
        """Return the ways out whose demands are met there, or can be; what proof 6 refuses is left to it.

        A way that is open until a day only is none to rely on, nor one that opens after a period which may never
        begin, nor an end over the part that is opened with it.
        """
        return [way for way in self.of(stage) if self._opens(way.move) and not self._barred(way.move)]

    def _opens(self, move: Move) -> bool:
        action, stage = move.action, move.source
        if action.not_after is not None or (action.child and self._mechanism.stages[move.target].end):
            return False
        early = action.not_before
        if early is None or never_started(self._mechanism, early, stage) is None:
            return True
        return starts_while_waiting(self._mechanism, early, stage)

    def _barred(self, move: Move) -> bool:
        field = self.missing(move)
        return field is not None and (move.action.key, field) not in self._hopeless

    def world(self, stage: str, *actions: Action) -> World:
        """Return what is known of the values at `stage`, and of those that `actions` leave behind."""
        certain = {name for name in self._mechanism.fields if self.lacking(name, stage) is None}
        certain |= {"stage", "open", *_COUNTS, *self._mechanism.totals}
        types = dict(self._types)
        for action in actions:
            types |= {f"{name}@{action.key}": types[name] for name in self._changed(action)}
            counts = self._changed(action) & _COUNTS.union(self._mechanism.totals)
            certain |= {f"{name}@{action.key}" for name in (set(action.sets) & set(action.requires)) | counts}
        fixed = {"stage": stage, "open": self._mechanism.stages[stage].end is None}
        return World(types, frozenset(certain), fixed)

    def certain_of(self, world: World, action: Action) -> World:
        """Return `world` where `action` is possible: what it requires and does not bring is there already."""
        return replace(world, certain=world.certain | (set(action.requires) - set(action.sets)))

    def whens(self, action: Action) -> list[Node]:
        """Return the conditions of the branches of `action`, over the values that it leaves behind."""
        changed = self._changed(action)
        return [renamed(branch.when.node, f"@{action.key}", changed) if branch.when else TRUE for branch in action.to]

    def missing(self, move: Move) -> str | None:
        """Return a field that `move` demands and that may be neither there nor possible to give any more."""
        for field in demanded(self._mechanism, move):
            if gives(self._mechanism, move.action, field):
                continue
            if gives_while_waiting(self._mechanism, move.source, field):
                continue
            if self.lacking(field, move.source) is not None:
                return field
        return None

    def lacking(self, field: str, stage: str) -> tuple[str, ...] | None:
        """Return the shortest path to `stage` without a value in `field`."""
        if field not in self._ways:
            self._ways[field] = lacking(self._mechanism, field)
        return self._ways[field](stage)

    def _branch_condition(self, move: Move) -> Node:
        whens = self.whens(move.action)
        index = next(i for i, branch in enumerate(move.action.to) if branch is move.branch)
        earlier = [Unary("!", when) for when in whens[:index]]
        return reduce(_both, earlier, whens[index])

    def _changed(self, action: Action) -> frozenset[str]:
        """Return the names whose values may differ once `action` is done."""
        totals = {key for key, total in self._mechanism.totals.items() if total.record == action.record}
        counted = {"children", "open_children"} if action.child else {"raised"} if action.raises else set()
        changed = (set(action.sets) & self._types.keys()) | totals | counted
        return frozenset(changed | self._mechanism.computed.keys()) if changed else frozenset()


def guard_of(action: Action) -> Node:
    return action.guard.node if action.guard else TRUE


def _both(one: Node, other: Node) -> Node:
    if one == TRUE:
        return other
    return one if other == TRUE else Binary("&&", one, other)
