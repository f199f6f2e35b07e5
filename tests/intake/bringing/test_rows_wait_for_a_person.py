"""Rows that were not understood wait in the tray until a person settles or discards them; nothing is lost."""

import pytest

from bihuan.directory.models import Post
from bihuan.directory.viewer import Viewer
from bihuan.intake.contents import cells_of, problems_of, values_of
from bihuan.intake.models import IntakeRow
from bihuan.intake.opening import intakes
from bihuan.intake.tray import count, discard, restore, settle, tray
from bihuan.ledger.models import Matter
from bihuan.mechanism.refusal import Refusal
from city import SINCE, state_of
from clerks_table import Table, row, statuses


def _viewer(table: Table, by: str) -> Viewer:
    return Viewer.of(table.city.posts[by].account, table.city.now.date())


def _waiting() -> IntakeRow:
    return IntakeRow.objects.get(status="waiting")


def test_a_row_is_settled_by_what_the_person_says_and_registered(table: Table) -> None:
    table.bring([row(1, unit="建设局", amount="约三万")])
    waiting = _waiting()
    assert {each.field for each in problems_of(waiting)} == {"responsible_unit", "amount"}
    assert "建设局" in cells_of(waiting) and values_of(waiting)["responsible_unit"] is None
    with pytest.raises(Refusal) as refused:
        settle(waiting, {"responsible_unit": "澄湖市财政局"}, **table.acting())
    assert refused.value.field == "amount"
    assert not Matter.objects.exists() and _waiting().pk == waiting.pk
    settled = settle(waiting, {"responsible_unit": "finance", "amount": None}, **table.acting())
    assert settled.status == "created"
    state = state_of(Matter.objects.get())
    assert state.values["responsible_unit"] == "finance" and state.values.get("amount") is None
    settled.refresh_from_db()
    assert (settled.cells, settled.values, settled.decided_by) == ("", "", "clerk")


def test_what_a_person_corrected_is_known_when_the_file_comes_again(table: Table) -> None:
    path = table.write([row(1, unit="建设局"), row("二", number=None, unit="建设局")])
    table.bring(path)
    for waiting in IntakeRow.objects.filter(status="waiting"):
        number = None if values_of(waiting)["finding_no"] else "新-2"
        more = {"finding_no": number} if number else {}
        settle(waiting, {"responsible_unit": "澄湖市财政局", **more}, **table.acting())
    again = table.bring(path)
    assert again.summary["unchanged"] == 2 and again.summary["created"] == 0
    assert count(_viewer(table, "clerk")) == 0
    assert Matter.objects.count() == 2


def test_a_wrong_correction_is_refused_with_a_sentence_and_nothing_changes(table: Table) -> None:
    table.bring([row(1, unit="建设局")])
    for wrong, field in (
        ({"responsible_unit": "不存在的局"}, "responsible_unit"),
        ({"responsible_unit": None}, "responsible_unit"),
        ({"responsible_unit": "housing", "amount": "1.234"}, "amount"),
        ({"responsible_unit": "housing", "due": "2026-02-31"}, "due"),
    ):
        with pytest.raises(Refusal) as refused:
            settle(_waiting(), wrong, **table.acting())
        assert refused.value.field == field
    assert not Matter.objects.exists()


def test_a_row_that_stood_twice_can_be_a_finding_of_its_own(table: Table) -> None:
    table.bring([row(1), row(1)])
    settled = settle(_waiting(), {"finding_no": "001"}, separate=True, **table.acting())
    assert settled.status == "created" and Matter.objects.count() == 2
    again = table.bring([row(1), row(1)])
    assert again.summary["created"] == 0 and Matter.objects.count() == 2


def test_a_row_that_turns_out_to_be_known_shows_its_differences(table: Table) -> None:
    table.bring([row(1), row(2)])
    table.bring([row(1, unit="建设局", amount="5"), row(2, unit="建设局")])
    one, two = IntakeRow.objects.filter(status="waiting").order_by("row")
    assert settle(one, {"responsible_unit": "housing"}, **table.acting()).status == "differing"
    assert settle(two, {"responsible_unit": "housing"}, **table.acting()).status == "unchanged"
    assert Matter.objects.count() == 2


