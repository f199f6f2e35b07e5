"""What units write into their workbooks becomes proposals, and nothing but what they wrote does."""

from datetime import date
from pathlib import Path

from bihuan.ledger.models import Matter
from bihuan.workbooks.models import Answer, Proposal
from city import City
from workbooks.returning import hand_out, merged, said

FINDING = {
    "finding_no": "SJ-2026-014",
    "project": "2025年度预算执行审计",
    "description": "结余资金未及时盘活，\n长期挂账。",
    "amount": 12345_678901,
    "delivered_on": "2026-03-02",
    "responsible_person": "王工",
}


def test_an_unedited_workbook_proposes_nothing(city: City, tmp_path: Path) -> None:
    matters = [city.rectifying(**{**FINDING, "finding_no": f"SJ-{n}"}) for n in range(3)]
    out = hand_out(city, "housing", matters)
    for path in (
        out.save(tmp_path / "a.xlsx"),
        out.save_as_xls(tmp_path / "b.xls"),
        out.save_as_csv(tmp_path / "c.csv"),
    ):
        told = merged(city, path, dry_run=True)
        assert told["files"] == [{"file": path.name, "unit": "housing", "proposals": []}]
        assert told["summary"] == {"proposed": 0, "refused": 0, "unchanged": 3}
        assert told["missing_units"] == []


def test_what_a_unit_may_say_is_proposed_by_actions_of_its_role(city: City, tmp_path: Path) -> None:
    matter = city.rectifying(**FINDING)
    out = hand_out(city, "housing", [matter])
    out.write(matter, "整改进展", "已收回三笔")
    out.write(matter, "整改结果", "全部上缴")
    out.write(matter, "问题根源", "制度不全")
    out.write(matter, "上缴财政（万元）", 12.5)
    told = merged(city, out.save(tmp_path / "a.xlsx"))
    assert said(told) == {
        (matter.number, "progress", None, "已收回三笔"),
        (matter.number, "cause", None, "制度不全"),
        (matter.number, "result", None, "全部上缴"),
        (matter.number, "paid_in", None, 125_000_00),
    }
    actions = dict(Proposal.objects.values_list("field", "action"))
    assert actions["progress"] == "report_progress"
    assert actions["result"] == actions["paid_in"] == "claim_done"
    assert Matter.objects.get(pk=matter.pk).version == matter.version, "nothing is applied unseen"


def test_what_a_unit_may_not_change_is_refused_and_says_who_can(city: City, tmp_path: Path) -> None:
    matter = city.rectifying(**FINDING)
    other = city.rectifying(unit="finance", liaison="other", title="财政的事项")
    out = hand_out(city, "housing", [matter])
    out.write(matter, "问题摘要", "另一个摘要")
    out.write(matter, "整改期限", date(2027, 12, 31))
    out.write(matter, "当前环节", "已销号")
    out.sheet.append([other.number, None, "财政的事项"])
    out.write(other, "整改进展", "替财政填的")
    told = merged(city, out.save(tmp_path / "a.xlsx"))
    refused = {each["field"]: each for each in told["files"][0]["proposals"] if each["status"] == "refused"}
    assert refused["title"]["new"] == "另一个摘要" and "Rectification supervisor" in refused["title"]["reason"]
    assert refused["due"]["new"] == "2027-12-31" and refused["due"]["reason"]
    assert refused["stage:"]["new"] == "已销号"
    assert refused["progress"]["matter"] == other.number and "财政局" in refused["progress"]["reason"]
    assert told["summary"] == {"proposed": 0, "refused": 4, "unchanged": 0}


def test_what_cannot_be_set_yet_names_the_action_and_the_stage(city: City, tmp_path: Path) -> None:
    matter = city.register(**{**FINDING, "rectify_type": "phased"})
    city.act(matter, "dispatch", "clerk")
    city.act(matter, "sign", "liaison")
    out = hand_out(city, "housing", [matter])
    out.write(matter, "整改进展", "已经在做")
    (refused,) = merged(city, out.save(tmp_path / "a.xlsx"))["files"][0]["proposals"]
    assert (refused["status"], refused["new"]) == ("refused", "已经在做")
    assert "Report progress" in refused["reason"] and "Being put right" in refused["reason"]


