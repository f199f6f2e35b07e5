"""Whatever becomes of a form, what was typed and which files were given is still there."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.ledger.models import Evidence, Matter, Refused
from bihuan.ledger.store import path_of
from city import City, state_of

VERSION = re.compile(r'name="version" value="(\d+)"')
KEPT = re.compile(r'name="kept" value="([^"]+)"')


def act(client: Client, matter: Matter, action: str, fields: Mapping[str, Any]) -> Any:
    return client.post(reverse("act", args=[matter.number, action]), fields)


def fault_of(page: str, name: str) -> str:
    """Return the sentence beside the field `name`."""
    found = re.search(rf'id="{name}-fault">([^<]+)<', page)
    assert found, f"nothing is said beside {name}"
    return unescape(found[1])


def version_of(matter: Matter) -> int:
    return Matter.objects.get(pk=matter.pk).version


def test_an_act_goes_through_with_values_and_files(city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    fields = {
        "version": version_of(matter), "f-result": "已足额上缴", "f-cause": "制度执行不严",
        "f-paid_in": "1,234.5", "f-paid_in-unit": "wan", "f-returned": "300元", "f-rules_made": "２",
        "evidence": [SimpleUploadedFile("缴款书.txt", b"one"), SimpleUploadedFile("回单.txt", b"two")],
    }  # fmt: skip
    answer = act(signed_in("liaison"), matter, "claim_done", fields)
    assert answer.status_code == 302
    state = state_of(matter)
    assert state.stage == "checking"
    assert (state.values["paid_in"], state.values["returned"], state.values["rules_made"]) == (1_234_500_000, 30_000, 2)
    assert [proof.name for proof in state.evidence] == ["缴款书.txt", "回单.txt"]


def test_a_refused_form_keeps_texts_and_files(city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    client = signed_in("liaison")
    fields = {
        "version": version_of(matter), "f-result": "已足额上缴\n共三笔", "f-cause": "",
        "f-paid_in": "约三百", "f-paid_in-unit": "yuan", "reason": "备注文字",
        "evidence": SimpleUploadedFile("缴款书.txt", b"one"),
    }  # fmt: skip
    answer = act(client, matter, "claim_done", fields)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "约三百" in fault_of(page, "f-paid_in")
    assert 'value="约三百"' in page and '<option value="yuan" selected>' in page
    assert "已足额上缴\n共三笔</textarea>" in page and "备注文字</textarea>" in page
    assert "缴款书.txt" in page
    kept = KEPT.findall(page)
    assert len(kept) == 1
    again = {**fields, "f-paid_in": "300", "f-cause": "制度执行不严", "kept": kept[0]}
    del again["evidence"]
    missing = act(client, matter, "claim_done", {**again, "f-cause": ""})
    assert "问题根源" in fault_of(missing.content.decode(), "f-cause")
    assert KEPT.findall(missing.content.decode())
    assert act(client, matter, "claim_done", again).status_code == 302
    assert [proof.name for proof in state_of(matter).evidence] == ["缴款书.txt"]
    assert Evidence.objects.filter(matter=matter.pk).count() == 1


def test_a_kept_file_is_its_givers_alone_and_cannot_be_made_up(city: City, signed_in: Any) -> None:
    matter, other = city.rectifying(), city.rectifying(liaison="both_owner")
    empty = {"version": version_of(matter), "f-result": "", "f-cause": ""}
    page = act(signed_in("liaison"), matter, "claim_done", {**empty, "evidence": SimpleUploadedFile("a.txt", b"a")})
    token = KEPT.findall(page.content.decode())[0]
    full = {"f-result": "完成", "f-cause": "疏忽"}
    for client, where, text in (
        (signed_in("liaison"), other, token),
        (signed_in("both"), matter, token),
        (signed_in("liaison"), matter, token[:-2] + "xx"),
        (signed_in("liaison"), matter, "0" * 64),
    ):
        answer = act(client, where, "claim_done", {**full, "version": version_of(where), "kept": text})
        assert answer.status_code == 422
        assert "佐证材料" in fault_of(answer.content.decode(), "evidence")
    assert state_of(matter).evidence == ()


def test_an_empty_file_is_said_beside_the_files(city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    fields = {
        "version": version_of(matter),
        "f-result": "完成",
        "f-cause": "疏忽",
        "evidence": SimpleUploadedFile("空.txt", b""),
    }
    page = act(signed_in("liaison"), matter, "claim_done", fields).content.decode()
    assert "空.txt" in fault_of(page, "evidence")
    assert "完成</textarea>" in page


def test_two_at_once_the_second_is_told_and_loses_nothing(city: City, signed_in: Any) -> None:
    matter = city.rectifying(measures="原措施", progress="原进展")
    seen = version_of(matter)
    city.act(
        matter, "report_progress", "both_owner", values={"progress": "另一人写的进展", "next_step": "另一人的下一步"}
    )
    fields = {
        "version": seen, "f-progress": "我写的进展", "f-measures": "原措施", "f-next_step": "",
        "f-cause": "我写的根源", "evidence": SimpleUploadedFile("照片.txt", b"p"),
    }  # fmt: skip
    client = signed_in("liaison")
    answer = act(client, matter, "report_progress", fields)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "别人已经办理了此事项" in page and "报告进展" in page and "both" in page
    assert "我写的进展</textarea>" in page and "我写的根源</textarea>" in page
    assert "另一人写的进展" in page, "what the field has become is said beside it"
    assert "另一人的下一步</textarea>" in page, "a field that was left alone takes its new value"
    assert Refused.objects.filter(rule="conflict", account="liaison").exists()
    assert state_of(matter).values["progress"] == "另一人写的进展"
    version = VERSION.search(page)
    assert version and int(version[1]) == version_of(matter)
    again = {"version": version[1], "f-progress": "我写的进展", "f-measures": "原措施", "f-cause": "我写的根源",
             "f-next_step": "另一人的下一步", "kept": KEPT.findall(page)[0]}  # fmt: skip
    assert act(client, matter, "report_progress", again).status_code == 302
    values = state_of(matter).values
    assert (values["progress"], values["next_step"]) == ("我写的进展", "另一人的下一步")
    assert [proof.name for proof in state_of(matter).evidence] == ["照片.txt"]


def test_when_the_step_is_gone_the_text_can_still_be_copied(city: City, signed_in: Any) -> None:
    matter = city.claimed()
    seen = version_of(matter)
    city.recognise(matter)
    answer = act(signed_in("verifier"), matter, "send_back", {"version": seen, "reason": "很长的退回理由"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "已不能办理" in page and "很长的退回理由</textarea>" in page


def test_somebody_with_several_posts_acts_with_the_one_that_may(city: City, signed_in: Any) -> None:
    matter = city.claim(city.rectifying("finance", liaison="other"), by="other")
    page = signed_in("both").get(reverse("act", args=[matter.number, "recognise"])).content.decode()
    assert "办理岗位：澄湖市审计局 · both_verifier" in page
    fields = {"version": version_of(matter), "f-criterion": "money_settled", "f-opinion": "凭证齐全"}
    assert act(signed_in("both"), matter, "recognise", fields).status_code == 302
    assert state_of(matter).stage == "approving"


def test_a_post_that_one_does_not_hold_is_not_acted_with(city: City, signed_in: Any) -> None:
    matter = city.claimed()
    fields = {"version": version_of(matter), "post": "verifier", "f-criterion": "money_settled", "f-opinion": "好"}
    answer = act(signed_in("liaison"), matter, "recognise", fields)
    assert answer.status_code == 422
    assert "verifier（澄湖市审计局 · verifier）" in answer.content.decode(), "the refusal says who can"
    assert "好</textarea>" in answer.content.decode()
    assert state_of(matter).stage == "checking"
    assert Refused.objects.filter(account="liaison", post="liaison").exists()


def test_only_what_was_changed_is_asked_for(city: City, signed_in: Any) -> None:
    matter = city.register(project="甲项目", amount=1_234_56)
    client = signed_in("clerk")
    page = client.get(reverse("act", args=[matter.number, "amend"])).content.decode()
    assert 'value="甲项目"' in page and 'value="0.123456"' in page
    fields = {
        "version": 1,
        "f-project": "乙项目",
        "f-amount": "0.123456",
        "f-amount-unit": "wan",
        "reason": "项目名称有误",
        "f-title": "结余资金未盘活",
    }
    assert act(client, matter, "amend", fields).status_code == 302
    timeline = client.get(reverse("matter", args=[matter.number])).content.decode()
    assert "<del>甲项目</del>" in timeline
    assert state_of(matter).values["amount"] == 1_234_56


def test_an_entry_of_the_log_is_added_and_corrected(city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    client = signed_in("clerk")
    entry = {
        "version": version_of(matter),
        "r-talked_on": "2026.6.30",
        "r-talked_with": "leader",
        "r-content": "已电话报告",
    }
    half = act(client, matter, "log_communication", {**entry, "r-content": ""})
    assert "沟通内容" in fault_of(half.content.decode(), "r-content")
    assert act(client, matter, "log_communication", entry).status_code == 302
    key = next(iter(state_of(matter).records["communication"]))
    page = client.get(reverse("act", args=[matter.number, "log_communication"]) + f"?entry={key}").content.decode()
    assert "已电话报告</textarea>" in page
    corrected = {**entry, "version": version_of(matter), "entry": key, "r-content": "已当面报告"}
    assert act(client, matter, "log_communication", corrected).status_code == 302
    assert state_of(matter).records["communication"] == {
        key: {"talked_on": "2026-06-30", "talked_with": "leader", "content": "已当面报告"}
    }


@pytest.mark.parametrize(
    "typed, said",
    [("住房和城乡", "是不是澄湖市住房和城乡建设局"), ("没有的局", "没有“没有的局”这个单位"), ("", "责任单位")],
)
def test_a_unit_that_is_not_one_is_said_beside_its_field(typed: str, said: str, city: City, signed_in: Any) -> None:
    fields = {
        "f-title": "专项资金闲置",
        "f-responsible_unit": typed,
        "f-amount": "12",
        "f-assisting_units": ["澄湖市财政局", ""],
    }
    answer = signed_in("clerk").post(reverse("register_matter", args=["audit_rectification"]), fields)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in fault_of(page, "f-responsible_unit")
    assert 'value="专项资金闲置"' in page and 'value="澄湖市财政局"' in page
    assert not Matter.objects.exists()


def test_a_finding_is_registered_by_hand_and_only_once(city: City, signed_in: Any) -> None:
    fields = {
        "f-title": "专项资金闲置", "f-finding_no": "ZG-01", "f-project": "预算执行审计", "f-amount": "3.2亿元",
        "f-responsible_unit": "澄湖市住房和城乡建设局", "f-assisting_units": ["澄湖市财政局", "", ""],
        "f-rectify_type": "phased", "f-due": "2026-12-31",
    }  # fmt: skip
    client = signed_in("clerk")
    address = reverse("register_matter", args=["audit_rectification"])
    assert client.post(address, fields).status_code == 302
    matter = Matter.objects.get()
    state = state_of(matter)
    assert (state.values["amount"], state.values["assisting_units"]) == (32_000_000_000, ["finance"])
    assert str(matter.due) == "2026-12-31"
    twice = client.post(address, fields)
    assert twice.status_code == 422
    assert "已有同一编号" in fault_of(twice.content.decode(), "f-finding_no")
    assert reverse("matter", args=[matter.number]) in twice.content.decode()
    assert Matter.objects.count() == 1


def test_who_may_not_register_is_told_and_recorded(city: City, signed_in: Any) -> None:
    address = reverse("register_matter", args=["audit_rectification"])
    for account in ("liaison", "verifier", "leader", "sysadmin"):
        assert signed_in(account).get(address).status_code == 403
        assert signed_in(account).post(address, {"f-title": "x", "f-responsible_unit": "housing"}).status_code == 403
        assert Refused.objects.filter(account=account, asked=address).count() == 2
    assert not Matter.objects.exists()


def test_a_form_that_is_sent_twice_registers_one_matter(city: City, signed_in: Any) -> None:
    fields = {"once": "a1b2c3d4", "f-title": "结余资金未盘活", "f-responsible_unit": "澄湖市住房和城乡建设局"}
    address = reverse("register_matter", args=["audit_rectification"])
    client = signed_in("clerk")
    assert client.post(address, fields).status_code == 302
    again = client.post(address, fields)
    assert again.status_code == 302, "the answer to the first may have been lost: it says where the matter is"
    assert again.url == reverse("matter", args=[Matter.objects.get().number])
    assert "没有重复登记" in client.get(again.url).content.decode()
    assert Matter.objects.count() == 1


def test_no_file_is_kept_for_whoever_may_not_act(city: City, signed_in: Any) -> None:
    matter = city.claimed()
    before = set(path_of(matter.pk, "x").parent.iterdir())
    upload = SimpleUploadedFile("证据.txt", b"not to be kept")
    answer = act(signed_in("liaison"), matter, "recognise", {"version": "9" * 5000, "evidence": upload})
    assert answer.status_code == 422
    assert set(path_of(matter.pk, "x").parent.iterdir()) == before
