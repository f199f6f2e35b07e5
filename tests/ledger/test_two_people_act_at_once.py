"""Of two people acting on one matter one wins; the other is told what changed."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from bihuan.ledger.models import Event, Matter
from bihuan.ledger.orders import Conflict
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from city import City, build_city, state_of

MEASURE = {"title": "追回资金", "due": "2026-07-31"}


def test_who_acts_on_an_old_version_is_told_what_changed(city: City) -> None:
    matter = city.rectifying()
    seen = matter.version
    city.act(matter, "report_progress", "liaison", values={"progress": "甲"}, version=seen)
    with pytest.raises(Conflict) as refused:
        city.act(matter, "report_progress", "both_owner", values={"progress": "乙"}, version=seen)
    assert [(change.action, change.account) for change in refused.value.changes] == [("report_progress", "liaison")]
    assert state_of(matter).values["progress"] == "甲"


def _race(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs at once, each with a connection of its own; return results or refusals in order."""
    results: list[Any] = [None] * len(jobs)
    barrier = threading.Barrier(len(jobs))

    def run(position: int, job: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[position] = job()
        except Refusal as refusal:
            results[position] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(position, job)) for position, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_of_writers_racing_on_one_version_exactly_one_wins() -> None:
    city = build_city()
    matter = city.rectifying()
    seen = matter.version

    def report(text: str) -> Callable[[], Any]:
        mine = Matter.objects.get(pk=matter.pk)
        return lambda: city.act(mine, "report_progress", "liaison", values={"progress": text}, version=seen)

    results = _race(*(report(text) for text in "甲乙丙丁"))
    assert sum(isinstance(result, Conflict) for result in results) == 3
    assert Event.objects.filter(matter=matter).count() == seen + 1
    assert list(verify()) == []


@pytest.mark.django_db(transaction=True)
def test_a_parent_never_closes_over_a_child_that_is_opened_at_the_same_moment() -> None:
    city = build_city()
    for _ in range(5):
        matter = city.rectifying()
        rows = [Matter.objects.get(pk=matter.pk) for _ in range(2)]
        results = _race(
            lambda rows=rows: city.act(rows[0], "add_measure", "liaison", values=MEASURE),
            lambda rows=rows: city.claim(rows[1]),
        )
        after = state_of(matter)
        children = Matter.objects.filter(parent=matter).count()
        assert after.open_children == children
        assert children == sum(not isinstance(result, Refusal) for result in results[:1])
    assert list(verify()) == []
