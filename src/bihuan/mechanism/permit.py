"""Whether somebody may do an action on a matter now, before anything has been typed."""

from collections.abc import Iterator
from datetime import date

from .calendar import Calendar
from .clock import day_of
from .environment import environment
from .model import Action, Does, Held, Mechanism, Role
from .refusal import Refusal
from .sentence import N_, Listed
from .state import Facts, State

_WRONG_STAGE = N_("“%(action)s” is possible at: %(stages)s; this matter stands at “%(stage)s”.")
_WRONG_STAGE_FIXED = N_(
    "“%(action)s” is possible at: %(stages)s; this matter stands at “%(stage)s”, "
    "where its deadline moves only by an extension that the unit asks for in time."
)


def permit(
    mechanism: Mechanism, key: str, account: str, state: State, facts: Facts, *, behalf: str | None = None
) -> Action:
    """Return the action `key`, if the post behind `facts.roles` may do it here and now; else raise `Refusal`.

    With `behalf` (a unit key) the post does it for that unit, in the roles that the unit has in the matter.
    """
    action = mechanism.actions.get(key)
    if action is None:
        raise Refusal(
            "unknown_action",
            N_("“%(mechanism)s” knows no action “%(key)s”; at this stage there are: %(known)s."),
            mechanism=mechanism.title,
            key=key,
            known=Listed.of(each.key for each in mechanism.actions_at(state.stage)),
        )
    _check_stage(mechanism, action, state)
    _check_role(mechanism, action, state, facts.roles if behalf is None else lent(mechanism, state, facts, behalf))
    _check_person(mechanism, action, account, state, facts)
    if action.guard is not None and not action.guard.evaluate(environment(mechanism, state, state.values)):
        raise Refusal("guard", N_("“%(action)s” does not apply to this matter as it stands."), action=action.label)
    _check_window(action, state, facts)
    return action


def window(action: Action, state: State, calendar: Calendar) -> tuple[date | None, date | None]:
    """Return the last day on which `action` is not possible yet, and the last on which it still is (None: no bound)."""
    before, after = action.not_before, action.not_after
    return (
        day_of(before, state.values, state.moments, calendar) if before else None,
        day_of(after, state.values, state.moments, calendar) if after else None,
    )


def openings(mechanism: Mechanism, state: State) -> Iterator[Action]:
    """Yield the actions that somebody could do here: right stage, guard holds, an extension answered only if asked.

    Whether the day has come for them is another question: see `window`.
    """
    if state.ended == "withdrawn":
        return
    known = environment(mechanism, state, state.values)
    for action in mechanism.actions_at(state.stage):
        if action.guard is not None and not action.guard.evaluate(known):
            continue
        answers = action.does in (Does.GRANT_EXTENSION, Does.REFUSE_EXTENSION)
        if (answers and state.asking is None) or (action.does is Does.ASK_EXTENSION and state.asking is not None):
            continue
        yield action


def roles_now(action: Action, state: State) -> tuple[str, ...]:
    """Return the roles that `action` is open to: when its rounds are used up, only the one above."""
    if action.limit is not None and state.rounds.get(action.key, 0) >= action.limit:
        return (action.beyond,) if action.beyond else ()
    return action.by


def lent(mechanism: Mechanism, state: State, facts: Facts, unit: str) -> frozenset[str]:
    """Return the roles of `unit` on the matter in which the post behind `facts.roles` may enter actions for it."""
    return frozenset(
        role.key
        for role in mechanism.roles.values()
        if role.entered_by in facts.roles and unit in state.parties.get(role.key, ())
    )


def acting_roles(mechanism: Mechanism, action: Action, held: frozenset[str]) -> frozenset[str]:
    """Return the roles in which somebody with the roles `held` does `action`.

    Who steps in above a limit stands in the place of those below. Who could do it in a role of their own does not
    do it as the word of a party outside.
    """
    acting = held & {*action.by, *((action.beyond,) if action.beyond else ())}
    own = frozenset(role for role in acting if mechanism.roles[role].held is not Held.OUTSIDE)
    acting = own or acting
    return acting if acting & set(action.by) else frozenset(action.by)


