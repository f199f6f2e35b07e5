"""The pages: files dropped in, rows decided one by one, who is missing; and evidence looked at before it is given."""

import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.ledger.models import Evidence, Refused
from bihuan.workbooks.models import Answer
from city import City, state_of
from workbooks.returning import hand_out

SignedIn = Callable[[str], Client]


def _dropped(client: Client, *files: tuple[str, bytes], name: str = "answers") -> Any:
    return client.post(reverse(name), {"files": [SimpleUploadedFile(called, text) for called, text in files]})


def _came_back(city: City, client: Client, tmp_path: Path, *matters: Any, **values: Any) -> Answer:
    out = hand_out(city, "housing", matters)
    for matter in matters:
        for head, value in values.items():
            out.write(matter, head, value)
    path = out.save(tmp_path / "回表.xlsx")
    assert _dropped(client, ("回表.xlsx", path.read_bytes())).status_code == 200
    return Answer.objects.latest("brought_at")


def test_many_files_and_zips_are_dropped_at_once_and_a_bad_one_harms_none(
    city: City, signed_in: SignedIn, tmp_path: Path
) -> None:
    client = signed_in("clerk")
    matter, other = city.rectifying(), city.rectifying(unit="finance", liaison="other", title="财政的")
    one, two = hand_out(city, "housing", [matter]), hand_out(city, "finance", [other])
    one.write(matter, "整改进展", "已收回")
    two.write(other, "整改进展", "已拨付")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(two.save(tmp_path / "b.xlsx"), "财政局.xlsx")
    page = _dropped(
        client,
        ("住建局.xlsx", one.save(tmp_path / "a.xlsx").read_bytes()),
        ("其余.zip", packed.getvalue()),
        ("坏.xlsx", b"PK\x03\x04 not a workbook"),
        ("空.xls", b""),
    ).content.decode()
    assert re.findall(r'data-brought="(.*?)"', page) == ["坏.xlsx", "空.xls", "住建局.xlsx", "财政局.xlsx"]
    assert Answer.objects.count() == 2


def test_the_page_lists_who_is_missing_and_leads_to_the_words_that_urge_them(
    city: City, signed_in: SignedIn, tmp_path: Path
) -> None:
    matter, client = city.rectifying(), signed_in("clerk")
    out = hand_out(city, "housing", [matter], days=-3)
    page = client.get(reverse("answers")).content.decode()
    assert 'data-missing="housing"' in page and "逾期3天" in page
    assert f"{reverse('urge')}?m={matter.number}" in page
    _dropped(client, ("a.xlsx", out.save(tmp_path / "a.xlsx").read_bytes()))
    assert "data-missing" not in client.get(reverse("answers")).content.decode()


def test_rows_are_accepted_and_refused_field_by_field(city: City, signed_in: SignedIn, tmp_path: Path) -> None:
    client, matter = signed_in("clerk"), city.rectifying()
    answer = _came_back(city, client, tmp_path, matter, 整改进展="已收回三笔", 未整改原因="对方撤并", 问题摘要="改题目")
    address = reverse("answer", args=[answer.pk])
    page = client.get(address).content.decode()
    assert "已收回三笔" in page and "报告进展" in page and 'data-refused-field="title"' in page
    keys = {each.field: each.pk for each in answer.proposals.all()}
    version = f"v-{matter.pk}"
    client.post(address, {"do": "decline", "p": keys["reason"]})
    sent = {"do": "accept", "p": [keys["progress"]], version: 0}
    assert client.post(address, {**sent, version: state_of(matter).version}).status_code == 302
    assert state_of(matter).values["progress"] == "已收回三笔"
    assert state_of(matter).values.get("reason") is None and state_of(matter).values["title"] != "改题目"
    assert client.post(address, {"do": "away"}).status_code == 302
    assert "改题目" not in client.get(address).content.decode()


