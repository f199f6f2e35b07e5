"""The Ledger: the list of matters under a filter that its address holds, page by page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from bihuan.ledger.listing import page, select
from bihuan.mechanism.sentence import N_

from .address import Address, address, read, written
from .lateness import Clock
from .ledger_filters import Chip, chips, choices, orders
from .rows import rows
from .viewer import ViewerRequest

SIZE = 50

#: Parts of the filter that stand in the fold of the form; it is open when one of them is on.
_FOLDED = frozenset({"unit", "mechanism", "stage", "class", "assertion", "recognition", "state"})

#: Columns of the table: key of the order they can be sorted by ('' for none), title, class.
COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("finding_no", N_("Number"), ""),
    ("title", N_("Matter"), ""),
    ("unit", N_("Responsible unit"), ""),
    ("", N_("Class"), ""),
    ("amount", N_("Amount (10,000 yuan)"), "right"),
    ("stage", N_("Stage"), ""),
    ("", N_("Unit says"), ""),
    ("", N_("Recognised"), ""),
    ("due", N_("Due"), ""),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head. `order` is how the list is sorted by it now, `address` sorts it by it (the other way)."""

    title: str
    look: str
    address: str
    order: str


def ledger(request: ViewerRequest) -> HttpResponse:
    organisation = request.viewer.organisation
    asked = read(request.GET, organisation)
    parts = written(asked.filter, organisation)
    chosen = select(request.viewer, asked.filter, request.today, request.calendar)
    if asked.problem:
        chosen = chosen.none()
    found = page(chosen, sort=asked.sort, after=asked.after, before=asked.before, size=SIZE)
    here = parts | ({"sort": asked.sort} if asked.sort != "due" else {})
    shown = {
        "asked": asked,
        "rows": rows(found.rows, Clock.on(request.today, request.calendar)),
        "total": chosen.count(),
        "columns": list(_columns(asked, parts)),
        "choices": choices(asked, organisation),
        "chips": _chips(chips(asked, organisation), here),
        "orders": orders(asked),
        "units": organisation.units,
        "next": address("ledger", {**here, "after": found.after}) if found.after else "",
        "previous": address("ledger", {**here, "before": found.before}) if found.before else "",
        "first": address("ledger", here),
        "more": not parts.keys().isdisjoint(_FOLDED),
    }
    return render(request, "ledger/ledger.html", shown)


def _columns(asked: Address, parts: Mapping[str, str]) -> Iterator[Column]:
    for key, title, look in COLUMNS:
        now = {key: "ascending", f"-{key}": "descending"}.get(asked.sort, "") if key else ""
        other = f"-{key}" if asked.sort == key else key
        yield Column(title, look, address("ledger", {**parts, "sort": other}) if key else "", now)


def _chips(shown: list[Chip], here: Mapping[str, str]) -> list[tuple[Chip, str]]:
    """Return each chip with the address of the list without it."""
    return [(chip, address("ledger", {key: value for key, value in here.items() if key != chip.key})) for chip in shown]
