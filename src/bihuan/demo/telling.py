"""Telling the stories: every matter is registered and moved by commands, with the clock set to the story's days."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bihuan.intake.identity import claims_of
from bihuan.ledger.execute import execute
from bihuan.ledger.models import Matter
from bihuan.ledger.orders import Entering, Order
from bihuan.ledger.packs import current
from bihuan.ledger.register import register_matters
from bihuan.ledger.store import keep
from bihuan.mechanism.state import Command

from .cast import Actor, Cast
from .material import Finding
from .proofs import Scene, proofs
from .stories import Course, legs, measure_legs
from .timetable import Moment, Step, Timetable
from .words import Script

MECHANISM = "audit_rectification"

_BY_UNIT = frozenset(
    {"sign", "return", "submit_plan", "report_progress", "ask_extension", "claim_done", "propose_impossible", "report"}
)
_BY_VERIFIER = frozenset({"recognise", "send_back"})
_BY_APPROVER = frozenset({"grant_extension", "refuse_extension", "strike_off", "accept_impossible", "transfer"})


@dataclass(frozen=True, slots=True)
class Act:
    """A step at its moment, on the finding or on one of its measures."""

    step: Step
    at: datetime
    measure: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A finding with the words and the acts of its story; the first act is its registration."""

    script: Script
    acts: Sequence[Act]


def tell(chosen: Iterable[Finding], cast: Cast, timetable: Timetable, *, progress: Callable[[int, int], None]) -> None:
    """Register the findings in the order of their days, then take each as far as its story goes."""
    stories = [_prepare(finding, cast, timetable) for finding in chosen]
    matters = _register(stories, cast)
    for done, told in enumerate(stories, start=1):
        _play(told, matters[told.script.finding.finding_no], cast)
        progress(done, len(stories))


def _prepare(finding: Finding, cast: Cast, timetable: Timetable) -> Told:
    course = Course(finding, timetable, finding.chance("course"))
    moments = timetable.place(legs(course), first=course.delivered, chance=course.chance)
    first = moments[0]
    opened = timetable.opening(first.at.date(), finding.project_chance(first.at.date()))
    acts = [Act(first.step, opened), *(Act(each.step, each.at) for each in moments[1:])]
    acts += _measures(course, moments)
    return Told(Script(course, cast.units), sorted(acts, key=lambda act: act.at))


def _measures(course: Course, moments: Sequence[Moment]) -> Iterator[Act]:
    """Yield the acts on the measures, each after all of them were split off."""
    added = [each for each in moments if each.step.action == "add_measure"]
    for part in range(len(added)):
        first = course.timetable.calendar.next_working(added[-1].at.date())
        placed = course.timetable.place(measure_legs(course, part), first=first, chance=course.chance)
        yield from (Act(each.step, each.at, part) for each in placed)


def _register(stories: Sequence[Told], cast: Cast) -> dict[str, Matter]:
    """Register what came on one day from one project together, as a clerk does."""
    together: dict[tuple[datetime, str], list[Told]] = defaultdict(list)
    for told in stories:
        together[told.acts[0].at, told.script.finding.project.title].append(told)
    made: dict[str, Matter] = {}
    for (at, _project), same in sorted(together.items()):
        post = cast.supervisor(same[0].script.finding).post
        entering = [_entering(told) for told in same]
        matters = register_matters(entering, post=post, account=post.account.account, now=at)
        made |= {told.script.finding.finding_no: matter for told, matter in zip(same, matters, strict=True)}
    return made


def _entering(told: Told) -> Entering:
    values = told.script.registration()
    return Entering(MECHANISM, values, claims=claims_of(current()[MECHANISM], values))


def _play(told: Told, matter: Matter, cast: Cast) -> None:
    measures: list[uuid.UUID] = []
    for act in told.acts[1:]:
        target = matter.pk if act.measure is None else measures[act.measure]
        execute(_order(told.script, act, target, cast), now=act.at)
        if act.step.action == "add_measure":
            measures.append(Matter.objects.filter(parent=matter.pk).latest("pk").pk)


def _order(script: Script, act: Act, target: uuid.UUID, cast: Cast) -> Order:
    finding, step, day = script.finding, act.step, act.at.date()
    actor = _actor(cast, finding, step)
    said = script.say(step, day, measure=act.measure)
    scene = Scene(finding, step, day, said, behalf=actor.behalf is not None)
    command = Command(
        step.action,
        actor.post.account.account,
        values=said.values,
        record=said.record,
        reason=said.reason,
        evidence=tuple(keep(target, paper.name, [paper.content]) for paper in proofs(scene)),
        behalf=actor.behalf,
    )
    return Order(target, command, actor.post)


def _actor(cast: Cast, finding: Finding, step: Step) -> Actor:
    if step.action in _BY_UNIT:
        return cast.owner(finding)
    if step.action in _BY_VERIFIER:
        return cast.verifier(finding)
    if step.action in _BY_APPROVER:
        return Actor(cast.approver)
    return cast.supervisor(finding)
