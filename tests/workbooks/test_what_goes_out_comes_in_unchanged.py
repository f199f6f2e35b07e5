"""An exported list is brought in again: every row is known by its number, and only what was edited is proposed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.db import transaction

from bihuan.directory.organisation import Organisation
from bihuan.intake.bringing import import_ledger
from bihuan.intake.contents import problems_of
from bihuan.intake.differences import Difference, accept, differences
from bihuan.intake.models import IntakeRow
from bihuan.intake.report import Brought
from bihuan.ledger.days import local_day
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import current
from bihuan.ledger.redact import redact, redactable
from bihuan.workbooks.export import export
from city import City, state_of
from clerks_table import statuses

# What is written into a workbook and read out of it; what an import keeps has tests on both engines.
pytestmark = pytest.mark.either_engine

_STOOD = {"当前环节", "单位自报", "认定情况", "现行到期日", "本环节到期日", "登记日期", "办结日期", "佐证材料份数"}
_CLAIMED = {"已销号": "struck_off", "已申请销号": "done", "整改中": "in_progress"}
LONG = "第一段：\r\n经查，有关资金未及时收回。\n\n第二段  "


@pytest.fixture(autouse=True)
def uploads(settings: Any, tmp_path: Path) -> None:
    settings.BIHUAN_INTAKE = tmp_path / "intake"


@pytest.fixture
def worked(city: City) -> list[Matter]:
    return work(city)


def work(city: City) -> list[Matter]:
    """Matters at every kind of place, with values in every column that the work of a city fills."""
    full = {
        "finding_no": "007",
        "project": "=2025年度预算执行审计",
        "audited_unit": "澄湖市财政局",
        "category": "资金管理",
        "description": LONG,
        "qualification_basis": "《预算法》第十二条",
        "advice": "无",
        "amount": 1,
        "delivered_on": "2026-01-05",
        "in_report": "yes",
        "assisting_units": ["finance", "station"],
        "responsible_person": "  甲某 ",
        "standard": "-",
        "due": "2027-03-31",
        "due_rule": "立行立改",
        "transfers": 0,
        "measures": "合计",
    }
    made = [
        city.register(**full),
        city.register(title=None, description="只有描述", amount=-123456789),
        city.rectifying(title="整改中", amount=10**15 + 7),
        city.claimed(title="已申请销号"),
        city.struck_off(title="已销号"),
    ]
    city.act(made[2], "report_progress", "liaison", values={"progress": "+已收回", "stage_goals": "年底前\n完成"})
    return made


@pytest.fixture
def sent(city: City, tmp_path: Path) -> Callable[..., Path]:
    """Write the whole ledger into a workbook."""

    def write(name: str = "out.xlsx") -> Path:
        path, today = tmp_path / name, local_day(city.now)
        export(Matter.objects.all(), path, organisation=Organisation.on(today), today=today)
        return path

    return write


@pytest.fixture
def bring(city: City) -> Callable[..., Brought]:
    def bring(path: Path, by: str = "clerk", **more: Any) -> Brought:
        post = city.posts[by]
        given = {"post": post, "account": post.account.account, "now": city.now, "mechanism": city.mechanism}
        return import_ledger(path, name=path.name, **{**given, **more})

    return bring


def edited(path: Path, edit: Callable[[Any, Callable[[Matter, str], Any]], Any], name: str = "edited.xlsx") -> Path:
    """Return a copy of the workbook in which `edit(sheet, cell)` changed something; `cell(matter, head)` finds one."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}

    def cell(matter: Matter, head: str) -> Any:
        row = next(row[0].row for row in sheet.iter_rows() if row[0].value == matter.number)
        return sheet.cell(row, heads[head])

    edit(sheet, cell)
    made = path.with_name(name)
    book.save(made)
    return made


def proposed(brought: Brought, city: City) -> dict[str, list[Difference]]:
    rows = IntakeRow.objects.filter(intake=brought.intake, status="differing").select_related("intake", "matter")
    post = city.posts["clerk"]
    return {row.matter.number: differences(row, post=post, now=city.now) for row in rows if row.matter}


def waiting(brought: Brought) -> Iterator[str]:
    for row in IntakeRow.objects.filter(intake=brought.intake, status="waiting"):
        yield from (str(problem.message) for problem in problems_of(row))


def test_every_row_is_unchanged(worked: list[Matter], sent: Callable[..., Path], bring: Callable[..., Brought]) -> None:
    """Also twice, also as a dry run; and neither the ledger nor its chains have moved."""
    before = {matter.pk: state_of(matter) for matter in worked}
    told = bring(sent(), dry_run=True)
    assert told.summary["unchanged"] == len(worked)
    for _ in range(2):
        brought = bring(sent())
        assert statuses(brought) == ["unchanged"] * len(worked)
    assert {matter.pk: state_of(matter) for matter in Matter.objects.all()} == before


