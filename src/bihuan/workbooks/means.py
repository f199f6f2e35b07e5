"""By which actions what a unit wrote could be done: chosen from the mechanism, for the unit's roles, never by name.

First what sets fields and leaves the matter where it is, then at most one action that moves it. Every step is
tried by the rules themselves, so that what is offered is what would be done.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.ledger.facts import gather, own_units
from bihuan.ledger.roles import roles_on
from bihuan.mechanism.decide import decide
from bihuan.mechanism.evolve import evolve
from bihuan.mechanism.model import Action, Does, Mechanism
from bihuan.mechanism.permit import permit
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Listed, Sentence
from bihuan.mechanism.state import Command, Facts, Happened, Proof, State, Value, opened

#: What may be done because a workbook says so, by preference: nothing that judges, assigns, or opens a part.
FITTING = (Does.STEP, Does.WORK, Does.ASK_EXTENSION)
_AFTER = N_("After “%(lead)s” the matter stands at “%(stage)s”. %(why)s")
_EMPTIED = N_("The unit emptied this cell, and “%(action)s” does not go without it.")
TRIAL = (Proof("0" * 64, "-", 1, "text/plain"),)


@dataclass(frozen=True, slots=True)
class Step:
    """One action with the fields that it sets."""

    action: Action
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a field cannot be set now. `later` is the action that sets it at another stage or once more is given."""

    why: Sentence
    later: Action | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """What would be done, in this order, and what stands in the way of the rest."""

    steps: tuple[Step, ...]
    obstacles: Mapping[str, Obstacle]

    @property
    def lead(self) -> Action | None:
        """The step that sets nothing itself and only leads to those after it."""
        return next((step.action for step in self.steps if not step.values), None)


@dataclass(frozen=True)
class Standing:
    """Whoever enters it: a post, on a day with its organisation."""

    post: Post
    organisation: Organisation
    day: date
    _own: dict[int, frozenset[str]] = field(default_factory=dict)

    def facts(self, mechanism: Mechanism, state: State, values: Mapping[str, Value]) -> Facts:
        day = self.day
        own = self._own.setdefault(self.post.pk, own_units(self.post, day))
        roles = roles_on(self.post, mechanism, state, self.organisation)
        if values:
            return gather(mechanism.fields, values, roles=roles, own=own, today=day, organisation=self.organisation)
        return Facts(day, load_calendar(), roles=roles, own_units=own)


def find_way(mechanism: Mechanism, state: State, given: Mapping[str, Value], *, unit: str, standing: Standing) -> Way:
    """Return how `given` (field → value) could be entered for `unit` (its key) by the post of `standing` now.

    What can be set only at the stage that comes next is reached by the unit's own step there, where that step asks
    for nothing (a workbook that came back was received, so it can be signed for).
    """
    way, after = _way_from(mechanism, state, given, unit=unit, standing=standing)
    stuck = {key: given[key] for key, each in way.obstacles.items() if each.later is not None}
    if not stuck:
        return way
    if after.stage != state.stage:
        onward, _ = _way_from(mechanism, after, stuck, unit=unit, standing=standing)
        obstacles = {key: each for key, each in way.obstacles.items() if key not in stuck}
        return Way((*way.steps, *onward.steps), obstacles | dict(onward.obstacles)) if onward.steps else way
    for lead, there in _leads(mechanism, state, unit=unit, standing=standing):
        onward, _ = _way_from(mechanism, there, stuck, unit=unit, standing=standing)
        if onward.steps:
            obstacles = {key: each for key, each in way.obstacles.items() if key not in stuck}
            return Way((*way.steps, Step(lead, {}), *onward.steps), obstacles | dict(onward.obstacles))
        if told := _lacking_after(mechanism, lead, there, stuck, onward.obstacles):
            return Way(way.steps, {**way.obstacles, **told})
    return way


def _lacking_after(
    mechanism: Mechanism, lead: Action, there: State, given: Mapping[str, Value], onward: Mapping[str, Obstacle]
) -> dict[str, Obstacle]:
    """Return why what could be set after `lead` still cannot: something else that must be written with it."""
    stage = mechanism.stages[there.stage].label
    return {
        key: Obstacle(Sentence(_AFTER, {"lead": lead.label, "stage": stage, "why": each.why}), each.later)
        for key, each in onward.items()
        if key in given and each.later is not None and there.stage in each.later.stages
    }


