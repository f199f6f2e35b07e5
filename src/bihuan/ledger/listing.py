"""The list of matters: what is asked for, in what order, page by page by key.

Every count shown anywhere is the count of a `Filter`, and opens the list of that same `Filter`.
"""

import json
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet

from bihuan.directory.models import Unit
from bihuan.directory.viewer import Viewer
from bihuan.mechanism.calendar import Calendar

from .models import Matter
from .visible import visible_to
from .waiting import waiting_for

OPEN = Q(ended="")


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list; every part that is set narrows it.

    `mechanism_hash` keeps the matters pinned to one text of their mechanism. `unit` is a unit id and means it
    with all below it. `state` is `open`, `closed`, or empty for both. `due_within` is a number of working days
    from today, today's included. `mine` keeps what waits for one of the viewer's posts; `queue` is `verify`
    (waits for the viewer's verification) or `returned` (sent back to the viewer). `text` is looked for in
    titles, numbers and projects.
    """

    unit: int | None = None
    mechanism: str = ""
    mechanism_hash: str = ""
    stage: str = ""
    state: str = ""
    overdue: bool = False
    stage_overdue: bool = False
    due_within: int | None = None
    klass: str = ""
    assertion: str = ""
    recognition: str = ""
    mine: bool = False
    queue: str = ""
    asking: bool = False
    text: str = ""


def select(viewer: Viewer, wanted: Filter, today: date, calendar: Calendar) -> QuerySet[Matter]:
    """Return the matters that `viewer` may open and that fit `wanted`, in no order yet."""
    chosen = visible_to(viewer)
    if wanted.unit is not None:
        chosen &= Q(responsible__in=viewer.organisation.subtree([wanted.unit]))
    for column in ("mechanism", "mechanism_hash", "stage", "klass", "assertion", "recognition"):
        if value := getattr(wanted, column):
            chosen &= Q(**{column: value})
    if wanted.state:
        chosen &= OPEN if wanted.state == "open" else ~OPEN
    chosen &= _times(wanted, today, calendar)
    if wanted.mine:
        chosen &= waiting_for(viewer)
    if wanted.queue:
        chosen &= waiting_for(viewer, verifying=wanted.queue == "verify", returned=wanted.queue == "returned")
    if wanted.asking:
        chosen &= OPEN & Q(asking__isnull=False)
    for word in wanted.text.split():
        chosen &= _mentions(word)
    return Matter.objects.filter(chosen).select_related("responsible")


def _times(wanted: Filter, today: date, calendar: Calendar) -> Q:
    """Overdue is a comparison of two days: a matter is late from the midnight that ends its due day."""
    chosen = Q()
    if wanted.overdue:
        chosen &= OPEN & Q(due__lt=today)
    if wanted.stage_overdue:
        chosen &= OPEN & Q(stage_due__lt=today)
    if wanted.due_within is not None:
        chosen &= OPEN & Q(due__gte=today, due__lte=calendar.add_working_days(today, wanted.due_within))
    return chosen


def _mentions(word: str) -> Q:
    found = Q(title__icontains=word) | Q(finding_no__icontains=word) | Q(project__icontains=word)
    return found | Q(number__icontains=word) | Q(responsible__name__icontains=word) | Q(category__icontains=word)


#: Orders that a list can have. The id follows, so that every row has its one place.
SORTS: dict[str, str] = {
    "due": "due",
    "stage_due": "stage_due",
    "registered": "registered_on",
    "unit": "responsible__name",
    "amount": "amount",
    "finding_no": "finding_no",
    "stage": "stage",
    "title": "title",
}


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list with the keys from which the neighbouring pages can be asked for."""

    rows: Sequence[Matter]
    after: str | None
    before: str | None


def page(matters: QuerySet[Matter], *, sort: str = "due", after: str = "", before: str = "", size: int = 50) -> Page:
    """Return the page of `matters` that follows the key `after` (or comes before `before`).

    `sort` is a key of `SORTS`, with `-` in front for the other direction; rows without a value come last.
    A key that cannot be read gives the first page.
    """
    sort = sort if sort.removeprefix("-") in SORTS else "due"
    column, descending = SORTS[sort.removeprefix("-")], sort.startswith("-")
    place = _read_key(before or after, sort)
    backwards = bool(before) and place is not None
    chosen = matters.annotate(place=F(column))
    if place is not None:
        chosen = chosen.filter(_beyond(place, descending=descending, backwards=backwards))
    rows = list(chosen.order_by(*_order(descending, backwards))[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    forth = more if not backwards else True
    back = more if backwards else place is not None
    return Page(
        rows=rows,
        after=_key(rows[-1], sort) if rows and forth else None,
        before=_key(rows[0], sort) if rows and back else None,
    )


def _order(descending: bool, backwards: bool) -> list[Any]:
    place = F("place")
    if descending != backwards:
        first = place.desc(nulls_first=backwards or None, nulls_last=(not backwards) or None)
    else:
        first = place.asc(nulls_first=backwards or None, nulls_last=(not backwards) or None)
    return [first, "-pk" if backwards else "pk"]


def _beyond(place: tuple[Any, uuid.UUID], *, descending: bool, backwards: bool) -> Q:
    value, key = place
    same = Q(**{"pk__lt" if backwards else "pk__gt": key})
    if value is None:
        beside = Q(place__isnull=True) & same
        return beside | Q(place__isnull=False) if backwards else beside
    further = Q(**{"place__lt" if descending != backwards else "place__gt": value})
    beyond = further | (Q(place=value) & same)
    return beyond if backwards else beyond | Q(place__isnull=True)


def _key(row: Any, sort: str) -> str:
    value = row.place.isoformat() if isinstance(row.place, date) else row.place
    return urlsafe_b64encode(json.dumps([sort, value, row.pk.hex]).encode()).decode()


def _read_key(text: str, sort: str) -> tuple[Any, uuid.UUID] | None:
    """Return the place that a key names, or None if it cannot be read or belongs to another order."""
    try:
        of, value, key = json.loads(urlsafe_b64decode(text.encode()))
        if of != sort:
            return None
        return _column(sort).to_python(value), uuid.UUID(key)
    except (ValueError, TypeError, AttributeError, ValidationError):
        return None


def _column(sort: str) -> Any:
    name = SORTS[sort.removeprefix("-")]
    return Unit._meta.get_field("name") if "__" in name else Matter._meta.get_field(name)
