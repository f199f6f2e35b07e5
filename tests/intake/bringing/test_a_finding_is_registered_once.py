"""The same finding is never registered twice: not by the same file, nor another one, nor by two people at once."""

from bihuan.directory.viewer import Viewer
from bihuan.intake.commit import commit, commit_step
from bihuan.intake.identity import claims_of
from bihuan.intake.models import Intake, IntakeRow
from bihuan.intake.report import report
from bihuan.intake.tray import tray
from bihuan.ledger.models import Claim, Matter
from bihuan.ledger.orders import Entering
from bihuan.ledger.packs import current
from bihuan.ledger.register import register_matters
from bihuan.ledger.verify import verify
from clerks_table import COLUMNS, Table, race, row, statuses


def _viewer(table: Table, by: str = "clerk") -> Viewer:
    return Viewer.of(table.city.posts[by].account, table.city.now.date())


def test_the_same_file_again_changes_nothing(table: Table) -> None:
    path = table.write([row(1), row(2, unit="建设局"), row(3), row(4, 问题摘要=None)])
    first = table.bring(path)
    again = table.bring(path)
    assert statuses(first) == ["created", "waiting", "created", "waiting"]
    assert again.summary == {"ready": 2, "waiting": 2, "skipped": 0, "created": 0, "unchanged": 4, "differing": 0}
    assert Matter.objects.count() == 2
    assert tray(_viewer(table)).count() == 2
    assert not IntakeRow.objects.filter(status="unchanged").exclude(values="", cells="", problems="").exists()


def test_the_same_rows_in_another_file_and_order_change_nothing(table: Table) -> None:
    table.bring([row(1), row(2, number=None, project=None)])
    turned = table.write([row(2, number=None, project=None), row(1)], columns=COLUMNS[::-1])
    again = table.bring(turned)
    assert again.summary["unchanged"] == 2 and Matter.objects.count() == 2


def test_without_project_and_number_a_row_is_known_by_what_was_found(table: Table) -> None:
    table.bring([row(1, number=None)])
    again = table.bring([row(1, number=None, progress="已全部收回"), row(2, number=None)])
    assert statuses(again) == ["differing", "created"]


def test_a_row_that_stands_twice_in_a_file_waits_and_names_the_first(table: Table) -> None:
    brought = table.bring([row(1), row(2), row(1, title="另一个问题")])
    assert statuses(brought) == ["created", "created", "waiting"]
    problem = brought.sheets[0].rows[2].problems[0]
    assert problem.field == "finding_no" and "row 2" in str(problem.message)
    again = table.bring([row(1), row(2), row(1, title="另一个问题")])
    assert report(again)["sheets"] == report(brought)["sheets"] and again.summary["unchanged"] == 3


def test_rows_with_the_same_text_and_numbers_of_their_own_are_two_findings(table: Table) -> None:
    rows = [row(1, project=None, title="固定资产未入账"), row(2, project=None, title="固定资产未入账")]
    assert statuses(table.bring(rows)) == ["created", "created"]
    again = table.bring([*rows, row(3, project=None, title="固定资产未入账")])
    assert statuses(again) == ["unchanged", "unchanged", "created"]


def test_a_row_that_was_mended_in_the_file_takes_the_place_of_the_one_that_waited(table: Table) -> None:
    table.bring([row(1, unit="建设局"), row(2, amount="约三万"), row(3, number=None, unit="建设局")])
    assert tray(_viewer(table)).count() == 3
    again = table.bring([row(1, unit="建设局", progress="新进展"), row(2), row(3, number=None)])
    assert statuses(again) == ["waiting", "created", "created"]
    assert list(tray(_viewer(table)).values_list("intake", flat=True)) == [again.intake.pk]


def test_a_row_that_waited_is_understood_once_its_unit_is_there(table: Table) -> None:
    path = table.write([row(1, unit="澄湖市新设局")])
    table.bring(path)
    unit = table.city.units["housing"]
    unit.short_names = ["澄湖市新设局"]
    unit.save()
    assert statuses(table.bring(path)) == ["created"]
    assert tray(_viewer(table)).count() == 0


def test_what_was_registered_by_hand_is_known_to_an_import(table: Table) -> None:
    mechanism = current()["audit_rectification"]
    values = {"title": "手工登记", "responsible_unit": "housing", "finding_no": "001", "project": row(1)["审计项目"]}
    acting = table.acting()
    register_matters([Entering(mechanism.key, values, claims=claims_of(mechanism, values))], **acting)
    assert statuses(table.bring([row(1)])) == ["differing"]
    assert claims_of(mechanism, {"title": "无号"}) == ()


def test_the_same_findings_brought_in_twice_at_once_are_registered_once(racing_table: Table) -> None:
    table = racing_table
    rows = [row(number) for number in range(60)]
    one, other = table.open(rows), table.open([*rows, row(99)])
    results = race(
        lambda: commit(one, **table.acting()),
        lambda: commit(other, **table.acting()),
        lambda: commit(one, **table.acting()),
    )
    assert all(result.finished for result in results), results
    assert Matter.objects.count() == 61 == Claim.objects.count()
    assert IntakeRow.objects.filter(status="created").count() == 61
    assert list(verify()) == []


def test_steps_asked_for_by_several_pages_at_once_register_every_row_once(racing_table: Table) -> None:
    table = racing_table
    intake = table.open([row(number) for number in range(40)])
    Intake.objects.update(pace=10)
    results = race(*[lambda: commit_step(intake, **table.acting())] * 4)
    assert {result.total for result in results} == {40}
    commit(intake, **table.acting())
    assert Matter.objects.count() == 40
