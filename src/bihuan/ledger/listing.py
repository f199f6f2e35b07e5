"""The list of matters: what is asked for, in what order, page by page by key.

Every count shown anywhere is the count of a `Filter`, and opens the list of that same `Filter`.
"""

import json
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet

from bihuan.directory.models import Unit
from bihuan.directory.viewer import Viewer
from bihuan.mechanism.calendar import Calendar
from bihuan.mechanism.model import End

from . import by_unit
from .membership import OneOf, Scanned
from .models import Matter, Mention, Spending
from .search import among
from .visible import listed_to
from .waiting import waiting_for

OPEN = Q(ended="")

#: The matters of so many units are looked up by unit; those of more are met on the way.
_FEW_UNITS = 3


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list; every part that is set narrows it.

    `mechanism_hash` keeps the matters pinned to one text of their mechanism. `unit` is a unit id and means it with
    all below it. `stage` is the key of one, or of several apart by blanks. `state` is `open`, `closed`, or empty for
    both. `due_within` is a number of working days from today, today's included; `undated` keeps open ones whose
    deadline nobody has set yet. `mine` keeps what waits for one of the viewer's posts; `queue` is `verify` (waits for
    the viewer's verification), `returned` (sent back to the viewer) or `exhausted` (a step of it is left to the
    viewer, its rounds being used up). `entry` is a register and one of its keys (`schools:S001`) that a field of the
    matter names; `done_in` a year in which it came to its successful end; `budget_year` and `source` are those of
    money that it holds. Every word of `text` must occur in the matter (see `search`).
    """

    unit: int | None = None
    mechanism: str = ""
    mechanism_hash: str = ""
    stage: str = ""
    state: str = ""
    overdue: bool = False
    stage_overdue: bool = False
    due_within: int | None = None
    undated: bool = False
    klass: str = ""
    assertion: str = ""
    recognition: str = ""
    mine: bool = False
    queue: str = ""
    asking: bool = False
    entry: str = ""
    done_in: int | None = None
    budget_year: int | None = None
    source: str = ""
    text: str = ""


_QUEUES = {"verify": "verifying", "returned": "returned", "exhausted": "exhausted"}


def select(viewer: Viewer, wanted: Filter, today: date, calendar: Calendar) -> QuerySet[Matter]:
    """Return the matters that `viewer` may open and that fit `wanted`, in no order yet."""
    chosen = Q()
    if wanted.unit is not None:
        units = viewer.organisation.subtree([wanted.unit])
        responsible = F("responsible") if len(units) <= _FEW_UNITS else Scanned(F("responsible"))
        chosen &= Q(OneOf(responsible, sorted(units)))
    if wanted.stage:
        stages = wanted.stage.split()
        chosen &= Q(stage=stages[0]) if len(stages) == 1 else Q(stage__in=stages)
    for column in ("mechanism", "mechanism_hash", "klass", "assertion", "recognition"):
        if value := getattr(wanted, column):
            chosen &= Q(**{column: value})
    if wanted.state:
        chosen &= OPEN if wanted.state == "open" else ~OPEN
    chosen &= _times(wanted, today, calendar) & _named(wanted)
    if wanted.mine:
        chosen &= waiting_for(viewer)
    if wanted.queue:
        chosen &= waiting_for(viewer, **{word: wanted.queue == queue for queue, word in _QUEUES.items()})
    if wanted.asking:
        chosen &= OPEN & Q(asking__isnull=False)
    chosen = among(chosen, wanted.text)
    return Matter.objects.filter(listed_to(viewer, chosen)).select_related("responsible")


def _named(wanted: Filter) -> Q:
    """What matters name: entries of registers, money by budget year and source."""
    chosen = Q()
    if wanted.entry:
        register, _, entry = wanted.entry.partition(":")
        chosen &= Q(pk__in=Mention.objects.filter(register=register, entry=entry).values("matter"))
    if wanted.budget_year is not None or wanted.source:
        spent = Spending.objects.all()
        spent = spent if wanted.budget_year is None else spent.filter(year=wanted.budget_year)
        chosen &= Q(pk__in=(spent.filter(source=wanted.source) if wanted.source else spent).values("matter"))
    if wanted.done_in is not None:
        year = wanted.done_in
        chosen &= Q(ended=End.SUCCESS.value, ended_on__gte=date(year, 1, 1), ended_on__lte=date(year, 12, 31))
    return chosen


def _times(wanted: Filter, today: date, calendar: Calendar) -> Q:
    """Overdue is a comparison of two days: a matter is late from the midnight that ends its due day."""
    chosen = Q()
    if wanted.overdue:
        chosen &= OPEN & Q(due__lt=today)
    if wanted.stage_overdue:
        chosen &= OPEN & Q(stage_due__lt=today)
    if wanted.undated:
        chosen &= OPEN & Q(due__isnull=True)
    if wanted.due_within is not None:
        chosen &= OPEN & Q(due__gte=today, due__lte=calendar.add_working_days(today, wanted.due_within))
    return chosen


#: How far `total` counts. Above it a person no longer reads the number, and it costs more than the page.
COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows a list has: `number` of them or, if not `exact`, more than that."""

    number: int
    exact: bool


def total(matters: QuerySet[Matter]) -> Total:
    """Count `matters`, exactly up to `COUNTED`."""
    number = matters.order_by().values("pk")[: COUNTED + 1].count()
    return Total(min(number, COUNTED), exact=number <= COUNTED)