def lead_in(
    mechanism: Mechanism, state: State, wanted: Iterable[Action], *, unit: str, standing: Standing
) -> Action | None:
    """Return the step that must come first, because none of the `wanted` actions is open at the present stage."""
    stages = {stage for action in wanted for stage in action.stages}
    if not stages or state.stage in stages:
        return None
    leads = _leads(mechanism, state, unit=unit, standing=standing)
    return next((action for action, after in leads if after.stage in stages), None)


def _leads(mechanism: Mechanism, state: State, *, unit: str, standing: Standing) -> Iterator[tuple[Action, State]]:
    """Yield the steps by which the unit could go on now without saying anything, and the matter after each."""
    for action in plain_steps(mechanism, state, unit_roles(state, unit)):
        done, _, after = _tried(mechanism, state, [Step(action, {})], unit=unit, standing=standing)
        if done:
            yield action, after


def plain_steps(mechanism: Mechanism, state: State, roles: frozenset[str]) -> Iterator[Action]:
    """Yield the steps of `roles` at the present stage that lead on and ask for nothing."""
    for action in mechanism.actions_at(state.stage):
        plain = action.to and action.does is Does.STEP and not action.reason and not action.evidence
        if plain and not action.record and action.limit is None and not roles.isdisjoint(action.by):
            yield action


def _way_from(
    mechanism: Mechanism, state: State, given: Mapping[str, Value], *, unit: str, standing: Standing
) -> tuple[Way, State]:
    """Return how much of `given` can be entered from this stage on, and the matter after it."""
    roles = unit_roles(state, unit)
    obstacles: dict[str, Obstacle] = {}
    open_to: dict[str, list[Action]] = {}
    for key in given:
        could = _could(mechanism, key, roles)
        if not could:
            obstacles[key] = Obstacle(_not_the_units(mechanism, key, roles))
            continue
        allowed, refusal = _allowed(mechanism, could, state, unit, standing)
        if allowed:
            open_to[key] = allowed
        else:
            obstacles[key] = Obstacle(_not_now(mechanism, key, could, state, refusal), could[0])
    steps, left = _plan(mechanism, state, {key: given[key] for key in open_to}, open_to)
    for key, action in left.items():
        emptied = key in action.requires and given[key] in (None, "", [])
        why = (
            Sentence(_EMPTIED, {"action": action.label})
            if emptied
            else _lacking(mechanism, action, {**state.values, **given})
        )
        obstacles[key] = Obstacle(why, action)
    done, failed, after = _tried(mechanism, state, steps, unit=unit, standing=standing)
    return Way(tuple(done), obstacles | failed), after


def unit_roles(state: State, unit: str) -> frozenset[str]:
    """Return the roles in which `unit` is a party."""
    return frozenset(role for role, units in state.parties.items() if unit in units)


def _could(mechanism: Mechanism, key: str, roles: frozenset[str]) -> list[Action]:
    """Return the actions by which one of `roles` may set the field at some stage."""
    if key not in mechanism.fields or roles.isdisjoint(mechanism.fields[key].by):
        return []
    return [
        action
        for action in mechanism.actions.values()
        if key in action.sets and action.does in FITTING and not roles.isdisjoint(action.by) and not action.record
    ]


def _allowed(
    mechanism: Mechanism, could: Iterable[Action], state: State, unit: str, standing: Standing
) -> tuple[list[Action], Refusal | None]:
    facts = standing.facts(mechanism, state, {})
    allowed, refused = [], None
    for action in could:
        try:
            permit(mechanism, action.key, standing.post.account.account, state, facts, behalf=unit)
        except Refusal as refusal:
            refused = refusal if refused is None or state.stage in action.stages else refused
        else:
            allowed.append(action)
    return allowed, refused


