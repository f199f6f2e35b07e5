"""A whole import is withdrawn by events while nobody has touched its matters; all of it or nothing."""

import threading
import time

import pytest
from django.db import connection, transaction

from bihuan.directory.viewer import Viewer
from bihuan.intake import withdrawal
from bihuan.intake.models import Intake, IntakeRow
from bihuan.intake.opening import abandon, intakes, unfinished
from bihuan.intake.tray import count, settle
from bihuan.intake.uploads import path_of
from bihuan.intake.withdrawal import withdraw
from bihuan.ledger.models import Claim, Event, Matter
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from clerks_table import Table, row, statuses


def test_a_withdrawn_import_leaves_its_history_and_frees_its_findings(table: Table) -> None:
    path = table.write([row(1), row(2), row(3, unit="建设局")])
    brought = table.bring(path)
    withdraw(brought.intake, "导错了文件", **table.acting())
    assert set(Matter.objects.values_list("ended", flat=True)) == {"withdrawn"}
    assert Event.objects.filter(kind="withdrawn").count() == 2
    assert not Claim.objects.exists() and list(verify()) == []
    assert count(Viewer.of(table.city.posts["clerk"].account, table.city.now.date())) == 0
    with pytest.raises(Refusal):
        withdraw(brought.intake, "再来一次", **table.acting())
    assert statuses(table.bring(path)) == ["created", "created", "waiting"]


def test_a_touched_matter_keeps_the_whole_import(table: Table) -> None:
    brought = table.bring([row(1), row(2)])
    touched = Matter.objects.get(finding_no="002")
    table.city.act(touched, "dispatch", "clerk")
    with pytest.raises(Refusal) as refused:
        withdraw(brought.intake, "导错了文件", **table.acting())
    assert refused.value.rule == "touched" and touched.number in str(refused.value)
    assert not Event.objects.filter(kind="withdrawn").exists()
    assert Intake.objects.get().stage == "committed"


def test_an_import_that_a_later_one_relies_on_stays_until_that_one_is_withdrawn(table: Table) -> None:
    for edited in ([row(1), row(2, amount="99")], [row(1), row(2)]):
        older = table.bring([row(1), row(2)])
        newer = table.bring(table.write(edited, name="新台账.xlsx"))
        with pytest.raises(Refusal) as refused:
            withdraw(older.intake, "导错了文件", **table.acting())
        assert refused.value.rule == "relied_on"
        assert newer.intake.name in str(refused.value) and "2026-06-10" in str(refused.value)
        assert not Matter.objects.filter(ended="withdrawn", id__in=older.intake.rows.values("matter")).exists()
        withdraw(newer.intake, "先撤新的", **table.acting())
        withdraw(older.intake, "导错了文件", **table.acting())
        assert not Claim.objects.exists()


def test_a_row_that_waits_here_for_a_later_import_too_keeps_the_import(table: Table) -> None:
    rows = [row(1), row(2, unit="建设局")]
    older = table.bring(rows)
    newer = table.bring(table.write([*rows[1:], row(3)], name="新台账.xlsx"))
    assert statuses(newer) == ["unchanged", "created"]
    with pytest.raises(Refusal) as refused:
        withdraw(older.intake, "导错了文件", **table.acting())
    assert refused.value.rule == "relied_on" and newer.intake.name in str(refused.value)
    withdraw(newer.intake, "先撤新的", **table.acting())
    withdraw(older.intake, "导错了文件", **table.acting())


def test_nothing_that_a_withdrawn_import_said_is_kept(table: Table) -> None:
    brought = table.bring([row(1), row(2, unit="建设局"), {"问题摘要": "填表人：乙某"}])
    withdraw(brought.intake, "导错了文件", **table.acting())
    for name in ("values", "cells", "problems", "prints", "salt", "mark"):
        assert set(IntakeRow.objects.values_list(name, flat=True)) == {""}, name
    assert sorted(IntakeRow.objects.values_list("row", flat=True)) == [2, 3, 4]


def test_more_matters_than_one_transaction_can_bear_are_not_withdrawn(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = table.bring([row(1), row(2)])
    monkeypatch.setattr(withdrawal, "MOST", 1)
    with pytest.raises(Refusal) as refused:
        withdraw(brought.intake, "导错了文件", **table.acting())
    assert refused.value.rule == "too_many" and "2 matters" in str(refused.value)
    assert not Matter.objects.exclude(ended="").exists()
    monkeypatch.setattr(withdrawal, "MOST", 2)
    withdraw(brought.intake, "导错了文件", **table.acting())


def test_what_is_settled_while_the_import_is_withdrawn_is_withdrawn_with_it(racing_table: Table) -> None:
    table = racing_table
    intake = table.bring([row(1), row(2, unit="建设局")]).intake
    settled, taken_back = threading.Event(), []

    def take_back() -> None:
        settled.wait(10)
        try:
            withdraw(intake, "导错了文件", **table.acting())
            taken_back.append(True)
        finally:
            connection.close()

    thread = threading.Thread(target=take_back)
    thread.start()
    with transaction.atomic():
        settle(IntakeRow.objects.get(status="waiting"), {"responsible_unit": "housing"}, **table.acting())
        settled.set()
        time.sleep(0.5)
        assert not taken_back, "the withdrawal waits for the person who is settling"
    thread.join()
    assert taken_back and Matter.objects.count() == 2
    assert set(Matter.objects.values_list("ended", flat=True)) == {"withdrawn"}
    assert set(IntakeRow.objects.values_list("status", flat=True)) == {"withdrawn"}


def test_a_withdrawal_needs_a_reason_and_the_right(table: Table) -> None:
    brought = table.bring([row(1)])
    with pytest.raises(Refusal):
        withdraw(brought.intake, " ", **table.acting())
    with pytest.raises(Refusal):
        withdraw(brought.intake, "导错了", **table.acting("liaison"))
    assert Matter.objects.get().ended == ""


def test_an_import_that_was_only_looked_at_goes_away_without_a_trace(table: Table) -> None:
    intake = table.open([row(1), row(2)])
    viewer = Viewer.of(table.city.posts["clerk"].account, table.city.now.date())
    assert list(unfinished(viewer)) == [intake] == list(intakes(viewer))
    assert path_of(intake.sha256).exists()
    abandon(intake, **table.acting())
    assert not Intake.objects.exists() and not IntakeRow.objects.exists() and not path_of(intake.sha256).exists()


def test_an_import_that_has_begun_is_not_abandoned(table: Table) -> None:
    brought = table.bring([row(1)])
    with pytest.raises(Refusal):
        abandon(brought.intake, **table.acting())
    assert Matter.objects.count() == 1