#: Orders that a list can have. The id follows, so that every row has its one place.
SORTS: dict[str, str] = {
    "due": "due",
    "stage_due": "stage_due",
    "registered": "registered_on",
    "unit": "responsible__name",  # and units of one name apart: see `by_unit`
    "amount": "amount",
    "finding_no": "finding_no",
    "stage": "stage",
    "title": "title",
}


#: Those in which an index of all columns of a list stands; for the others one of these is gone through and sorted.
_INDEXED = frozenset({"due", "registered"})


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list with the keys from which the neighbouring pages can be asked for."""

    rows: Sequence[Matter]
    after: str | None
    before: str | None


def ordered(matters: QuerySet[Matter], sort: str) -> QuerySet[Matter]:
    """Return `matters` in the order `sort`, as `page` would show them page by page."""
    name, turned = sort.removeprefix("-"), sort.startswith("-")
    columns = [F(SORTS[name]), *([F("responsible")] if name == "unit" else [])]
    placed = [each.desc(nulls_last=True) if turned else each.asc(nulls_last=True) for each in columns]
    return matters.order_by(*placed, "-pk" if turned else "pk")


def page(
    matters: QuerySet[Matter],
    *,
    sort: str = "due",
    after: str = "",
    before: str = "",
    size: int = 50,
    long: bool = False,
) -> Page:
    """Return the page of `matters` that follows the key `after` (or comes before `before`).

    `sort` is a key of `SORTS`, with `-` in front for the other direction; rows without a value come last.
    A key that cannot be read gives the first page. The rows come with their responsible unit. `long` says that
    the list is one of more rows than `COUNTED`, for the order in which that makes a difference.
    """
    sort = sort if sort.removeprefix("-") in SORTS else "due"
    place = _read_key(before or after, sort)
    backwards = bool(before) and place is not None
    found: list[tuple[Any, ...]] = []
    for stretch in _pieces(matters, sort, place, backwards=backwards, long=long):
        found += stretch[: size + 1 - len(found)]
        if len(found) > size:
            break
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    forth = more if not backwards else True
    back = more if backwards else place is not None
    rows = Matter.objects.select_related("responsible").in_bulk([pk for pk, *_ in found])
    return Page(
        rows=[rows[pk] for pk, *_ in found],
        after=_key(*found[-1], sort=sort) if found and forth else None,
        before=_key(*found[0], sort=sort) if found and back else None,
    )


def _pieces(
    matters: QuerySet[Matter], sort: str, place: tuple[Any, ...] | None, *, backwards: bool, long: bool
) -> Iterator[QuerySet[Matter, tuple[Any, ...]]]:
    if sort.removeprefix("-") != "unit":
        return _stretches(matters, sort, place, backwards=backwards)
    return by_unit.stretches(matters, place, turned=sort.startswith("-") != backwards, long=long)


def _stretches(
    matters: QuerySet[Matter], sort: str, place: tuple[Any, ...] | None, *, backwards: bool
) -> Iterator[QuerySet[Matter, tuple[Any, ...]]]:
    """Yield what follows `place` as (key, value sorted by), piece by piece, each piece one range of an index.

    In one query these pieces would be joined by OR, and neither database then starts at the place: it walks
    there from the beginning.
    """
    name = sort.removeprefix("-")
    beyond, sign = ("lt", "-") if sort.startswith("-") != backwards else ("gt", "")
    walked = name in _INDEXED
    key, column = (F("pk"), F(SORTS[name])) if walked else (Scanned(F("pk")), Scanned(F(SORTS[name])))
    listed = matters.annotate(key=key, place=column).order_by(f"{sign}key").values_list("key", "place")
    valued = listed.filter(place__isnull=False).order_by(f"{sign}place", f"{sign}key")
    empty = [listed.filter(place__isnull=True)] if _columns(sort)[0].null else []
    if place is None:
        yield from [valued, *empty]
    elif place[0] is None:
        yield listed.filter(place__isnull=True, **{f"key__{beyond}": place[1]})
        yield from [valued] if backwards else []
    else:
        yield listed.filter(place=place[0], **{f"key__{beyond}": place[1]})
        yield listed.filter(**{f"place__{beyond}": place[0]}).order_by(f"{sign}place", f"{sign}key")
        yield from [] if backwards else empty


def _key(pk: uuid.UUID, *values: Any, sort: str) -> str:
    told = [value.isoformat() if isinstance(value, date) else value for value in values]
    return urlsafe_b64encode(json.dumps([sort, *told, pk.hex]).encode()).decode()


def _read_key(text: str, sort: str) -> tuple[Any, ...] | None:
    """Return the place that a key names, or None if it cannot be read or belongs to another order."""
    try:
        of, *told, key = json.loads(urlsafe_b64decode(text.encode()))
        columns = _columns(sort)
        if of != sort or len(told) != len(columns) or (len(told) > 1 and None in told):
            return None
        return *(_read_value(column, value) for column, value in zip(columns, told, strict=True)), uuid.UUID(key)
    except (ValueError, TypeError, AttributeError, ValidationError):
        return None


def _read_value(column: Any, told: Any) -> Any:
    """Return the value of a column that a key tells. Raises `ValidationError` for one that no row can have."""
    value = column.to_python(told)
    column.run_validators(value)
    if isinstance(value, str) and "\0" in value:
        raise ValidationError("no text holds NUL")
    return value


def _columns(sort: str) -> list[Any]:
    name = SORTS[sort.removeprefix("-")]
    return [Unit._meta.get_field("name"), Unit._meta.pk] if "__" in name else [Matter._meta.get_field(name)]
