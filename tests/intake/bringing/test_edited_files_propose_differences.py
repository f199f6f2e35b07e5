"""An edited ledger shows its differences as proposed actions; work done here is none, and nothing happens by itself."""

from typing import Any

import pytest

from bihuan.directory.viewer import Viewer
from bihuan.intake.differences import Difference, accept, differences, differing, keep
from bihuan.intake.models import IntakeRow
from bihuan.ledger.models import Matter, Refused
from bihuan.ledger.orders import Conflict
from bihuan.mechanism.refusal import Refusal
from city import state_of
from clerks_table import Table, row, statuses


def _told(table: Table, by: str = "clerk") -> dict[str, Any]:
    found = IntakeRow.objects.filter(status="differing").get()
    post = table.city.posts[by]
    return {each.name: each for each in differences(found, post=post, now=table.city.now)}


def _accept(table: Table, names: set[str], reason: str = "据新台账", by: str = "clerk") -> list[Difference]:
    """Accept what the matter is told to differ in as it stands now."""
    found = _row()
    assert found.matter is not None
    return accept(found, names, reason=reason, version=found.matter.version, **table.acting(by))


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
        _accept(table, {"amount"}, reason="")
    assert refused.value.rule == "missing_reason"
    assert _accept(table, {"amount"}) == []
    state = state_of(Matter.objects.get())
    assert (state.values["amount"], state.values["progress"], state.version) == (99_00, "已收回一半", 2)
    assert set(_told(table)) == {"progress"}
    _accept(table, {"progress"})
    assert not IntakeRow.objects.filter(status="differing").exists()
    assert not IntakeRow.objects.exclude(cells="").exists()


def test_what_changed_since_the_page_was_opened_is_not_overwritten(table: Table) -> None:
    table.bring([row(1)])
    table.bring([row(1, amount="99", unit="澄湖市财政局")])
    shown = _told(table)
    assert {each.version for each in shown.values()} == {1}
    table.city.act(Matter.objects.get(), "amend", "clerk", values={"amount": 500}, reason="另有依据")
    with pytest.raises(Conflict) as refused:
        accept(_row(), set(shown), reason="据新台账", version=1, **table.acting())
    assert [change.action for change in refused.value.changes] == ["amend"]
    assert state_of(Matter.objects.get()).values["amount"] == 500
    assert Refused.objects.filter(asked="accept", rule="conflict").count() == 1
    again = _told(table)
    assert (again["amount"].old, again["amount"].version) == (500, 2)
    assert accept(_row(), set(again), reason="据新台账", version=2, **table.acting()) == []
    state = state_of(Matter.objects.get())
    assert (state.values["amount"], state.values["responsible_unit"]) == (99_00, "finance")


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
    assert told["due"].action.key == told["rectify_type"].action.key == "set_terms"
    assert told["assertion:"].action is None and told["assertion:"].why
    assert {each.name for each in _accept(table, set(told))} == {"assertion:"}
    matter = Matter.objects.get()
    assert matter.responsible.key == "finance" and matter.due.isoformat() == "2027-01-31"
    assert _row().matter_id == matter.pk


def test_a_day_that_was_given_out_is_not_moved_by_a_file(table: Table) -> None:
    table.bring([row(1)])
    table.city.act(Matter.objects.get(), "dispatch", "clerk")
    table.bring([row(1, due="2027-01-31")])
    told = _told(table)
    assert told["due"].action is None and "only by an extension" in told["due"].why.render(str, "en")
    assert {each.name for each in _accept(table, set(told))} == {"due"}
    assert Matter.objects.get().due.isoformat() == "2026-12-31"


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
        _accept(table, {"amount"}, by="liaison")
    assert state_of(Matter.objects.get()).version == 1
