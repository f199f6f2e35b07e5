"""Measures are child matters: the finding cannot close over them, and their doers cannot verify it."""

import pytest

from bihuan.ledger.execute import withdraw_matter
from bihuan.ledger.models import Matter
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from city import City, state_of

MEASURE = {"title": "收回结余资金并上缴", "due": "2026-07-31"}


def _child(city: City, parent: Matter) -> Matter:
    city.act(parent, "add_measure", "liaison", values=MEASURE)
    return Matter.objects.filter(parent=parent).latest("pk")


def _finish(city: City, child: Matter) -> None:
    city.act(child, "report", "liaison", proofs=1, values={"result": "已完成"})
    city.act(child, "recognise", "verifier", values={"opinion": "属实"})


def test_a_child_has_an_owner_and_a_day_of_its_own(city: City) -> None:
    parent = city.rectifying()
    child = _child(city, parent)
    assert (child.mechanism, child.responsible, child.supervising) == (
        "audit_measure",
        parent.responsible,
        parent.supervising,
    )
    assert str(child.due) == "2026-07-31"
    assert state_of(parent).open_children == 1


def test_the_parent_cannot_close_over_an_open_child(city: City) -> None:
    parent = city.rectifying()
    child = _child(city, parent)
    city.claim(parent)
    with pytest.raises(Refusal) as refused:
        city.recognise(parent)
    assert refused.value.rule == "open_children"
    _finish(city, child)
    assert state_of(parent).open_children == 0
    city.recognise(parent)
    assert city.act(parent, "strike_off", "approver").ended == "success"
    assert list(verify()) == []


def test_who_did_a_measure_may_not_verify_the_finding(city: City) -> None:
    parent = city.rectifying()
    child = _child(city, parent)
    city.act(child, "report", "both_owner", proofs=1, values={"result": "已完成"})
    city.act(child, "recognise", "verifier", values={"opinion": "属实"})
    city.claim(parent)
    with pytest.raises(Refusal) as refused:
        city.recognise(parent, by="both_verifier")
    assert refused.value.rule == "did_the_work"


def test_a_child_is_not_withdrawn_behind_its_parents_back(city: City) -> None:
    child = _child(city, city.rectifying())
    clerk = city.posts["clerk"]
    with pytest.raises(Refusal) as refused:
        withdraw_matter(child.pk, reason="误录", post=clerk, account="clerk", now=city.now)
    assert refused.value.rule == "is_part"


def test_a_bad_child_is_refused_whole(city: City) -> None:
    parent = city.rectifying()
    with pytest.raises(Refusal) as refused:
        city.act(parent, "add_measure", "liaison", values={"due": "2026-07-31"})
    assert refused.value.field == "title"
    assert (state_of(parent).open_children, Matter.objects.filter(parent=parent).count()) == (0, 0)
