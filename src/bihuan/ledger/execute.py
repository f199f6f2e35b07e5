"""The one write path: every act on a matter, whoever or whatever asks for it, goes through here.

Lock protocol: one transaction; the parent's row before the child's; the row is locked before anything is
checked. On SQLite every writing transaction begins IMMEDIATE, so that the lock is the database's own.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import uuid6
from django.db import transaction

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.decide import child_changed, decide, spread_over, withdraw
from bihuan.mechanism.model import Action, Does, Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.mechanism.state import Command, Draft, Facts, Private, State

from .author import check_author
from .days import local_day
from .facts import gather, own_units
from .hand_over import hand_on
from .loading import Loaded, load, load_all
from .models import Claim, Event, Link, Matter
from .opening import open_matters
from .orders import Change, Conflict, Order
from .proofs import keep_rows
from .refused import recorded
from .roles import roles_on
from .writing import Author, Writing

#: How many matters are loaded at once where many are withdrawn.
_TOGETHER = 500


def execute(order: Order, *, now: datetime, at: datetime | None = None) -> Matter:
    """Do what `order` asks for and return the matter after it.

    `now` is the recorded instant, `at` (default: the same) when it happened. Raises `Refusal`, which is
    recorded, when a rule stands against it, `Conflict` when the matter has changed under the asker's eyes.
    """
    with (
        recorded(order.post, order.command.account, order.matter, order.command.action, now),
        transaction.atomic(),
    ):
        check_author(order.post, order.command.account, at or now)
        return _executed(order, now, at or now)


def foresee(
    order: Order, mechanism: Mechanism, state: State, *, day: date, organisation: Organisation
) -> Refusal | None:
    """Return why `order` would be refused on `day`, as the matter stands in `state`; None if it would be done.

    Nothing is locked, written or recorded, so that `execute` may still answer otherwise. The post must be one
    that may open the matter. Where the action registers others, only what is asked of the matter itself is foreseen.
    """
    command = replace(_command(order), opened=_keys(mechanism.actions.get(order.command.action), state))
    try:
        decide(mechanism, command, state, _facts(order, mechanism, state, day, organisation))
    except Refusal as refusal:
        return refusal
    return None


def link(matter: uuid.UUID, other: uuid.UUID, *, note: str, post: Post, account: str, now: datetime) -> None:
    """Note on both matters that they have to do with each other. The post must be able to open both."""
    with recorded(post, account, matter, "link", now), transaction.atomic():
        check_author(post, account, now)
        if matter == other:
            raise Refusal("linked", N_("A matter is not linked to itself; name the other one."))
        writing = _writing(post, account, now, now)
        rows = {pk: load(pk, post, writing.on, writing.organisation) for pk in sorted((matter, other))}
        if Link.objects.filter(matter=matter, other=other).exists():
            raise Refusal("linked", N_("These two matters are linked already."))
        for one, two in ((matter, other), (other, matter)):
            loaded = rows[one]
            _go_on(writing, loaded, Draft("linked", {"other": str(two), "note": Private(note.strip()[:200])}))
            Link.objects.create(matter_id=one, other_id=two)
        writing.flush()


def withdraw_matter(matter: uuid.UUID, *, reason: str, post: Post, account: str, now: datetime) -> None:
    """Withdraw a matter that nobody has touched since it was registered; its claims become free again."""
    withdraw_matters([matter], reason=reason, post=post, account=account, now=now)


def withdraw_matters(matters: Sequence[uuid.UUID], *, reason: str, post: Post, account: str, now: datetime) -> None:
    """Withdraw all of `matters`, each by an event, or none. Raises `Refusal` as for one."""
    alone = matters[0] if len(matters) == 1 else None
    with recorded(post, account, alone, "withdraw", now), transaction.atomic():
        check_author(post, account, now)
        writing = _writing(post, account, now, now)
        for start in range(0, len(matters), _TOGETHER):
            part = matters[start : start + _TOGETHER]
            for loaded in load_all(part, post, writing.on, writing.organisation):
                roles = roles_on(post, loaded.mechanism, loaded.state, writing.organisation)
                if not roles & set(loaded.mechanism.register_by):
                    raise Refusal("not_role", N_("Only whoever may register such a matter may withdraw it."))
                if loaded.row.parent_id:
                    raise Refusal("is_part", N_("This is a part of another matter; end it by an action of its own."))
                _go_on(writing, loaded, withdraw(loaded.state, reason))
            Claim.objects.filter(matter__in=part).delete()
            writing.flush()


def _executed(order: Order, now: datetime, at: datetime) -> Matter:
    writing = _writing(order.post, order.command.account, now, at)
    parent = _lock_parent(order.matter)
    loaded = load(order.matter, order.post, writing.on, writing.organisation)
    _check_order_of_time(loaded.row, now, at)
    if order.version is not None and order.version != loaded.row.version:
        raise Conflict(changes_since(loaded.row, order.version))
    command, draft = _decided(writing, loaded, order)
    after = _go_on(writing, loaded, draft)
    if loaded.state.ended and after.is_open:
        after = hand_on(writing, loaded.row, loaded.mechanism, after)
    keep_rows(loaded.row, command.evidence, now)
    if parent and loaded.state.is_open != after.is_open:
        _tell_parent(writing, parent, after)
    writing.flush()
    return loaded.row


def _decided(writing: Writing, loaded: Loaded, order: Order) -> tuple[Command, Draft]:
    mechanism, state = loaded.mechanism, loaded.state
    command = _command(order)
    action = mechanism.actions.get(command.action)
    facts = _facts(order, mechanism, state, writing.on, writing.organisation)
    command = replace(command, opened=_keys(action, state))
    draft = decide(mechanism, command, state, facts)
    if action is not None and action.opens:
        open_matters(action, command, loaded, facts, writing)
    return command, draft


def _keys(action: Action | None, state: State) -> tuple[str, ...]:
    """Return new keys for the matters that `action` would register."""
    if action is None or not action.opens:
        return ()
    count = len(spread_over(action, state)) if action.does is Does.SPREAD else 1
    return tuple(str(uuid6.uuid7()) for _ in range(count))


def _command(order: Order) -> Command:
    holder = order.post.account.account
    return replace(order.command, person="" if holder == order.command.account else holder)


def _facts(order: Order, mechanism: Mechanism, state: State, day: date, organisation: Organisation) -> Facts:
    command, fields = order.command, dict(mechanism.fields)
    action = mechanism.actions.get(command.action)
    if action and action.record:
        fields |= {field.key: field for field in mechanism.records[action.record].fields}
    roles = roles_on(order.post, mechanism, state, organisation)
    values = {**command.values, **command.record}
    own = own_units(order.post, day)
    return gather(fields, values, roles=roles, own=own, today=day, organisation=organisation)


def _writing(post: Post, account: str, now: datetime, at: datetime) -> Writing:
    day = local_day(at)
    return Writing(Author(account, post.key), day, at, now, Organisation.on(day))


def _check_order_of_time(row: Matter, now: datetime, at: datetime) -> None:
    """What is entered later may have happened earlier, but not before what is there, and not tomorrow."""
    if at > now:
        raise Refusal("time_order", N_("This cannot have happened in the future."))
    last = Event.objects.filter(matter=row, version=row.version).values_list("at", flat=True).first()
    if last and at < datetime.fromisoformat(last):
        raise Refusal("time_order", N_("This cannot have happened before what is on record already."))


def _lock_parent(matter: uuid.UUID) -> Matter | None:
    parent = Matter.objects.filter(pk=matter).values_list("parent", flat=True).first()
    return Matter.objects.select_for_update().get(pk=parent) if parent else None


def _go_on(writing: Writing, loaded: Loaded, draft: Draft) -> State:
    return writing.go_on(loaded.mechanism, loaded.row, loaded.state, draft)


def _tell_parent(writing: Writing, parent: Matter, child: State) -> None:
    loaded = Loaded.of(parent)
    if child.is_open and loaded.state.ended:
        raise Refusal("parent_ended", N_("The matter above this one is closed; reopen that one first."))
    _go_on(writing, loaded, child_changed("reopened" if child.is_open else "ended", child))


def changes_since(matter: Matter, version: int) -> list[Change]:
    """Return what happened to `matter` after `version`, in order."""
    events: Any = Event.objects.filter(matter=matter, version__gt=version).order_by("version")
    return [
        Change(
            event.version,
            event.kind,
            _action(event),
            event.account,
            datetime.fromisoformat(event.recorded_at),
        )
        for event in events
    ]


def _action(event: Event) -> str:
    return str(json.loads(bytes(event.payload)).get("action", ""))
