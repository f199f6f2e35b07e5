"""Walking: a matter is registered and moved step by step by whoever may do each, with the clock set to its day."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import PurePath
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.ledger.execute import execute
from bihuan.ledger.facts import standing
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Link, Matter
from bihuan.ledger.next_steps import current_posts, refusal_of
from bihuan.ledger.orders import Entering, Order
from bihuan.ledger.packs import current, pinned
from bihuan.ledger.register import register_matters
from bihuan.ledger.store import keep
from bihuan.mechanism.calendar import Calendar
from bihuan.mechanism.environment import environment
from bihuan.mechanism.model import Does, Field, FieldKind, Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.state import Command, Proof, State, Value

from . import papers, pictures
from .walks import Step, Subject, Walk, below

#: The hours at which the first step of a day happens, and how many minutes lie between two of one day.
_MORNING, _BETWEEN = time(9, 20), timedelta(minutes=7)


@dataclass(frozen=True, slots=True)
class Place:
    """A matter on a day, as whoever acts finds it."""

    row: Matter
    mechanism: Mechanism
    state: State

    @classmethod
    def of(cls, matter: uuid.UUID) -> "Place":
        row = Matter.objects.get(pk=matter)
        return cls(row, pinned(row.mechanism_hash), load_state(row.state))


@dataclass
class Walker:
    """Everybody who can act, and the calendar by which they do. `turn` makes texts and people take turns."""

    calendar: Calendar
    zone: ZoneInfo
    today: date
    turn: int = 0
    _clock: dict[date, datetime] = field(default_factory=dict)

    @cached_property
    def posts(self) -> Sequence[Post]:
        return current_posts(self.today)

    @cached_property
    def organisation(self) -> Organisation:
        return Organisation.on(self.today)

    def moment(self, day: date) -> datetime:
        """Return the next instant of `day`, each a little after the one before."""
        at = self._clock.get(day)
        self._clock[day] = at + _BETWEEN / 60 if at else datetime.combine(day, _MORNING, self.zone)
        return self._clock[day]

    def begin(self, walk: Walk, subject: Subject | None, day: date) -> uuid.UUID:
        """Register a matter for `walk` and return its key."""
        mechanism = current()[walk.mechanism]
        given = {**(subject.values if subject else {}), **walk.values}
        values = self.values(given, mechanism.fields, day)
        post = self.registrar(mechanism, walk.by)
        asked = Entering(mechanism.key, values)
        return register_matters([asked], post=post, account=post.account.account, now=self.moment(day))[0].pk

    def registrar(self, mechanism: Mechanism, role: str) -> Post:
        if role not in mechanism.register_by:
            raise ValueError(f"{mechanism.key}: “{role}” registers nothing; {mechanism.register_by} do")
        posts = [post for post in self.posts if role in post.roles]
        if not posts:
            raise ValueError(f"nobody in the demonstration holds the role “{role}”")
        return posts[self.turn % len(posts)]

    def take(self, matter: uuid.UUID, step: Step, day: date) -> list[uuid.UUID]:
        """Take one step on `day`; return the matters that it opened."""
        place = Place.of(matter)
        opens = place.mechanism.actions[step.do].opens
        before = self._beside(matter) if opens else set()
        execute(self.order(place, step, day), now=self.moment(day))
        self.turn += 1
        return sorted(self._beside(matter) - before, key=str) if opens else []

    def order(self, place: Place, step: Step, day: date) -> Order:
        """Return what whoever may take `step` asks for. Raises the last `Refusal` where nobody may."""
        post, behalf = self.actor(place, step, day)
        return Order(place.row.pk, self.command(place, step, day, post, behalf), post)

    def command(self, place: Place, step: Step, day: date, post: Post, behalf: str | None) -> Command:
        mechanism = place.mechanism
        action = mechanism.actions[step.do]
        fields = current()[action.opens].fields if action.opens else mechanism.fields
        entry = {each.key: each for each in mechanism.records[action.record].fields} if action.record else {}
        outside = mechanism.roles[step.by].held == "outside"
        known = environment(mechanism, place.state, place.state.values)
        names = step.evidence or (("登记扫描件.jpg",) if behalf or outside else ())
        return Command(
            action.key,
            post.account.account,
            values=self.values(_told(step.values, known), fields, day),
            record=self.values(_told(step.record, known), entry, day),
            reason=step.reason if isinstance(step.reason, str) else step.reason[self.turn % len(step.reason)],
            evidence=tuple(self._proof(place, name, day) for name in names),
            behalf=behalf,
        )

    def actor(self, place: Place, step: Step, day: date) -> tuple[Post, str | None]:
        """Return the post that takes `step`, and the unit on whose behalf it does so."""
        action, refused = place.mechanism.actions[step.do], Refusal("not_role", f"nobody is there as {step.by}")
        for post, behalf in self._candidates(place, step.by):
            facts = standing(post, place.mechanism, place.state, self.organisation, today=day, calendar=self.calendar)
            if behalf is None and step.by not in facts.roles:
                continue
            refusal = refusal_of(place.mechanism, action, place.state, post, facts, behalf=behalf)
            if refusal is None:
                return post, behalf
            refused = refusal or refused
        raise refused

    def _candidates(self, place: Place, role: str) -> Iterator[tuple[Post, str | None]]:
        start = self.turn % len(self.posts)
        posts = [*self.posts[start:], *self.posts[:start]]
        yield from ((post, None) for post in posts)
        yield from ((post, unit) for unit in place.state.parties.get(role, ()) for post in posts)

    def values(self, given: Mapping[str, Any], fields: Mapping[str, Field], day: date) -> dict[str, Value]:
        """Return values as commands have them: keys of units, fen, ISO days, one of several texts."""
        return {key: self._value(fields[key], value, day) if key in fields else value for key, value in given.items()}

    def _value(self, wanted: Field, value: Any, day: date) -> Value:
        if wanted.many:
            return [str(self._one(wanted, each, day)) for each in (value if isinstance(value, list) else [value])]
        if isinstance(value, list):
            value = value[self.turn % len(value)]
        return self._one(wanted, value, day)

    def _one(self, wanted: Field, value: Any, day: date) -> str | int:
        match wanted.kind:
            case FieldKind.UNIT:
                return self._unit(str(value))
            case FieldKind.MONEY:
                return round(float(value) * 100) if isinstance(value, str) else int(value)
            case FieldKind.NUMBER:
                return int(value)
            case FieldKind.DATE if str(value).startswith("@"):
                return (day + timedelta(days=int(str(value)[1:]))).isoformat()
        return str(value)

    def _unit(self, name: str) -> str:
        if name in self.organisation.by_key:
            return name
        unit = self.organisation.find(name)
        if unit is None:
            raise ValueError(f"there is no unit “{name}” in the demonstration")
        return str(unit.key)

    def _proof(self, place: Place, name: str, day: date) -> Proof:
        path = PurePath(name)
        picture = path.suffix in (".jpg", ".jpeg", ".png")
        written = f"{day.year}年{day.month}月{day.day}日"
        if picture:
            draw = pictures.site if any(word in name for word in ("照片", "现场", "影像")) else pictures.slip
            content = draw(f"NO.{self.turn:04d}", day.isoformat(), Random(f"{place.row.number}/{self.turn}"))
        else:
            title = place.row.title or place.mechanism.title.zh
            content = papers.page(path.stem, [f"关于“{title[:60]}”的{path.stem}。"], signed="棠川市", day=written)
        return keep(place.row.pk, str(path.with_suffix(".png" if picture else ".pdf")), [content])

    def _beside(self, matter: uuid.UUID) -> set[uuid.UUID]:
        parts = Matter.objects.filter(parent=matter).values_list("pk", flat=True)
        return {*parts, *Link.objects.filter(matter=matter).values_list("other_id", flat=True)}


def _told(given: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Put in what the matter itself has, where `=name` asks for a field, a total or a computed value."""
    own = {key: value[1:] for key, value in given.items() if isinstance(value, str) and value.startswith("=")}
    return {**given, **{key: known.get(name) for key, name in own.items()}}


