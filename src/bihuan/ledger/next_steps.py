"""Who may do what next on a matter: the answer that a page shows on top and a refusal points to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation, valid_on
from bihuan.mechanism.calendar import Calendar
from bihuan.mechanism.model import Action, Mechanism
from bihuan.mechanism.permit import openings, permit, roles_now
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.state import Facts, State

from .facts import standing


@dataclass(frozen=True, slots=True)
class Step:
    """An action that is open now, with the roles and posts that may do it.

    `entering` are the posts that may enter it for a unit that is a party (代录), each with the unit's key.
    """

    action: Action
    roles: tuple[str, ...]
    posts: tuple[Post, ...]
    entering: tuple[tuple[Post, str], ...] = ()


def current_posts(today: date) -> list[Post]:
    """Return every post held on `today`, with what the rules ask of it."""
    posts = Post.objects.filter(valid_on(today), account__is_active=True)
    return list(
        posts.select_related("unit", "account").prefetch_related("portfolios", "account__posts__unit").order_by("id")
    )


def next_steps(
    mechanism: Mechanism,
    state: State,
    *,
    posts: Iterable[Post],
    organisation: Organisation,
    today: date,
    calendar: Calendar,
) -> list[Step]:
    """Return the actions open on the matter now, each with those of `posts` that may do it or enter it."""
    facts = {post: standing(post, mechanism, state, organisation, today=today, calendar=calendar) for post in posts}
    return [
        Step(
            action=action,
            roles=roles_now(action, state),
            posts=tuple(post for post, known in facts.items() if not refusal_of(mechanism, action, state, post, known)),
            entering=tuple(_entering(mechanism, action, state, facts)),
        )
        for action in openings(mechanism, state)
    ]


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
