"""What would help where nobody can do a step: which role it takes, and who can give somebody a post with it."""

from dataclasses import dataclass

from bihuan.directory.models import Post
from bihuan.directory.rights import who_may
from bihuan.ledger.next_steps import current_posts
from bihuan.mechanism.model import Action, Label
from bihuan.mechanism.permit import roles_now
from bihuan.mechanism.sentence import Listed

from .scene import Scene, holding


@dataclass(frozen=True, slots=True)
class Nobody:
    """Where the step is open, `roles` are those that it takes (None: no role is left) and `keepers` who names people.

    Where the matter stands elsewhere, `waits_for` is the role that it waits for there, with the posts that hold it.
    """

    roles: Listed | None = None
    keepers: tuple[Post, ...] = ()
    waits_for: Label | None = None
    waits_posts: tuple[Post, ...] = ()


def lacking(place: Scene, action: Action, behalf: str | None = None) -> Nobody | None:
    """Return what would help; None for a matter that has ended."""
    if not place.state.is_open:
        return None
    if place.state.stage not in action.stages:
        return _elsewhere(place)
    keys = roles_now(action, place.state)
    if behalf is not None:
        lenders = (place.mechanism.roles[key].entered_by for key in keys)
        keys = tuple(dict.fromkeys(key for key in lenders if key))
    roles = Listed.of(place.mechanism.roles[key].label for key in keys) if keys else None
    return Nobody(roles, tuple(who_may("posts", place.request.today)))


def _elsewhere(place: Scene) -> Nobody | None:
    owner = place.mechanism.stages[place.state.stage].owner
    if owner is None:
        return None
    posts = holding(current_posts(place.request.today), place)
    holders = tuple(post for post in posts if owner in place.roles(post))
    return Nobody(waits_for=place.mechanism.roles[owner].label, waits_posts=holders)
