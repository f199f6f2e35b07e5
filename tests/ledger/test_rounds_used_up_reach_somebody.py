"""A step whose rounds are used up is left to a role above, and stands in the list of whoever holds it for the unit."""

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Portfolio, Post
from bihuan.directory.viewer import Viewer
from bihuan.ledger import waiting
from bihuan.ledger.days import local_day
from bihuan.ledger.listing import Filter, page, select, total
from bihuan.ledger.models import Matter
from bihuan.ledger.verify import verify
from city import CAST, SINCE, City

LEFT = Filter(queue="exhausted")


def listed(city: City, post: Post, wanted: Filter = LEFT) -> set[Matter]:
    day = local_day(city.now)
    chosen = select(Viewer.with_post(post, day), wanted, day, load_calendar())
    assert total(chosen).number == len(page(chosen, size=100).rows)
    return set(chosen)


def sent_back(city: City, times: int, **values: Any) -> Matter:
    """Return a finding that is claimed done once more after it was sent back so often."""
    matter = city.claimed(**values)
    for _ in range(times):
        city.act(matter, "send_back", "verifier", reason="缺少缴款书")
        matter = city.claim(matter)
    return matter


def test_the_leader_is_asked_once_the_rounds_are_used_up_and_not_before(city: City) -> None:
    city.register()
    sent_back(city, 2)
    assert listed(city, city.posts["leader"]) == set()
    used_up = sent_back(city, 3)
    for key, *_ in CAST:
        assert listed(city, city.posts[key]) == ({used_up} if key == "leader" else set()), key
    assert listed(city, city.posts["leader"], Filter(mine=True)) == {used_up}
    assert used_up in listed(city, city.posts["verifier"], Filter(queue="verify")), (
        "the verifier may still recognise it"
    )
    assert list(verify()) == []


def test_after_the_leader_has_acted_nothing_is_left_to_them(city: City) -> None:
    matter = sent_back(city, 3)
    city.act(matter, "send_back", "leader", reason="再补充一次")
    assert listed(city, city.posts["leader"]) == set()
    city.recognise(city.claim(matter))
    assert listed(city, city.posts["leader"]) == set(), "recognised after all: nothing is left to decide"
    assert list(verify()) == []


def test_what_is_left_is_left_to_whoever_answers_for_the_unit(city: City) -> None:
    used_up = sent_back(city, 3)
    leaders = {
        name: Post.objects.create(
            key=name,
            account=city.posts["leader"].account,
            unit=city.units[unit],
            title=name,
            roles=["leader"],
            since=SINCE,
        )
        for name, unit in (
            ("of_the_city", "city"),
            ("of_finance", "finance"),
            ("by_portfolio", "city"),
            ("apart", "city"),
        )
    }
    Portfolio.objects.create(post=leaders["by_portfolio"], mechanism=city.mechanism)
    Portfolio.objects.create(post=leaders["apart"], unit=city.units["finance"])
    asked = {name for name, post in leaders.items() if listed(city, post)}
    assert asked == {"of_the_city", "by_portfolio"}
    assert listed(city, leaders["by_portfolio"]) == {used_up}


def test_a_changed_row_is_found_out(city: City) -> None:
    matter = sent_back(city, 3)
    assert Matter.objects.get(pk=matter.pk).beyond == "leader"
    Matter.objects.filter(pk=matter.pk).update(beyond=None)
    [broken] = verify()
    assert broken.sentence.values["name"] == "beyond"


def test_a_ledger_from_before_is_folded_anew(city: City) -> None:
    used_up, not_yet = sent_back(city, 3), sent_back(city, 1)
    Matter.objects.update(beyond=None)
    import_module("bihuan.ledger.migrations.0005_rounds_used_up").fold_anew(apps, None)
    assert dict(Matter.objects.values_list("pk", "beyond")) == {used_up.pk: "leader", not_yet.pk: None}


@pytest.mark.sqlite
@pytest.mark.parametrize("named", [0, 2_000])
def test_finding_what_is_left_goes_by_an_index_of_just_that(
    city: City, named: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "NAMED", named)
    used_up = sent_back(city, 3)
    with CaptureQueriesContext(connection) as asked:
        assert listed(city, city.posts["leader"]) == {used_up}
    looked = [each["sql"] for each in asked.captured_queries if 'FROM "ledger_matter"' in each["sql"]]
    with connection.cursor() as cursor:
        steps = {sql: _steps(cursor, sql) for sql in looked}
    assert any("matter_beyond" in step for each in steps.values() for step in each)
    counted = next(each for sql, each in steps.items() if "COUNT" in sql)
    assert not named or any("(id=?)" in step for step in counted), "named, they are looked up one by one"


def test_where_nothing_is_left_to_anybody_nothing_is_looked_through(city: City) -> None:
    sent_back(city, 2)
    with CaptureQueriesContext(connection) as asked:
        assert listed(city, city.posts["leader"]) == set()
    assert not [each["sql"] for each in asked.captured_queries if "COUNT" in each["sql"]]


def _steps(cursor: Any, sql: str) -> list[str]:
    cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
    return [row[3] for row in cursor.fetchall()]
