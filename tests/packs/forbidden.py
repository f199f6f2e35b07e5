"""What must not be possible just before a step is taken: each attempt that is refused, with its rule."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bihuan.demo.walking import Place, Walker
from bihuan.demo.walks import Step
from bihuan.directory.models import Post
from bihuan.ledger.execute import execute
from bihuan.ledger.orders import Order
from bihuan.ledger.roles import roles_on
from bihuan.mechanism.model import Does, Held
from bihuan.mechanism.permit import roles_now, window
from bihuan.mechanism.refusal import Refusal

NOBODY = frozenset({"not_role", "limit_reached", "not_visible", "did_the_work", "own_unit", "same_person", "guard"})


@dataclass(frozen=True)
class Attempt:
    what: str
    order: Order
    at: datetime
    rules: frozenset[str]


def attempts(walker: Walker, place: Place, step: Step, day: date, at: datetime) -> Iterator[Attempt]:
    """Yield what is tried before `step` is taken on `day`; `place` is the matter as it stands."""
    right = walker.order(place, step, day)
    yield from _other_people(walker, place, step, right, at)
    yield from _less(place, step, right, at)
    yield from _out_of_order(walker, place, right, at)
    yield from _the_doer(place, step, right, at)
    yield from _outside_its_days(walker, place, step, right, day)


def _other_people(walker: Walker, place: Place, step: Step, right: Order, at: datetime) -> Iterator[Attempt]:
    """Somebody for every other role that the mechanism knows, and two from offices that it does not."""
    action = place.mechanism.actions[step.do]
    tried: set[str] = set()
    for post in walker.posts:
        held = roles_on(post, place.mechanism, place.state, walker.organisation)
        kind = " ".join(sorted(held)) or ("known" if set(post.roles) & place.mechanism.roles.keys() else "stranger")
        if kind in tried or held & set(roles_now(action, place.state)):
            continue
        tried.add(kind)
        command = replace(right.command, account=post.account.account, behalf=None)
        yield Attempt(f"by {sorted(post.roles)}", replace(right, post=post, command=command), at, NOBODY)


def _less(place: Place, step: Step, right: Order, at: datetime) -> Iterator[Attempt]:
    """The step without what it demands: evidence, a reason, a value, a field of its entry."""
    action, command = place.mechanism.actions[step.do], right.command
    if command.evidence and (action.evidence or command.behalf or _voice(place, step, right)):
        less = replace(command, evidence=())
        yield Attempt("no evidence", replace(right, command=less), at, frozenset({"missing_evidence", "missing_scan"}))
    if action.reason:
        yield Attempt("no reason", replace(right, command=replace(command, reason=" ")), at, _only("missing_reason"))
    if action.opens:
        return
    for key in action.requires:
        if key in command.values:
            empty = replace(command, values={**command.values, key: None})
            yield Attempt(f"no {key}", replace(right, command=empty), at, _only("missing_field"))
    for key in command.record if command.entry is None else ():
        empty = replace(command, record={name: each for name, each in command.record.items() if name != key})
        yield Attempt(f"no {key} in the entry", replace(right, command=empty), at, _only("missing_field"))


def _voice(place: Place, step: Step, right: Order) -> bool:
    return place.mechanism.roles[step.by].held is Held.OUTSIDE


def _out_of_order(walker: Walker, place: Place, right: Order, at: datetime) -> Iterator[Attempt]:
    for action in place.mechanism.actions.values():
        if place.state.stage in action.stages:
            continue
        for post in walker.posts:
            if roles_on(post, place.mechanism, place.state, walker.organisation) & set(action.by):
                account = post.account.account
                command = replace(right.command, action=action.key, account=account, behalf=None)
                yield Attempt(
                    f"{action.key} here", replace(right, post=post, command=command), at, _only("wrong_stage")
                )
                break


def _the_doer(place: Place, step: Step, right: Order, at: datetime) -> Iterator[Attempt]:
    """Whoever did the work gets the verifier's post too, and verifies all the same."""
    if place.mechanism.actions[step.do].does is not Does.VERIFY:
        return
    for doer in sorted(place.state.doers):
        held = Post.objects.filter(account__account=doer).first()
        if held is None or held.pk == right.post.pk:
            continue
        key, roles = f"both-{doer}-{place.row.number}-{place.state.version}", list(right.post.roles)
        post = Post.objects.create(
            key=key, account=held.account, unit=right.post.unit, title="", roles=roles, since=held.since
        )
        command = replace(right.command, account=doer)
        rules = frozenset({"did_the_work", "own_unit"})
        yield Attempt(f"{doer} verifies their own work", replace(right, post=post, command=command), at, rules)


def _outside_its_days(walker: Walker, place: Place, step: Step, right: Order, day: date) -> Iterator[Attempt]:
    early, last = window(place.mechanism.actions[step.do], place.state, walker.calendar)
    now = datetime.combine(day, datetime.min.time(), walker.zone)
    if early is not None and early >= place.state.entered_on:
        at = datetime.combine(early, datetime.max.time(), walker.zone).replace(microsecond=0)
        yield Attempt("a day too early", right, at, _only("too_early"))
    if last is not None:
        yield Attempt("a day too late", right, max(now, now + (last - day) + timedelta(days=1)), _only("too_late"))


def _only(rule: str) -> frozenset[str]:
    return frozenset({rule})


def refused(attempt: Attempt) -> Refusal | None:
    """Try it; return the refusal, or None when it went through."""
    try:
        execute(attempt.order, now=attempt.at)
    except Refusal as refusal:
        return refusal
    return None