def voices(mechanism: Mechanism, action: Action, held: frozenset[str]) -> tuple[Role, ...]:
    """Return the roles outside whose word or deed somebody with the roles `held` enters; none where it is their own."""
    roles = tuple(mechanism.roles[key] for key in sorted(acting_roles(mechanism, action, held)))
    return roles if all(role.held is Held.OUTSIDE for role in roles) else ()


def voice(mechanism: Mechanism, action: Action, held: frozenset[str]) -> Role | None:
    """Return the first of `voices`."""
    return next(iter(voices(mechanism, action, held)), None)


def _check_stage(mechanism: Mechanism, action: Action, state: State) -> None:
    if state.ended == "withdrawn":
        raise Refusal("ended", N_("This matter was withdrawn; nothing more can be done to it."))
    if state.stage not in action.stages:
        raise Refusal(
            "wrong_stage",
            _WRONG_STAGE_FIXED if _sets_a_day_that_stands(mechanism, action, state) else _WRONG_STAGE,
            action=action.label,
            stages=Listed.of(mechanism.stages[key].label for key in action.stages),
            stage=mechanism.stages[state.stage].label,
        )


def _sets_a_day_that_stands(mechanism: Mechanism, action: Action, state: State) -> bool:
    """Whether the action is there to set the deadline, and the matter stands where only an extension moves it."""
    sets = mechanism.deadline.field in action.sets and not action.to
    return sets and state.is_open and state.due is not None and mechanism.extension is not None


def _check_role(mechanism: Mechanism, action: Action, state: State, held: frozenset[str]) -> None:
    roles = roles_now(action, state)
    if held & set(roles):
        return
    labels = Listed.of(mechanism.roles[key].label for key in roles)
    if roles != action.by:
        raise Refusal(
            "limit_reached",
            N_("“%(action)s” has been done %(limit)d times, which is the limit; now only %(roles)s may."),
            action=action.label,
            limit=action.limit,
            roles=labels,
        )
    raise Refusal("not_role", N_("“%(action)s” is for: %(roles)s."), action=action.label, roles=labels)


def _check_person(mechanism: Mechanism, action: Action, account: str, state: State, facts: Facts) -> None:
    if action.does in (Does.VERIFY, Does.REVIEW) and account in state.doers:
        raise Refusal(
            "did_the_work",
            N_(
                "Nobody verifies their own work, and you have worked on this matter: "
                "“%(action)s” is for %(roles)s who has not."
            ),
            action=action.label,
            roles=Listed.of(mechanism.roles[key].label for key in action.by),
        )
    _check_unit(mechanism, action, state, facts)
    if action.does is Does.VERIFY and state.open_children:
        raise Refusal(
            "open_children",
            N_("%(count)d part(s) of this matter are still open; end them first."),
            count=state.open_children,
        )
    for other in action.apart_from:
        if account in state.acted.get(other, ()):
            raise Refusal(
                "same_person",
                N_("You did “%(other)s” on this matter; “%(action)s” must be done by somebody else."),
                action=action.label,
                other=mechanism.actions[other].label,
            )


def _check_window(action: Action, state: State, facts: Facts) -> None:
    early, last = window(action, state, facts.calendar)
    if action.not_before and (early is None or facts.today <= early):
        raise Refusal(
            "too_early",
            N_("“%(action)s” is possible only after %(day)s: the period that has to run out first ends on that day.")
            if early
            else N_("“%(action)s” is not possible yet: the period before it has not begun."),
            action=action.label,
            day=early,
        )
    if last is not None and facts.today > last:
        raise Refusal(
            "too_late",
            N_("“%(action)s” was possible until %(day)s; that day has passed."),
            action=action.label,
            day=last,
        )


def _check_unit(mechanism: Mechanism, action: Action, state: State, facts: Facts) -> None:
    """What a unit did, or had entered for it, is not verified by one of its own people with another post."""
    if action.does not in (Does.VERIFY, Does.REVIEW, Does.GRANT_EXTENSION):
        return
    workers = {unit for role in mechanism.work_roles for unit in state.parties.get(role, ())}
    if workers & facts.own_units:
        raise Refusal(
            "own_unit",
            N_("You hold a post in the unit that does the work; “%(action)s” must be done by somebody who does not."),
            action=action.label,
        )
