"""拆分下发: each unit gets its own open rows, open where it may write, in a workbook that is known when it returns."""

import shutil
import subprocess
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from bihuan.ledger.days import local_day
from bihuan.ledger.models import Matter, Refused
from bihuan.ledger.packs import current
from bihuan.mechanism.refusal import Refusal
from bihuan.workbooks.models import Handout, HandoutPart, HandoutRow
from bihuan.workbooks.naming import safe, workbook_names
from bihuan.workbooks.sheets import COVER, HIDDEN, LEDGER
from bihuan.workbooks.splitting import Asked, Made, split
from bihuan.workbooks.writable import Writable
from city import City, state_of

# What stands in the workbooks; that they are made and noted on both engines is seen by page and command.
pytestmark = pytest.mark.either_engine


@pytest.fixture
def made(city: City, tmp_path: Path) -> Callable[..., Made]:
    def make(by: str = "clerk", **asked: Any) -> Made:
        post, folder = city.posts[by], tmp_path / f"out{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        given = {"mechanism": city.mechanism, "return_by": local_day(city.now) + timedelta(days=7), "units": None}
        return split(Asked(post=post, account=post.account.account, now=city.now, **{**given, **asked}), folder)

    return make


def book_of(made: Made, unit: str) -> Any:
    return openpyxl.load_workbook(next(path for path in made.files if path.name.startswith(unit)))


def cells(book: Any, matter: Matter) -> dict[str, Any]:
    """Return head → cell of the row of `matter`."""
    sheet = book[LEDGER]
    row = next(row for row in sheet.iter_rows() if row[0].value == matter.number)
    return {head.value: cell for head, cell in zip(sheet[1], row, strict=True)}


def test_each_unit_gets_its_own_open_rows_and_no_others(city: City, made: Callable[..., Made]) -> None:
    ours, closed = city.rectifying(title="住建的事"), city.struck_off(title="已了结")
    theirs = city.register("finance", title="财政的事")
    told = made()
    day = local_day(city.now).isoformat()
    assert [path.name for path in told.files] == [
        f"澄湖市住房和城乡建设局_审计整改_{day}.xlsx",
        f"澄湖市财政局_审计整改_{day}.xlsx",
    ]
    with zipfile.ZipFile(told.archive) as packed:
        assert told.archive.name == f"拆分_审计整改_{day}.zip"
        assert packed.namelist() == [path.name for path in told.files] and packed.testzip() is None
    for unit, numbers in (("澄湖市住房", {ours.number}), ("澄湖市财政局", {theirs.number})):
        rows = book_of(told, unit)[LEDGER].iter_rows(min_row=2, values_only=True)
        assert {row[0] for row in rows} == numbers
    assert closed.number not in "".join(str(each) for each in HandoutRow.objects.values_list("matter__number"))


def test_what_went_out_is_noted_and_known_by_its_hidden_sheet(city: City, made: Callable[..., Made]) -> None:
    matter = city.rectifying()
    told = made()
    part = HandoutPart.objects.get(handout=told.handout)
    assert (part.unit.key, part.file, part.returned_at) == ("housing", told.files[0].name, None)
    assert list(part.rows.values_list("matter", "version")) == [(matter.pk, matter.version)]
    assert Handout.objects.get().return_by == local_day(city.now) + timedelta(days=7)
    hidden = book_of(told, "澄湖市住房")[HIDDEN]
    assert hidden.sheet_state == "veryHidden"
    assert [[cell.value for cell in row[:2]] for row in hidden.iter_rows(max_row=3)] == [
        ["handout", str(told.handout.pk)],
        ["unit", "housing"],
        ["mechanism", "audit_rectification"],
    ]


