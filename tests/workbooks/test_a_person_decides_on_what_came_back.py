"""Nothing is applied unseen; what is accepted is done by the rules, for the unit, with its own row as the proof."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bihuan.ledger.history import history
from bihuan.ledger.models import Evidence, Matter, Refused
from bihuan.ledger.orders import Conflict
from bihuan.ledger.redact import redactable
from bihuan.ledger.store import path_of
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from bihuan.workbooks import files
from bihuan.workbooks.deciding import Deed, accept, decline, look_again, put_away, sentence_of
from bihuan.workbooks.erasure import erase
from bihuan.workbooks.models import Answer, Proposal
from city import City, state_of
from workbooks.returning import hand_out, merged, said


def _deed(city: City, by: str = "clerk", reason: str = "据回表") -> Deed:
    return Deed(city.posts[by], city.posts[by].account.account, city.now, reason)


def _came_back(city: City, tmp_path: Path, matter: Matter, **values: Any) -> Answer:
    out = hand_out(city, "housing", [matter])
    for head, value in values.items():
        out.write(matter, head, value)
    merged(city, out.save(tmp_path / "回表.xlsx"))
    return Answer.objects.latest("brought_at")


def _accept(city: City, answer: Answer, *fields: str, **more: Any) -> Any:
    chosen = [each.pk for each in answer.proposals.all() if not fields or each.field in fields]
    versions = {each.matter_id: each.matter.version for each in answer.proposals.exclude(matter=None)}
    return accept(answer, chosen, versions=more.pop("versions", versions), deed=_deed(city, **more))


def test_what_is_accepted_is_entered_for_the_unit_with_its_row_as_proof(
    city: City, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    matter = city.rectifying()
    answer = _came_back(city, tmp_path, matter, 整改进展="已收回", 整改结果="全部上缴", 问题根源="制度不全")
    sha256 = answer.sha256
    with django_capture_on_commit_callbacks(execute=True):
        outcome = _accept(city, answer)
    assert (outcome.accepted, outcome.refused) == (3, {})
    state = state_of(matter)
    assert (state.stage, state.values["progress"], state.values["result"]) == ("checking", "已收回", "全部上缴")
    told = history(matter.pk)[-2:]
    assert [each.body["action"] for each in told] == ["report_progress", "claim_done"]
    assert {each.body["behalf"] for each in told} == {"housing"} and {each.account for each in told} == {"clerk"}
    proofs = [each.body["evidence"][0] for each in told]
    assert {proof["name"] for proof in proofs} == {f"反馈原表摘录 {matter.finding_no or matter.number}.xlsx"}
    assert len({proof["sha256"] for proof in proofs}) == 1
    assert not Evidence.objects.filter(matter=matter, sha256=sha256).exists()
    assert set(answer.proposals.values_list("old", "new", "status")) == {("", "", "accepted")}
    answer.refresh_from_db()
    assert answer.ended_at is not None and not files.path_of(sha256).exists()
    assert list(verify(files=True)) == []


def _extract(matter: Matter) -> list[list[str]]:
    """Return the texts of the one extract that the matter holds."""
    (proof,) = {each.sha256: each for each in state_of(matter).evidence}.values()
    with path_of(matter.pk, proof.sha256).open("rb") as file:
        (sheet,) = openpyxl.load_workbook(file).worksheets
    return [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def test_the_proof_is_the_matters_own_row_and_no_other(city: City, tmp_path: Path) -> None:
    one = city.rectifying(responsible_person="王工")
    two = city.rectifying(title="第二个问题", finding_no="2", responsible_person="李工")
    out = hand_out(city, "housing", [one, two])
    last = out.sheet.max_column + 1
    for matter, said_of in ((one, "=1+1 王工已办"), (two, "李工已办")):
        out.write(matter, "整改进展", said_of)
        out.sheet.cell(out.row(matter), last).value = f"{said_of}的备注"
        out.sheet.cell(out.row(matter), out.column("整改进展")).data_type = "s"
        out.sheet.cell(out.row(matter), last).data_type = "s"
    out.sheet.cell(1, last).value = "我们的备注"
    merged(city, out.save(tmp_path / "回表.xlsx"))
    answer = Answer.objects.get()
    assert _accept(city, answer, "progress").accepted == 2
    heads, texts, *facts = _extract(one)
    as_sent = [cell.value for cell in out.sheet[1]]
    assert heads == ["" if head is None else head for head in as_sent]
    said_now = dict(zip(heads, texts, strict=True))
    assert (said_now["事项编号"], said_now["整改进展"]) == (one.number, "=1+1 王工已办")
    assert said_now["我们的备注"] == "=1+1 王工已办的备注"
    rest = " ".join(text for line in facts for text in line)
    assert all(each in rest for each in ("回表.xlsx", answer.sha256, f"第{out.row(one)}行", city.units["housing"].name))
    assert not any("李工" in text or two.number in text for line in (texts, *facts) for text in line)
    assert not any("王工" in text for line in _extract(two) for text in line)


def test_erasing_the_proof_deletes_it_and_no_other_matter_holds_it(
    city: City, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    one, two = city.rectifying(), city.rectifying(title="第二个问题", finding_no="2")
    out = hand_out(city, "housing", [one, two])
    out.write(one, "整改进展", "王工已办")
    out.write(two, "整改进展", "已办")
    merged(city, out.save(tmp_path / "回表.xlsx"))
    with django_capture_on_commit_callbacks(execute=True):
        assert _accept(city, Answer.objects.get()).accepted == 2
    kept = path_of(one.pk, state_of(one).evidence[0].sha256)
    assert kept.exists()
    slots = [slot for slot in redactable(one.pk) if slot[1].startswith(("evidence.", "set.progress"))]
    with django_capture_on_commit_callbacks(execute=True):
        erase(one.pk, slots, ground="申请", post=city.posts["clerk"], approver=city.posts["approver"], now=city.now)
    assert not kept.exists() and path_of(two.pk, state_of(two).evidence[0].sha256).exists()
    assert not any("王工" in text for line in _extract(two) for text in line)
    assert not [path for path in files.path_of("00").parent.parent.rglob("*") if path.is_file()]
    assert list(verify(files=True)) == []


def test_what_was_erased_does_not_come_back_with_an_older_workbook(
    city: City, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    matter = city.rectifying(responsible_person="王工")
    out = hand_out(city, "housing", [matter])
    slots = [slot for slot in redactable(matter.pk) if slot[1] == "set.responsible_person"]
    with django_capture_on_commit_callbacks(execute=True):
        erase(matter.pk, slots, ground="申请", post=city.posts["clerk"], approver=city.posts["approver"], now=city.now)
    out.write(matter, "整改进展", "已收回")
    merged(city, out.save(tmp_path / "旧表.xlsx"))
    assert _accept(city, Answer.objects.get(), "progress").accepted == 1
    told = _extract(matter)
    assert not any("王工" in text for line in told for text in line)
    assert "〔已依法删除〕" in told[1] and "已收回" in told[1]


def test_a_rule_that_refuses_is_told_and_nothing_is_lost(city: City, tmp_path: Path) -> None:
    matter = city.rectifying()
    answer = _came_back(city, tmp_path, matter, 整改结果="全部上缴", 问题根源="制度不全")
    outcome = _accept(city, answer, "result")
    assert outcome.accepted == 0 and outcome.refused[matter.pk].rule == "missing_field"
    assert state_of(matter).stage == "rectifying"
    assert answer.proposals.get(field="result").new == '"全部上缴"'
    assert _accept(city, answer).accepted == 2


def test_an_action_that_asks_for_a_reason_asks_the_person_for_it(city: City, tmp_path: Path) -> None:
    matter = city.rectifying()
    answer = _came_back(city, tmp_path, matter, 申请延期至=(city.now.date().isoformat()), 下一步措施="继续清理")
    assert {each.action for each in answer.proposals.filter(status="proposed")} <= {"report_progress", "ask_extension"}


def test_somebody_elses_act_meanwhile_is_a_conflict_and_then_shown(city: City, tmp_path: Path) -> None:
    matter = city.rectifying()
    answer = _came_back(city, tmp_path, matter, 整改进展="表格里写的")
    before = Matter.objects.get(pk=matter.pk).version
    city.act(matter, "report_progress", "liaison", values={"progress": "系统里写的"})
    outcome = _accept(city, answer, versions={matter.pk: before})
    assert isinstance(outcome.refused[matter.pk], Conflict)
    proposal = answer.proposals.get()
    assert (proposal.status, proposal.old, proposal.new) == ("proposed", '"系统里写的"', '"表格里写的"')
    assert "has changed since" in str(sentence_of(proposal))
    assert _accept(city, answer).accepted == 1
    assert state_of(matter).values["progress"] == "表格里写的"


def test_what_an_earlier_stage_stood_in_the_way_of_is_looked_at_again(city: City, tmp_path: Path) -> None:
    matter = city.register(rectify_type="phased")
    city.act(matter, "dispatch", "clerk")
    city.act(matter, "sign", "liaison")
    answer = _came_back(city, tmp_path, matter, 整改进展="已收回", 当前环节="已销号")
    assert answer.proposals.get(field="progress").status == "refused"
    city.act(matter, "submit_plan", "liaison", values={"measures": "逐笔清理"})
    city.act(matter, "accept_plan", "clerk")
    look_again(answer, post=city.posts["clerk"], now=city.now)
    assert answer.proposals.get(field="progress").status == "proposed"
    assert answer.proposals.get(field="stage:").status == "refused"
    assert _accept(city, answer).accepted == 1


def test_a_workbook_that_came_back_unsigned_is_signed_for_first(city: City, tmp_path: Path) -> None:
    matter = city.register()
    city.act(matter, "dispatch", "clerk")
    answer = _came_back(city, tmp_path, matter, 整改结果="全部上缴", 问题根源="制度不全", 责任人="王工")
    assert _accept(city, answer).accepted == 3
    state = state_of(matter)
    assert (state.stage, state.values["responsible_person"]) == ("checking", "王工")
    actions = [each.body.get("action") for each in history(matter.pk)]
    assert actions == [None, "dispatch", "sign", "claim_done"]


def test_what_is_declined_is_forgotten_and_a_file_can_be_put_away(city: City, tmp_path: Path) -> None:
    matter = city.rectifying()
    answer = _came_back(city, tmp_path, matter, 整改进展="已收回", 问题摘要="改题目")
    assert decline(answer, [answer.proposals.get(field="progress").pk], deed=_deed(city)) == 1
    assert answer.proposals.get(field="progress").new == ""
    put_away(answer, deed=_deed(city))
    answer.refresh_from_db()
    assert answer.ended_at is not None and set(answer.proposals.values_list("new", flat=True)) == {""}
    assert state_of(matter).values.get("progress") is None


@pytest.mark.parametrize("by", ["liaison", "verifier", "leader", "inspector"])
def test_who_may_not_enter_for_units_decides_nothing(city: City, tmp_path: Path, by: str) -> None:
    matter = city.rectifying()
    answer = _came_back(city, tmp_path, matter, 整改进展="已收回")
    with pytest.raises(Refusal):
        _accept(city, answer, by=by)
    assert Refused.objects.filter(asked="accept_answer").exists()
    with pytest.raises(Refusal):
        merged(city, tmp_path / "回表.xlsx", by=by)


def test_erasure_reaches_what_came_back(city: City, tmp_path: Path, django_capture_on_commit_callbacks: Any) -> None:
    matter = city.rectifying(responsible_person="王工")
    out = hand_out(city, "housing", [matter])
    out.write(matter, "整改进展", "王工已办")
    merged(city, out.save(tmp_path / "a.xlsx"))
    answer = Answer.objects.get()
    slots = [slot for slot in redactable(matter.pk) if slot[1] == "set.responsible_person"]
    with django_capture_on_commit_callbacks(execute=True):
        erase(matter.pk, slots, ground="申请", post=city.posts["clerk"], approver=city.posts["approver"], now=city.now)
    assert list(answer.proposals.values_list("old", "new", "status")) == [("", "", "declined")]
    assert not files.path_of(answer.sha256).exists()
    out.write(matter, "整改进展", "又寄来一次")
    told = merged(city, out.save(tmp_path / "b.xlsx"))
    assert "王工" not in str(told)
    assert {field for _, field, _, _ in said(told, "refused")} == {"responsible_person"}
    assert not Proposal.objects.filter(new__contains="王工").exists()
