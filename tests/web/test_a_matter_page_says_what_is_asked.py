"""The page of a matter says what is asked of whom, what happened, and whether its history is whole."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.ledger.models import Disclosed, Matter, Refused
from bihuan.ledger.redact import redact
from city import City
from triggers import without_triggers

QUERIES = 30


def page_of(client: Any, matter: Matter) -> str:
    answer = client.get(reverse("matter", args=[matter.number]))
    assert answer.status_code == 200
    return answer.content.decode()


def now_of(page: str) -> str:
    """Return the part of the page that says what is asked now."""
    return page[page.index('aria-labelledby="now"') : page.index('class="matter-columns"')]


def test_whoever_may_act_sees_the_step_and_what_it_needs(city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    mine = now_of(page_of(signed_in("liaison"), matter))
    assert "现在请您办理" in mine
    assert reverse("act", args=[matter.number, "claim_done"]) in mine
    assert "须附佐证材料至少1份" in mine
    assert "须填写：整改结果、问题根源" in mine


def test_everybody_else_sees_who_can(city: City, signed_in: Any) -> None:
    matter = city.claimed()
    theirs = now_of(page_of(signed_in("liaison"), matter))
    assert "现在请您办理" not in theirs
    assert "正在等待：审计组核查人" in theirs
    assert "verifier（澄湖市审计局 · verifier）" in theirs
    assert reverse("act", args=[matter.number, "recognise"]) not in theirs


def test_whoever_did_the_work_is_not_offered_its_verification(city: City, signed_in: Any) -> None:
    matter = city.rectifying(liaison="both_owner")
    city.claim(matter, by="both_owner")
    address = reverse("act", args=[matter.number, "recognise"])
    assert address not in page_of(signed_in("both"), matter)
    refused = signed_in("both").get(address)
    assert refused.status_code == 403
    noted = Refused.objects.get(account="both", asked=address)
    assert (noted.rule, noted.post) == ("did_the_work", "both_verifier")
    assert "目前可以办理的是：verifier（澄湖市审计局 · verifier）" in refused.content.decode()
    assert address in page_of(signed_in("verifier"), matter)


def test_a_hidden_matter_and_none_at_all_look_the_same_and_are_recorded(city: City, signed_in: Any) -> None:
    matter = city.register("finance", title="不可外泄的标题")
    client = signed_in("liaison")
    hidden, absent = (client.get(f"/matters/{number}/") for number in (matter.number, "ZZZZ-ZZZZ"))
    assert hidden.status_code == absent.status_code == 404
    assert "不可外泄" not in hidden.content.decode()
    assert "没有这个事项" in hidden.content.decode() and "没有这个事项" in absent.content.decode()
    noted = Refused.objects.get(matter=matter.pk)
    assert (noted.account, noted.rule) == ("liaison", "not_visible")
    for name in ("link", "act", "evidence"):
        extra = {"link": [], "act": ["sign"], "evidence": ["0" * 64]}[name]
        assert client.get(reverse(name, args=[matter.number, *extra])).status_code == 404


def test_the_timeline_tells_who_when_and_from_what_to_what(city: City, signed_in: Any) -> None:
    matter = city.rectifying(progress="初步进展")
    city.act(matter, "report_progress", "liaison", values={"progress": "第二次进展"})
    city.act(city.claim(matter), "send_back", "verifier", reason="缺少财政票据")
    page = page_of(signed_in("clerk"), matter)
    timeline = page[page.index('class="timeline"') :]
    assert "<del>初步进展</del>" in timeline and "<ins>第二次进展</ins>" in timeline
    assert "<del>待核查</del>" in timeline
    assert "缺少财政票据" in timeline and "第1次" in timeline
    assert "澄湖市住房和城乡建设局 · liaison" in timeline
    assert "记录链核验无误" in page
    assert timeline.index("退回补充整改") < timeline.index("申请销号") < timeline.index("签收")


def test_the_loop_is_drawn_where_it_stands(city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    page = page_of(signed_in("clerk"), matter)
    assert "现在在这里" in page
    assert 'class="loop"' in page


def test_an_erased_value_says_so_and_the_chain_stays_whole(city: City, signed_in: Any) -> None:
    matter = city.register(responsible_person="隐去某", description="含个人信息的描述")
    slots = [(1, "set.responsible_person"), (1, "set.description")]
    redact(
        matter.pk, slots, ground="个人信息保护法第四十七条", post=city.posts["clerk"],
        approver=city.posts["approver"], now=city.now,
    )  # fmt: skip
    page = page_of(signed_in("clerk"), matter)
    assert "隐去某" not in page and "含个人信息" not in page
    assert page.count("「已依法删除」") >= 4
    assert "删除2项内容" in page and "个人信息保护法第四十七条" in page
    assert "记录链核验无误" in page


def test_a_broken_history_is_said_loudly(city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    value = Disclosed.objects.filter(matter=matter.pk, version=1).first()
    assert value
    with without_triggers():
        Disclosed.objects.filter(matter=matter.pk, version=1, slot=value.slot).update(value=json.dumps("改过"))
    page = page_of(signed_in("clerk"), matter)
    assert "此事项的记录被篡改或损坏" in page
    assert "记录链核验无误" not in page


def test_evidence_comes_as_a_file_and_only_to_who_may_open_the_matter(city: City, signed_in: Any) -> None:
    matter = city.claimed()
    proof = json.loads(Matter.objects.get(pk=matter.pk).state)["evidence"][0]
    address = reverse("evidence", args=[matter.number, proof["sha256"]])
    assert address in page_of(signed_in("verifier"), matter)
    answer = signed_in("verifier").get(address)
    assert b"".join(answer.streaming_content) == f"0-{matter.pk}".encode()
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert signed_in("other").get(address).status_code == 404
    assert signed_in("verifier").get(address.replace(proof["sha256"], "0" * 64)).status_code == 404


def test_parts_and_links_are_shown_and_hidden_ones_stay_unnamed(city: City, signed_in: Any) -> None:
    matter = city.rectifying(title="上级事项")
    other = city.register("finance", title="财政局的另一事项")
    city.act(matter, "add_measure", "liaison", values={"title": "足额上缴国库"})
    client = signed_in("clerk")
    done = client.post(reverse("link", args=[matter.number]), {"other": other.number.lower(), "note": "同一专项"})
    assert done.status_code == 302
    page = page_of(client, matter)
    assert "足额上缴国库" in page and "已办结 0 / 1" in page
    assert "财政局的另一事项" in page and "同一专项" in page
    theirs = page_of(signed_in("liaison"), matter)
    assert "财政局的另一事项" not in theirs and other.number not in theirs
    assert "您无权查看的事项" in theirs
    child = Matter.objects.get(parent=matter.pk)
    assert "上级事项" in page_of(signed_in("liaison"), child)


@pytest.mark.parametrize("reports", [1, 12])
def test_the_cost_does_not_grow_with_the_history(reports: int, city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    for number in range(reports):
        city.act(matter, "report_progress", "liaison", values={"progress": f"进展{number}"})
    client = signed_in("clerk")
    with CaptureQueriesContext(connection) as queries:
        page_of(client, matter)
    assert len(queries) <= QUERIES, [query["sql"][:90] for query in queries]


def test_text_that_looks_like_markup_stays_text(city: City, signed_in: Any) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    matter = city.rectifying(title=nasty, description=nasty, project=nasty, responsible_person=nasty)
    city.act(matter, "report_progress", "liaison", values={"progress": nasty}, reason=nasty)
    client = signed_in("liaison")
    act = reverse("act", args=[matter.number, "report_progress"])
    for address in ("/", reverse("ledger") + "?q=<script>", reverse("matter", args=[matter.number]), act):
        page = client.get(address).content.decode()
        assert "<script>alert" not in page and "<img" not in page, address
        assert "&lt;script&gt;" in page, address
