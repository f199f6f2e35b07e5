"""Who may bring ledgers in, and whose intakes somebody sees: a post of the office that registers such matters.

A unit that may register one matter by hand (a hazard it saw) does not bring in ledgers: those are the office's.
"""

from collections.abc import Sequence

from django.db.models import Q

from bihuan.directory.models import Post
from bihuan.directory.viewer import Viewer
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Held, Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Listed

from .layouts import has_layout
from .models import Intake


def importable(post: Post) -> list[Mechanism]:
    """Return the mechanisms whose ledgers `post` may bring in."""
    return [each for each in current().values() if has_layout(each.key) and may_bring_in(post, each)]


def may_register(post: Post, mechanism: Mechanism) -> bool:
    """Whether `post` may register matters that follow `mechanism`."""
    return not set(post.roles).isdisjoint(mechanism.register_by)


def may_bring_in(post: Post, mechanism: Mechanism) -> bool:
    """Whether `post` may bring in ledgers of `mechanism`: it registers such matters in a role that supervises them."""
    return not set(post.roles).isdisjoint(_bringing(mechanism))


def _bringing(mechanism: Mechanism) -> list[str]:
    return [key for key in mechanism.register_by if mechanism.roles[key].held is Held.SUPERVISING]


def check_register(post: Post, key: str) -> Mechanism:
    """Return the mechanism `key` in force. Raises `Refusal` if there is none, or `post` may not bring it in."""
    mechanism = current().get(key)
    if mechanism is None:
        pattern = N_("There is no mechanism “%(key)s”; there are: %(known)s.")
        raise Refusal("unknown_mechanism", pattern, key=key, known="、".join(current()))
    if not may_bring_in(post, mechanism):
        roles = Listed.of(mechanism.roles[role].label for role in _bringing(mechanism))
        raise Refusal(
            "not_role",
            N_("Only %(roles)s may bring in a ledger of “%(mechanism)s”."),
            roles=roles,
            mechanism=mechanism.title,
        )
    return mechanism


def brought_in_by(viewer: Viewer) -> Q:
    """Return the filter on `Intake` for those that one of the viewer's posts, or its unit, brought in.

    Only posts that may bring in what the intake is of count. Such a post for the whole ledger sees them all.
    """
    seen = Q(pk__in=())
    for mechanism in current().values():
        posts = [post for post in viewer.posts if may_bring_in(post, mechanism)]
        if posts:
            seen |= Q(mechanism=mechanism.key) & _brought_in_by(posts)
    return seen


def check_intake(intake: Intake, post: Post) -> Mechanism:
    """Return the intake's mechanism, if `post` may act on the intake. Raises `Refusal`."""
    mechanism = check_register(post, intake.mechanism)
    same_unit = post.unit_id is None or post.unit_id == intake.post.unit_id
    if not same_unit and post.pk != intake.post_id:
        raise Refusal("not_visible", N_("There is no such import among those that your unit brought in."))
    return mechanism


def _brought_in_by(posts: Sequence[Post]) -> Q:
    units = {post.unit_id for post in posts}
    return Q() if None in units else Q(post__in=[post.pk for post in posts]) | Q(post__unit__in=units)