def test_files_of_which_nothing_is_left_to_decide_are_put_away_together(
    city: City, signed_in: SignedIn, tmp_path: Path
) -> None:
    client, moving = signed_in("clerk"), city.rectifying(title="还要办的")
    refused = [_came_back(city, client, tmp_path, city.rectifying(title=f"甲{n}"), 问题摘要="改") for n in range(2)]
    open_still = _came_back(city, client, tmp_path, moving, 整改进展="已收回三笔", 问题摘要="改")
    named = re.findall(r'name="answer" value="(.*?)"', client.get(reverse("answers")).content.decode())
    assert set(named) == {str(each.pk) for each in refused}, "what waits to be decided is not offered"
    sent = {"do": "away", "answer": [*named, str(open_still.pk), "nonsense"]}
    page = client.post(reverse("answers"), sent, follow=True).content.decode()
    assert "已收存2个表" in page and "有1个表未收存" in page
    assert list(Answer.objects.filter(ended_at=None)) == [open_still]
    assert "全部已处理完" not in page
    assert signed_in("liaison").post(reverse("answers"), sent).status_code == 403


def test_a_conflict_is_said_at_the_row_with_what_the_matter_says_now(
    city: City, signed_in: SignedIn, tmp_path: Path
) -> None:
    client, matter = signed_in("clerk"), city.rectifying()
    answer = _came_back(city, client, tmp_path, matter, 整改进展="表格里写的")
    seen = state_of(matter).version
    city.act(matter, "report_progress", "liaison", values={"progress": "系统里写的"})
    sent = {"do": "accept", "p": [each.pk for each in answer.proposals.all()], f"v-{matter.pk}": seen}
    answered = client.post(reverse("answer", args=[answer.pk]), sent)
    page = answered.content.decode()
    assert answered.status_code == 409 and 'data-rule="conflict"' in page
    assert "系统里写的" in page and "表格里写的" in page
    assert state_of(matter).values["progress"] == "系统里写的"


def test_evidence_is_looked_at_before_it_is_given(city: City, signed_in: SignedIn) -> None:
    client, matter = signed_in("clerk"), city.rectifying(finding_no="SJ-2026-014")
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("014/票.pdf", b"%PDF-1")
        archive.writestr("无编号.txt", b"x")
    page = _dropped(client, ("佐证.zip", packed.getvalue()), name="proof_folder").content.decode()
    assert Evidence.objects.count() == 0 and matter.number in page
    token = re.search(r'name="heap" value="(.*?)"', page)
    ticked = re.findall(r'name="g" value="(\d+)" checked', page)
    assert token and ticked == ["0"]
    sent = {"do": "give", "heap": token[1], "g": ticked, "m-0": matter.number, "m-1": ""}
    assert client.post(reverse("proof_folder"), sent).status_code == 302
    assert [proof.name for proof in state_of(matter).evidence] == ["票.pdf"]
    again = client.post(reverse("proof_folder"), sent).content.decode()
    assert "data-refused" in again and len(state_of(matter).evidence) == 1


def test_a_file_without_a_number_is_given_where_a_person_writes_one(city: City, signed_in: SignedIn) -> None:
    client, matter = signed_in("clerk"), city.rectifying()
    page = _dropped(client, ("照片.jpg", b"\xff\xd8\xff"), ("说明.txt", b"x"), name="proof_folder").content.decode()
    token = re.search(r'name="heap" value="(.*?)"', page)
    assert token
    sent = {"do": "look", "heap": token[1], "m-0": matter.number, "m-1": "ZZZZ-ZZZZ"}
    page = client.post(reverse("proof_folder"), sent).content.decode()
    assert re.findall(r'name="g" value="(\d+)" checked', page) == ["0"] and "ZZZZ-ZZZZ" in page
    client.post(reverse("proof_folder"), {**sent, "do": "give", "g": ["0"]})
    assert [proof.name for proof in state_of(matter).evidence] == ["照片.jpg"]


def test_who_enters_nothing_for_units_is_shown_nothing_and_told_who_can(city: City, signed_in: SignedIn) -> None:
    for name in ("answers", "proof_folder"):
        answer = signed_in("liaison").get(reverse(name))
        assert answer.status_code == 403 and "clerk" in answer.content.decode()
    assert Refused.objects.filter(rule="not_role").count() == 2


def test_the_main_menu_leads_there_whoever_may_decide_and_nobody_else(city: City, signed_in: SignedIn) -> None:
    link = f'href="{reverse("answers")}"'
    for account in {post.account.account for post in city.posts.values()}:
        client = signed_in(account)
        may = client.get(reverse("answers")).status_code == 200
        assert (link in client.get(reverse("desk")).content.decode()) == may
    assert link in signed_in("clerk").get(reverse("desk")).content.decode()
