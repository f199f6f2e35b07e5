"""Proof 5: every cycle is bounded: it counts its rounds, and at its limit it goes up to a top role."""

from collections.abc import Iterator

from ..expression.tree import Binary, Items, Literal, Name, Node, Unary
from ..expression.types import STRING
from ..model import Action, Does, Mechanism
from ..sentence import N_
from .coverage import uncovered
from .exits import Exits, guard_of
from .finding import Finding, finding, trail
from .paths import Explored, Move, hands, is_free, moves

_ANSWERS = (Does.GRANT_EXTENSION, Does.REFUSE_EXTENSION)


def bounded(mechanism: Mechanism) -> Iterator[Finding]:
    yield from _cycles(mechanism)
    for action in mechanism.actions.values():
        if action.does is Does.REOPEN and action.limit is None:
            yield finding(
                5,
                N_("“%(action)s” can bring a matter back without limit; give it a limit, and beyond."),
                (action.key,),
                action=action.label,
            )
        if action.does is Does.REVIEW:
            yield from _review(mechanism, action)
        if action.does is Does.ASK_EXTENSION:
            yield from _asking(mechanism, action)


def _cycles(mechanism: Mechanism) -> Iterator[Finding]:
    """Find the shortest cycle of actions without a limit through each stage; each cycle is told once."""
    told: set[frozenset[str]] = set()
    for stage in mechanism.stages:
        cycle = _cycle_through(mechanism, stage)
        if cycle is not None and frozenset(cycle) not in told:
            told.add(frozenset(cycle))
            yield finding(
                5,
                N_("This cycle can go round for ever; give one of its actions a limit, and beyond. %(trail)s"),
                cycle,
                trail=trail(mechanism, cycle),
            )


def _cycle_through(mechanism: Mechanism, stage: str) -> tuple[str, ...] | None:
    """Return the shortest way from `stage` back to itself; the mark says that it was left."""

    def after(move: Move, left: bool) -> tuple[bool, ...]:
        return () if move.branch is None or move.action.limit is not None else (True,)

    return Explored(mechanism, (stage, False), after).path((stage, True))


def _review(mechanism: Mechanism, action: Action) -> Iterator[Finding]:
    """A look at continuing work sets the day of the next one: it must not move any other deadline."""
    if not hands(mechanism, mechanism.work_roles).isdisjoint(action.by):
        yield finding(
            5,
            N_("“%(action)s” moves the deadline and is open to a role that does the work."),
            (action.key,),
            action=action.label,
        )
    exits = Exits(mechanism)
    conditions: list[Node] = [Unary("!", guard_of(action))]
    if mechanism.deadline.by_class and mechanism.deadline.reviews:
        keys = tuple(Literal(key, STRING) for key in sorted(mechanism.deadline.reviews))
        conditions.append(Binary("in", Name(mechanism.deadline.by_class), Items(keys)))
    for stage in action.stages:
        if uncovered(conditions, exits.world(stage)) is not None:
            yield finding(
                5,
                N_("“%(action)s” moves the deadline of work that is not continuing; guard it by the class."),
                (stage, action.key),
                action=action.label,
            )
            return


def _asking(mechanism: Mechanism, asking: Action) -> Iterator[Finding]:
    rule = mechanism.extension
    if rule is None:
        yield finding(
            5,
            N_("“%(action)s” asks for an extension, but no [extension] says how often and how long."),
            (asking.key,),
            action=asking.label,
        )
        return
    if rule.field not in asking.sets or rule.field not in asking.requires:
        yield finding(
            5,
            N_("“%(action)s” must set and require “%(field)s”, the day that is asked for."),
            (asking.key,),
            action=asking.label,
            field=mechanism.fields[rule.field].label,
        )
    for stage in asking.stages:
        answers = [move.action for move in moves(mechanism, stage) if move.action.does in _ANSWERS]
        yield from _answers(mechanism, asking, stage, answers)


def _answers(mechanism: Mechanism, asking: Action, stage: str, answers: list[Action]) -> Iterator[Finding]:
    for does in _ANSWERS:
        if not any(answer.does is does and is_free(answer) for answer in answers):
            yield finding(
                5,
                N_("At “%(stage)s” an extension can be asked for, but not always be answered (%(does)s)."),
                (stage, asking.key),
                stage=mechanism.stages[stage].label,
                does=does.value,
            )
    for answer in answers:
        if hands(mechanism, asking.by).intersection(answer.by):
            yield finding(
                5,
                N_("“%(answer)s” is open to a role that asks for the extension itself (“%(asking)s”)."),
                (stage, answer.key),
                answer=answer.label,
                asking=asking.label,
            )
