"""A round opens one part for each unit, also in a race and after a merger; what is raised is linked both ways."""

import threading
from typing import Any

import pytest
from django.db import connection

from bihuan.directory.alterations import Author
from bihuan.ledger.execute import withdraw_matter
from bihuan.ledger.models import Event, Link, Matter
from bihuan.ledger.reorganise import merge_unit
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from city import City, build_city, state_of

pytestmark = pytest.mark.usefixtures("grants")


def a_round(city: City, *units: str) -> Matter:
    city.mechanism = "grant"
    matter = city.register(rectify_type=None, title="摸底")
    return city.act(matter, "amend", "clerk", values={"target_units": list(units)})


def parts(matter: Matter) -> list[str]:
    return sorted(each.responsible.key for each in Matter.objects.filter(parent=matter))


def refused(city: City, matter: Matter, action: str, by: str, **asked: Any) -> str:
    before = state_of(matter), Matter.objects.count(), Event.objects.count()
    with pytest.raises(Refusal) as caught:
        city.act(matter, action, by, **asked)
    assert (state_of(matter), Matter.objects.count(), Event.objects.count()) == before
    return caught.value.rule


def test_units_get_one_part_each_and_more_units_theirs_later(city: City) -> None:
    matter = a_round(city, "housing", "finance", "housing")
    city.act(matter, "spread", "clerk", values={"title": "报表"})
    assert parts(matter) == ["finance", "housing"]
    assert refused(city, matter, "spread", "clerk", values={"title": "报表"}) == "nothing_to_spread"
    city.act(matter, "amend", "clerk", values={"target_units": ["finance", "station"]})
    city.act(matter, "spread", "clerk", values={"title": "报表", "responsible_unit": "audit"})
    assert parts(matter) == ["finance", "housing", "station"]
    assert (state_of(matter).open_children, state_of(matter).children) == (3, 3)
    assert list(verify()) == []


def test_nobody_spreads_without_a_list_a_title_or_the_right(city: City) -> None:
    matter = a_round(city)
    assert refused(city, matter, "spread", "clerk", values={"title": "报表"}) == "nothing_to_spread"
    city.act(matter, "amend", "clerk", values={"target_units": ["finance"]})
    assert refused(city, matter, "spread", "clerk") == "missing_field"
    assert refused(city, matter, "spread", "liaison", values={"title": "报表"}) == "not_role"
    assert refused(city, matter, "spread", "clerk", values={"title": "报表", "opinion": "好"}) == "field_not_allowed"


def test_a_round_cannot_end_before_its_last_part(city: City) -> None:
    matter = a_round(city, "finance")
    city.act(matter, "spread", "clerk", values={"title": "报表"})
    assert refused(city, matter, "drop", "clerk") == "open_children"
    city.act(Matter.objects.get(parent=matter), "drop", "clerk")
    assert city.act(matter, "drop", "clerk").ended == "other"


def test_whoever_takes_over_a_unit_gets_no_second_part(city: City) -> None:
    matter = a_round(city, "finance", "station")
    city.act(matter, "spread", "clerk", values={"title": "报表"})
    author = Author.of(city.posts["sysadmin"], city.now)
    merge_unit(city.units["finance"], city.units["audit"], since=city.now.date(), author=author, now=city.now)
    assert state_of(matter).values["target_units"] == ["audit", "station"]
    assert parts(matter) == ["audit", "station"]
    assert refused(city, matter, "spread", "clerk", values={"title": "报表"}) == "nothing_to_spread"
    assert list(verify()) == []


def test_a_part_is_opened_for_a_unit_by_whoever_enters_for_it(city: City) -> None:
    matter = a_round(city)
    assert refused(city, matter, "add_part", "clerk", behalf="housing", values={"title": "甲"}) == "missing_scan"
    city.act(matter, "add_part", "clerk", behalf="housing", values={"title": "甲"}, proofs=1)
    assert parts(matter) == ["housing"]


def test_what_is_raised_is_linked_both_ways_and_holds_nothing_up(city: City) -> None:
    matter = a_round(city)
    assert refused(city, matter, "find", "liaison", values={"title": "线索"}) == "not_role"
    city.act(matter, "find", "clerk", values={"title": "线索", "responsible_unit": "finance"})
    (found,) = Matter.objects.exclude(pk=matter.pk)
    assert (found.parent_id, state_of(found).raised_from) == (None, str(matter.pk))
    assert set(Link.objects.values_list("matter", "other")) == {(matter.pk, found.pk), (found.pk, matter.pk)}
    assert (state_of(matter).raised, state_of(matter).open_children) == (1, 0)
    assert list(verify()) == []
    withdraw_matter(found.pk, reason="误报", post=city.posts["clerk"], account="clerk", now=city.now)
    assert city.act(matter, "drop", "clerk").ended == "other"
    assert list(verify()) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_spread_at_once_and_one_who_ends_it_leave_one_part_for_each_unit() -> None:
    city = build_city()
    for _ in range(4):
        matter, barrier, results = a_round(city, "finance", "station"), threading.Barrier(3), list[Any]()

        def job(matter: Matter, barrier: threading.Barrier, results: list[Any], action: str, values: Any) -> None:
            barrier.wait()
            try:
                results.append(city.act(matter, action, "clerk", values=values))
            except Refusal as refusal:
                results.append(refusal)
            finally:
                connection.close()

        asked = [("spread", {"title": "报表"}), ("spread", {"title": "报表"}), ("drop", {})]
        threads = [
            threading.Thread(target=job, args=(Matter.objects.get(pk=matter.pk), barrier, results, *each))
            for each in asked
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(results) == 3, "one failed without a sentence"
        state = state_of(matter)
        assert parts(matter) == ([] if state.ended else ["finance", "station"])
        assert state.open_children == len(parts(matter))
    assert list(verify()) == []
