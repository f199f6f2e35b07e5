"""What the law wants erased is gone from everywhere, and the chain still holds."""

from functools import partial

import pytest
from django.test import TestCase

from bihuan.ledger.history import history
from bihuan.ledger.models import Disclosed, Matter
from bihuan.ledger.redact import redact, redactable
from bihuan.ledger.store import path_of
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from city import City, state_of

django_capture = partial(TestCase.captureOnCommitCallbacks, execute=True)

SLOT = (1, "set.responsible_person")


def _erase(city: City, matter: Matter, *slots: tuple[int, str], approver: str = "approver") -> Matter:
    return redact(
        matter.pk,
        slots,
        ground="个人信息保护法第四十七条",
        post=city.posts["clerk"],
        approver=city.posts[approver],
        now=city.now,
    )


def test_no_free_text_enters_the_hashed_payload(city: City) -> None:
    matter = city.register(responsible_person="某某某", description="描述里也可能有名字")
    for event in matter.events.all():
        assert "某某某".encode() not in bytes(event.payload)
        assert "描述".encode() not in bytes(event.payload)


def test_an_erased_value_is_gone_from_history_row_and_tables_and_the_chain_holds(city: City) -> None:
    matter = city.register(responsible_person="某某某")
    _erase(city, matter, SLOT)
    assert history(matter.pk)[0].body["set"]["responsible_person"] is None
    assert state_of(matter).values["responsible_person"] is None
    assert "某某某" not in Matter.objects.get(pk=matter.pk).state
    assert not Disclosed.objects.filter(value__contains="某某某").exists()
    assert list(verify()) == []
    assert history(matter.pk)[-1].body["approver"] == "approver"


def test_an_erased_title_leaves_the_lists(city: City) -> None:
    matter = city.register(title="某某某违规领取补贴")
    _erase(city, matter, (1, "set.title"))
    assert Matter.objects.get(pk=matter.pk).title == ""


def test_erasing_evidence_deletes_the_file_and_its_name(city: City) -> None:
    matter = city.claimed()
    proof = state_of(matter).evidence[0]
    slot = next(slot for slot in redactable(matter.pk) if slot[1].startswith("evidence."))
    with django_capture():
        _erase(city, matter, slot)
    assert not path_of(matter.pk, proof.sha256).exists()
    assert state_of(matter).evidence[0].name == ""
    assert list(verify()) == []


@pytest.mark.parametrize("approver", ["clerk", "liaison", "verifier"])
def test_erasing_needs_another_person_in_a_top_role(city: City, approver: str) -> None:
    matter = city.register(responsible_person="某某某")
    with pytest.raises(Refusal) as refused:
        _erase(city, matter, SLOT, approver=approver)
    assert refused.value.rule == "not_approved"
    assert state_of(matter).values["responsible_person"] == "某某某"


def test_work_goes_on_after_an_erasure(city: City) -> None:
    matter = city.register(responsible_person="某某某")
    _erase(city, matter, SLOT)
    city.act(matter, "dispatch", "clerk")
    assert state_of(matter).values["responsible_person"] is None
    assert list(verify()) == []


def test_the_same_file_given_twice_stays_until_both_names_are_erased(city: City) -> None:
    matter = city.rectifying()
    for _ in range(2):
        city.act(matter, "report_progress", "liaison", values={"progress": "……"}, proofs=1)
    first, second = (slot for slot in redactable(matter.pk) if slot[1].startswith("evidence."))
    sha256 = state_of(matter).evidence[0].sha256
    with django_capture():
        _erase(city, matter, first)
    assert path_of(matter.pk, sha256).exists()
    with django_capture():
        _erase(city, matter, second)
    assert not path_of(matter.pk, sha256).exists()
    assert list(verify(files=True)) == []
