"""What waits for somebody: matters at a stage whose next step is theirs."""

from collections.abc import Iterator

from django.db.models import F, Q

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.viewer import Viewer
from bihuan.mechanism.model import Does, Held, Mechanism, Stage

from .membership import OneOf, Scanned
from .models import Party
from .packs import current
from .visible import NOTHING

_LOOKS = (Does.VERIFY, Does.REJECT)


def waiting_for(viewer: Viewer, *, verifying: bool = False, returned: bool = False) -> Q:
    """Return the filter on `Matter` for what stands at a stage that one of the viewer's posts owns.

    With `verifying`, only stages at which that post gives its verification; with `returned`, only matters
    that were sent back to it.
    """
    allowed = NOTHING
    for post in viewer.posts:
        for mechanism in current().values():
            for role, stages in _stages(mechanism, post, verifying=verifying):
                held = _held(post, mechanism.roles[role].held, role, viewer.organisation)
                allowed |= held & Q(mechanism=mechanism.key, stage__in=stages, ended="")
    return allowed & Q(returned=True) if returned else allowed


def _stages(mechanism: Mechanism, post: Post, *, verifying: bool) -> Iterator[tuple[str, list[str]]]:
    for role in mechanism.roles:
        if role in post.roles:
            stages = [stage.key for stage in mechanism.stages.values() if stage.owner == role]
            if verifying:
                stages = [key for key in stages if _is_look(mechanism, mechanism.stages[key])]
            if stages:
                yield role, stages


def _is_look(mechanism: Mechanism, stage: Stage) -> bool:
    """Whether the stage's owner gives a verification there, and not merely may."""
    actions = [action for action in mechanism.actions_at(stage.key) if stage.owner in action.by and action.to]
    return any(action.does is Does.VERIFY for action in actions) and all(action.does in _LOOKS for action in actions)


def _held(post: Post, held: Held, role: str, organisation: Organisation) -> Q:
    if post.unit_id is None:
        return Q() if held is Held.SUPERVISING else NOTHING
    match held:
        case Held.UNIT:
            return Q(pk__in=Party.objects.filter(unit=post.unit_id, role=role).values("matter"))
        case Held.SUPERVISING:
            above = organisation.above(post.unit_id)
            workers = Party.objects.filter(unit__in=above).values("matter")
            supervised = Q(OneOf(Scanned(F("supervising")), [post.unit_id]))
            return supervised | (Q(supervising=None) & ~Q(pk__in=workers))
        case Held.PORTFOLIO:
            return Q()
