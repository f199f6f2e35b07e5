"""Who may do what next on a matter: the answer that a page shows on top and a refusal points to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation, valid_on
from bihuan.mechanism.calendar import Calendar
from bihuan.mechanism.model import Action, Mechanism
from bihuan.mechanism.permit import openings, permit, roles_now
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.state import Facts, State

from .roles import roles_on


@dataclass(frozen=True, slots=True)
class Step:
    """An action that is open now, the roles and posts that may do it, and why a given post may not."""

    action: Action
    roles: tuple[str, ...]
    posts: tuple[Post, ...]
    refusal: Refusal | None = None


def current_posts(today: date) -> list[Post]:
    """Return every post held on `today`, with what the rules ask of it."""
    posts = Post.objects.filter(valid_on(today), account__is_active=True)
    return list(posts.select_related("unit", "account").prefetch_related("portfolios").order_by("id"))


def next_steps(
    mechanism: Mechanism,
    state: State,
    *,
    posts: Iterable[Post],
    organisation: Organisation,
    today: date,
    calendar: Calendar,
) -> list[Step]:
    """Return the actions open on the matter now, each with those of `posts` that may do it."""
    facts = {post: Facts(today, calendar, roles_on(post, mechanism, state, organisation)) for post in posts}
    return [
        Step(
            action=action,
            roles=roles_now(action, state),
            posts=tuple(post for post, known in facts.items() if not refusal_of(mechanism, action, state, post, known)),
        )
        for action in openings(mechanism, state)
    ]


def refusal_of(mechanism: Mechanism, action: Action, state: State, post: Post, facts: Facts) -> Refusal | None:
    """Return why `post` may not do `action` now, before anything has been typed; None if it may."""
    try:
        permit(mechanism, action.key, post.account.account, state, facts)
    except Refusal as refusal:
        return refusal
    return None