def test_people_may_move_what_they_like(
    worked: list[Matter], sent: Callable[..., Path], bring: Callable[..., Brought]
) -> None:
    """Columns moved and left out, rows sorted otherwise, the sheet renamed, a title put above: still all unchanged."""

    def stir(sheet: Any, cell: Any) -> None:
        rows = [[each.value for each in row] for row in sheet.iter_rows()]
        kept = [place for place in range(len(rows[0])) if rows[0][place] not in ("具体描述", "整改期限", "剩余天数")]
        kept.reverse()
        sheet.delete_rows(1, sheet.max_row)
        sheet.title = "发我的表"
        sheet.append(["审计整改台账（2026年）"])
        for row in (rows[0], *reversed(rows[1:])):
            sheet.append([row[place] for place in kept])
        for each in (one for row in sheet.iter_rows() for one in row if isinstance(one.value, str)):
            each.data_type = "s"  # or the library would make formulas of texts that begin with =

    assert statuses(bring(edited(sent(), stir))) == ["unchanged"] * len(worked)


def test_just_the_edited_cells_are_proposed(
    city: City, worked: list[Matter], sent: Callable[..., Path], bring: Callable[..., Brought]
) -> None:
    full, _, going_on, *_ = worked

    def edit(sheet: Any, cell: Any) -> None:
        cell(full, "涉及金额（万元）").value = 12.5
        cell(full, "具体描述").value = None
        cell(full, "配合单位").value = "澄湖市财政局"
        cell(going_on, "整改进展").value = "已全部收回"

    brought = bring(edited(sent(), edit))
    found = proposed(brought, city)
    assert {number: {each.name: (each.old, each.new) for each in made} for number, made in found.items()} == {
        full.number: {
            "amount": (1, 12_500_000),
            "description": (LONG, None),
            "assisting_units": (["finance", "station"], ["finance"]),
        },
        going_on.number: {"progress": ("+已收回", "已全部收回")},
    }
    row = IntakeRow.objects.get(intake=brought.intake, matter=full)
    version = Matter.objects.get(pk=full.pk).version
    post = city.posts["clerk"]
    accept(row, {"amount"}, reason="笔误", version=version, post=post, account=post.account.account, now=city.now)
    assert state_of(full).values["amount"] == 12_500_000 and state_of(full).values["description"] == LONG


def test_work_done_since_a_list_went_out_is_no_difference(
    city: City, worked: list[Matter], sent: Callable[..., Path], bring: Callable[..., Brought]
) -> None:
    """An old list says what was true then: unedited it says nothing, edited only the edit."""
    path = sent()
    city.act(worked[2], "report_progress", "liaison", values={"progress": "又收回一笔", "next_step": "继续催收"})
    assert statuses(bring(path)) == ["unchanged"] * len(worked)

    def edit(sheet: Any, cell: Any) -> None:
        cell(worked[2], "下一步措施").value = "起诉"

    found = proposed(bring(edited(path, edit)), city)
    assert [(each.name, each.old, each.new) for each in found[worked[2].number]] == [("next_step", "继续催收", "起诉")]


def test_a_cell_put_back_to_what_it_was_earlier_is_still_an_edit(
    city: City, worked: list[Matter], sent: Callable[..., Path], bring: Callable[..., Brought]
) -> None:
    """The last import is no measure for a later list: each is compared with what it said when it went out."""
    bring(sent("first.xlsx"))
    city.act(worked[2], "report_progress", "liaison", values={"progress": "新进展"})

    def edit(sheet: Any, cell: Any) -> None:
        cell(worked[2], "整改进展").value = "+已收回"

    found = proposed(bring(edited(sent("second.xlsx"), edit)), city)
    assert [(each.old, each.new) for each in found[worked[2].number]] == [("新进展", "+已收回")]


def test_a_number_is_never_guessed(
    city: City, worked: list[Matter], sent: Callable[..., Path], bring: Callable[..., Brought]
) -> None:
    """An unknown number, one named twice, and one that is no number each wait with a sentence; an empty one is new."""

    def edit(sheet: Any, cell: Any) -> None:
        rows = {matter.number: cell(matter, "事项编号") for matter in worked}
        cells = list(rows.values())
        cells[0].value, cells[1].value, cells[2].value = "0000-0000", "见上", worked[3].number
        cell(worked[4], "问题摘要").value, cells[4].value = "新的问题", None

    brought = bring(edited(sent(), edit))
    said = sorted(waiting(brought))
    assert len(said) == 4
    assert "There is no matter “0000-0000”" in "".join(said)
    assert "“见上” is no number of a matter" in "".join(said)
    assert sum("is of the same matter" in each for each in said) == 2
    assert sorted(statuses(brought)) == ["created", *["waiting"] * 4]
    new = IntakeRow.objects.get(intake=brought.intake, status="created").matter
    assert new is not None and state_of(new).values["title"] == "新的问题"


def test_numbers_of_matters_that_one_may_not_open_are_unknown(
    city: City, worked: list[Matter], sent: Callable[..., Path], bring: Callable[..., Brought]
) -> None:
    """A clerk of another office learns nothing of them, and registers nothing in their place."""
    path = sent()
    stranger = city.posts["other"]
    stranger.roles = ["supervisor"]
    stranger.save()
    brought = bring(path, by="other")
    # The finance bureau assists in one of them.
    assert sorted(statuses(brought)) == ["unchanged"] + ["waiting"] * (len(worked) - 1)
    assert all("There is no matter" in each for each in waiting(brought))


