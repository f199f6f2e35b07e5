"""Grouped by unit, each head says how many of the unit's matters the whole list holds, on whatever page it stands."""

import re
from html import unescape
from typing import Any

from django.test import Client

from city import City

from .test_each_count_opens_its_list import listed
from .test_the_ledger_lists_what_is_asked import register_many

GROUP = re.compile(r'data-unit="(\w+)">.*?</button>\s*(?:<a href="([^"]*)">)?共(\d+)项.*?</th>', re.DOTALL)
NEXT = re.compile(r'href="([^"]*)" rel="next"')
GROUPED = "/ledger/?group=unit"


def heads_of_pages(client: Client, address: str) -> list[list[tuple[str, str, str]]]:
    found = []
    while address:
        page = client.get(address).content.decode()
        found.append(GROUP.findall(page))
        more = NEXT.search(page)
        address = unescape(more[1]) if more else ""
    return found


def test_a_head_counts_the_whole_unit_on_every_page(city: City, signed_in: Any) -> None:
    register_many(city, 70)
    register_many(city, 3, responsible_unit="finance")
    city.register("station")
    pages = heads_of_pages(signed_in("clerk"), GROUPED)
    assert len(pages) == 2
    counts = {(unit, number) for page in pages for unit, _, number in page}
    assert counts == {("housing", "70"), ("finance", "3"), ("station", "1")}
    assert all(len({unit for unit, *_ in page}) == len(page) for page in pages)


def test_a_head_counts_only_what_fits_the_filter_and_may_be_opened(city: City, signed_in: Any) -> None:
    city.register("finance", title="往来款长期挂账")
    city.register("finance", title="结余资金未盘活")
    city.register("housing", title="往来款长期挂账")
    found = heads_of_pages(signed_in("clerk"), f"{GROUPED}&q=往来款")[0]
    assert {unit: number for unit, _, number in found} == {"housing": "1", "finance": "1"}
    assert [unit for unit, *_ in heads_of_pages(signed_in("other"), GROUPED)[0]] == ["finance"]


def test_a_number_that_leads_on_leads_to_as_many_matters(city: City, signed_in: Any) -> None:
    client = signed_in("clerk")
    for unit in ("finance", "finance", "housing", "station"):
        city.register(unit)
    for unit, address, number in heads_of_pages(client, GROUPED)[0]:
        if unit == "housing":
            assert not address, "the list of a unit with others below it would hold theirs too"
        else:
            assert len(listed(client, unescape(address))) == int(number)


def test_late_matters_are_counted_in_the_head_in_words(city: City, signed_in: Any) -> None:
    now = city.now
    city.later(days=-100)
    city.register()
    city.now = now
    city.register()
    assert "逾期1项" in signed_in("clerk").get(GROUPED).content.decode()
