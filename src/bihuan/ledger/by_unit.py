"""A list in the order of its units: by their names, units of one name apart, and the matters of each by their keys."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value

from bihuan.directory.models import Unit

from .membership import Scanned
from .models import Matter

#: The place of a row: its unit's name, its unit, itself.
Place = tuple[str, int, uuid.UUID]
Rows = QuerySet[Matter, tuple[Any, ...]]

#: Of so many units at once it is asked which of them have rows.
_ASKED = 64


def stretches(matters: QuerySet[Matter], place: Place | None, *, turned: bool, long: bool) -> Iterator[Rows]:
    """Yield what follows `place` (all of it for None) as (key, unit's name, unit), piece by piece.

    `turned` is the order from the end. A `long` list is walked unit by unit, each a range of the index by unit,
    whatever the size of the ledger; a short one is put into its order at once.
    """
    return _unit_by_unit(matters, place, turned=turned) if long else _at_once(matters, place, turned=turned)


def _at_once(matters: QuerySet[Matter], place: Place | None, *, turned: bool) -> Iterator[Rows]:
    beyond, sign = ("lt", "-") if turned else ("gt", "")
    listed = matters.annotate(
        key=Scanned(F("pk")), name=Scanned(F("responsible__name")), at=Scanned(F("responsible"))
    ).order_by(f"{sign}name", f"{sign}at", f"{sign}key")
    rows = listed.values_list("key", "name", "at")
    if place is None:
        yield rows
        return
    name, unit, key = place
    yield rows.filter(responsible=unit, **{f"key__{beyond}": key})
    yield rows.filter(Q(**{f"name__{beyond}": name}) | Q(name=name, **{f"at__{beyond}": unit}))


def _unit_by_unit(matters: QuerySet[Matter], place: Place | None, *, turned: bool) -> Iterator[Rows]:
    beyond, sign = ("lt", "-") if turned else ("gt", "")
    units = list(Unit.objects.order_by(f"{sign}name", f"{sign}pk").values_list("pk", "name"))
    first = next((number for number, (unit, _) in enumerate(units) if place and unit == place[1]), None)
    if first is not None and place:
        yield _of(matters, *units[first], sign=sign).filter(**{f"key__{beyond}": place[2]})
        units = units[first + 1 :]
    for start in range(0, len(units), _ASKED):
        some = units[start : start + _ASKED]
        there = _with_rows(matters, [unit for unit, _ in some])
        yield from (_of(matters, unit, name, sign=sign) for unit, name in some if unit in there)


def _of(matters: QuerySet[Matter], unit: int, name: str, *, sign: str) -> Rows:
    one = matters.filter(responsible=unit).annotate(key=F("pk"), name=Value(name), at=Value(unit))
    return one.order_by(f"{sign}key").values_list("key", "name", "at")


def _with_rows(matters: QuerySet[Matter], units: list[int]) -> frozenset[int]:
    """Return those of `units` that have rows. The order has SQLite look each up in the index by unit."""
    row = matters.filter(responsible=OuterRef("pk")).order_by("pk").values("pk")[:1]
    found = Unit.objects.filter(pk__in=units).annotate(row=Subquery(row)).filter(row__isnull=False)
    return frozenset(found.values_list("pk", flat=True))
