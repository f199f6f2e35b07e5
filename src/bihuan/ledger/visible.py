"""Who may see which matter. Lists, counts, exports, search and pages all filter through `visible_to`."""

from django.db.models import Q

from bihuan.directory.viewer import Reach, Viewer

from .models import Matter, Party

NOTHING = Q(pk__in=())


def visible_to(viewer: Viewer) -> Q:
    """Return the filter on `Matter` for what `viewer` may open.

    A post opens the matters of its unit and of all units below, those of its portfolio, and those in which
    its own unit is a party or the supervising unit. Posts that only keep the house open none.
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
    for units, mechanism in reach.portfolio:
        part = Q() if units is None else Q(responsible__in=units)
        allowed |= part & Q(mechanism=mechanism) if mechanism else part
    return allowed
