"""Who may see which matter. Lists, counts, exports, search and pages all filter through `visible_to`."""

import uuid
from collections.abc import Iterator
from itertools import chain
from weakref import WeakValueDictionary

from django.db.models import F, Q
from django.db.models.expressions import Combinable

from bihuan.directory.viewer import Reach, Viewer
from bihuan.mechanism.model import Held

from .membership import OneOf, Scanned, not_by_ended
from .models import Matter, Party
from .packs import current

NOTHING = Q(pk__in=())
#: Not the empty `Q()`, which an `or` leaves out.
EVERYTHING = ~NOTHING

#: Viewers of whom it is known that they see many matters, by their identity: a desk asks for ten lists at once.
_many: WeakValueDictionary[int, Viewer] = WeakValueDictionary()

#: Up to how many matters a list names the ones that its viewer sees; above, it tests each on the way.
NAMED = 5_000


def visible_to(viewer: Viewer) -> Q:
    """Return the filter on `Matter` for what `viewer` may open.

    A post opens the matters of its unit and of all units below, those of its portfolio, and those in which
    its own unit is a party or the supervising unit. What no unit supervises is open to every post with one of
    the supervising roles (see `roles`). Posts that only keep the house open none.
    """
    return _any_of(viewer, scanned=False)


def listed_to(viewer: Viewer, chosen: Q = Q()) -> Q:  # noqa: B008  (never changed)
    """Return the filter `chosen` within `visible_to`, in the form that is quick however few or many these are."""
    if any(reach.everything for reach in viewer.reaches):
        return chosen
    named = None if _many.get(id(viewer)) is viewer else _named(viewer)
    if named is None:
        _many[id(viewer)] = viewer
        # In this order: what was chosen leaves fewer to be asked about than the viewer's reach, and is asked sooner.
        return chosen & _any_of(viewer, scanned=True)
    return Q(OneOf(F("pk"), named)) & not_by_ended(chosen)


def may_see(viewer: Viewer, matter: Matter) -> bool:
    """Whether `viewer` may open this one matter."""
    return Matter.objects.filter(visible_to(viewer), pk=matter.pk).exists()


def _any_of(viewer: Viewer, *, scanned: bool) -> Q:
    allowed = NOTHING
    for reach in viewer.reaches:
        if reach.everything:
            return Q()
        for part in _reached(reach, scanned=scanned):
            allowed |= part
    return allowed


def _named(viewer: Viewer) -> list[uuid.UUID] | None:
    """Return the keys of all that the viewer sees; None if they are many."""
    found: set[uuid.UUID] = set()
    # Part by part, each by its own index: joined by OR, PostgreSQL asks all of every matter there is.
    for part in chain.from_iterable(_reached(reach, scanned=False) for reach in viewer.reaches):
        found.update(Matter.objects.filter(part).values_list("pk", flat=True)[: NAMED + 1])
        if len(found) > NAMED:
            return None
    return sorted(found)


def _reached(reach: Reach, *, scanned: bool) -> Iterator[Q]:
    """Yield the parts of what a post reaches: together they are all of it."""
    responsible: Combinable = F("responsible")
    supervising: Combinable = F("supervising")
    if scanned:
        responsible, supervising = Scanned(responsible), Scanned(supervising)
    yield Q(OneOf(responsible, sorted(reach.units)))
    yield Q(OneOf(supervising, sorted(reach.own)))
    yield Q(pk__in=Party.objects.filter(unit__in=reach.own).values("matter"))
    if unsupervised := _supervised_by(reach.roles):
        yield Q(supervising=None, mechanism__in=unsupervised)
    for units, mechanism in reach.portfolio:
        part = EVERYTHING if units is None else Q(OneOf(responsible, sorted(units)))
        yield part & Q(mechanism=mechanism) if mechanism else part


def _supervised_by(roles: frozenset[str]) -> list[str]:
    """Return the mechanisms in which one of `roles` is held by the supervising side."""
    return [
        mechanism.key
        for mechanism in current().values()
        if any(role.held is Held.SUPERVISING and role.key in roles for role in mechanism.roles.values())
    ]
