"""Who may bring in what units answered, and whose answers somebody sees: whoever may enter actions for units."""

from collections.abc import Sequence

from django.db.models import Q

from bihuan.directory.models import Post
from bihuan.directory.viewer import Viewer
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Listed

from .models import Answer


def entering_roles(mechanism: Mechanism) -> frozenset[str]:
    """Return the roles in which somebody enters actions for units."""
    return frozenset(role.entered_by for role in mechanism.roles.values() if role.entered_by)


def may_merge(post: Post, mechanism: Mechanism) -> bool:
    """Whether `post` may bring in workbooks of `mechanism` that units sent back, and their evidence."""
    return not entering_roles(mechanism).isdisjoint(post.roles)


def mergeable(post: Post) -> dict[str, Mechanism]:
    """Return key → mechanism of those whose returned workbooks `post` may bring in."""
    return {key: each for key, each in current().items() if may_merge(post, each)}


def check_merge(post: Post) -> dict[str, Mechanism]:
    """Return what `mergeable` does. Raises `Refusal` if that is nothing."""
    found = mergeable(post)
    if not found:
        labels = {
            mechanism.roles[role].label: None for mechanism in current().values() for role in entering_roles(mechanism)
        }
        raise Refusal(
            "not_role",
            N_("What units send back is brought in by: %(roles)s."),
            roles=Listed.of(labels) if labels else "—",
        )
    return found


def seen_by(viewer: Viewer) -> Q:
    """Return the filter on what has a `post` that made it (answers, handouts): those of the viewer's posts or units."""
    seen = Q(pk__in=())
    for key, mechanism in current().items():
        posts = [post for post in viewer.posts if may_merge(post, mechanism)]
        if posts:
            seen |= Q(mechanism=key) & _made_by(posts)
    return seen


def check_answer(answer: Answer, post: Post) -> Mechanism:
    """Return the answer's mechanism, if `post` may decide on it. Raises `Refusal`."""
    mechanisms = check_merge(post)
    near = post.unit_id is None or post.unit_id == answer.post.unit_id or post.pk == answer.post_id
    if not near or answer.mechanism not in mechanisms:
        raise Refusal("not_visible", N_("There is no such answer among those that your unit brought in."))
    return mechanisms[answer.mechanism]


def _made_by(posts: Sequence[Post]) -> Q:
    units = {post.unit_id for post in posts}
    return Q() if None in units else Q(post__in=[post.pk for post in posts]) | Q(post__unit__in=units)
