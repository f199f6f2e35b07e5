"""Who may bring ledgers in, and whose intakes somebody sees: a post that may register such matters, and its unit."""

from django.db.models import Q

from bihuan.directory.models import Post
from bihuan.directory.viewer import Viewer
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Listed

from .layouts import has_layout
from .models import Intake


def importable(post: Post) -> list[Mechanism]:
    """Return the mechanisms whose ledgers `post` may bring in."""
    return [each for each in current().values() if has_layout(each.key) and may_register(post, each)]


def may_register(post: Post, mechanism: Mechanism) -> bool:
    """Whether `post` may register matters that follow `mechanism`."""
    return not set(post.roles).isdisjoint(mechanism.register_by)


def check_register(post: Post, key: str) -> Mechanism:
    """Return the mechanism `key` in force. Raises `Refusal` if there is none, or `post` may not register for it."""
    mechanism = current().get(key)
    if mechanism is None:
        pattern = N_("There is no mechanism “%(key)s”; there are: %(known)s.")
        raise Refusal("unknown_mechanism", pattern, key=key, known="、".join(current()))
    if not may_register(post, mechanism):
        roles = Listed.of(mechanism.roles[role].label for role in mechanism.register_by)
        raise Refusal(
            "not_role",
            N_("Only %(roles)s may bring in a ledger of “%(mechanism)s”."),
            roles=roles,
            mechanism=mechanism.title,
        )
    return mechanism


def brought_in_by(viewer: Viewer) -> Q:
    """Return the filter on `Intake` for those that one of the viewer's posts, or its unit, brought in.

    A post for the whole ledger sees them all.
    """
    if any(post.unit_id is None and _registers(post) for post in viewer.posts):
        return Q()
    posts = [post for post in viewer.posts if _registers(post)]
    return Q(post__in=[post.pk for post in posts]) | Q(post__unit__in=[post.unit_id for post in posts if post.unit_id])


def check_intake(intake: Intake, post: Post) -> Mechanism:
    """Return the intake's mechanism, if `post` may act on the intake. Raises `Refusal`."""
    mechanism = check_register(post, intake.mechanism)
    same_unit = post.unit_id is None or post.unit_id == intake.post.unit_id
    if not same_unit and post.pk != intake.post_id:
        raise Refusal("not_visible", N_("There is no such import among those that your unit brought in."))
    return mechanism


def _registers(post: Post) -> bool:
    return any(may_register(post, mechanism) for mechanism in current().values())
