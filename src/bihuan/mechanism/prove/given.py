"""Proof 6: what an action or closing demands can be given before it, by a role that may give it."""

from collections.abc import Iterator

from ..model import Action, End, Mechanism
from ..sentence import N_, Listed
from .finding import Finding, finding, trail
from .paths import Explored, Move, demanded, gives, gives_while_waiting, moves


def given(mechanism: Mechanism) -> Iterator[Finding]:
    yield from _registration(mechanism)
    yield from _offered_in_vain(mechanism)
    yield from _records(mechanism)
    told: set[str] = set()
    for action, field, path in sorted(never_given(mechanism), key=lambda each: len(each[2])):
        if field in told:
            continue
        told.add(field)
        yield finding(
            6,
            N_("“%(action)s” demands “%(field)s”, which nobody could give before. %(trail)s"),
            path,
            action=mechanism.actions[action].label,
            field=mechanism.fields[field].label,
            trail=trail(mechanism, path),
        )
    yield from _evidence(mechanism)


def _registration(mechanism: Mechanism) -> Iterator[Finding]:
    for key in dict.fromkeys((*mechanism.register_requires, mechanism.index.responsible)):
        field = mechanism.fields[key]
        if set(field.by).isdisjoint(mechanism.register_by):
            yield finding(
                6,
                N_("Registration demands “%(field)s”, which only %(roles)s may give."),
                ("register", key),
                field=field.label,
                roles=Listed.of(mechanism.roles[role].label for role in field.by),
            )


def _offered_in_vain(mechanism: Mechanism) -> Iterator[Finding]:
    for action in mechanism.actions.values():
        for key in action.sets:
            if not gives(mechanism, action, key) and key not in action.requires:
                yield finding(
                    6,
                    N_("“%(action)s” sets “%(field)s”, which none of its roles may give."),
                    (action.key, key),
                    action=action.label,
                    field=mechanism.fields[key].label,
                )


def _records(mechanism: Mechanism) -> Iterator[Finding]:
    """An entry of a record holds a value for every field: whoever adds one must be able to give them all."""
    for action in mechanism.actions.values():
        if action.record is None:
            continue
        group = mechanism.records[action.record]
        for field in group.fields:
            barred = sorted(set(action.by) - set(field.by))
            if barred:
                yield finding(
                    6,
                    N_("“%(action)s” adds to “%(group)s”, but %(roles)s may not give “%(field)s”."),
                    (action.key, group.key, field.key),
                    action=action.label,
                    group=group.label,
                    field=field.label,
                    roles=Listed.of(mechanism.roles[role].label for role in barred),
                )


def never_given(mechanism: Mechanism) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return (action, field, path): the shortest path to an action whose demand nobody could have met."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for stage in mechanism.stages:
        for move in moves(mechanism, stage):
            for field in demanded(mechanism, move):
                if (move.action.key, field) in found:
                    continue
                path = _without(mechanism, move.action, field)
                if path is not None:
                    found[move.action.key, field] = path
    return [(action, field, path) for (action, field), path in found.items()]


def _without(mechanism: Mechanism, action: Action, field: str) -> tuple[str, ...] | None:
    if gives(mechanism, action, field):
        return None
    at_start = not set(mechanism.fields[field].by).isdisjoint(mechanism.register_by)

    def after(move: Move, could: bool) -> tuple[bool, ...]:
        waiting = gives_while_waiting(mechanism, move.source, field)
        return (could or waiting or gives(mechanism, move.action, field),)

    places = [(stage, False) for stage in action.stages if not gives_while_waiting(mechanism, stage, field)]
    path = Explored(mechanism, (mechanism.start, at_start), after).path(*places)
    return None if path is None else (*path, action.key)


def _evidence(mechanism: Mechanism) -> Iterator[Finding]:
    if not mechanism.closing.evidence:
        return

    def after(move: Move, brought: bool) -> tuple[bool, ...]:
        return (brought or move.action.evidence > 0,)

    explored = Explored(mechanism, (mechanism.start, False), after)
    for end in mechanism.ends:
        path = explored.path((end.key, False)) if end.end is End.SUCCESS else None
        if path is not None:
            yield finding(
                6,
                N_("“%(stage)s” demands evidence, but no action on the way asks for any. %(trail)s"),
                path,
                stage=end.label,
                trail=trail(mechanism, path),
            )
