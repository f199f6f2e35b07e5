"""Who may do what next on a matter: the answer that a page shows on top and a refusal points to."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bihuan.directory.models import Portfolio, Post
from bihuan.directory.organisation import Organisation, valid_on
from bihuan.mechanism.calendar import Calendar
from bihuan.mechanism.model import Action, Mechanism
from bihuan.mechanism.permit import openings, permit, roles_now, window
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.state import Facts, State

from .facts import standing


@dataclass(frozen=True, slots=True)
class Step:
    """An action that is open now, with the roles and posts that may do it.

    `entering` are the posts that may enter it for a unit that is a party (代录), each with the unit's key. Where a
    period has to run out first, `possible_from` is the first day on which they may; `until` is the last, if there is
    one.
    """

    action: Action
    roles: tuple[str, ...]
    posts: tuple[Post, ...]
    entering: tuple[tuple[Post, str], ...] = ()
    possible_from: date | None = None
    until: date | None = None


def current_posts(today: date) -> list[Post]:
    """Return every post held on `today`, with what the rules ask of it: its portfolios, its holder's posts of today.

    Two queries. Django's own prefetching would make a query set for each post, which takes ten times as long.
    """
    held = Post.objects.filter(valid_on(today), account__is_active=True)
    posts = list(held.select_related("unit", "account").order_by("id"))
    portfolios, by_account = defaultdict(list), defaultdict(list)
    for each in Portfolio.objects.filter(post__in=held.values("pk")):
        portfolios[each.post_id].append(each)
    for post in posts:
        by_account[post.account_id].append(post)
    for post in posts:
        vars(post)["_prefetched_objects_cache"] = {"portfolios": portfolios.get(post.pk, [])}
        vars(post.account)["_prefetched_objects_cache"] = {"posts": by_account[post.account_id]}
    return posts


def next_steps(
    mechanism: Mechanism,
    state: State,
    *,
    posts: Iterable[Post],
    organisation: Organisation,
    today: date,
    calendar: Calendar,
) -> list[Step]:
    """Return the actions open on the matter now, each with those of `posts` that may do it or enter it.

    One that waits for a period to run out is among them, with who may do it then; one whose last day has passed not.
    """
    facts = {post: standing(post, mechanism, state, organisation, today=today, calendar=calendar) for post in posts}
    steps = []
    for action in openings(mechanism, state):
        early, last = window(action, state, calendar)
        if last is not None and last < today:
            continue
        waits = early is not None and today <= early
        day = early + timedelta(days=1) if early and waits else None
        known = {post: replace(each, today=day) for post, each in facts.items()} if day else facts
        able = (post for post, each in known.items() if not refusal_of(mechanism, action, state, post, each))
        entering = tuple(_entering(mechanism, action, state, known))
        steps.append(Step(action, roles_now(action, state), tuple(able), entering, possible_from=day, until=last))
    return steps


def refusal_of(
    mechanism: Mechanism, action: Action, state: State, post: Post, facts: Facts, *, behalf: str | None = None
) -> Refusal | None:
    """Return why `post` may not do `action` now, before anything has been typed; None if it may.

    With `behalf` (a unit key) the question is whether it may enter the action for that unit.
    """
    try:
        permit(mechanism, action.key, post.account.account, state, facts, behalf=behalf)
    except Refusal as refusal:
        return refusal
    return None


def _entering(
    mechanism: Mechanism, action: Action, state: State, facts: Mapping[Post, Facts]
) -> Iterator[tuple[Post, str]]:
    units = dict.fromkeys(unit for units in state.parties.values() for unit in units)
    for post, known in facts.items():
        for unit in units if known.roles else ():
            if not refusal_of(mechanism, action, state, post, known, behalf=unit):
                yield post, unit
