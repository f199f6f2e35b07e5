"""Urging: a polite text for each unit, cut to what WeCom takes, and a note on each matter that it was sent."""

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from bihuan.ledger.days import local_day
from bihuan.ledger.history import folded, history
from bihuan.ledger.models import Disclosed, Matter, Refused
from bihuan.ledger.redact import redact
from bihuan.ledger.urging import note_urged
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from bihuan.web.bulk.messages import LIMIT, _cut
from bihuan.workbooks.models import Handout, HandoutPart
from city import City, state_of

URGE = "/bulk/urge/"


def texts(page: str) -> dict[str, str]:
    return dict(re.findall(r'<textarea[^>]* name="text-([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL))


def form(page: str) -> dict[str, Any]:
    fields: dict[str, Any] = {f"text-{key}": text for key, text in texts(page).items()}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page):
        if name == "part":
            fields.setdefault("part", []).append(value)
        elif name.startswith("of-") or name == "once":
            fields[name] = value
    return fields


def shown(client: Any, *matters: Matter) -> str:
    answer = client.get(URGE, {"m": [matter.number for matter in matters]})
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_the_text_says_what_is_asked_by_when_and_whom_to_report_to(city: City, signed_in: Any) -> None:
    city.later(days=-20)
    late = city.register(finding_no="2026-07", title="结余资金未盘活", due="2031-06-30")
    city.act(late, "dispatch", "clerk")
    working, other = city.rectifying(finding_no="2026-08"), city.rectifying("finance", "other")
    city.later(days=20)
    page = shown(signed_in("clerk"), late, working, other)
    assert set(texts(page)) == {"housing.0", "finance.0"}
    text = texts(page)["housing.0"]
    assert (
        text.startswith("【催办】澄湖市住房和城乡建设局：\n截至")
        and "贵单位尚有2项审计整改事项待办理，其中1项已超期" in text
    )
    assert "［2026-07］结余资金未盘活" in text and "现处环节：待签收；请办理：签收。" in text
    assert re.search(r"本环节应于\d{4}年\d+月\d+日前办结，已超期\d+天。", text)
    assert "办理期限为2031年6月30日，还剩" in text
    assert re.search(r"请办理：报告进展、申请销号。请于\d{4}年\d+月\d+日前报告进展。", text)
    assert "请报澄湖市审计局（联系人：clerk）" in text and "2026-08" not in texts(page)["finance.0"]


def test_what_waits_for_the_office_or_has_ended_urges_nobody(city: City, signed_in: Any) -> None:
    claimed, ended = city.claimed(), city.struck_off()
    page = shown(signed_in("clerk"), claimed, ended)
    assert not texts(page)
    assert "本事项处于“待核查”，不在责任单位手中" in page and "本事项已办结，无需催办" in page
    working = city.rectifying()
    page = shown(signed_in("liaison"), working)
    assert not texts(page) and "催办由审计整改管理岗" in page, "a unit does not urge itself"


def test_noting_it_writes_an_event_on_each_matter_and_moves_nothing(city: City, signed_in: Any) -> None:
    matters = [city.rectifying(), city.rectifying()]
    before = [state_of(matter) for matter in matters]
    client = signed_in("clerk")
    fields = form(shown(client, *matters))
    fields["text-housing.0"] = "改过的话：请于周五前报送。"
    page = unescape(client.post(URGE, {**fields, "note": "housing"}).content.decode())
    assert "已在2项事项中记录催办" in page and "改过的话：请于周五前报送。</textarea>" in page
    for matter, was in zip(matters, before, strict=True):
        told, now = history(matter.pk), state_of(matter)
        assert (told[-1].kind, told[-1].account, told[-1].body["unit"]) == ("urged", "clerk", "housing")
        assert told[-1].body["text"] == "改过的话：请于周五前报送。"
        assert (now.stage, now.due, now.stage_due, now.doers) == (was.stage, was.due, was.stage_due, was.doers)
        assert (now.urged, now.urged_on) == (1, local_day(told[-1].at))
        assert folded(told) == now
    assert not list(verify())
    page = unescape(client.get(reverse("matter", args=[matters[0].number])).content.decode())
    assert "最近催办" in page and "共催办1次" in page and "改过的话" in page
    again = unescape(client.post(URGE, {**fields, "note": "all"}).content.decode())
    assert "已在0项事项中记录催办" in again and again.count("这次催办已经记过") == 2
    assert [state_of(matter).urged for matter in matters] == [1, 1]


def test_the_words_of_an_urging_can_be_erased_by_law(city: City) -> None:
    matter = city.rectifying()
    clerk = city.posts["clerk"]
    note_urged(matter.pk, unit="housing", text="请张某办理", once="a", post=clerk, account="clerk", now=city.now)
    version = state_of(matter).version
    redact(matter.pk, [(version, "text")], ground="个人信息保护法", post=clerk,
           approver=city.posts["approver"], now=city.now)  # fmt: skip
    assert not Disclosed.objects.filter(value__contains="张某").exists()
    assert not list(verify(matter.pk)) and state_of(matter).urged == 1


def test_a_message_that_went_out_is_noted_although_the_matter_moved_on(city: City, signed_in: Any) -> None:
    matter, client = city.rectifying(), signed_in("clerk")
    fields = form(shown(client, matter))
    city.act(matter, "report_progress", "liaison", values={"progress": "已办一半"})
    client.post(URGE, {**fields, "note": "housing"})
    assert state_of(matter).urged == 1


@pytest.mark.parametrize("who", ["liaison", "other", "sysadmin"])
def test_nobody_notes_an_urging_who_does_not_supervise(who: str, city: City) -> None:
    matter = city.rectifying()
    with pytest.raises(Refusal):
        note_urged(matter.pk, unit="housing", text="催", once="a", post=city.posts[who], account=who, now=city.now)
    assert Refused.objects.filter(account=who, asked="urge").count() == 1 and state_of(matter).urged == 0
    leader = city.posts["leader"]
    note_urged(matter.pk, unit="housing", text="催", once="a", post=leader, account="leader", now=city.now)
    assert state_of(matter).urged == 1, "the leader who answers for the unit may"


def test_a_session_that_ran_out_notes_nothing(city: City, signed_in: Any) -> None:
    matter, client = city.rectifying(), signed_in("clerk")
    fields = form(shown(client, matter))
    page = client.post(URGE, {**fields, "text-housing.0": "我的话", "note": "housing", "resume": "1"}).content.decode()
    assert "我的话</textarea>" in page and state_of(matter).urged == 0


def test_long_messages_go_out_in_parts_with_marks(city: City, signed_in: Any) -> None:
    matters = [city.rectifying(title="专项资金闲置问题" * 6, finding_no=f"2026-{n}") for n in range(40)]
    page = shown(signed_in("clerk"), *matters)
    parts = texts(page)
    assert len(parts) >= 3 and all(len(text) <= LIMIT for text in parts.values())
    for number, text in enumerate(parts.values(), start=1):
        assert f"（{number}/{len(parts)}）" in text.splitlines()[0]
    whole = "".join(parts.values())
    assert all(whole.count(f"［2026-{n}］") == 1 for n in range(40)), "none is left out, none said twice"
    assert sum(map(int, re.findall(r"(\d+)项[^<]*<span data-length>", page))) == 40
    assert list(_cut(["x" * 50] * 3, 10)) == [(0, 1), (1, 2), (2, 3)], "one that is too long goes alone"


def test_copying_works_on_an_intranet_without_tls(city: City, page: Any, live_server: Any) -> None:
    matters = [city.rectifying(), city.rectifying("finance", "other")]
    page.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")
    page.goto(live_server.url + URGE + "?" + "&".join(f"m={matter.number}" for matter in matters))
    page.fill("[name=account]", "clerk")
    page.fill("[name=password]", "test-only-passphrase")
    page.press("[name=password]", "Enter")
    page.fill("#text-housing\\.0", "改过的催办")
    page.evaluate("document.addEventListener('copy', () => { window.taken = document.activeElement.value; })")
    button = page.locator("[data-part]:has(#text-housing\\.0) [data-copy]")
    button.click()
    assert page.evaluate("window.taken") == "改过的催办"
    assert page.locator("[data-part]:has(#text-housing\\.0) .copied").inner_text() == "已复制。"
    page.click("[data-copy-all]")
    assert "改过的催办" in page.evaluate("window.taken") and "澄湖市财政局" in page.evaluate("window.taken")
    page.click("button[name=note][value=all]")
    page.wait_for_selector("text=已在2项事项中记录催办")
    assert set(Matter.objects.values_list("version", flat=True)) == {4}


def test_a_workbook_that_is_owed_is_asked_for_with_its_days(city: City, signed_in: Any) -> None:
    """Only of a handout of one's own, and only from the units that have not sent theirs back."""
    working, other = city.rectifying(), city.rectifying("finance", "other")
    post, today = city.posts["clerk"], local_day(city.now)
    handout = Handout.objects.create(
        id=uuid4(),
        mechanism=city.mechanism,
        made_at=city.now,
        return_by=today + timedelta(days=7),
        post=post,
        account="a",
    )
    for unit, returned in (("housing", None), ("finance", city.now)):
        HandoutPart.objects.create(handout=handout, unit=city.units[unit], file=f"{unit}.xlsx", returned_at=returned)
    asked = {"m": [working.number, other.number], "handout": str(handout.pk)}

    def written(**more: Any) -> dict[str, str]:
        return texts(unescape(signed_in("clerk").get(URGE, {**asked, **more}).content.decode()))

    text, day = written(), handout.return_by
    assert f"前报回{today.year}年{today.month}月{today.day}日下发的整改台账" in text["housing.0"]
    assert f"请于{day.year}年{day.month}月{day.day}日前" in text["housing.0"]
    assert "下发的整改台账" not in text["finance.0"]
    for strange in (str(uuid4()), "x"):
        assert "下发的整改台账" not in written(handout=strange)["housing.0"]
    Handout.objects.update(post=city.posts["other"])
    assert "下发的整改台账" not in written()["housing.0"], "another office's handout tells nothing"
