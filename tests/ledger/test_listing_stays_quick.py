"""Lists are decided in indexes alone, totals say when they stop counting, and rights are the same in every form."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Portfolio
from bihuan.directory.viewer import Viewer
from bihuan.ledger import listing, search, visible
from bihuan.ledger.days import local_day
from bihuan.ledger.listing import SORTS, Filter, Total, page, select, total
from bihuan.ledger.models import Matter
from bihuan.ledger.search_index import catch_up
from city import CAST, City

_FILTERS = (
    *(Filter(), Filter(state="open"), Filter(state="closed"), Filter(overdue=True), Filter(stage_overdue=True)),
    *(Filter(due_within=10), Filter(klass="continuous"), Filter(assertion="done"), Filter(stage="rectifying")),
    *(Filter(mine=True), Filter(queue="verify"), Filter(queue="returned"), Filter(asking=True)),
    *(Filter(queue="exhausted"), Filter(undated=True)),
    *(Filter(mechanism="audit_rectification"), Filter(text="资金"), Filter(text="资金", state="open")),
)


def _viewer(city: City, post: str) -> Viewer:
    return Viewer.with_post(city.posts[post], local_day(city.now))


def _lists(city: City, post: str) -> list[Any]:
    day = local_day(city.now)
    return [select(_viewer(city, post), wanted, day, load_calendar()) for wanted in _FILTERS]


@pytest.mark.sqlite
@pytest.mark.parametrize("post", ["clerk", "liaison", "leader"])
@pytest.mark.parametrize("named", [0, 2_000])
def test_no_list_reads_rows_to_decide_which_it_wants(
    city: City, post: str, named: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row is kilobytes: a list that reads rows for its choice takes a hundred times as long."""
    monkeypatch.setattr(visible, "NAMED", named)
    monkeypatch.setattr(search, "FETCHED", named)
    for _ in range(3):
        city.claimed(responsible_unit="housing")
    catch_up()
    # Titles are too long for an index.
    sorts = [sign + name for name in SORTS if name != "title" for sign in ("", "-")]
    for chosen in _lists(city, post):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            for sort in sorts:
                list(page(chosen, sort=sort, size=1, after=page(chosen, sort=sort, size=1).after or "").rows)
            total(chosen)
        for query in asked.captured_queries:
            if "ledger_matter" in query["sql"] and '"ledger_matter"."state"' not in query["sql"]:
                assert _reads_rows(query["sql"]) == [], query["sql"]


def _steps(sql: str) -> list[str]:
    with connection.cursor() as cursor:
        # The captured text is what the driver would send, but for quotes within its JSON parameters.
        cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
        return [row[3] for row in cursor.fetchall()]


def _reads_rows(sql: str) -> list[str]:
    of_matters = [step for step in _steps(sql) if "ledger_matter" in step]
    # One row each, by its key, is what a named list reads.
    return [step for step in of_matters if "COVERING INDEX" not in step and "(id=?)" not in step]


@pytest.mark.parametrize("post", [key for key, *_ in CAST])
@pytest.mark.parametrize("named", [0, 2_000])
def test_a_list_holds_what_may_be_opened_named_or_tested(
    city: City, post: str, named: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visible, "NAMED", named)
    for unit in ("housing", "finance", "station"):
        city.register(unit)
        city.register(unit, assisting_units=["finance"])
    viewer = _viewer(city, post)
    opened = set(Matter.objects.filter(visible.visible_to(viewer)))
    assert set(Matter.objects.filter(visible.listed_to(viewer))) == opened
    assert set(Matter.objects.filter(visible.listed_to(viewer))) == opened


@pytest.mark.parametrize("named", [0, 2_000])
def test_a_portfolio_of_everything_opens_everything(city: City, named: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visible, "NAMED", named)
    made = {city.register(unit) for unit in ("housing", "finance")}
    Portfolio.objects.create(post=city.posts["station"])
    for condition in (visible.visible_to, visible.listed_to):
        assert set(Matter.objects.filter(condition(_viewer(city, "station")))) == made


@pytest.mark.sqlite
@pytest.mark.parametrize("wanted", [Filter(), Filter(state="open"), Filter(overdue=True), Filter(stage="rectifying")])
@pytest.mark.parametrize("sort", ["unit", "-unit"])
def test_a_long_list_by_unit_is_walked_in_its_index_and_never_sorted(
    city: City, wanted: Filter, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visible, "NAMED", 0)
    for unit in ("housing", "housing", "finance"):
        city.rectifying(unit, "liaison" if unit == "housing" else "other")
    city.later(days=100)
    chosen = select(_viewer(city, "clerk"), wanted, local_day(city.now), load_calendar())
    with CaptureQueriesContext(connection) as asked:
        first = page(chosen, sort=sort, size=2, long=True)
        assert len(page(chosen, sort=sort, size=2, long=True, after=first.after or "").rows) == 1
    looked = [each["sql"] for each in asked.captured_queries if "ORDER BY" in each["sql"]]
    steps = [step for sql in looked if "ledger_matter" in sql for step in _steps(sql)]
    assert not [step for step in steps if "TEMP B-TREE" in step]
    walked = [step for step in steps if "ledger_matter" in step]
    assert walked and all("COVERING INDEX listing_responsible (responsible_id=?" in step for step in walked), walked


@pytest.mark.sqlite
@pytest.mark.parametrize("post", ["clerk", "leader"])
def test_what_few_matters_hold_is_not_looked_for_among_all_that_are_open(
    city: City, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds of thousands are open; the index of texts says at once which two or three it can be."""
    monkeypatch.setattr(visible, "NAMED", 0)
    found, other = (city.register(description=text) for text in ("量子纠缠", "别的文字"))
    catch_up()
    chosen = select(_viewer(city, post), Filter(text="量子", state="open"), local_day(city.now), load_calendar())
    with CaptureQueriesContext(connection) as asked:
        assert found != other and [row.pk for row in page(chosen, sort="-registered").rows] == [found.pk]
        assert total(chosen) == Total(1, exact=True)
    looked = [each["sql"] for each in asked.captured_queries if "ended" in each["sql"].partition("WHERE")[2]]
    assert looked
    for sql in looked:
        (step,) = [step for step in _steps(sql) if "ledger_matter" in step]
        assert "(id=?)" in step, step


def test_a_total_is_exact_up_to_its_limit_and_says_so_beyond(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "COUNTED", 2)
    for number in range(1, 4):
        city.register()
        assert total(Matter.objects.all()) == Total(min(number, 2), exact=number <= 2)


def test_what_is_listed_downwards_is_what_is_listed_upwards_turned_round(city: City) -> None:
    for amount in (None, 3, 1, 3, None, 2):
        city.register(amount=amount)
    up, down = (page(Matter.objects.all(), sort=sort).rows for sort in ("amount", "-amount"))
    assert [row.pk for row in up[:4]] == [row.pk for row in reversed(down[:4])]
    assert [row.amount for row in down] == [3, 3, 2, 1, None, None]
