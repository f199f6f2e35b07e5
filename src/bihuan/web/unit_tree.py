"""The tree of units with how much is open and late in each, every number the count of the list it opens."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count

from bihuan.directory.models import Unit
from bihuan.directory.organisation import Organisation
from bihuan.ledger.listing import Filter, select

from .address import list_address
from .viewer import ViewerRequest

OPEN = Filter(state="open")
OVERDUE = Filter(overdue=True)


@dataclass(frozen=True, slots=True)
class Load:
    """How many matters of a unit, with all below it, are open and overdue, and the lists of them."""

    open: int
    overdue: int
    open_list: str
    overdue_list: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A unit in the tree: how deep it stands, its posts today, and its load."""

    unit: Unit
    depth: int
    posts: int
    load: Load


def branches(request: ViewerRequest, held: Mapping[int, int], text: str = "") -> list[Branch]:
    """Return the units from the top down, each followed by those below it. `held` is unit id → posts today.

    With `text`, only units whose name, short name or key holds it, with those above them.
    """
    organisation = request.viewer.organisation
    kept = _kept(organisation, text)
    loads = loads_of(request)
    return [
        Branch(unit, depth, held.get(unit.pk, 0), loads[unit.pk])
        for unit, depth in walk(organisation)
        if unit.pk in kept
    ]


def loads_of(request: ViewerRequest) -> dict[int, Load]:
    """Return unit id → load, for every unit of today, as the viewer may see it."""
    organisation = request.viewer.organisation
    open_, overdue = (_summed(organisation, _counted(request, wanted)) for wanted in (OPEN, OVERDUE))
    return {
        unit.pk: Load(
            open=open_[unit.pk],
            overdue=overdue[unit.pk],
            open_list=list_address(Filter(unit=unit.pk, state="open"), organisation),
            overdue_list=list_address(Filter(unit=unit.pk, overdue=True), organisation),
        )
        for unit in organisation.units
    }


def above(unit: Unit, organisation: Organisation) -> list[Unit]:
    """Return the units above `unit`, the top one first."""
    found: list[Unit] = []
    while unit.parent_id in organisation.by_id:
        unit = organisation.by_id[unit.parent_id]
        found.insert(0, unit)
    return found


def _counted(request: ViewerRequest, wanted: Filter) -> dict[int, int]:
    chosen = select(request.viewer, wanted, request.today, request.calendar)
    return dict(chosen.values_list("responsible").annotate(Count("pk")))


def _summed(organisation: Organisation, own: Mapping[int, int]) -> dict[int, int]:
    """Add to each unit's own number those of all units below it."""
    total = {unit.pk: own.get(unit.pk, 0) for unit in organisation.units}
    for unit, _ in reversed(list(walk(organisation))):
        if unit.parent_id in total:
            total[unit.parent_id] += total[unit.pk]
    return total


def walk(organisation: Organisation) -> Iterator[tuple[Unit, int]]:
    """Yield (unit, depth) from the top down. A unit whose parent is gone today stands at the top."""
    roots = [unit for unit in organisation.units if unit.parent_id not in organisation.by_id]
    waiting = [(unit, 0) for unit in reversed(roots)]
    while waiting:
        unit, depth = waiting.pop()
        yield unit, depth
        waiting.extend((child, depth + 1) for child in reversed(organisation.children(unit.pk)))


def _kept(organisation: Organisation, text: str) -> set[int]:
    kept: set[int] = set()
    for unit in organisation.units:
        if text in unit.name or text == unit.key or any(text in short for short in unit.short_names):
            kept.add(unit.pk)
            kept.update(each.pk for each in above(unit, organisation))
    return kept