def _plan(
    mechanism: Mechanism, state: State, given: Mapping[str, Value], open_to: Mapping[str, Sequence[Action]]
) -> tuple[list[Step], dict[str, Action]]:
    """Share the fields out: as many as can be without moving the matter, the rest with one action that moves it."""
    actions = [action for action in mechanism.actions.values() if any(action in each for each in open_to.values())]
    quiet = sorted((each for each in actions if not each.to), key=lambda each: FITTING.index(each.does))
    moving = [each for each in actions if each.to]
    known = {**state.values, **given}
    steps, left = [], dict(given)
    for action in quiet:
        own = {key: left[key] for key in action.sets if key in left}
        if own and _whole(action, known, action.requires):
            steps.append(Step(action, own))
            left = {key: value for key, value in left.items() if key not in own}
    fitting = [each for each in moving if _whole(each, known, each.requires) and any(key in left for key in each.sets)]
    if fitting:
        best = max(fitting, key=lambda each: sum(key in left for key in each.sets))
        steps.append(Step(best, {key: left[key] for key in best.sets if key in left}))
        left = {key: value for key, value in left.items() if key not in best.sets}
    return steps, {key: open_to[key][0] for key in left}


def _whole(action: Action, known: Mapping[str, Value], keys: Iterable[str]) -> bool:
    return all(known.get(key) not in (None, "", []) for key in keys)


def _tried(
    mechanism: Mechanism, state: State, steps: Sequence[Step], *, unit: str, standing: Standing
) -> tuple[list[Step], dict[str, Obstacle], State]:
    """Let the rules judge each step after the other; what they refuse is left out, with their sentence."""
    done: list[Step] = []
    failed: dict[str, Obstacle] = {}
    account = standing.post.account.account
    for step in steps:
        facts = standing.facts(mechanism, state, step.values)
        command = Command(
            step.action.key, account, values=step.values, evidence=TRIAL, reason="-" if step.action.reason else "",
            behalf=unit,
        )  # fmt: skip
        try:
            draft = decide(mechanism, command, state, facts)
        except Refusal as refusal:
            failed |= dict.fromkeys(step.values, Obstacle(refusal.sentence, step.action))
            continue
        happened = Happened(draft.kind, state.version + 1, facts.today, account, opened(dict(draft.body)))
        state = evolve(state, happened)
        done.append(step)
    return done, failed, state


def _not_the_units(mechanism: Mechanism, key: str, roles: frozenset[str]) -> Sentence:
    field = mechanism.fields.get(key)
    if field is None:
        return Sentence(N_("The matter follows an earlier form of its mechanism, which does not know this column."))
    able = [mechanism.roles[role].label for role in field.by if role not in roles]
    setting = [
        action.label
        for action in mechanism.actions.values()
        if key in action.sets and not set(action.by).isdisjoint(field.by)
    ]
    if not able or not setting:
        return Sentence(N_("Nothing that the unit does sets “%(field)s”."), {"field": field.label})
    return Sentence(
        N_("“%(field)s” is not the unit's to change: %(roles)s can, by %(actions)s."),
        {"field": field.label, "roles": Listed.of(able), "actions": Listed.of(setting)},
    )


def _not_now(
    mechanism: Mechanism, key: str, could: Sequence[Action], state: State, refusal: Refusal | None
) -> Sentence:
    here = [action for action in could if state.stage in action.stages]
    if here and refusal is not None:
        return refusal.sentence
    stages = dict.fromkeys(stage for action in could for stage in action.stages)
    return Sentence(
        N_("“%(field)s” is set by %(actions)s, at: %(stages)s; this matter stands at “%(stage)s”."),
        {
            "field": mechanism.fields[key].label,
            "actions": Listed.of(action.label for action in could),
            "stages": Listed.of(mechanism.stages[stage].label for stage in stages),
            "stage": mechanism.stages[state.stage].label,
        },
    )


def _lacking(mechanism: Mechanism, action: Action, known: Mapping[str, Value]) -> Sentence:
    missing = [mechanism.fields[key].label for key in action.requires if known.get(key) in (None, "", [])]
    return Sentence(
        N_("“%(action)s” would set this, and asks for %(fields)s too, which is empty."),
        {"action": action.label, "fields": Listed.of(missing)},
    )
