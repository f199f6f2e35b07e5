"""Who may bring ledgers in, and with which of their posts; everybody else is told who can."""

import uuid
from collections.abc import Iterable

from django.shortcuts import resolve_url

from bihuan.directory.models import Post
from bihuan.intake.models import Intake, IntakeRow
from bihuan.intake.opening import intakes
from bihuan.intake.rights import check_intake, importable
from bihuan.ledger.next_steps import current_posts
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Listed

from ..viewer import PageRefusal, ViewerRequest

#: How many people are named to whoever may not.
_NAMED = 5


def mechanisms_for(request: ViewerRequest) -> dict[str, Mechanism]:
    """Return the mechanisms whose ledgers the viewer may bring in; refuses a viewer who may none."""
    found = {each.key: each for post in request.viewer.posts for each in importable(post)}
    if not found:
        raise PageRefusal(_refusal(current_posts(request.today)))
    return found


def post_for(request: ViewerRequest, mechanism: str) -> Post:
    """Return the viewer's post that may bring in ledgers of `mechanism`; refuses a viewer without one."""
    mechanisms_for(request)
    for post in request.viewer.posts:
        if any(each.key == mechanism for each in importable(post)):
            return post
    raise PageRefusal(Refusal("unknown_mechanism", N_("There is no mechanism “%(key)s”."), key=mechanism), status=404)


def intake_for(request: ViewerRequest, pk: uuid.UUID) -> tuple[Intake, Post]:
    """Return an intake that the viewer may see, and the post with which they act on it."""
    mechanisms_for(request)
    intake = intakes(request.viewer).select_related("post__unit").filter(pk=pk).first()
    if intake is None:
        raise PageRefusal(_unseen(), status=404)
    return intake, acting_on(request, intake)


def row_for(request: ViewerRequest, pk: int) -> tuple[IntakeRow, Post]:
    """Return a row of an intake that the viewer may see, and the post with which they act on it."""
    mechanisms_for(request)
    row = IntakeRow.objects.select_related("intake__post", "matter__responsible").filter(pk=pk).first()
    if row is None or not intakes(request.viewer).filter(pk=row.intake_id).exists():
        raise PageRefusal(_unseen(), status=404)
    return row, acting_on(request, row.intake)


def acting_on(request: ViewerRequest, intake: Intake) -> Post:
    """Return the first of the viewer's posts that may act on `intake`, the one that brought it in before others."""
    last: Refusal | None = None
    for post in sorted(request.viewer.posts, key=lambda post: post.pk != intake.post_id):
        try:
            check_intake(intake, post)
        except Refusal as refusal:
            last = refusal
        else:
            return post
    raise PageRefusal(last or _unseen())


def _unseen() -> Refusal:
    return Refusal("not_visible", N_("There is no such import among those that your unit brought in."))


def _refusal(posts: Iterable[Post]) -> Refusal:
    able = {post: importable(post) for post in posts}
    roles = {
        mechanism.roles[key].label.zh: mechanism.roles[key].label
        for found in able.values()
        for mechanism in found
        for key in mechanism.register_by
    }
    people = [_named(post) for post, found in able.items() if found]
    if not people:
        return Refusal(
            "not_role", N_("Ledgers are brought in by whoever may register matters; nobody holds such a post today.")
        )
    return Refusal(
        "not_role",
        N_("Only a post as %(roles)s may bring in ledgers; ask %(people)s."),
        roles=Listed.of(roles.values()),
        people=Listed.of(people[:_NAMED]),
    )


def _named(post: Post) -> str:
    return f"{post.unit.name} {post.account.name}" if post.unit else post.account.name


def intake_address(intake: Intake) -> str:
    return resolve_url("intake", pk=intake.pk)
