"""The Ledger: the list of matters under a filter that its address holds, page by page."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from bihuan.ledger.listing import page, select, total

from .address import Address, address, read, written
from .grid import columns as grid
from .grid.cells import head, heads, lines
from .grid.choices import choice_of, width_of
from .grid.forward import buttons, steps
from .grid.groups import grouped
from .grid.paste import may_paste
from .grid.picked import deeds, tools
from .grid.side import side_of
from .grid.views import Views, may_share, views_of
from .lateness import Clock
from .ledger_filters import Chip, chips, choices, orders
from .models import GridChoice
from .rows import rows
from .viewer import ViewerRequest

SIZE = 50
#: The width of the column of ticks, in pixels.
PICK = 40
#: The part of an address that shows everything to somebody whose Ledger opens with a view of theirs.
EVERYTHING = {"all": "1"}


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head. `order` is how the list is sorted by it now, `address` sorts it by it (the other way).

    `left` is where a frozen column stands, in pixels; `copy` what stands over it in Excel.
    """

    column: grid.Column
    title: str
    address: str
    order: str
    width: int
    left: int | None
    copy: str


def ledger(request: ViewerRequest) -> HttpResponse:
    choice = choice_of(request.viewer.account)
    if not request.GET and choice.view:
        return redirect(f"{address('ledger', {})}?{choice.view.query}&view={choice.view.pk}")
    return render(request, "ledger/ledger.html", _shown(request, choice))


def _shown(request: ViewerRequest, choice: GridChoice) -> dict[str, Any]:
    organisation = request.viewer.organisation
    asked = read(request.GET, organisation)
    parts = written(asked.filter, organisation)
    here = parts | _looks(asked)
    views = views_of(request, asked.view)
    columns = grid.chosen(views.columns or choice.columns, grid.offered(asked.filter.mechanism))
    chosen = select(request.viewer, asked.filter, request.today, request.calendar)
    if asked.problem:
        chosen = chosen.none()
    if not any(column.field for column in columns):
        chosen = chosen.defer("state")
    counted = total(chosen)
    found = page(chosen, sort=asked.sort, after=asked.after, before=asked.before, size=SIZE, long=not counted.exact)
    clock = Clock.on(request.today, request.calendar)
    listed = lines(rows(found.rows, clock), columns[2:], organisation, steps(request, found.rows))
    shown_heads = list(_heads(asked, parts, columns, choice))
    query = address("ledger", parts).partition("?")[2]
    bare = request.GET.copy()
    bare.pop("open", None)
    everything = EVERYTHING if choice.view else {}
    return {
        "asked": asked,
        "lines": listed,
        "several_kinds": len({line.matter.mechanism for line in listed}) > 1,
        "bodies": grouped(listed, chosen, request, here) if asked.grouped else [(None, listed)],
        "total": counted,
        "heads": shown_heads,
        "table_width": PICK + sum(each.width for each in shown_heads),
        "span": len(shown_heads) + 1,
        "pick": PICK,
        "dense": choice.dense,
        "picker": _picker(columns, asked, choice),
        "viewed": bool(choice.view),
        "choices": choices(asked, organisation),
        "chips": _chips(chips(asked, organisation), here, everything),
        "orders": orders(asked),
        "units": organisation.units,
        "next": address("ledger", {**here, "after": found.after}) if found.after else "",
        "previous": address("ledger", {**here, "before": found.before}) if found.before else "",
        "first": address("ledger", here),
        "here": f"{address('ledger', {})}?{bare.urlencode()}",
        "everything": address("ledger", _looks(asked, view=False) or everything),
        "standing": {"address": address("ledger", {"state": "open"}), "current": parts == {"state": "open"}},
        "group": address("ledger", _regrouped(here, asked) or everything),
        "views": views,
        "sharing": may_share(request.viewer),
        "view_name": _view_name(views),
        "query": query,
        "back": bare.urlencode(),
        "kept_query": address("ledger", {**parts, **_looks(asked, view=False)}).partition("?")[2],
        "steps": buttons(request, asked.filter),
        "acting": address("bulk_act", {}) + (f"?{query}" if query else ""),
        "deeds": deeds(request.viewer, asked.filter.mechanism, query),
        "tools": tools(request.viewer, query),
        "pasting": may_paste(request.viewer),
        "side": side_of(request, asked.open) if asked.open else None,
    }


def _looks(asked: Address, *, view: bool = True) -> dict[str, str]:
    """Return the parts of an address that say how the list looks, apart from what it holds."""
    looks = {"group": "unit"} if asked.grouped else {"sort": asked.sort} if asked.sort != "due" else {}
    return looks | ({"view": str(asked.view)} if view and asked.view else {})


def _regrouped(here: Mapping[str, str], asked: Address) -> dict[str, str]:
    """Return the address with the heads of units on, or off again."""
    bare = {key: value for key, value in here.items() if key not in ("group", "sort")}
    return bare if asked.grouped else {**bare, "group": "unit"}


def _heads(
    asked: Address, parts: Mapping[str, str], columns: Sequence[grid.Column], choice: GridChoice
) -> Iterator[Head]:
    left = PICK
    for place, column in enumerate(columns):
        key, width = column.sort, width_of(column, choice)
        now = {key: "ascending", f"-{key}": "descending"}.get(asked.sort, "") if key else ""
        other = f"-{key}" if asked.sort == key else key
        sorting = {**parts, "sort": other} | ({"view": str(asked.view)} if asked.view else {})
        frozen = left if place < len(grid.FROZEN) else None
        yield Head(
            column,
            head(column),
            address("ledger", sorting) if key else "",
            now,
            width,
            frozen,
            "\t".join(heads(column)),
        )
        left += width


@dataclass(frozen=True, slots=True)
class Offered:
    """A column in the list from which columns are chosen."""

    key: str
    title: str
    shown: bool
    width: int
    fixed: bool


def _picker(columns: Sequence[grid.Column], asked: Address, choice: GridChoice) -> list[Offered]:
    """Return every column: those that are shown first, in their order."""
    known = grid.offered(asked.filter.mechanism)
    order = [column.key for column in columns] + [key for key in known if known[key] not in columns]
    shown, fixed = {column.key for column in columns}, {column.key for column in grid.FROZEN}
    return [Offered(key, head(known[key]), key in shown, width_of(known[key], choice), key in fixed) for key in order]


def _view_name(views: Views) -> str:
    return views.current.name if views.current else ""


def _chips(shown: list[Chip], here: Mapping[str, str], everything: Mapping[str, str]) -> list[tuple[Chip, str]]:
    """Return each chip with the address of the list without it."""
    without = {chip.key: {key: value for key, value in here.items() if key != chip.key} for chip in shown}
    return [(chip, address("ledger", without[chip.key] or everything)) for chip in shown]
