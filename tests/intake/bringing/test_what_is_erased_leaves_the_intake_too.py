"""Values that are erased by law cannot be read, or guessed, from the rows that once told them."""

import pytest

from bihuan.directory.viewer import Viewer
from bihuan.intake.erasure import erase, forget
from bihuan.intake.models import IntakeRow
from bihuan.intake.tray import count, settle
from bihuan.ledger.models import Disclosed, Matter, Refused
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from city import state_of
from clerks_table import Table, row, statuses

_KEPT = ("salt", "mark", "prints", "values", "cells", "problems")


def _erase(table: Table, matter: Matter, approver: str = "approver") -> None:
    posts = table.city.posts
    slots = [(1, "set.responsible_person")]
    erase(matter.pk, slots, ground="依法", post=posts["clerk"], approver=posts[approver], now=table.city.now)


def _kept(matter: Matter) -> set[str]:
    rows = IntakeRow.objects.filter(matter=matter).values_list(*_KEPT)
    return {text for texts in rows for text in texts}


def test_no_row_of_the_matter_keeps_anything_to_guess_by(table: Table) -> None:
    table.bring([row(1), row(2)])
    table.bring([row(1, amount="99"), row(2)])
    one, two = Matter.objects.order_by("finding_no")
    assert "甲某" in IntakeRow.objects.get(status="differing").cells
    _erase(table, one)
    assert "responsible_person" not in {key for key, value in state_of(one).values.items() if value}
    assert _kept(one) == {""} and not IntakeRow.objects.filter(status="differing").exists()
    assert IntakeRow.objects.filter(matter=two).exclude(prints="").count() == 2, "others keep theirs"
    assert list(verify()) == []


def test_a_row_that_waits_under_the_key_of_the_matter_is_forgotten_too(table: Table) -> None:
    table.bring([row(1)])
    table.bring([row(1, unit="建设局"), row(2, unit="建设局")])
    matter = Matter.objects.get()
    _erase(table, matter)
    assert list(IntakeRow.objects.filter(matter=matter).values_list("status", flat=True)) == ["created", "unchanged"]
    assert _kept(matter) == {""}
    assert IntakeRow.objects.get(status="waiting").row == 3


@pytest.mark.parametrize("corrected", [False, True])
def test_the_file_again_finds_the_matter_by_its_key_and_says_nothing_of_it(table: Table, corrected: bool) -> None:
    path = table.write([row(1, unit="建设局" if corrected else "澄湖市财政局"), row(2)])
    table.bring(path)
    if corrected:
        settle(IntakeRow.objects.get(status="waiting"), {"responsible_unit": "finance"}, **table.acting())
    matter = Matter.objects.get(finding_no="001")
    _erase(table, matter)
    edited = table.write([row(1, amount="99", unit="建设局"), row(2, amount="99")])
    for file, wanted in ((path, ["unchanged"] * 2), (path, ["unchanged"] * 2), (edited, ["unchanged", "differing"])):
        assert statuses(table.bring(file)) == wanted
        assert _kept(matter) == {""}
    assert Matter.objects.count() == 2
    assert count(Viewer.of(table.city.posts["clerk"].account, table.city.now.date())) == 1


def test_a_row_that_is_settled_to_be_the_matter_is_forgotten_as_well(table: Table) -> None:
    table.bring([row(1)])
    matter = Matter.objects.get()
    _erase(table, matter)
    table.bring([row(9, unit="建设局")])
    values = {"responsible_unit": "housing", "finding_no": "001"}
    settled = settle(IntakeRow.objects.get(status="waiting"), values, **table.acting())
    assert (settled.status, settled.matter) == ("unchanged", matter)
    assert _kept(matter) == {""}


def test_what_is_not_approved_is_neither_erased_nor_forgotten(table: Table) -> None:
    table.bring([row(1)])
    matter = Matter.objects.get()
    with pytest.raises(Refusal):
        _erase(table, matter, approver="verifier")
    assert Refused.objects.filter(asked="redact", rule="not_approved", matter=matter.pk).count() == 1
    assert Disclosed.objects.filter(matter=matter, slot="set.responsible_person").exists()
    assert IntakeRow.objects.get().prints


def test_a_matter_that_no_import_named_has_nothing_to_forget(table: Table) -> None:
    table.bring([row(1)])
    matter = table.city.register(responsible_person="甲某")
    forget(matter.pk)
    assert IntakeRow.objects.get().prints
