"""Playing a mechanism: a cast of people asks for random things, and what was allowed is watched.

Nothing here knows the rules; it only keeps its own account of who did what, to hold the promises against.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from bihuan.mechanism.calendar import Calendar
from bihuan.mechanism.clock import day_of
from bihuan.mechanism.decide import child_changed, decide, register, spread_over
from bihuan.mechanism.environment import environment
from bihuan.mechanism.evolve import evolve
from bihuan.mechanism.model import Action, Does, End, Field, FieldKind, Held, Mechanism, Role
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.state import Command, Draft, Facts, Happened, Proof, Registration, State, Value, opened

START = date(2026, 6, 10)
CALENDAR = Calendar(
    holidays=frozenset(),
    make_up=frozenset(),
    covered_from=date(2020, 1, 1),
    covered_until=date(2030, 12, 31),
    fixed=frozenset(),
)
UNITS = frozenset({"one", "two"})


@dataclass
class Play:
    """One matter in play. `people` maps an account to the roles it holds; `log` is what really happened."""

    mechanism: Mechanism
    people: Mapping[str, frozenset[str]]
    today: date = START
    state: State | None = None
    log: list[tuple[str, Action, State]] = field(default_factory=list)
    worked: set[str] = field(default_factory=set)
    children: int = 0

    def begin(self) -> State:
        """Register the matter by whoever may."""
        account = next(each for each, roles in self.people.items() if roles & set(self.mechanism.register_by))
        fields = [
            self.mechanism.fields[key] for key in (*self.mechanism.register_requires, self.mechanism.index.responsible)
        ]
        asked = Registration("m", account, {each.key: a_value(each, self.today) for each in fields})
        self.state = self._evolved(register(self.mechanism, asked, self._facts(account)), account)
        return self.state

    def ask(self, account: str, key: str, *, choice: int = 0, pieces: int = 0) -> Refusal | None:
        """Let `account` ask for the action `key`; return the refusal, or None if it was done.

        `pieces` of evidence come with it, or as many as the action itself demands.
        """
        assert self.state is not None
        action = self.mechanism.actions[key]
        command = Command(
            action=key,
            account=account,
            values=self._values(action, choice),
            record=self._record(action),
            evidence=tuple(Proof(f"{n:064d}", "a.txt", 1, "text/plain") for n in range(max(pieces, action.evidence))),
            reason="because",
            opened=self._opened(action),
        )
        try:
            draft = decide(self.mechanism, command, self.state, self._facts(account))
        except Refusal as refusal:
            return refusal
        before, self.state = self.state, self._evolved(draft, account)
        if action.does is Does.WORK:
            self.worked.add(account)
        self.children += len(command.opened) if action.child else 0
        self._check_done(command, action, before, draft)
        self.log.append((account, action, self.state))
        return None

    def _opened(self, action: Action) -> tuple[str, ...]:
        assert self.state is not None
        if action.does is Does.SPREAD:
            return tuple(f"c{n}" for n, _ in enumerate(spread_over(action, self.state)))
        return ("c",) if action.opens else ()

    def _check_done(self, command: Command, action: Action, before: State, draft: Draft) -> None:
        """Hold against what was done what its action promises: evidence of a word from outside, days, sums."""
        assert self.state is not None
        outside = all(self.mechanism.roles[role].held is Held.OUTSIDE for role in action.by)
        if outside:
            assert command.evidence, "the word of a party outside without evidence"
            assert draft.body.get("voice") in action.by, "nobody knows whose word it was"
        if action.not_before:
            first = day_of(action.not_before, before.values, before.moments, CALENDAR)
            assert first is not None and self.today > first, "before the period had run out"
        if action.not_after and (last := day_of(action.not_after, before.values, before.moments, CALENDAR)):
            assert self.today <= last, "after the last day"
        if action.holds:
            known = environment(self.mechanism, self.state, self.state.values)
            assert action.holds.evaluate(known), "what must hold does not"
        if action.does is Does.SPREAD:
            assert len(set(self.state.spread)) == len(self.state.spread), "a unit got two parts of a round"

    def end_child(self, doer: str) -> None:
        """One of the children ends; `doer` did its work."""
        assert self.state is not None
        if self.children:
            child = State("c", "x", "", 3, "end", self.today, self.today, doers=frozenset({doer}), ended="success")
            self.state = self._evolved(child_changed("ended", child), doer)
            self.children -= 1
            self.worked.add(doer)

    def _values(self, action: Action, choice: int) -> dict[str, Value]:
        fields = [self.mechanism.fields[key] for key in action.sets]
        values = {each.key: a_value(each, self.today, choice) for each in fields}
        extension = self.mechanism.extension
        if extension and extension.field in values and self.state and self.state.due:
            values[extension.field] = (self.state.due + timedelta(days=1)).isoformat()
        return values

    def _record(self, action: Action) -> dict[str, Value]:
        if not action.record:
            return {}
        return {each.key: a_value(each, self.today) for each in self.mechanism.records[action.record].fields}

    def _facts(self, account: str) -> Facts:
        roles = self.people[account]
        roles |= {role.key for role in self.mechanism.roles.values() if _enters(role, roles)}
        return Facts(self.today, CALENDAR, roles=roles, units=UNITS, entries=self._entries())

    def _entries(self) -> frozenset[tuple[str, str]]:
        records = self.mechanism.records.values()
        fields = [*self.mechanism.fields.values(), *(each for record in records for each in record.fields)]
        return frozenset((each.register, "e") for each in fields if each.register)

    def _evolved(self, draft: Draft, account: str) -> State:
        version = self.state.version + 1 if self.state else 1
        return evolve(self.state, Happened(draft.kind, version, self.today, account, opened(draft.body)))


def a_value(asked: Field, today: date, choice: int = 0) -> Any:
    """Return something that fits the field."""
    one: Any
    match asked.kind:
        case FieldKind.MONEY | FieldKind.NUMBER:
            one = choice + 1
        case FieldKind.DATE:
            one = (today + timedelta(days=30)).isoformat()
        case FieldKind.CHOICE:
            one = asked.choices[choice % len(asked.choices)].key
        case FieldKind.UNIT:
            one = "one"
        case FieldKind.ENTRY:
            one = "e"
        case _:
            one = "text"
    return [one] if asked.many else one


def _enters(role: Role, roles: frozenset[str]) -> bool:
    return role.held is Held.OUTSIDE and role.entered_by in roles


def everybody(mechanism: Mechanism) -> dict[str, frozenset[str]]:
    """Return two people for every role that can be held, and one who holds them all."""
    held = [role.key for role in mechanism.roles.values() if role.held is not Held.OUTSIDE]
    cast = {f"{role}{n}": frozenset({role}) for role in held for n in (1, 2)}
    return {**cast, "all": frozenset(held)}


def check_promises(play: Play) -> None:
    """Hold the promises against the matter as it stands."""
    state, mechanism = play.state, play.mechanism
    assert state is not None
    stage = mechanism.stages[state.stage]
    assert state.values[mechanism.index.responsible], "ownerless"
    if state.is_open:
        assert stage.owner in mechanism.roles and state.stage_due is not None, "no owner or no day"
    assert bool(stage.end) == bool(state.ended)
    assert state.open_children == play.children
    if stage.end:
        assert not play.children, "closed over an open child"
    if stage.end is End.SUCCESS:
        _check_closure(play)
    _check_rounds(play.log)


def _check_closure(play: Play) -> None:
    """The last look came after the last work, and was by somebody who has done none of it."""
    looks = [position for position, (_, action, _) in enumerate(play.log) if action.does is Does.VERIFY]
    works = [position for position, (_, action, _) in enumerate(play.log) if action.does is Does.WORK]
    assert looks, "closed without a look"
    assert not works or max(works) < max(looks), "work after the last look"
    account = play.log[max(looks)][0]
    worked_before = {who for who, action, _ in play.log[: max(looks)] if action.does is Does.WORK}
    assert account not in worked_before, "closed by who did the work"


def _check_rounds(log: Iterable[tuple[str, Action, State]]) -> None:
    for _, action, state in log:
        if action.limit is not None:
            assert state.rounds[action.key] >= 1


def fewest_rounds(log: Iterable[tuple[str, Action, State]], people: Mapping[str, frozenset[str]]) -> None:
    """No limited action was done more often than its limit by anybody below the one above."""
    counts: dict[str, int] = {}
    for account, action, _ in log:
        if action.limit is None:
            continue
        counts[action.key] = counts.get(action.key, 0) + 1
        if counts[action.key] > action.limit:
            assert action.beyond in people[account], "a limit was passed without going up"
