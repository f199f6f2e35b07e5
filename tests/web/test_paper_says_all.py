"""Printing: a matter with its history, a list with its filter in words, slips; and instructions signed on paper."""

import re
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bihuan.ledger.models import Matter, Refused
from bihuan.mechanism.refusal import Refusal
from city import City, state_of

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe"
    "a72d5f150000000049454e44ae426082"
)
TYPED = {
    "r-signed_by": "冉某",
    "r-leader_post": "副市长",
    "r-signed_on": "2026-06-01",
    "r-urgency": "urgent",
    "r-instruction": "请于月底前整改到位。",
}


def page_of(client: Any, address: str, **query: Any) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


def instruct(client: Any, matter: Matter, **more: Any) -> Any:
    version = Matter.objects.get(pk=matter.pk).version
    return client.post(reverse("act", args=[matter.number, "log_instruction"]), {"version": version, **TYPED, **more})


def test_an_instruction_signed_on_paper_is_registered_with_its_picture(city: City, signed_in: Any) -> None:
    matter, client = city.claimed(), signed_in("clerk")
    refused = instruct(client, matter)
    assert refused.status_code == 422 and "请于月底前整改到位。" in refused.content.decode()
    assert not state_of(matter).records
    done = instruct(client, matter, evidence=SimpleUploadedFile("批示原件.png", PNG, "image/png"))
    assert done.status_code == 302
    (entry,) = state_of(matter).records["instruction"].values()
    assert entry["signed_by"] == "冉某" and entry["urgency"] == "urgent"
    page = page_of(client, reverse("matter", args=[matter.number]))
    records = page[page.index("领导批示</h2>") :]
    picture = re.search(r'<img src="([^"]+)"', records[: records.index("</section>")])
    assert picture and client.get(picture[1]).headers["Content-Type"] == "image/png"
    assert "凭证0.txt" in page and "凭证0.txt" not in records[: records.index("</section>")], "each entry has its own"
    paper = page_of(client, reverse("print_matter", args=[matter.number]))
    assert "批示原件.png" in paper and "请于月底前整改到位。" in paper


@pytest.mark.parametrize("who", ["liaison", "verifier", "leader"])
def test_nobody_but_the_supervisor_registers_an_instruction(who: str, city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    answer = instruct(signed_in(who), matter, evidence=SimpleUploadedFile("批示.png", PNG))
    assert answer.status_code == 422 and not state_of(matter).records
    assert Refused.objects.filter(account=who, rule="not_role").exists()


def test_a_printed_matter_has_its_history_its_hashes_and_who_entered_for_whom(city: City, signed_in: Any) -> None:
    matter = city.act(city.register(amount=123_456_00), "dispatch", "clerk")
    city.act(matter, "sign", "clerk", behalf="housing", proofs=1)
    state = state_of(matter)
    paper = page_of(signed_in("clerk"), reverse("print_matter", args=[matter.number]))
    assert state.evidence[0].sha256 in paper and Matter.objects.get(pk=matter.pk).head in paper
    assert "clerk 代 澄湖市住房和城乡建设局" in paper and "凭证0.txt" in paper
    assert "12.3456万元" in paper and "结余资金未盘活" in paper and "（签字）" in paper
    assert "<nav" not in paper


def test_a_printed_list_says_what_it_was_chosen_by(city: City, signed_in: Any) -> None:
    for unit, title in (("housing", "甲问题"), ("finance", "乙问题")):
        city.register(unit, title=title, amount=10_000_00)
    client = signed_in("clerk")
    paper = page_of(client, reverse("print_list"), unit="finance", state="open")
    assert "乙问题" in paper and "甲问题" not in paper
    assert "共1项" in paper and "单位：澄湖市财政局" in paper and "打印：clerk" in paper and "合计1.00万元" in paper
    paper = page_of(client, reverse("print_list"), m=[matter.number for matter in city.made])
    assert "甲问题" in paper and "乙问题" in paper and "筛选条件" not in paper
    assert "甲问题" not in page_of(signed_in("other"), reverse("print_list"), state="open")
    assert client.get(reverse("print_list"), {"unit": "nowhere"}).status_code == 422


def test_a_slip_is_made_for_each_matter(city: City, signed_in: Any) -> None:
    sent, claimed = city.act(city.register(title="丙问题"), "dispatch", "clerk"), city.claimed(title="丁问题")
    client = signed_in("clerk")
    numbers = [sent.number, claimed.number]
    slips = page_of(client, reverse("print_slips"), m=numbers)
    assert slips.count('<section class="slip">') == 2 and "per-2" in slips and "审计整改签收单" in slips
    assert slips.count("单位负责人（签字、盖章）") == 2
    assert "per-1" in page_of(client, reverse("print_slips"), m=numbers, per="1")
    closing = page_of(client, reverse("print_slips"), m=[claimed.number], kind="closing")
    assert "审计整改销号审批表" in closing and "已上缴财政" in closing
    assert "审计组核查人意见" in closing and "审定销号人意见" in closing


def test_each_button_of_the_ledger_prints_what_it_is_called(city: City, signed_in: Any) -> None:
    ticked, other = city.register(title="丙问题"), city.register(title="丁问题")
    client = signed_in("clerk")
    ledger = page_of(client, reverse("ledger"))
    for button, paper in (("打印签收单", "审计整改签收单"), ("打印销号审批表", "审计整改销号审批表")):
        [address] = re.findall(rf'formaction="([^"]+)"[^>]*>{button}</button>', ledger)
        printed = client.post(unescape(address), {"m": ticked.number}).content.decode()
        assert paper in printed and "丙问题" in printed and other.number not in printed


def test_the_other_slip_is_of_the_same_matters(city: City, signed_in: Any) -> None:
    ticked, other = city.register(), city.register()
    client = signed_in("clerk")
    paper = client.post(reverse("print_slips"), {"m": ticked.number}).content.decode()
    [over] = re.findall('name="over" value="([^"]+)"', paper)
    addresses = re.findall(r'formaction="([^"]+)"', paper)
    assert len(addresses) == 2
    for address in addresses:
        printed = client.post(unescape(address), {"over": over}).content.decode()
        assert ticked.number in printed and other.number not in printed


def test_a_matter_that_one_may_not_open_is_not_printed(city: City, signed_in: Any) -> None:
    matter = city.register("finance")
    client = signed_in("liaison")
    assert client.get(reverse("print_matter", args=[matter.number])).status_code == 404
    assert client.get(reverse("print_slips"), {"m": matter.number}).status_code == 404
    assert Refused.objects.filter(account="liaison", rule="not_visible").count() == 2


def test_a_day_is_set_before_dispatch_and_moved_only_by_extension_after(city: City) -> None:
    matter = city.register(rectify_type=None)
    city.act(matter, "set_terms", "clerk", values={"rectify_type": "phased", "due": "2031-06-30"})
    assert state_of(matter).due.isoformat() == "2031-06-30"
    city.act(matter, "set_terms", "clerk", values={"due": "2031-07-31"})
    assert state_of(matter).due.isoformat() == "2031-07-31"
    city.act(matter, "dispatch", "clerk")
    with pytest.raises(Refusal) as refused:
        city.act(matter, "set_terms", "clerk", values={"due": "2031-08-31"})
    assert "extension" in str(refused.value)
    city.act(matter, "return", "liaison", reason="不是我单位的事")
    with pytest.raises(Refusal) as refused:
        city.act(matter, "set_terms", "clerk", values={"due": "2031-08-31"})
    assert refused.value.rule == "deadline_fixed"
