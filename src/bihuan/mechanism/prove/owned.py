"""Proof 2: every stage that is not an end has one owner who can act, and a deadline; so has the whole matter."""

from collections.abc import Iterator

from ..model import Does, Held, Mechanism, Stage
from ..sentence import N_, Listed
from .finding import Finding, finding, trail
from .paths import never_started


def owned(mechanism: Mechanism) -> Iterator[Finding]:
    for stage in mechanism.stages.values():
        if not stage.end:
            yield from _owner(mechanism, stage)
            yield from _clock(mechanism, stage)
    yield from _whole(mechanism)
    yield from _looks(mechanism)
    yield from _stands_inside(mechanism)


def _owner(mechanism: Mechanism, stage: Stage) -> Iterator[Finding]:
    if not stage.owner:
        yield finding(
            2, N_("“%(stage)s” has no owner; name the one role that must act."), (stage.key,), stage=stage.label
        )
    elif mechanism.roles[stage.owner].held is Held.OUTSIDE:
        yield finding(
            2,
            N_("“%(owner)s” owns “%(stage)s”, but stands outside, where nobody can be held to a date."),
            (stage.key,),
            owner=mechanism.roles[stage.owner].label,
            stage=stage.label,
        )
    elif not any(stage.owner in action.by for action in mechanism.actions_at(stage.key)):
        yield finding(
            2,
            N_("“%(owner)s” owns “%(stage)s”, but no action there is open to that role."),
            (stage.key,),
            owner=mechanism.roles[stage.owner].label,
            stage=stage.label,
        )


def _clock(mechanism: Mechanism, stage: Stage) -> Iterator[Finding]:
    if stage.clock is None:
        yield finding(
            2,
            N_("“%(stage)s” has no deadline; give it a term, or a review if the work goes on for long."),
            (stage.key,),
            stage=stage.label,
        )
        return
    path = never_started(mechanism, stage.clock, stage.key)
    if path is not None:
        yield finding(
            2,
            N_("“%(stage)s” can be without a deadline: nothing that its term counts from has happened. %(trail)s"),
            path,
            stage=stage.label,
            trail=trail(mechanism, path),
        )


def _whole(mechanism: Mechanism) -> Iterator[Finding]:
    deadline = mechanism.deadline
    if deadline.by_class:
        classes = mechanism.fields[deadline.by_class].choices
        without = [each.label for each in classes if each.key not in deadline.terms]
        if without and deadline.term is None:
            yield finding(
                2,
                N_("The whole deadline has no term for the classes: %(classes)s."),
                ("deadline", "terms"),
                classes=Listed.of(without),
            )
    elif deadline.term is None and deadline.field not in mechanism.register_requires:
        yield finding(
            2,
            N_("A matter can be without a whole deadline: give a term, or require “%(field)s” at registration."),
            ("deadline",),
            field=mechanism.fields[deadline.field].label,
        )


def _looks(mechanism: Mechanism) -> Iterator[Finding]:
    reviews = any(action.does is Does.REVIEW for action in mechanism.actions.values())
    if mechanism.deadline.reviews and not reviews:
        yield finding(
            2,
            N_("Continuing work has a day for the next look, but no action (does = review) looks at it."),
            ("deadline", "terms"),
        )


def _stands_inside(mechanism: Mechanism) -> Iterator[Finding]:
    """Who registers a matter, or enters what others say, answers for it: somebody with a post."""
    places: dict[tuple[str, ...], tuple[str, ...]] = {("register", "by"): mechanism.register_by}
    places |= {
        ("roles", role.key, "entered_by"): (role.entered_by,) for role in mechanism.roles.values() if role.entered_by
    }
    for place, keys in places.items():
        for key in keys:
            if mechanism.roles[key].held is Held.OUTSIDE:
                yield finding(
                    2,
                    N_("%(place)s names “%(role)s”, who stands outside; it must be somebody who holds a post."),
                    (*place, key),
                    place=".".join(place),
                    role=mechanism.roles[key].label,
                )