def test_a_unit_may_write_what_its_roles_may_still_set_and_nothing_else(city: City, made: Callable[..., Made]) -> None:
    """The sheet is protected without a password; what may be written is open and light, the rest locked and grey."""
    matter = city.rectifying(progress="原进展")
    book = book_of(made(), "澄湖市住房")
    assert book[LEDGER].protection.sheet and not book[LEDGER].protection.password and book[COVER].protection.sheet
    found = cells(book, matter)
    mechanism = current()[city.mechanism]
    heads = {
        "整改进展", "整改措施", "阶段目标", "问题根源", "未整改原因", "下一步措施", "整改结果", "申请延期至",
        "上缴财政（万元）", "归还原资金渠道（万元）", "减少财政拨款（万元）", "促进资金拨付到位（万元）",
        "调整账项（万元）",
        "完善制度（项）", "追责问责（人）",
    }  # fmt: skip
    assert {head for head, cell in found.items() if not cell.protection.locked} == heads
    assert {cell.fill.fgColor.rgb for head, cell in found.items() if head in heads} == {"FFFFFFCC"}
    assert {cell.fill.fgColor.rgb for head, cell in found.items() if head not in heads} == {"FFE7E6E6"}
    writable = Writable(mechanism, city.now.date())
    assert writable.fields(state_of(matter), "finance") == frozenset()
    assert "opinion" not in writable.fields(state_of(matter), "housing")


def test_what_is_open_for_writing_is_what_would_be_taken(city: City, made: Callable[..., Made]) -> None:
    """Nothing before it is sent out and while it is checked; after the signature's stage what follows it at once."""
    kept = city.register(title="待下发", rectify_type="phased")
    sent = city.register(title="立行立改")
    planned = city.register(title="分阶段", rectify_type="phased")
    for matter in (sent, planned):
        city.act(matter, "dispatch", "clerk")
    checked = city.claimed(title="待核查")
    late = city.rectifying(title="逾期")
    writable = Writable(current()[city.mechanism], city.now.date())
    may = {each.title: writable.fields(state_of(each), "housing") for each in (kept, sent, planned, checked, late)}
    assert may["待下发"] == may["待核查"] == frozenset()
    assert {"responsible_person", "progress", "result"} <= may["立行立改"]
    assert {"measures", "responsible_person"} <= may["分阶段"] and not {"progress", "result"} & may["分阶段"]
    assert "extended_to" in may["逾期"]
    past = state_of(late).due + timedelta(days=1)
    overdue = Writable(current()[city.mechanism], past).fields(state_of(late), "housing")
    assert "extended_to" not in overdue and {"next_step", "progress"} <= overdue


def test_cells_help_to_write_what_is_right(city: City, made: Callable[..., Made]) -> None:
    """Days, amounts and numbers are checked; the first columns stay; columns that say nothing are out of sight."""
    city.rectifying(description="有描述")
    sheet = book_of(made(), "澄湖市住房")[LEDGER]
    heads = {cell.value: cell.column_letter for cell in sheet[1]}
    rules = {str(rule.sqref)[:-1]: rule.type for rule in sheet.data_validations.dataValidation}
    assert rules[heads["申请延期至"]] == "date"
    assert rules[heads["上缴财政（万元）"]] == "decimal" and rules[heads["完善制度（项）"]] == "whole"
    assert heads["涉及金额（万元）"] not in rules
    assert sheet.freeze_panes == "D2" and sheet.auto_filter.ref
    hidden = {head for head, letter in heads.items() if sheet.column_dimensions[letter].hidden}
    assert {"定性依据", "核查意见", "版本"} <= hidden and not hidden & {
        "具体描述",
        "整改进展",
        "现行到期日",
        "剩余天数",
    }
    assert sheet.column_dimensions[heads["问题摘要"]].width >= 30
    assert any("TODAY()" in rule.formula[0] for each in sheet.conditional_formatting for rule in each.rules)


def test_choices_are_offered_as_lists(city: City, made: Callable[..., Made], tmp_path: Path) -> None:
    """A short list stands in the cell's rule; a long one, or one with a comma, in the hidden sheet under a name."""
    from dataclasses import replace

    from xlsxwriter import Workbook

    from bihuan.intake.form.columns import ledger_columns
    from bihuan.mechanism.model import Choice, Label
    from bihuan.workbooks.unit_workbook import _rule

    mechanism = current()[city.mechanism]
    column = next(each for each in ledger_columns(mechanism) if each.key == "check_way")
    assert column.field is not None
    long = tuple(Choice(f"c{n}", Label(f"选项,{n}", "")) for n in range(3))
    with Workbook(str(tmp_path / "x.xlsx")) as book:
        hidden = book.add_worksheet(HIDDEN)
        short = _rule(book, hidden, 4, column)
        named = _rule(book, hidden, 4, replace(column, field=replace(column.field, choices=long)))
    assert short is not None and short["source"] == ["书面核查", "实地核查"]
    assert named is not None and named["source"] == "=bihuan_list_4"
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")[HIDDEN]
    assert [sheet[f"H{row}"].value for row in (1, 2, 3)] == ["选项,0", "选项,1", "选项,2"]


