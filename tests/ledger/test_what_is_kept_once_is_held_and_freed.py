"""What only one matter may hold is held by one, and freed when it ends; no other rule is stopped by it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from bihuan.directory.alterations import Author
from bihuan.ledger.execute import withdraw_matter
from bihuan.ledger.models import Claim, Event, Matter
from bihuan.ledger.orders import Entering
from bihuan.ledger.redact import redact
from bihuan.ledger.register import register_matters
from bihuan.ledger.reorganise import merge_unit
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from city import City, build_city, state_of

pytestmark = pytest.mark.usefixtures("grants")


def enter(city: City, *persons: str, unit: str = "housing", **more: Any) -> list[Matter]:
    """Register one grant for each identity number."""
    asked = [
        Entering("grant", {"title": f"补助{n}", "responsible_unit": unit, "person_no": person, **more})
        for n, person in enumerate(persons)
    ]
    return register_matters(asked, post=city.posts["clerk"], account="clerk", now=city.now)


def refused(job: Callable[[], Any]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        job()
    assert caught.value.rule == "claimed"
    return caught.value


def test_the_same_person_is_refused_whatever_the_spelling_and_nothing_is_lost(city: City) -> None:
    (first,) = enter(city, "3301 0019X")
    before = Matter.objects.count(), Event.objects.count()
    assert first.number in str(refused(lambda: enter(city, "33010019x")).sentence)
    assert (Matter.objects.count(), Event.objects.count()) == before
    enter(city, "33010020")
    assert list(verify()) == []


def test_of_many_registered_at_once_two_alike_are_refused_together(city: City) -> None:
    refused(lambda: enter(city, "1", "2", "1"))
    assert not Matter.objects.exists() and not Claim.objects.exists()
    assert len(enter(city, "1", "2", "3")) == 3


def test_an_end_frees_it_and_who_comes_back_after_somebody_else_is_refused(city: City) -> None:
    (first,) = enter(city, "1")
    city.act(first, "drop", "clerk")
    (second,) = enter(city, "1")
    state = state_of(first)
    refused(lambda: city.act(first, "reopen", "clerk"))
    assert state_of(first) == state
    withdraw_matter(second.pk, reason="重复", post=city.posts["clerk"], account="clerk", now=city.now)
    city.act(first, "reopen", "clerk")
    refused(lambda: enter(city, "1"))
    assert list(verify()) == []


def test_a_value_that_is_changed_frees_the_old_one_and_takes_the_new(city: City) -> None:
    first, second = enter(city, "1", "2")
    refused(lambda: city.act(first, "amend", "clerk", values={"person_no": "2"}))
    city.act(first, "amend", "clerk", values={"person_no": "3"})
    city.act(second, "amend", "clerk", values={"person_no": "1"})
    refused(lambda: enter(city, "3"))


def erase(city: City, matter: Matter) -> None:
    redact(matter.pk, [(1, "set.person_no")], ground="个人信息保护法第四十七条", post=city.posts["clerk"],
           approver=city.posts["approver"], now=city.now)  # fmt: skip


def test_what_is_erased_is_still_held_until_the_matter_ends(city: City) -> None:
    (first,) = enter(city, "1", apply_year=2026)
    erase(city, first)
    refused(lambda: enter(city, "1"))
    city.act(first, "amend", "clerk", values={"apply_year": 2027})  # another claim of the same matter changes
    refused(lambda: enter(city, "1"))
    city.act(first, "drop", "clerk")
    (second,) = enter(city, "1")
    city.act(first, "reopen", "clerk")
    refused(lambda: enter(city, "1"))
    city.act(second, "drop", "clerk")
    enter(city, "1")
    assert list(verify()) == []


def test_a_merger_is_not_stopped_by_what_both_units_hold(city: City) -> None:
    (ours,), (theirs,) = enter(city, "1", apply_year=2026), enter(city, "2", unit="finance", apply_year=2026)
    author = Author.of(city.posts["sysadmin"], city.now)
    done = merge_unit(city.units["housing"], city.units["finance"], since=city.now.date(), author=author, now=city.now)
    assert done == 1
    assert state_of(ours).values["responsible_unit"] == state_of(theirs).values["responsible_unit"] == "finance"
    refused(lambda: enter(city, "3", unit="finance", apply_year=2026))
    refused(lambda: enter(city, "1", unit="finance"))
    city.act(theirs, "drop", "clerk")
    city.act(ours, "drop", "clerk")
    enter(city, "4", unit="finance", apply_year=2026)
    assert list(verify()) == []


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_one_gets_it_and_the_others_are_told() -> None:
    city, barrier, results = build_city(), threading.Barrier(3), list[Any]()

    def job(persons: tuple[str, ...]) -> None:
        barrier.wait()
        try:
            results.append(enter(city, *persons))
        except Refusal as refusal:
            results.append(refusal)
        finally:
            connection.close()

    for n in range(4):
        results.clear()
        pairs = [(f"{n}a", f"{n}b"), (f"{n}b", f"{n}a"), (f"{n}a", f"{n}c")]
        threads = [threading.Thread(target=job, args=(pair,)) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(results) == 3, "one failed without a sentence"
        assert sum(not isinstance(each, Refusal) for each in results) == 1
        assert {each.rule for each in results if isinstance(each, Refusal)} == {"claimed"}
    assert Matter.objects.count() == 8
