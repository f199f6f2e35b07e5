"""In most units nobody signs in: the supervisor enters their work on the page, with the scan, in both names."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Post, Unit
from bihuan.directory.organisation import Organisation
from bihuan.ledger.days import local_day
from bihuan.ledger.history import history
from bihuan.ledger.models import Matter, Refused
from bihuan.ledger.next_steps import current_posts, next_steps
from bihuan.ledger.packs import pinned
from city import SINCE, City, state_of

TOWN = "澄湖市芦汀镇人民政府"
KEPT = re.compile(r'name="kept" value="([^"]+)"')


@pytest.fixture
def dispatched(city: City) -> Matter:
    """A finding that was sent to a town where nobody has a post."""
    Unit.objects.create(key="town", name=TOWN, level=2, parent=city.units["city"], since=SINCE)
    return city.act(city.register("town"), "dispatch", "clerk")


@pytest.fixture
def rectifying(city: City, dispatched: Matter) -> Matter:
    return city.act(dispatched, "sign", "clerk", behalf="town", proofs=1)


def page_of(client: Client, matter: Matter) -> str:
    return unescape(client.get(reverse("matter", args=[matter.number])).content.decode())


def now_of(page: str) -> str:
    return page[page.index('aria-labelledby="now"') : page.index('class="matter-columns"')]


def offered(page: str) -> str:
    """Return the part of the page that offers what may be entered for a unit; empty where nothing is."""
    now = now_of(page)
    start = now.find('class="also entering"')
    return now[start : now.find("<details", start)] if start >= 0 else ""


def address(matter: Matter, action: str, unit: str = "") -> str:
    return reverse("act", args=[matter.number, action]) + (f"?for={unit}" if unit else "")


def enter(client: Client, matter: Matter, action: str, fields: Mapping[str, Any], unit: str = "town") -> Any:
    version = Matter.objects.get(pk=matter.pk).version
    return client.post(address(matter, action, unit), {"version": version, "for": unit, **fields})


def scan(name: str = "签收回执.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"scanned")


def test_the_matter_page_offers_it_apart_from_ones_own_steps(dispatched: Matter, signed_in: Any) -> None:
    now = now_of(page_of(signed_in("clerk"), dispatched))
    assert f"{TOWN}尚无联络人，由clerk（澄湖市审计局 · clerk）凭其书面材料代录。" in now
    assert "无人任此岗位" not in now and "目前无人可以办理" not in now
    group = offered(page_of(signed_in("clerk"), dispatched))
    assert f"可为{TOWN}代录" in group and "扫描件或照片" in group
    for action in ("sign", "return"):
        assert address(dispatched, action, "town") in group
        assert f'href="{address(dispatched, action)}"' not in now
    for own in ("amend", "log_communication"):
        assert address(dispatched, own) in now and address(dispatched, own) not in group


def test_a_scan_makes_it_the_units_act_in_both_names(dispatched: Matter, signed_in: Any) -> None:
    client = signed_in("clerk")
    form = client.get(address(dispatched, "sign", "town")).content.decode()
    assert f"代{TOWN}录入" in form and f"本次办理计入{TOWN}，办理记录载明由clerk代录。" in form
    assert "至少1份" in form and "扫描件或照片" in form
    done = enter(client, dispatched, "sign", {"evidence": scan()})
    assert done.status_code == 302
    told = history(dispatched.pk)[-1]
    assert (told.account, told.post, told.body["behalf"]) == ("clerk", "clerk", "town")
    page = page_of(client, dispatched)
    assert f"已代{TOWN}录入：签收。" in page
    timeline = page[page.index('class="timeline"') :]
    assert f"clerk 代 {TOWN}" in timeline
    assert "录入岗位：澄湖市审计局 · clerk" in timeline
    assert timeline.count(" 代 ") == 1, "what the clerk did in their own name stays in their own name"
    assert "签收回执.jpg" in timeline


def test_without_the_scan_nothing_is_done_and_nothing_lost(rectifying: Matter, signed_in: Any) -> None:
    client = signed_in("clerk")
    typed = {"f-progress": "该镇来文称已完成\n两处整改", "reason": "来文编号略"}
    refused = enter(client, rectifying, "report_progress", typed)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "扫描件" in re.findall(r'id="evidence-fault">([^<]+)<', page)[0]
    assert "两处整改</textarea>" in page and "来文编号略</textarea>" in page
    assert 'name="for" value="town"' in page
    assert Refused.objects.filter(account="clerk", rule="missing_scan").exists()
    assert "progress" not in state_of(rectifying).values
    assert enter(client, rectifying, "report_progress", {**typed, "evidence": scan()}).status_code == 302
    assert state_of(rectifying).values["progress"] == "该镇来文称已完成\n两处整改"


def test_a_scan_is_kept_when_something_else_is_missing(rectifying: Matter, signed_in: Any) -> None:
    client = signed_in("clerk")
    typed = {"f-result": "已上缴", "f-cause": "", "evidence": scan("销号申请.pdf")}
    refused = enter(client, rectifying, "claim_done", typed)
    assert refused.status_code == 422
    kept = KEPT.findall(refused.content.decode())
    assert len(kept) == 1
    again = {"f-result": "已上缴", "f-cause": "疏忽", "kept": kept}
    assert enter(client, rectifying, "claim_done", again).status_code == 302
    assert (state_of(rectifying).stage, state_of(rectifying).assertion) == ("checking", "done")


@pytest.mark.parametrize("account", ["verifier", "approver", "leader"])
def test_nobody_else_enters_for_it(account: str, rectifying: Matter, signed_in: Any) -> None:
    client = signed_in(account)
    assert not offered(page_of(client, rectifying))
    opened = client.get(address(rectifying, "report_progress", "town"))
    assert opened.status_code == 403
    assert "clerk（澄湖市审计局 · clerk）" in opened.content.decode(), "the refusal says who can"
    sent = enter(client, rectifying, "report_progress", {"f-progress": "代写的进展", "evidence": scan()})
    assert sent.status_code == 422
    assert "代写的进展</textarea>" in sent.content.decode()
    assert "progress" not in state_of(rectifying).values
    assert Refused.objects.filter(account=account, rule="not_role", matter=rectifying.pk).count() == 2


@pytest.mark.parametrize("unit", ["finance", "nowhere", "a\x00b", "<script>"])
def test_it_is_entered_for_no_unit_but_a_party(unit: str, rectifying: Matter, signed_in: Any) -> None:
    client = signed_in("clerk")
    assert client.get(address(rectifying, "report_progress"), {"for": unit}).status_code == 403
    fields = {"version": rectifying.version, "for": unit, "f-progress": "进展", "evidence": scan()}
    sent = client.post(address(rectifying, "report_progress"), fields)
    assert sent.status_code == 422
    assert "<script>" not in sent.content.decode().replace("<script src=", "")
    assert "progress" not in state_of(rectifying).values


def test_whoever_entered_the_work_does_not_verify_it(city: City, rectifying: Matter, signed_in: Any) -> None:
    clerk = city.posts["clerk"]
    Post.objects.create(
        key="clerk_verifies", account=clerk.account, unit=clerk.unit, title="兼任", roles=["verifier"], since=SINCE
    )
    client = signed_in("clerk")
    fields = {"f-result": "已上缴", "f-cause": "疏忽", "evidence": scan()}
    assert "不得再核验本事项" in client.get(address(rectifying, "claim_done", "town")).content.decode()
    assert enter(client, rectifying, "claim_done", fields).status_code == 302
    assert address(rectifying, "recognise") not in page_of(client, rectifying)
    assert client.get(address(rectifying, "recognise")).status_code == 403
    assert Refused.objects.get(asked=address(rectifying, "recognise")).rule == "did_the_work"
    assert address(rectifying, "recognise") in page_of(signed_in("verifier"), rectifying)


def test_a_unit_with_a_liaison_is_waited_for_and_may_still_be_entered_for(city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    page = page_of(signed_in("clerk"), matter)
    assert "liaison（澄湖市住房和城乡建设局 · liaison）" in now_of(page)
    assert "尚无联络人" not in now_of(page)
    assert address(matter, "report_progress", "housing") in offered(page)
    assert not offered(page_of(signed_in("liaison"), matter)), "what one does in one's own name is not entered"


def test_where_nobody_enters_either_the_page_says_that_the_matter_stands_still(
    city: City, dispatched: Matter, signed_in: Any
) -> None:
    client = signed_in("leader")
    assert "凭其书面材料代录" in now_of(page_of(client, dispatched))
    Post.objects.filter(key="clerk").update(until=SINCE)
    now = now_of(page_of(client, dispatched))
    assert "凭其书面材料代录" not in now and '<p class="fault">' in now


def test_a_text_typed_while_somebody_else_acted_is_still_for_the_unit(
    city: City, rectifying: Matter, signed_in: Any
) -> None:
    seen = rectifying.version
    city.act(rectifying, "report_progress", "clerk", behalf="town", proofs=1, values={"progress": "先报的进展"})
    fields = {"version": seen, "for": "town", "f-progress": "后报的进展", "evidence": scan()}
    answer = signed_in("clerk").post(address(rectifying, "report_progress", "town"), fields)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "后报的进展</textarea>" in page and 'name="for" value="town"' in page
    assert f"clerk 代 {TOWN}" in page, "the conflict says for whom the other act was entered"


def test_the_next_steps_name_who_may_enter_for_whom(city: City, dispatched: Matter) -> None:
    today, state = local_day(city.now), state_of(dispatched)
    steps = next_steps(
        pinned(dispatched.mechanism_hash), state, posts=current_posts(today), organisation=Organisation.on(today),
        today=today, calendar=load_calendar(),
    )  # fmt: skip
    found = {step.action.key: [(post.key, unit) for post, unit in step.entering] for step in steps}
    assert found["sign"] == [("clerk", "town")]
    assert found["amend"] == [], "a supervisor's own act is nobody's to enter"
    assert not next(step for step in steps if step.action.key == "sign").posts