def test_the_cover_says_what_is_wanted_by_when_and_to_whom(city: City, made: Callable[..., Made]) -> None:
    city.rectifying(due=(local_day(city.now) - timedelta(days=3)).isoformat())
    city.rectifying(due=(local_day(city.now) + timedelta(days=3)).isoformat())
    cover = book_of(made(), "澄湖市住房")[COVER]
    said = "\n".join(str(cell.value) for row in cover.iter_rows() for cell in row if cell.value)
    back = (local_day(city.now) + timedelta(days=7)).isoformat()
    for words in (
        "澄湖市住房和城乡建设局",
        "共 2 项",
        back,
        "澄湖市审计局",
        "1 项已超过到期日",
        "1 项将在 10 天内到期",
        "整改进展",
    ):
        assert words in said


def test_only_who_registers_for_others_may_split(city: City, made: Callable[..., Made]) -> None:
    """The refusal names the role, is recorded, and leaves nothing; a liaison may register measures, and not split."""
    city.rectifying()
    for by, mechanism in (
        ("liaison", "audit_rectification"),
        ("verifier", "audit_rectification"),
        ("liaison", "audit_measure"),
    ):
        with pytest.raises(Refusal) as caught:
            made(by, mechanism=mechanism)
        assert caught.value.rule == "not_role" and "审计整改管理岗" in caught.value.sentence.render(str, "zh")
    assert Refused.objects.filter(asked="split", rule="not_role").count() == 3
    assert not Handout.objects.exists()


def test_what_cannot_be_split_is_refused_and_nothing_is_left(
    city: City, made: Callable[..., Made], tmp_path: Path
) -> None:
    with pytest.raises(Refusal, match="No open matter"):
        made()
    city.rectifying()
    with pytest.raises(Refusal, match="that day has passed"):
        made(return_by=date(2020, 1, 1))
    with pytest.raises(Refusal, match="No open matter"):
        made(units=frozenset({city.units["finance"].pk}))
    first = made()
    with pytest.raises(Refusal, match="is there already"):
        split(Asked(city.mechanism, date(2100, 1, 1), city.posts["clerk"], "clerk", city.now), first.archive.parent)
    assert Handout.objects.count() == 1


def test_file_names_are_safe_on_every_system() -> None:
    day = date(2026, 6, 30)
    names = workbook_names(
        [("a", "甲局"), ("b", '乙<局>:"/\\|?*.'), ("c", "CON"), ("d", "甲局"), ("e", "长" * 300)], "审计整改", day
    )
    assert names["a"] == "甲局_审计整改_2026-06-30.xlsx" and names["d"] == "甲局〔d〕_审计整改_2026-06-30.xlsx"
    assert names["c"].startswith("CON＿_")
    for name in names.values():
        assert not set('<>:"/\\|?*') & set(name) and len(name.encode()) <= 255 and name.count(".") == 1
    assert safe(" \u202e名\n") == "名" and safe("...") == "．．．" and safe("\x00") == "未命名"


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_saving_it_again_elsewhere_keeps_what_the_way_back_needs(
    city: City, made: Callable[..., Made], ending: str, tmp_path: Path
) -> None:
    matter = city.rectifying(finding_no="007", amount=1)
    told = made()
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", ending, "--outdir", tmp_path / "again", told.files[0]],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    book = CalamineWorkbook.from_path(str(next((tmp_path / "again").iterdir())))
    hidden = book.get_sheet_by_name(HIDDEN).to_python()
    assert [row[:2] for row in hidden[:2]] == [["handout", str(told.handout.pk)], ["unit", "housing"]]
    head, row, *_ = book.get_sheet_by_name(LEDGER).to_python()
    said = dict(zip(head, row, strict=True))
    assert said["事项编号"] == matter.number and said["问题编号"] == "007" and said["涉及金额（万元）"] == 0.000001
