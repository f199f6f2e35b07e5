"""The index is the same however it came to be: at once, bit by bit, or made anew."""

import importlib
import threading
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st

from bihuan.ledger import postings
from bihuan.ledger.models import Matter, SearchPending, SearchPosting, SearchText
from bihuan.ledger.search import mentions
from bihuan.ledger.search_index import catch_up, keep_up, rebuild
from city import City, build_city


def _index() -> dict[str, Any]:
    """Gram → matters, by whatever places they have."""
    matters = dict(SearchText.objects.values_list("place", "matter"))
    found: dict[str, set[Any]] = {}
    for block, gram, bits in SearchPosting.objects.values_list("block", "gram", "bits"):
        places = postings.places(block, postings._decode(bytes(bits)))
        found.setdefault(gram, set()).update(matters[place] for place in places)
    return found


def _work(city: City) -> None:
    for number in range(5):
        matter = city.rectifying(title=f"第{number}项：资金未盘活")
        catch_up(3)
        city.act(matter, "report_progress", "liaison", values={"progress": f"完成{number}成"})


@pytest.mark.parametrize("block", [2, postings.BLOCK])
def test_the_index_made_anew_is_the_one_that_grew(city: City, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    if block == 2:
        monkeypatch.setattr(postings, "BLOCK", 2)
        monkeypatch.setattr(postings, "_BYTES", 1)
        monkeypatch.setattr(postings, "_LISTED", 0)
    _work(city)
    while catch_up():
        pass
    grown = _index()
    assert grown["资金"] == {matter.pk for matter in city.made}
    rebuild()
    assert _index() == {} and mentions("资金") != {}
    while catch_up(2):
        pass
    assert _index() == grown
    assert not SearchPending.objects.exists()


def test_catching_up_twice_changes_nothing(city: City) -> None:
    _work(city)
    catch_up()
    before = _index()
    SearchPending.objects.bulk_create(SearchPending(matter=matter.pk) for matter in city.made)
    catch_up()
    assert _index() == before and catch_up() == 0


@given(st.sets(st.integers(0, postings.BLOCK - 1), max_size=600))
def test_a_row_of_the_index_reads_back_as_it_was_written(places: set[int]) -> None:
    stored = postings._encode(sum(1 << place for place in places))
    assert set(postings.places(0, postings._decode(stored))) == places
    assert len(stored) == min(2 * len(places), postings.BLOCK // 8)


@pytest.mark.django_db(transaction=True)
def test_a_thread_keeps_up_while_others_write(transactional_db: None) -> None:
    city = build_city()
    stop = threading.Event()

    def keep() -> None:
        try:
            keep_up(stop, every=0.01)
        finally:
            connections.close_all()

    thread = threading.Thread(target=keep)
    thread.start()
    try:
        for number in range(15):
            matter = city.register(title=f"第{number}项资金")
            assert Matter.objects.filter(mentions(f"第{number}项")).get() == matter
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    catch_up()
    assert _index()["项资"] == {matter.pk for matter in city.made}


def test_a_ledger_from_before_there_was_a_search_is_searched(city: City) -> None:
    matter = city.register()
    SearchPending.objects.all().delete()
    assert not Matter.objects.filter(mentions("结余")).exists()
    migration = importlib.import_module("bihuan.ledger.migrations.0003_search")
    with connection.schema_editor() if connection.vendor == "postgresql" else nullcontext(_Editor()) as editor:
        migration.enqueue_all(None, editor)
    assert Matter.objects.filter(mentions("结余")).get() == matter


class _Editor:
    """SQLite's own refuses to begin within the transaction that a test runs in."""

    def execute(self, sql: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql)
