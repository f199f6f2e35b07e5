"""Two files of one unit, amounts in yuan, rows that contradict themselves, heads written another way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from bihuan.ledger.history import history
from bihuan.workbooks.models import Answer, Handout, Proposal
from city import City, state_of
from workbooks.returning import hand_out, merged, said
from workbooks.test_a_person_decides_on_what_came_back import _accept, _came_back


def _waiting() -> set[tuple[str, str, str]]:
    found = Proposal.objects.filter(status__in=("proposed", "refused"))
    return {(each.field, each.new, str(each.status)) for each in found}


def _all(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for file in told["files"] for each in file["proposals"]]


def test_a_second_file_replaces_only_the_cells_that_it_speaks_of(city: City, tmp_path: Path) -> None:
    matter = city.rectifying()
    out = hand_out(city, "housing", [matter])
    out.write(matter, "整改进展", "工程科写的")
    out.write(matter, "未整改原因", "工程科的原因")
    merged(city, out.save(tmp_path / "工程科.xlsx"))
    out.write(matter, "未整改原因", None)
    out.write(matter, "整改进展", "财务科写的")
    out.write(matter, "下一步措施", "财务科的措施")
    merged(city, out.save(tmp_path / "财务科.xlsx"))
    assert _waiting() == {
        ("reason", '"工程科的原因"', "proposed"),
        ("progress", '"财务科写的"', "proposed"),
        ("next_step", '"财务科的措施"', "proposed"),
    }
    assert Answer.objects.filter(ended_at=None).count() == 2


def test_a_file_of_an_older_handout_takes_no_place_of_a_newer_ones(city: City, tmp_path: Path) -> None:
    matter = city.rectifying()
    old, new = hand_out(city, "housing", [matter]), hand_out(city, "housing", [matter])
    Handout.objects.filter(parts=new.part).update(made_at=city.now + timedelta(hours=1))
    new.write(matter, "整改进展", "新表")
    merged(city, new.save(tmp_path / "新.xlsx"))
    old.write(matter, "整改进展", "旧表")
    old.write(matter, "未整改原因", "只有旧表写了")
    told = merged(city, old.save(tmp_path / "旧.xlsx"))
    assert said(told) == {(matter.number, "reason", None, "只有旧表写了")}
    assert said(told, "refused") == {(matter.number, "progress", None, "旧表")}
    assert any("新.xlsx" in str(each["reason"]) for each in _all(told))
    assert ("progress", '"新表"', "proposed") in _waiting()
    new.write(matter, "整改进展", "新表第二次")
    merged(city, new.save(tmp_path / "新2.xlsx"))
    assert {each for each in _waiting() if each[0] == "progress"} == {("progress", '"新表第二次"', "proposed")}


def test_the_page_says_how_much_was_replaced(city: City, signed_in: Callable[[str], Client], tmp_path: Path) -> None:
    matter, client = city.rectifying(), signed_in("clerk")
    out = hand_out(city, "housing", [matter])
    for text in ("第一版", "第二版"):
        out.write(matter, "整改进展", text)
        sent = SimpleUploadedFile("a.xlsx", out.save(tmp_path / "a.xlsx").read_bytes())
        page = client.post(reverse("answers"), {"files": [sent]}).content.decode()
        assert ("data-replaced" in page) == (text == "第二版")
    assert "取代此前未决定的 1 项" in page


def test_an_amount_written_in_yuan_is_doubted_and_not_ticked(
    city: City, signed_in: Callable[[str], Client], tmp_path: Path
) -> None:
    matter, client = city.rectifying(amount=83_0800_00), signed_in("clerk")
    answer = _came_back(city, tmp_path, matter, 整改结果="已收回", 问题根源="疏忽", **{"上缴财政（万元）": 3_000_000})
    doubted = answer.proposals.get(field="paid_in")
    assert doubted.status == "proposed" and "3,000,000" in doubted.reason and "83.08" in doubted.reason
    with translation.override("zh-hans"):
        page = client.get(reverse("answer", args=[answer.pk])).content.decode()
    assert "疑为以元填写" in page and f'value="{doubted.pk}">' in page
    assert page.count('name="p"') == 3 and page.count(" checked") == 2
    others = [each.pk for each in answer.proposals.exclude(pk=doubted.pk)]
    sent = {"do": "accept", "p": others, f"v-{matter.pk}": state_of(matter).version}
    client.post(reverse("answer", args=[answer.pk]), sent)
    assert state_of(matter).values.get("paid_in") is None
    assert state_of(matter).values["result"] == "已收回"


@pytest.mark.parametrize("written", [83.08, 8_307, None])
def test_an_amount_that_can_be_meant_is_not_doubted(city: City, tmp_path: Path, written: float | None) -> None:
    matter = city.rectifying(amount=83_0800_00)
    answer = _came_back(city, tmp_path, matter, 整改结果="已收回", 问题根源="疏忽", **{"上缴财政（万元）": written})
    assert not answer.proposals.filter(reason__contains="in yuan").exists()


def _own_list(path: Path, *rows: tuple[str, ...]) -> Path:
    book = openpyxl.Workbook()
    book.active.append(["问题编号", "问题摘要", "整改进展"])
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_a_finding_number_with_the_title_of_another_is_not_guessed(city: City, tmp_path: Path) -> None:
    one, two = city.rectifying(title="问题一", finding_no="SJ-1"), city.rectifying(title="问题二", finding_no="SJ-2")
    path = tmp_path / f"{city.units['housing'].name}.xlsx"
    told = merged(city, _own_list(path, ("SJ-1", "问题二", "到底是谁的"), ("SJ-2", "问题二改了字", "是二的")))
    assert said(told) == {(two.number, "progress", None, "是二的")}
    crossed = [each for each in _all(told) if each["matter"] == one.number]
    assert {each["field"]: each["new"] for each in crossed} == {"finding_no": "SJ-1", "progress": "到底是谁的"}
    assert all(each["status"] == "refused" and two.number in each["reason"] for each in crossed)


def test_a_row_with_anothers_number_is_told_once_with_what_is_new_in_it(city: City, tmp_path: Path) -> None:
    one, two = (city.rectifying(title=f"问题{n}", finding_no=f"SJ-{n}", description=f"描述{n}") for n in (1, 2))
    out = hand_out(city, "housing", [one, two])
    first = out.row(one)
    out.write(one, "整改进展", "写在一的行里")
    out.sheet.cell(out.row(two), 1).value = one.number
    out.sheet.cell(first, 1).value = two.number
    told = merged(city, out.save(tmp_path / "a.xlsx"))
    assert told["summary"]["proposed"] == 0
    assert [(each["matter"], each["field"], each["new"]) for each in _all(told)] == [
        (two.number, "number", two.number),
        (two.number, "progress", "写在一的行里"),
        (one.number, "number", one.number),
    ]
    city.act(two, "report_progress", "liaison", values={"progress": "别的"})
    assert Proposal.objects.filter(status="refused", version=None).count() == 3


def test_what_the_signature_opens_names_what_must_be_written_with_it(city: City, tmp_path: Path) -> None:
    matter = city.register(rectify_type="immediate")
    city.act(matter, "dispatch", "clerk")
    answer = _came_back(city, tmp_path, matter, 整改措施="逐笔清理")
    proposal = answer.proposals.get()
    assert proposal.status == "refused"
    reason = _reason(proposal)
    assert all(word in reason for word in ("Sign for it", "Being put right", "Report progress"))


def _reason(proposal: Proposal) -> str:
    from bihuan.workbooks.deciding import sentence_of

    return str(sentence_of(proposal))


def test_an_emptied_cell_that_is_needed_is_called_emptied(city: City, tmp_path: Path) -> None:
    matter = city.rectifying()
    city.act(matter, "report_progress", "liaison", values={"progress": "写过的"})
    answer = _came_back(city, tmp_path, matter, 整改进展=None)
    proposal = answer.proposals.get()
    assert proposal.status == "refused" and "emptied" in _reason(proposal)


def test_heads_written_another_way_are_known_and_the_rest_is_one_line_a_column(city: City, tmp_path: Path) -> None:
    matters = [city.rectifying(title=f"问题{n}", finding_no=f"SJ-{n}") for n in range(3)]
    out = hand_out(city, "housing", matters)
    out.write(matters[0], "整改进展", "已收回")
    out.write(matters[0], "整改结果", "全部上缴")
    out.write(matters[0], "问题根源", "制度")
    out.write(matters[0], "下一步措施", "再查")
    for head, other in (
        ("整改进展", "整改进展情况（截至11月底）"), ("整改结果", "结果"), ("下一步措施", "下一步\n整改措施"),
    ):  # fmt: skip
        out.sheet.cell(1, out.column(head)).value = other
    last = out.sheet.max_column + 1
    out.sheet.cell(1, last).value = "本单位备忘"
    for matter in matters:
        out.sheet.cell(out.row(matter), last).value = "甲"
    told = merged(city, out.save(tmp_path / "a.xlsx"))
    assert {(field, new) for _, field, _, new in said(told)} == {
        ("progress", "已收回"), ("result", "全部上缴"), ("cause", "制度"), ("next_step", "再查"),
    }  # fmt: skip
    (column,) = [each for each in _all(told) if each["status"] == "refused"]
    assert (column["matter"], column["field"]) == (None, "本单位备忘") and "3 cells" in column["reason"]
    assert told["summary"]["unchanged"] == 2


def test_the_extract_that_proves_the_signature_and_what_follows_is_one_piece(
    city: City, signed_in: Callable[[str], Client], tmp_path: Path
) -> None:
    """Each step that is entered for a unit names its proof; the matter lists the file once and counts it once."""
    matter = city.register()
    city.act(matter, "dispatch", "clerk")
    answer = _came_back(city, tmp_path, matter, 整改进展="已收回")
    assert _accept(city, answer).accepted == 1
    told = [each.body for each in history(matter.pk)][-2:]
    assert [each["action"] for each in told] == ["sign", "report_progress"]
    assert told[0]["evidence"][0]["sha256"] == told[1]["evidence"][0]["sha256"]
    out = hand_out(city, "housing", [matter])
    assert out.sheet.cell(out.row(matter), out.column("佐证材料份数")).value == 1
    page = signed_in("clerk").get(reverse("matter", args=[matter.number])).content.decode()
    evidence = page[page.index('aria-labelledby="evidence"') :].partition("</section>")[0]
    assert evidence.count("反馈原表摘录") == 1


def test_the_page_of_a_file_is_chinese_throughout(
    city: City, signed_in: Callable[[str], Client], tmp_path: Path
) -> None:
    matter, client = city.rectifying(), signed_in("clerk")
    answer = _came_back(city, tmp_path, matter, 整改进展="已收回", 问题摘要="改题目")
    page = client.get(reverse("answer", args=[answer.pk])).content.decode()
    assert not any(words in page for words in ("What you take over", "What is left in it", "Put the file away"))
