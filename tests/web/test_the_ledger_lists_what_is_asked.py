"""The Ledger shows exactly what its address asks for, in the order asked for, at the same cost for any length."""

import json
import re
from base64 import urlsafe_b64encode
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.ledger.models import Matter
from bihuan.ledger.orders import Entering
from bihuan.ledger.register import register_matters
from city import City

from .test_each_count_opens_its_list import ROW, listed

#: Six of these are a search's own, two the viewer's views and columns, three the ways in which one may see a matter.
QUERIES = 22


def register_many(city: City, count: int, **values: Any) -> list[Matter]:
    given = {"rectify_type": "immediate", "responsible_unit": "housing"} | values
    entering = [
        Entering(city.mechanism, {**given, "title": f"问题{number:03}", "finding_no": f"Z-{number:03}"})
        for number in range(count)
    ]
    return register_matters(entering, post=city.posts["clerk"], account="clerk", now=city.now)


@pytest.mark.parametrize("sort", ["due", "-due", "title", "-title", "amount", "-amount", "unit", "finding_no", "stage"])
def test_paging_by_key_shows_every_row_once(sort: str, city: City, signed_in: Any) -> None:
    register_many(city, 70, amount=100)
    register_many(city, 50, responsible_unit="finance")
    found = listed(signed_in("clerk"), f"{reverse('ledger')}?sort={sort}")
    assert len(found) == len(set(found)) == 120


def test_the_cost_does_not_grow_with_the_rows(city: City, signed_in: Any) -> None:
    client = signed_in("clerk")
    for rows in (3, 60):
        register_many(city, rows)
        for address in (reverse("ledger"), reverse("ledger") + "?mine=1&overdue=1&unit=housing&q=问题"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            assert len(queries) <= QUERIES, [query["sql"][:90] for query in queries]


def test_each_part_of_the_filter_narrows(city: City, signed_in: Any) -> None:
    client = signed_in("clerk")
    plain = city.register("finance", title="往来款长期挂账", rectify_type="phased")
    claimed = city.claimed(project="预算执行审计")
    struck = city.struck_off()
    below = city.register("station")

    def found(query: str) -> set[str]:
        return set(listed(client, f"{reverse('ledger')}?{query}"))

    assert found("") == {each.number for each in (plain, claimed, struck, below)}
    assert found("unit=housing") == {claimed.number, struck.number, below.number}
    assert found("unit=澄湖市财政局") == found("class=phased") == found("q=挂账") == {plain.number}
    assert found("stage=checking") == found("assertion=done&state=open") == found("q=预算执行") == {claimed.number}
    assert found("state=closed") == found("recognition=approved") == {struck.number}
    assert found(f"q={below.number}") == {below.number}
    assert found("mechanism=audit_measure") == set()
    assert found("stage=checking&state=closed") == set()


def test_what_has_no_deadline_is_one_tick_away_and_said_in_a_chip(city: City, signed_in: Any) -> None:
    undated = city.register(rectify_type=None)
    city.register()
    client, address = signed_in("clerk"), f"{reverse('ledger')}?undated=1"
    assert 'name="undated" value="1"' in client.get(reverse("ledger")).content.decode()
    assert listed(client, address) == [undated.number]
    assert re.search(r'data-chip href="/ledger/">未定期限', client.get(address).content.decode())


def test_an_unknown_unit_is_said_and_nothing_is_guessed(city: City, signed_in: Any) -> None:
    city.register()
    page = signed_in("clerk").get(reverse("ledger"), {"unit": "住房和城乡"}).content.decode()
    assert "没有“住房和城乡”这个单位" in page
    assert "澄湖市住房和城乡建设局" in page
    assert not ROW.search(page)
    assert 'value="住房和城乡"' in page


def test_the_four_axes_stand_apart_with_lateness_in_words(city: City, signed_in: Any) -> None:
    city.later(days=-100)
    city.claimed(amount=5_878_500_00)
    page = signed_in("clerk").get(reverse("ledger")).content.decode()
    for text in ("待核查", "自报已整改", "逾期40天", "587.85", "立行立改"):
        assert text in page


def test_people_see_only_what_their_posts_open(city: City, signed_in: Any) -> None:
    ours, theirs = city.register("housing"), city.register("finance")

    def seen(client: Client) -> set[str]:
        return set(listed(client, reverse("ledger")))

    assert seen(signed_in("clerk")) == {ours.number, theirs.number}
    assert seen(signed_in("liaison")) == {ours.number}
    assert seen(signed_in("other")) == {theirs.number}
    assert seen(signed_in("sysadmin")) == set()


def test_a_nonsense_address_still_gives_a_page(city: City, signed_in: Any) -> None:
    city.register()
    client = signed_in("clerk")
    forged = urlsafe_b64encode(json.dumps(["never", "nobody"]).encode()).decode()
    queries = ("sort=;drop", "after=zzz", "before=%00", "within=-1", "stage=none", "q=%25_%00", "unit=%20%00")
    for query in (*queries, f"after={forged}", f"sort=amount&before={forged}"):
        assert client.get(f"{reverse('ledger')}?{query}").status_code == 200, query
    assert client.get("/matters/%00/").status_code == 404
