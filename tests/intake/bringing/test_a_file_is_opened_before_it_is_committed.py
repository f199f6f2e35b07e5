"""A file is read and stored to be looked at; refused files and dry runs leave neither row nor file."""

import json
from pathlib import Path

import pytest

from bihuan.intake.bringing import import_ledger
from bihuan.intake.commit import commit, progress_of
from bihuan.intake.mappings import drop_mapping, mappings_for, save_mapping
from bihuan.intake.models import Intake, IntakeRow, IntakeSheet
from bihuan.intake.reading import Refusal as FileRefused
from bihuan.intake.report import report, summary
from bihuan.intake.uploads import hash_of, path_of
from bihuan.ledger.models import Matter, Refused
from bihuan.mechanism.refusal import Refusal
from clerks_table import Table, row


def _files(table: Table) -> list[Path]:
    folder = table.folder / "intake"
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_a_file_that_is_no_ledger_leaves_only_the_record_of_its_refusal(table: Table) -> None:
    path = table.folder / "坏.xlsx"
    path.write_bytes(b"PK\x03\x04 this is no workbook")
    for dry_run in (False, True):
        with pytest.raises(FileRefused):
            table.bring(path, dry_run=dry_run)
    assert not Intake.objects.exists() and not IntakeRow.objects.exists() and _files(table) == []
    noted = Refused.objects.filter(asked="import", rule="unreadable_file")
    assert noted.count() == 2
    detail = json.loads(noted[0].detail)
    assert (noted[0].account, noted[0].post) == ("clerk", "clerk")
    assert (detail["name"], detail["sha256"]) == ("坏.xlsx", hash_of(path)) and detail["why"]


def test_a_dry_run_tells_the_same_and_leaves_nothing(table: Table) -> None:
    path = table.write([row(1), row(2, unit="建设局"), row(1), {}])
    dry = table.bring(path, dry_run=True)
    assert dry.intake is None and _files(table) == []
    for model in (Intake, IntakeSheet, IntakeRow, Matter):
        assert not model.objects.exists()
    real = table.bring(path)
    assert report(dry)["sheets"] == report(real)["sheets"]
    assert dry.summary == real.summary | {"created": 0}
    assert table.bring(path, dry_run=True).summary["unchanged"] == 3


def test_the_report_is_the_contract(table: Table) -> None:
    made = report(table.bring([row(1), row(2, unit="建设局")]), str, "en")
    sheet = made["sheets"][0]
    assert set(made) == {"sheets", "summary"} and set(sheet) == {"sheet", "header_rows", "mapping", "rows"}
    assert sheet["mapping"]["amount"] == "涉及金额（元）"
    first, second = sheet["rows"]
    assert first["row"] == 2 and first["status"] == "ready" and first["problems"] == []
    assert first["values"]["amount"] == "120000.5" and first["values"]["responsible_unit"] == "澄湖市住房和城乡建设局"
    assert "delivered_on" not in first["values"]
    assert second["values"]["responsible_unit"] is None
    assert [set(each) for each in second["problems"]] == [{"field", "column", "message"}]
    json.dumps(made)


def test_a_file_is_kept_under_its_hash_while_it_is_looked_at(table: Table) -> None:
    path = table.write([row(1)])
    intake = table.open(path)
    assert intake.sha256 == hash_of(path) == hash_of(path_of(intake.sha256))
    assert [each.name for each in _files(table)] == [intake.sha256]
    assert summary(intake) == {"ready": 1, "waiting": 0, "skipped": 0, "created": 0, "unchanged": 0, "differing": 0}
    assert not progress_of(intake).finished


def test_the_same_file_goes_on_with_the_open_intake_and_another_mapping_replaces_it(table: Table) -> None:
    path = table.write([row(1)])
    first = table.open(path)
    assert table.open(path).pk == first.pk
    other = table.open(path, mapping={"progress": "", "reason": "整改进展情况"})
    assert Intake.objects.get().pk == other.pk != first.pk
    assert other.sheets.get().mapping["reason"] == "整改进展情况"
    commit(other, **table.acting())
    assert Matter.objects.count() == 1


def test_an_unknown_mechanism_is_refused(table: Table) -> None:
    path = table.write([row(1)])
    with pytest.raises(Refusal) as refused:
        import_ledger(path, name="a", mechanism="audit", **table.acting())
    assert "audit_rectification" in str(refused.value)
    with pytest.raises(Refusal):
        import_ledger(path, name="a", mechanism="audit_measure", **table.acting())


def test_what_a_killed_process_left_behind_is_swept_away(table: Table) -> None:
    intake = table.open([row(1)])
    table.city.later(hours=-3)
    Intake.objects.filter(pk=intake.pk).update(stage="storing", opened_at=table.city.now)
    table.city.later(hours=3)
    table.open([row(2)])
    assert not Intake.objects.filter(pk=intake.pk).exists() and not path_of(intake.sha256).exists()


def test_mappings_are_kept_by_name_for_a_unit(table: Table) -> None:
    columns = {"reason": "整改进展情况", "progress": ""}
    saved = save_mapping("年度台账", mechanism="audit_rectification", columns=columns, **table.acting())
    save_mapping("年度台账", mechanism="audit_rectification", columns={"reason": "备注"}, **table.acting())
    post = table.city.posts["clerk"]
    assert [each.columns for each in mappings_for(post, "audit_rectification")] == [{"reason": "备注"}]
    assert not mappings_for(table.city.posts["liaison"], "audit_rectification")
    with pytest.raises(FileRefused):
        save_mapping("错", mechanism="audit_rectification", columns={"nothing": "x"}, **table.acting())
    with pytest.raises(Refusal):
        save_mapping(" ", mechanism="audit_rectification", columns={}, **table.acting())
    with pytest.raises(Refusal):
        save_mapping("甲", mechanism="audit_rectification", columns={}, **table.acting("liaison"))
    drop_mapping(saved, post=post)
    assert not mappings_for(post, "audit_rectification")
