"""The heads of units in a list that is grouped by them: how many matters each has, on whatever page it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q, QuerySet

from bihuan.directory.models import Unit
from bihuan.ledger.models import Matter

from ..address import address
from ..viewer import ViewerRequest
from .cells import Line


@dataclass(frozen=True, slots=True)
class GroupHead:
    """A unit over its matters: how many of them the whole list holds, how many of those are overdue.

    `alone` is the list of these matters by themselves; empty where the list of the unit would hold those of
    units below it as well.
    """

    unit: Unit
    number: int
    overdue: int
    alone: str


def grouped(
    lines: Sequence[Line], chosen: QuerySet[Matter], request: ViewerRequest, here: Mapping[str, str]
) -> list[tuple[GroupHead, list[Line]]]:
    """Return the lines of a page, which stand in the order of their units, under the heads of those. One query."""
    units = {line.matter.responsible_id for line in lines}
    late = Q(ended="", due__lt=request.today)
    counted = chosen.filter(responsible__in=units).order_by().values_list("responsible")
    counts = {
        unit: (number, overdue)
        for unit, number, overdue in counted.annotate(number=Count("pk"), overdue=Count("pk", filter=late))
    }
    return list(_under_heads(lines, counts, request, here))


def _under_heads(
    lines: Sequence[Line], counts: Mapping[int, tuple[int, int]], request: ViewerRequest, here: Mapping[str, str]
) -> Iterator[tuple[GroupHead, list[Line]]]:
    below = request.viewer.organisation.subtree
    for unit, part in groupby(lines, key=lambda line: line.matter.responsible):
        number, overdue = counts[unit.pk]
        own = {key: value for key, value in here.items() if key not in ("group", "sort")} | {"unit": unit.key}
        yield (
            GroupHead(unit, number, overdue, address("ledger", own) if below([unit.pk]) == {unit.pk} else ""),
            list(part),
        )