def test_a_discarded_row_keeps_its_place_and_the_reason_alone(table: Table) -> None:
    path = table.write([row(1, unit="建设局")])
    table.bring(path)
    waiting = _waiting()
    with pytest.raises(Refusal):
        discard(waiting, "  ", **table.acting())
    discard(waiting, "重复登记", **table.acting())
    assert count(_viewer(table, "clerk")) == 0
    assert statuses(table.bring(path)) == ["unchanged"]
    waiting.refresh_from_db()
    assert (waiting.reason, waiting.row) == ("重复登记", 2)
    assert (waiting.values, waiting.cells, waiting.problems) == ("", "", "")


def test_a_row_that_is_taken_up_again_is_filled_in_by_a_person(table: Table) -> None:
    table.bring([row(1, unit="建设局")])
    discard(_waiting(), "重复登记", **table.acting())
    discarded = IntakeRow.objects.get(status="discarded")
    restore(discarded, **table.acting())
    assert count(_viewer(table, "clerk")) == 1
    with pytest.raises(Refusal):
        restore(discarded, **table.acting())
    assert {each.field for each in problems_of(_waiting())} == {"title", "responsible_unit"}
    assert "row 2" in str(problems_of(_waiting())[0].message)
    values = {"title": "补录的问题", "responsible_unit": "housing"}
    assert settle(_waiting(), values, **table.acting()).status == "created"
    assert Matter.objects.get().title == "补录的问题"


def test_a_row_that_is_taken_up_again_is_filled_in_by_its_file(table: Table) -> None:
    path = table.write([row(1, unit="建设局")])
    table.bring(path)
    discard(_waiting(), "重复登记", **table.acting())
    assert statuses(table.bring(path)) == ["unchanged"]
    restore(IntakeRow.objects.get(status="discarded"), **table.acting())
    assert statuses(table.bring(path)) == ["waiting"]
    assert "建设局" in cells_of(_waiting()), "only the row with its texts waits"
    assert count(_viewer(table, "clerk")) == 1


def test_who_registers_something_else_does_not_see_the_tray(table: Table) -> None:
    """An owner may register measures; that is no reason to show the findings that the unit brought in."""
    city = table.city
    account, unit = city.posts["verifier"].account, city.units["housing"]
    inside = Post.objects.create(key="inside", account=account, unit=unit, roles=["supervisor"], since=SINCE)
    city.posts = {**city.posts, "inside": inside}
    brought = table.bring([row(1, unit="建设局")], by="inside")
    assert [list(intakes(_viewer(table, by))) for by in ("inside", "liaison")] == [[brought.intake], []]
    assert [count(_viewer(table, by)) for by in ("inside", "liaison")] == [1, 0]


def test_only_the_unit_that_brought_it_in_sees_and_settles_a_row(table: Table) -> None:
    table.bring([row(1, unit="建设局")])
    city = table.city
    held = {"roles": ["supervisor"], "since": SINCE}
    account, unit = city.posts["verifier"].account, city.units["audit"]
    colleague = Post.objects.create(key="colleague", account=account, unit=unit, **held)
    account, unit = city.posts["other"].account, city.units["finance"]
    stranger = Post.objects.create(key="stranger", account=account, unit=unit, **held)
    city.posts = {**city.posts, "colleague": colleague, "stranger": stranger}
    counts = {by: count(_viewer(table, by)) for by in ("clerk", "colleague", "stranger", "liaison", "leader")}
    assert counts == {"clerk": 1, "colleague": 1, "stranger": 0, "liaison": 0, "leader": 0}
    with pytest.raises(Refusal) as refused:
        settle(_waiting(), {"responsible_unit": "housing"}, **table.acting("stranger"))
    assert refused.value.rule == "not_visible"
    assert settle(_waiting(), {"responsible_unit": "housing"}, **table.acting("colleague")).status == "created"


def test_a_row_is_settled_by_one_person_only(table: Table) -> None:
    table.bring([row(1, unit="建设局")])
    mine, theirs = _waiting(), _waiting()
    settle(mine, {"responsible_unit": "housing"}, **table.acting())
    with pytest.raises(Refusal) as refused:
        settle(theirs, {"responsible_unit": "finance"}, **table.acting())
    assert refused.value.rule == "decided" and Matter.objects.count() == 1


def test_rows_of_an_import_that_is_not_committed_do_not_wait_yet(table: Table) -> None:
    table.open([row(1, unit="建设局")])
    assert tray(_viewer(table, "clerk")).count() == 0
    with pytest.raises(Refusal) as refused:
        settle(_waiting(), {"responsible_unit": "housing"}, **table.acting())
    assert refused.value.rule == "not_committed"