def test_what_the_units_next_step_opens_is_proposed_with_that_step_first(city: City, tmp_path: Path) -> None:
    matter = city.register(**FINDING)
    city.act(matter, "dispatch", "clerk")
    out = hand_out(city, "housing", [matter])
    out.write(matter, "整改进展", "已经在做")
    (proposed,) = merged(city, out.save(tmp_path / "a.xlsx"))["files"][0]["proposals"]
    assert (proposed["status"], proposed["new"]) == ("proposed", "已经在做")
    assert "Sign for it" in proposed["reason"]


def test_the_ledger_moving_on_is_no_proposal_but_both_changing_one_is_said(city: City, tmp_path: Path) -> None:
    quiet, both = city.rectifying(**FINDING), city.rectifying(title="两边都改了")
    out = hand_out(city, "housing", [quiet, both])
    for matter in (quiet, both):
        city.act(matter, "report_progress", "liaison", values={"progress": "系统里写的"})
    out.write(both, "整改进展", "表格里写的")
    told = merged(city, out.save(tmp_path / "a.xlsx"))
    assert said(told) == {(both.number, "progress", "系统里写的", "表格里写的")}
    assert told["summary"]["unchanged"] == 1
    assert "since the workbook went out" in told["files"][0]["proposals"][0]["reason"]


def test_an_emptied_cell_is_proposed_as_null(city: City, tmp_path: Path) -> None:
    matter = city.rectifying(**FINDING)
    city.act(matter, "report_progress", "liaison", values={"progress": "写过的", "reason": "资金未到"})
    out = hand_out(city, "housing", [matter])
    out.write(matter, "未整改原因", None)
    assert said(merged(city, out.save(tmp_path / "a.xlsx"))) == {(matter.number, "reason", "资金未到", None)}


def test_an_added_row_keeps_all_its_cells_and_is_not_registered(city: City, tmp_path: Path) -> None:
    matter = city.rectifying(**FINDING)
    out = hand_out(city, "housing", [matter])
    out.sheet.append([])
    row = out.sheet.max_row + 1
    for head, value in (("问题摘要", "新发现的问题"), ("整改进展", "已改"), ("上缴财政（万元）", 3)):
        out.sheet.cell(row, out.column(head)).value = value
    told = merged(city, out.save(tmp_path / "a.xlsx"))
    assert said(told, "refused") == {
        (None, "title", None, "新发现的问题"),
        (None, "progress", None, "已改"),
        (None, "paid_in", None, 30_000_00),
    }
    assert Matter.objects.count() == 1


def test_the_same_file_does_not_propose_twice(city: City, tmp_path: Path) -> None:
    matter = city.rectifying(**FINDING)
    out = hand_out(city, "housing", [matter])
    out.write(matter, "整改进展", "已收回三笔")
    first = out.save(tmp_path / "a.xlsx")
    again = tmp_path / "改了名.xlsx"
    again.write_bytes(first.read_bytes())
    one, two = merged(city, first), merged(city, again)
    assert said(one) == said(two) and two["summary"] == one["summary"]
    assert Answer.objects.count() == 1 and Proposal.objects.count() == 1


def test_a_later_file_of_the_unit_takes_the_place_of_what_was_not_decided(city: City, tmp_path: Path) -> None:
    matter = city.rectifying(**FINDING)
    out = hand_out(city, "housing", [matter])
    out.write(matter, "整改进展", "第一版")
    merged(city, out.save(tmp_path / "a.xlsx"))
    out.write(matter, "整改进展", "第二版")
    merged(city, out.save(tmp_path / "b.xlsx"))
    assert list(Proposal.objects.order_by("id").values_list("status", "new")) == [
        ("declined", ""),
        ("proposed", '"第二版"'),
    ]


def test_missing_units_are_named_with_days_late(city: City, tmp_path: Path) -> None:
    matter = city.rectifying(**FINDING)
    out = hand_out(city, "housing", [matter])
    handout = out.part.handout
    for unit in ("finance", "station"):
        handout.parts.create(unit=city.units[unit], file=f"{unit}.xlsx")
    path = out.save(tmp_path / "a.xlsx")
    assert [each["unit"] for each in merged(city, path, dry_run=True)["missing_units"]] == ["finance", "station"]
    merged(city, path)
    city.later(days=10)
    told = merged(city, path)
    assert [(each["unit"], each["days_late"]) for each in told["missing_units"]] == [("finance", 3), ("station", 3)]
