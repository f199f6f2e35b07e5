"""Proof 4: every path to a successful end passes a verification by a role that did not do the work.

Whoever may enter the work for the unit that did it (代录) counts as having done it; whoever enters the word of
a party outside, as having given it: so a demander's confirmation is entered by somebody who did no work.

A matter is verified from the verification on, until somebody works on it, changes it in a role that does
the work, rejects it or reopens it: an approval does not outlive a change of what it approved.
"""

from collections.abc import Iterator

from ..model import Action, Does, End, Mechanism
from ..sentence import N_, Listed
from .finding import Finding, finding, trail
from .paths import Explored, Move, hands

_UNDOES = frozenset({Does.WORK, Does.REJECT, Does.REOPEN})


def verified(mechanism: Mechanism) -> Iterator[Finding]:
    yield from _judges_itself(mechanism)
    yield from _recognises_without_looking(mechanism)
    yield from _unverified_end(mechanism)


def _judges_itself(mechanism: Mechanism) -> Iterator[Finding]:
    workers = hands(mechanism, mechanism.work_roles)
    for action in mechanism.actions.values():
        if action.does is not Does.VERIFY:
            continue
        both = workers & hands(mechanism, [*action.by, *filter(None, [action.beyond])])
        if both:
            yield finding(
                4,
                N_("“%(action)s” verifies and is open to “%(roles)s”, who does or enters the work."),
                (action.key,),
                action=action.label,
                roles=Listed.of(mechanism.roles[role].label for role in sorted(both)),
            )


def _recognises_without_looking(mechanism: Mechanism) -> Iterator[Finding]:
    for action in mechanism.actions.values():
        if action.recognition and action.does not in (Does.VERIFY, Does.REJECT):
            yield finding(
                4,
                N_("“%(action)s” sets a recognition, but is no verification (does = verify or reject)."),
                (action.key,),
                action=action.label,
            )


def _unverified_end(mechanism: Mechanism) -> Iterator[Finding]:
    successes = {stage.key for stage in mechanism.ends if stage.end is End.SUCCESS}
    if successes and not mechanism.work_roles:
        yield finding(
            4,
            N_("No action does the work (does = work), so nobody can be told apart from who did it."),
        )
        return

    def after(move: Move, mark: bool) -> tuple[bool, ...]:
        return (_verified_after(mechanism, move.action, mark),)

    explored = Explored(mechanism, (mechanism.start, False), after)
    for end in sorted(successes):
        path = explored.path((end, False))
        if path is not None:
            yield finding(
                4,
                N_("“%(stage)s” can be reached without a verification of the work as it stands. %(trail)s"),
                path,
                stage=mechanism.stages[end].label,
                trail=trail(mechanism, path),
            )


def _verified_after(mechanism: Mechanism, action: Action, mark: bool) -> bool:
    if action.does is Does.VERIFY:
        return True
    changes = action.sets and not mechanism.work_roles.isdisjoint(action.by)
    return mark and action.does not in _UNDOES and not changes