def played(
    walker: Walker, walk: Walk, matter: uuid.UUID, days: "Days", *, stop: int | None = None, beside: bool = False
) -> None:
    """Take the steps of `walk` from `days` on, as far as step `stop`.

    The parts that a step opens are walked whole before the next step. What it raises, and the parts of the last step
    of a story that stops there, go their own way `beside`, and only as far as the days last.
    """
    steps = walk.steps[:stop]
    for step in steps:
        if beside and not days.have(step.gap):
            return
        day = days.after(step.gap)
        alone = raising(walk, step) or (step is steps[-1] and len(steps) < len(walk.steps))
        for number, opened in enumerate(walker.take(matter, step, day)):
            own = replace(days) if alone else days
            played(walker, below(walk, step, number), opened, own, beside=beside or alone)


def raising(walk: Walk, step: Step) -> bool:
    """Whether what the step opens is no part of the matter."""
    return current()[walk.mechanism].actions[step.do].does is Does.RAISE


@dataclass
class Days:
    """The days of a story: working days, one after the other, never past `last`."""

    calendar: Calendar
    day: date
    last: date

    def have(self, gap: int) -> bool:
        return self.calendar.add_working_days(self.day, gap) <= self.last

    def after(self, gap: int) -> date:
        self.day = min(self.calendar.add_working_days(self.day, gap), self.last)
        return self.day


def length(walk: Walk, stop: int | None = None, subject: Subject | None = None) -> int:
    """Return how many working days the walk takes as far as step `stop`, with all that it opens."""
    steps, total = walk.steps[:stop], 0
    given = {**(subject.values if subject else {}), **walk.values}
    reached: set[str] = set()
    for step in steps:
        total += step.gap + _parts_take(walk, step, given, reached, last=step is steps[-1])
        given |= step.values
    return total


def _parts_take(walk: Walk, step: Step, given: Mapping[str, Any], reached: set[str], *, last: bool) -> int:
    """Return how many working days the parts that a step opens are walked for before the next step.

    A round goes out to the units that it has not `reached` yet, which are added there.
    """
    action = current()[walk.mechanism].actions[step.do]
    if action.child is None or (last and step is not walk.steps[-1]):
        return 0
    count = 1
    if action.over:
        units = set(given.get(action.over, ())) - reached
        reached |= units
        count = len(units)
    return sum(length(below(walk, step, number)) for number in range(count))
