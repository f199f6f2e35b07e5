"""Proof 1: every stage can be reached, and from every stage an end can be reached.

Conditions count as possibly false, so a way out is certain only where the conditions of the ways that lead
on, taken together, leave no case out, and where what they demand is there or can still be given.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from ..expression.tree import Unary
from ..model import Action, Does, Mechanism, Stage
from ..sentence import N_, Sentence
from .coverage import told, uncovered
from .exits import Exits, guard_of
from .finding import Finding, finding, trail
from .paths import ways


def reached(mechanism: Mechanism) -> Iterator[Finding]:
    ends = [stage for stage in mechanism.stages.values() if stage.end]
    if not ends:
        yield finding(1, N_("No stage is an end, so no matter can ever be brought to one."))
        return
    yield from _unreached(mechanism)
    for end in ends:
        yield from _goes_on(mechanism, end)
    yield from _reopens_only_ends(mechanism)
    exits = Exits(mechanism)
    for action in mechanism.actions.values():
        yield from _leaves_a_case_out(mechanism, action, exits)
        yield from _ends_over_a_part(mechanism, action)
    yield from _stuck(mechanism, exits)


def _unreached(mechanism: Mechanism) -> Iterator[Finding]:
    way = ways(mechanism)
    for stage in mechanism.stages.values():
        if way(stage.key) is None:
            yield finding(
                1,
                N_("“%(stage)s” is never reached: no action leads there from “%(start)s”."),
                (stage.key,),
                stage=stage.label,
                start=mechanism.stages[mechanism.start].label,
            )


def _goes_on(mechanism: Mechanism, end: Stage) -> Iterator[Finding]:
    if end.key == mechanism.start:
        yield finding(1, N_("A matter would begin at “%(stage)s”, which is an end."), (end.key,), stage=end.label)
    if end.owner or end.clock or end.ladder:
        yield finding(
            1,
            N_("“%(stage)s” is an end, but has an owner, a term or a ladder; an end has none of them."),
            (end.key,),
            stage=end.label,
        )
    for action in mechanism.actions_at(end.key):
        if action.does is not Does.REOPEN:
            yield finding(
                1,
                N_("“%(action)s” is possible at the end “%(stage)s”; from an end only reopening leads on."),
                (end.key, action.key),
                action=action.label,
                stage=end.label,
            )


def _reopens_only_ends(mechanism: Mechanism) -> Iterator[Finding]:
    for action in mechanism.actions.values():
        if action.does is not Does.REOPEN:
            continue
        places = [mechanism.stages[key] for key in action.stages]
        targets = [mechanism.stages[branch.stage] for branch in action.to]
        if not targets or any(not stage.end for stage in places) or any(stage.end for stage in targets):
            yield finding(
                1,
                N_("“%(action)s” reopens: it must lead from ends, and from nothing else, to a stage that is none."),
                (action.key,),
                action=action.label,
            )


def _leaves_a_case_out(mechanism: Mechanism, action: Action, exits: Exits) -> Iterator[Finding]:
    """Find the case in which `action` may be taken and none of its branches holds."""
    if not action.to:
        return
    way = ways(mechanism)
    conditions = [Unary("!", guard_of(action)), *exits.whens(action)]
    for stage in action.stages:
        case = uncovered(conditions, exits.certain_of(exits.world(stage, action), action))
        if case is not None:
            path = way(stage) or (stage,)
            yield finding(
                1,
                N_("“%(action)s” leads nowhere when %(case)s: its conditions leave this case out. %(trail)s"),
                (*path, action.key),
                action=action.label,
                case=told(case) or Sentence(N_("all its conditions are false")),
                trail=trail(mechanism, (*path, action.key)),
            )
            return


def _ends_over_a_part(mechanism: Mechanism, action: Action) -> Iterator[Finding]:
    ends = [branch.stage for branch in action.to if mechanism.stages[branch.stage].end]
    if action.child and ends:
        yield finding(
            1,
            N_("“%(action)s” opens a part and leads to the end “%(stage)s”; nothing ends over an open part."),
            (action.key, ends[0]),
            action=action.label,
            stage=mechanism.stages[ends[0]].label,
        )


def _stuck(mechanism: Mechanism, exits: Exits) -> Iterator[Finding]:
    """Find the stages from which no end is certain to be reached, where the cause lies."""
    certain = _certain(mechanism, exits)
    way = ways(mechanism)
    paths = {key: way(key) for key in mechanism.stages if key not in certain}
    stuck = {key: path for key, path in paths.items() if path is not None}
    elsewhere = {key for key in stuck if _leads_on(key, certain | paths.keys() - {key}, exits)}
    causes = stuck.keys() - elsewhere or set(sorted(stuck, key=lambda key: len(stuck[key]))[:1])
    for key, path in stuck.items():
        if key in causes:
            yield _why_stuck(mechanism, mechanism.stages[key], path, exits)


def _certain(mechanism: Mechanism, exits: Exits) -> set[str]:
    """Return the stages from which an end is certain to be reached."""
    certain = {stage.key for stage in mechanism.ends}
    grown = True
    while grown:
        more = {key for key in mechanism.stages if key not in certain and _leads_on(key, certain, exits)}
        certain |= more
        grown = bool(more)
    return certain


def _leads_on(stage: str, targets: AbstractSet[str], exits: Exits) -> bool:
    """Whether a matter at `stage` can always be moved to one of `targets`."""
    leading = [way for way in exits.usable(stage) if way.move.target in targets]
    world = exits.world(stage, *(way.move.action for way in leading))
    return bool(leading) and uncovered([way.condition for way in leading], world) is None


def _why_stuck(mechanism: Mechanism, stage: Stage, path: tuple[str, ...], exits: Exits) -> Finding:
    for way in exits.of(stage.key):
        field = exits.missing(way.move)
        if field is not None and (without := exits.lacking(field, stage.key)):
            return finding(
                1,
                N_(
                    "A matter can be stuck at “%(stage)s”: “%(action)s” demands “%(field)s”, which may be missing"
                    " there and can no longer be given. %(trail)s"
                ),
                (*without, way.move.action.key),
                stage=stage.label,
                action=way.move.action.label,
                field=mechanism.fields[field].label,
                trail=trail(mechanism, (*without, way.move.action.key)),
            )
    return finding(
        1,
        N_("From “%(stage)s” no end is certain to be reached: every way out may be closed. %(trail)s"),
        path,
        stage=stage.label,
        trail=trail(mechanism, path),
    )
