"""The money of the matters by budget year, mechanism and source; every sum opens into the matters behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from bihuan.ledger.listing import Filter
from bihuan.ledger.packs import current
from bihuan.ledger.tallies import Spent, spent
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.sentence import Named

from ..address import address, list_address
from ..ledger_filters import source_name
from ..viewer import ViewerRequest


@dataclass(frozen=True, slots=True)
class Line:
    """A source of money of one mechanism in the year shown. `amount` is fen."""

    source: Named | str
    amount: int
    matters: int
    list: str


@dataclass(frozen=True, slots=True)
class Part:
    """The money of one mechanism in the year shown."""

    mechanism: Mechanism
    lines: tuple[Line, ...]
    amount: int
    list: str


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    amount: int
    address: str
    shown: bool


def budget(request: ViewerRequest) -> HttpResponse:
    found = spent(request.viewer)
    years = sorted({each.year for each in found}, reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else _first(years, request.today.year)
    shown = {
        "years": [
            Year(each, _sum(found, each), address("budget", {"year": str(each)}), shown=each == year) for each in years
        ],
        "year": year,
        "parts": list(_parts(request, found, year)) if year is not None else [],
        "total": _sum(found, year) if year is not None else 0,
    }
    return render(request, "budget/budget.html", shown)


def _first(years: list[int], today: int) -> int | None:
    return today if today in years else next(iter(years), None)


def _sum(found: list[Spent], year: int) -> int:
    return sum(each.amount for each in found if each.year == year)


def _parts(request: ViewerRequest, found: list[Spent], year: int) -> Iterator[Part]:
    organisation = request.viewer.organisation
    for mechanism in current().values():
        mine = [each for each in found if each.year == year and each.mechanism == mechanism.key]
        if not mine:
            continue
        lines = tuple(
            Line(
                source_name(each.source, mechanism.key),
                each.amount,
                each.matters,
                list_address(Filter(mechanism=mechanism.key, budget_year=year, source=each.source), organisation),
            )
            for each in mine
        )
        whole = list_address(Filter(mechanism=mechanism.key, budget_year=year), organisation)
        yield Part(mechanism, lines, sum(each.amount for each in mine), whole)
