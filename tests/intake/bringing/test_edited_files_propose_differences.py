"""An edited ledger shows its differences as proposed actions; work done here is none, and nothing happens by itself."""

from typing import Any

import pytest

from bihuan.directory.viewer import Viewer
from bihuan.intake.differences import accept, differences, differing, keep
from bihuan.intake.models import IntakeRow
from bihuan.ledger.models import Matter
from bihuan.mechanism.refusal import Refusal
from city import state_of
from clerks_table import Table, row, statuses


def _told(table: Table, by: str = "clerk") -> dict[str, Any]:
    found = IntakeRow.objects.filter(status="differing").get()
    post = table.city.posts[by]
    return {each.name: each for each in differences(found, post=post, now=table.city.now)}


def _row() -> IntakeRow:
    return IntakeRow.objects.get(status="differing")


def test_an_edit_is_shown_with_the_present_value_and_the_action_that_could_set_it(table: Table) -> None:
    table.bring([row(1), row(2)])
    again = table.bring([row(1, amount="99", progress="已全部收回"), row(2)])
    assert statuses(again) == ["differing", "unchanged"]
    told = _told(table)
    assert set(told) == {"amount", "progress"}
    assert (told["amount"].old, told["amount"].new) == (120_000_50, 99_00)
    assert told["amount"].action.key == "amend" and told["amount"].column == "涉及金额（元）"
    assert state_of(Matter.objects.get(finding_no="001")).values["amount"] == 120_000_50


def test_accepting_goes_through_the_rules_and_leaves_the_rest(table: Table) -> None:
    table.bring([row(1)])
    table.bring([row(1, amount="99", progress="已全部收回")])
    with pytest.raises(Refusal) as refused:
        accept(_row(), {"amount"}, reason="", **table.acting())
    assert refused.value.rule == "missing_reason"
    assert accept(_row(), {"amount"}, reason="据新台账", **table.acting()) == []
    state = state_of(Matter.objects.get())
    assert (state.values["amount"], state.values["progress"], state.version) == (99_00, "已收回一半", 2)
    assert set(_told(table)) == {"progress"}
    accept(_row(), {"progress"}, reason="据新台账", **table.acting())
    assert not IntakeRow.objects.filter(status="differing").exists()
    assert not IntakeRow.objects.exclude(cells="").exists()


def test_work_done_here_is_no_difference_unless_the_file_changed(table: Table) -> None:
    path = table.write([row(1)])
    table.bring(path)
    matter = Matter.objects.get()
    table.city.act(matter, "amend", "clerk", values={"progress": "此间的新进展"}, reason="补正")
    assert statuses(table.bring(path)) == ["unchanged"]
    moved = table.write([{}, row(1)], columns=("备注", *(c for c in row(1) if c != "备注")))
    assert statuses(table.bring(moved)) == ["unchanged"]
    assert statuses(table.bring([row(1, amount="5")])) == ["differing"]
    assert set(_told(table)) == {"amount"}


def test_what_cannot_be_applied_now_says_why(table: Table) -> None:
    table.bring([row(1)])
    table.bring([row(1, due="2027-01-31", status="已整改", unit="澄湖市财政局", klass="分阶段整改")])
    told = _told(table)
    assert told["responsible_unit"].action.key == "assign"
    assert told["due"].action is None and "Dispatch" in told["due"].why.render(str, "en")
    assert told["rectify_type"].action is None
    assert told["assertion:"].action is None and told["assertion:"].why
    left = accept(_row(), set(told), reason="据新台账", **table.acting())
    assert {each.name for each in left} == {"due", "assertion:", "rectify_type"}
    matter = Matter.objects.get()
    assert matter.responsible.key == "finance" and matter.due.isoformat() == "2026-12-31"
    assert _row().matter_id == matter.pk


def test_keeping_the_matter_as_it_is_settles_the_differences_for_good(table: Table) -> None:
    table.bring([row(1)])
    edited = table.write([row(1, amount="99")])
    table.bring(edited)
    keep(_row(), **table.acting())
    assert statuses(table.bring(edited)) == ["unchanged"]
    with pytest.raises(Refusal):
        keep(IntakeRow.objects.filter(status="decided").get(), **table.acting())
    assert statuses(table.bring([row(1)])) == ["unchanged"], "the file says again what the matter holds"
    assert statuses(table.bring(edited)) == ["differing"]


def test_differences_wait_once_however_often_the_file_comes(table: Table) -> None:
    table.bring([row(1)])
    edited = table.write([row(1, amount="99")])
    assert table.bring(edited).summary["differing"] == 1
    assert table.bring(edited).summary["differing"] == 1
    assert IntakeRow.objects.filter(status="differing").count() == 1
    viewer = Viewer.of(table.city.posts["clerk"].account, table.city.now.date())
    assert differing(viewer).count() == 1
    other = Viewer.of(table.city.posts["liaison"].account, table.city.now.date())
    assert differing(other).count() == 0


def test_who_did_not_bring_it_in_decides_nothing(table: Table) -> None:
    table.bring([row(1)])
    table.bring([row(1, amount="99")])
    with pytest.raises(Refusal):
        accept(_row(), {"amount"}, reason="据新台账", **table.acting("liaison"))
    assert state_of(Matter.objects.get()).version == 1