def test_an_empty_ledger_gets_the_same_values(
    city: City, sent: Callable[..., Path], bring: Callable[..., Brought]
) -> None:
    """What registering may give is equal, field by field; what is others' to say stands beside it as it was written.

    How a matter stood there is kept as it was written; the unit's word, and an end, arrive as a claim.
    """
    with pytest.raises(_Undone), transaction.atomic():  # another ledger, which exists no more afterwards
        values = [dict(state_of(matter).values) for matter in work(city)]
        path = sent()
        raise _Undone
    assert not Matter.objects.exists()
    brought = bring(path)
    assert statuses(brought) == ["created"] * len(values)
    mechanism = brought.sheets[0].mapping
    for said in values:
        found = next(state for state in map(state_of, Matter.objects.all()) if _same(state.values, said))
        allowed = {key: value for key, value in said.items() if key in _given_by_clerk()}
        assert found.values == allowed
        stood = dict(found.source)
        assert {mechanism[key] for key in said.keys() - allowed.keys()} == stood.keys() - _STOOD
        assert {"当前环节", "登记日期", "现行到期日"} <= stood.keys() and not {"版本", "剩余天数"} & stood.keys()
        assert found.assertion == _CLAIMED.get(str(said["title"]) if said.get("title") else "", ""), said
        assert found.recognition == "" or found.recognition is None
    assert statuses(bring(path)) == ["unchanged"] * len(values)


def test_what_was_erased_says_so_and_is_not_brought_back(
    city: City, worked: list[Matter], sent: Callable[..., Path], bring: Callable[..., Brought]
) -> None:
    matter, old = worked[0], sent("old.xlsx")
    slot = next(each for each in redactable(matter.pk) if each[1] == "set.responsible_person")
    post, approver = city.posts["clerk"], city.posts["approver"]
    redact(matter.pk, [slot], ground="个人信息保护法第四十七条", post=post, approver=approver, now=city.now)
    path = sent("new.xlsx")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    said = {row[0].value: row[heads.index("责任人")].value for row in sheet.iter_rows(min_row=2)}
    assert said[matter.number] == "〔已依法删除〕"
    for each in (path, old):
        assert statuses(bring(each)) == ["unchanged"] * len(worked)


def test_several_kinds_stand_in_sheets_of_their_own(
    city: City, worked: list[Matter], sent: Callable[..., Path], bring: Callable[..., Brought]
) -> None:
    """Each sheet is known for what it is; the other kind's is left alone and named."""
    city.act(worked[2], "add_measure", "liaison", values={"title": "清理账目"})
    path = sent()
    assert sorted(openpyxl.load_workbook(path).sheetnames) == ["审计整改", "整改措施"]
    brought = bring(path)
    assert statuses(brought) == ["unchanged"] * len(worked) and brought.ignored == ("整改措施",)


def test_a_strangers_column_of_this_name_is_read_as_ever(
    city: City, bring: Callable[..., Brought], tmp_path: Path
) -> None:
    """In other ledgers 事项编号 is the finding's own number."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["事项编号", "问题摘要", "责任单位", "整改期限"])
    sheet.append(["SJ-001", "账目不清", "澄湖市财政局", "2026-12-31"])
    book.save(tmp_path / "foreign.xlsx")
    assert statuses(bring(tmp_path / "foreign.xlsx")) == ["created"]
    assert state_of(Matter.objects.get()).values["finding_no"] == "SJ-001"


def test_measures_come_in_again_and_none_is_made_by_a_list(
    city: City, worked: list[Matter], sent: Callable[..., Path], bring: Callable[..., Brought]
) -> None:
    """Of a kind without an intake.toml only the ledger's own list is read, and only what it names is touched."""
    city.act(worked[2], "add_measure", "liaison", values={"title": "清理账目"})
    path = sent()
    assert bring(path).others == {"整改措施": "audit_measure"}
    brought = bring(path, mechanism="audit_measure")
    assert statuses(brought) == ["unchanged"] and brought.others == {"审计整改": "audit_rectification"}
    book = openpyxl.load_workbook(path)
    sheet = book["整改措施"]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(2, heads.index("措施内容") + 1).value = "清理往来账目"
    sheet.append([None, "另一项措施", *[None] * 20])
    place = heads.index("责任单位") + 1
    sheet.cell(3, place).value = sheet.cell(2, place).value
    book.save(path)
    brought = bring(path, mechanism="audit_measure")
    assert sorted(statuses(brought)) == ["differing", "waiting"]
    assert "is opened from the matter that it belongs to" in "".join(waiting(brought))
    assert Matter.objects.filter(mechanism="audit_measure").count() == 1


class _Undone(Exception):
    pass


def _given_by_clerk() -> set[str]:
    return {key for key, field in current()["audit_rectification"].fields.items() if "supervisor" in field.by}


def _same(one: Any, other: Any) -> bool:
    return (one.get("title"), one.get("description")) == (other.get("title"), other.get("description"))
