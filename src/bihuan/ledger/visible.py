"""Who may see which matter. Lists, counts, exports, search and pages all filter through `visible_to`."""

from django.db.models import Q

from bihuan.directory.viewer import Reach, Viewer
from bihuan.mechanism.model import Held

from .models import Matter, Party
from .packs import current

NOTHING = Q(pk__in=())


def visible_to(viewer: Viewer) -> Q:
    """Return the filter on `Matter` for what `viewer` may open.

    A post opens the matters of its unit and of all units below, those of its portfolio, and those in which
    its own unit is a party or the supervising unit. What no unit supervises is open to every post with one of
    the supervising roles (see `roles`). Posts that only keep the house open none.
    """
    allowed = NOTHING
    for reach in viewer.reaches:
        if reach.everything:
            return Q()
        allowed |= _reached(reach)
    return allowed


def may_see(viewer: Viewer, matter: Matter) -> bool:
    """Whether `viewer` may open this one matter."""
    return Matter.objects.filter(visible_to(viewer), pk=matter.pk).exists()


def _reached(reach: Reach) -> Q:
    allowed = Q(responsible__in=reach.units) | Q(supervising__in=reach.own)
    allowed |= Q(pk__in=Party.objects.filter(unit__in=reach.own).values("matter"))
    if unsupervised := _supervised_by(reach.roles):
        allowed |= Q(supervising=None, mechanism__in=unsupervised)
    for units, mechanism in reach.portfolio:
        part = Q() if units is None else Q(responsible__in=units)
        allowed |= part & Q(mechanism=mechanism) if mechanism else part
    return allowed


def _supervised_by(roles: frozenset[str]) -> list[str]:
    """Return the mechanisms in which one of `roles` is held by the supervising side."""
    return [
        mechanism.key
        for mechanism in current().values()
        if any(role.held is Held.SUPERVISING and role.key in roles for role in mechanism.roles.values())
    ]
