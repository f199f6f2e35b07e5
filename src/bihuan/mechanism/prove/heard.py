"""Proof 3: every deadline's ladder ends at a top role, and so does every limit, so that silence ends somewhere."""

from collections.abc import Iterator

from ..model import Held, Label, Ladder, Mechanism
from ..sentence import N_
from .finding import Finding, finding


def heard(mechanism: Mechanism) -> Iterator[Finding]:
    for stage in mechanism.stages.values():
        if not stage.end and not stage.ladder:
            yield finding(
                3,
                N_("“%(stage)s” has no ladder, so nobody would hear that its deadline has passed."),
                (stage.key,),
                stage=stage.label,
            )
    for ladder in mechanism.ladders.values():
        yield from _ends_in_silence(mechanism, ladder)
        yield from _tells_outside(mechanism, ladder)
    yield from _limits(mechanism)


def _ends_in_silence(mechanism: Mechanism, ladder: Ladder) -> Iterator[Finding]:
    last = max(ladder.rungs, key=lambda rung: rung.at, default=None)
    if last is None or last.at <= 0:
        yield finding(
            3,
            N_("The ladder “%(ladder)s” has no rung after the deadline."),
            (ladder.key,),
            ladder=ladder.label,
        )
    elif not _top(mechanism, *last.to):
        yield finding(
            3,
            N_("The last rung of “%(ladder)s” (day %(day)s) reaches no top role, so silence would not end."),
            (ladder.key,),
            ladder=ladder.label,
            day=f"{last.at:+}",
        )


def _tells_outside(mechanism: Mechanism, ladder: Ladder) -> Iterator[Finding]:
    outside = [key for rung in ladder.rungs for key in rung.to if mechanism.roles[key].held is Held.OUTSIDE]
    if outside:
        yield finding(
            3,
            N_("The ladder “%(ladder)s” tells “%(role)s”, who stands outside and holds no post here."),
            (ladder.key,),
            ladder=ladder.label,
            role=mechanism.roles[outside[0]].label,
        )


def _limits(mechanism: Mechanism) -> Iterator[Finding]:
    for action in mechanism.actions.values():
        if action.limit is None:
            continue
        if action.beyond is None:
            yield _no_one_beyond(action.key, action.label)
        elif not _top(mechanism, action.beyond):
            yield finding(
                3,
                N_("When the rounds of “%(action)s” are used up, “%(role)s” decides, which is no top role."),
                (action.key,),
                action=action.label,
                role=mechanism.roles[action.beyond].label,
            )


def _no_one_beyond(key: str, label: Label) -> Finding:
    return finding(
        3,
        N_("When the rounds of “%(action)s” are used up, nobody can go on; name a top role in beyond."),
        (key,),
        action=label,
    )


def _top(mechanism: Mechanism, *roles: str) -> bool:
    """Whether one of `roles` is a top role. A party outside is none, whatever is declared: nobody can be told there."""
    return any(mechanism.roles[role].top and mechanism.roles[role].held is not Held.OUTSIDE for role in roles)
