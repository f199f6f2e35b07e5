"""Saved views: a filter of the Ledger under a name, one's own or shared with one's unit."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from bihuan.directory.models import Unit
from bihuan.directory.viewer import Viewer
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Held

from ..address import address
from ..models import SavedView
from ..viewer import ViewerRequest


@dataclass(frozen=True, slots=True)
class Shown:
    """A view among those that somebody can open."""

    view: SavedView
    address: str
    current: bool


@dataclass(frozen=True, slots=True)
class Views:
    """The views that somebody can open, and the one that is open."""

    shown: tuple[Shown, ...]
    current: SavedView | None

    @property
    def columns(self) -> Sequence[str]:
        """The columns of the view that is open, none where it has no own."""
        return self.current.columns if self.current else ()


def openable(viewer: Viewer) -> Q:
    """Return the filter on `SavedView` for one's own and those shared with the units of one's posts."""
    units = {post.unit_id for post in viewer.posts if post.unit_id}
    return Q(account=viewer.account) | Q(unit__in=units)


def views_of(request: ViewerRequest, current: int | None) -> Views:
    """Return the viewer's views, their own first. One query."""
    found = list(SavedView.objects.filter(openable(request.viewer)).select_related("unit", "account"))
    found.sort(key=lambda view: view.account_id != request.viewer.account.pk)
    shown = tuple(Shown(view, address_of(view), view.pk == current) for view in found)
    return Views(shown, next((view for view in found if view.pk == current), None))


def address_of(view: SavedView) -> str:
    """Return the address of the Ledger under the view."""
    return f"{address('ledger', {})}?{view.query}{'&' if view.query else ''}view={view.pk}"


def may_share(viewer: Viewer) -> list[Unit]:
    """Return the units with which the viewer may share a view: those of their supervising posts."""
    supervising = {
        role.key for each in current().values() for role in each.roles.values() if role.held is Held.SUPERVISING
    }
    units = {post.unit.pk: post.unit for post in viewer.posts if post.unit and supervising & set(post.roles)}
    return list(units.values())
