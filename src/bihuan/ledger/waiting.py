"""What waits for somebody: matters at a stage whose next step is theirs, or at which a step is left to them."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from django.db.models import F, Q

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.viewer import Viewer
from bihuan.mechanism.model import Does, Held, Mechanism, Role, Stage

from .membership import OneOf, Scanned
from .models import Matter, Party
from .packs import current
from .visible import NOTHING

_LOOKS = (Does.VERIFY, Does.REJECT)

#: Up to how many matters with a step that is left to somebody are named. There are seldom more than a handful.
NAMED = 2_000


@dataclass(frozen=True, slots=True)
class _Left:
    """A matter of which a step is left to somebody: its mechanism's key, and the keys of the roles."""

    matter: uuid.UUID
    mechanism: str
    roles: list[str]


def waiting_for(viewer: Viewer, *, verifying: bool = False, returned: bool = False, exhausted: bool = False) -> Q:
    """Return the filter on `Matter` for what waits for one of the viewer's posts.

    That is what stands at a stage that the post owns, and what has a step whose rounds are used up, so that it is
    left to the post. With `verifying`, only stages at which it gives its verification; with `returned`, only
    matters that were sent back to it; with `exhausted`, only those of which a step is left to it.
    """
    roles, owned = list(_roles(viewer)), not exhausted
    asks_left = (exhausted or not (verifying or returned)) and any(role.top for *_, role in roles)
    left = _left() if asks_left else []
    allowed = NOTHING
    for post, mechanism, role in roles:
        asked = Q(stage__in=_stages(mechanism, role, verifying=verifying), ended="") if owned else NOTHING
        if role.top:
            asked |= _left_to(mechanism, role, left)
        allowed |= _held(post, role, mechanism, viewer.organisation) & asked & Q(mechanism=mechanism.key)
    return allowed & Q(returned=True) if returned else allowed


def _roles(viewer: Viewer) -> Iterator[tuple[Post, Mechanism, Role]]:
    for post in viewer.posts:
        for mechanism in current().values():
            yield from ((post, mechanism, role) for role in mechanism.roles.values() if role.key in post.roles)


def _stages(mechanism: Mechanism, role: Role, *, verifying: bool) -> list[str]:
    stages = [stage for stage in mechanism.stages.values() if stage.owner == role.key]
    return [stage.key for stage in stages if not verifying or _is_look(mechanism, stage)]


def _is_look(mechanism: Mechanism, stage: Stage) -> bool:
    """Whether the stage's owner gives a verification there, and not merely may."""
    actions = [action for action in mechanism.actions_at(stage.key) if stage.owner in action.by and action.to]
    return any(action.does is Does.VERIFY for action in actions) and all(action.does in _LOOKS for action in actions)


def _left() -> list[_Left] | None:
    """Return all matters of which a step is left to somebody, from their own index; None if they are many."""
    # In the order of that index: PostgreSQL, before it has counted anew, thinks that most matters have such a step.
    rows = Matter.objects.filter(beyond__isnull=False).order_by("beyond", "pk")
    told = rows.values_list("pk", "mechanism", "beyond")[: NAMED + 1]
    found = [_Left(matter, mechanism, (beyond or "").split()) for matter, mechanism, beyond in told]
    return None if len(found) > NAMED else found


def _left_to(mechanism: Mechanism, role: Role, left: list[_Left] | None) -> Q:
    """Return the filter for what has a step that is left to `role`; of `left`, if that could be told.

    Named, not as a query within the query: databases would ask it of every matter there is.
    """
    if left is not None:
        named = [each.matter for each in left if each.mechanism == mechanism.key and role.key in each.roles]
        return Q(OneOf(F("pk"), named)) if named else NOTHING
    above = sorted(each.key for each in mechanism.roles.values() if each.top)
    together = [" ".join(keys) for size in range(len(above)) for keys in combinations(above, size + 1)]
    folded = [keys for keys in together if role.key in keys.split()]
    return Q(pk__in=Matter.objects.filter(beyond__in=folded).values("pk"))


def _held(post: Post, role: Role, mechanism: Mechanism, organisation: Organisation) -> Q:
    """Return the filter for the matters on which `post` holds `role`; see `roles.roles_on`, which says it of one."""
    if role.held is Held.PORTFOLIO:
        return _answers_for(post, mechanism, organisation)
    if role.held is Held.UNIT and post.unit_id is not None:
        return Q(pk__in=Party.objects.filter(unit=post.unit_id, role=role.key).values("matter"))
    return _supervises(post, organisation) if role.held is Held.SUPERVISING else NOTHING


def _supervises(post: Post, organisation: Organisation) -> Q:
    if post.unit_id is None:
        return Q()
    workers = Party.objects.filter(unit__in=organisation.above(post.unit_id)).values("matter")
    supervised = Q(OneOf(Scanned(F("supervising")), [post.unit_id]))
    return supervised | (Q(supervising=None) & ~Q(pk__in=workers))


def _answers_for(post: Post, mechanism: Mechanism, organisation: Organisation) -> Q:
    """A leader answers for the portfolio; one without a portfolio, for their unit and all below it."""
    portfolios = list(post.portfolios.all())
    roots = [each.unit_id for each in portfolios if each.mechanism in ("", mechanism.key)]
    roots = roots if portfolios else [post.unit_id]
    if None in roots:
        return Q()
    units = organisation.subtree([root for root in roots if root is not None])
    return Q(OneOf(Scanned(F("responsible")), sorted(units)))
