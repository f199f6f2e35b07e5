"""A whole import is withdrawn by events while nobody has touched its matters; all of it or nothing."""

import pytest

from bihuan.directory.viewer import Viewer
from bihuan.intake.models import Intake, IntakeRow
from bihuan.intake.opening import abandon, intakes, unfinished
from bihuan.intake.tray import count
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
