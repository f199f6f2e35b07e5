"""The desk and the page of a matter say what is asked, by when, what follows if not, and who can."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bihuan.directory.models import Post
from city import City

STEP = re.compile(r'class="btn btn-primary task-step" href="([^"]+)"')


def desk(client: Any) -> str:
    return client.get(reverse("desk")).content.decode()


@pytest.mark.parametrize(
    "account, stage, action",
    [
        ("clerk", "register", "dispatch"),
        ("liaison", "dispatched", "sign"),
        ("liaison", "rectifying", "claim_done"),
        ("verifier", "claimed", "recognise"),
        ("approver", "recognised", "strike_off"),
    ],
)
def test_each_post_finds_its_own_step_on_the_desk(
    account: str, stage: str, action: str, city: City, signed_in: Any
) -> None:
    made = {
        "register": lambda: city.register(),
        "dispatched": lambda: city.act(city.register(), "dispatch", "clerk"),
        "rectifying": lambda: city.rectifying(),
        "claimed": lambda: city.claimed(),
        "recognised": lambda: city.recognise(city.claimed()),
    }
    matter = made[stage]()
    asked = STEP.findall(desk(signed_in(account)))
    assert asked == [reverse("act", args=[matter.number, action])]
    assert signed_in(account).get(asked[0]).status_code == 200
    for other in {"clerk", "liaison", "verifier", "approver"} - {account}:
        assert not STEP.findall(desk(signed_in(other)))


def test_whoever_did_the_work_is_sent_to_see_who_can(city: City, signed_in: Any) -> None:
    matter = city.claim(city.rectifying(liaison="both_owner"), by="both_owner")
    page = desk(signed_in("both"))
    assert not STEP.findall(page) and "查看谁能办理" in page
    assert reverse("matter", args=[matter.number]) in page


def test_the_desk_costs_the_same_however_much_waits(city: City, signed_in: Any) -> None:
    client, costs = signed_in("both"), []
    for number in range(1, 8):
        city.rectifying(liaison="both_owner", title=f"问题{number}")
        if number in (1, 7):
            with CaptureQueriesContext(connection) as queries:
                desk(client)
            costs.append(len(queries))
    assert costs[0] == costs[1]


def test_an_empty_desk_says_what_to_do(city: City, signed_in: Any) -> None:
    assert "导入台账" in desk(signed_in("clerk")), "who may register is led to the import"
    assert "导入台账" not in desk(signed_in("liaison")) and "没有等您办理的事项" in desk(signed_in("liaison"))
    assert "您的岗位负责系统管理" in desk(signed_in("sysadmin"))


def test_the_page_says_who_hears_of_it_if_nothing_is_done(city: City, signed_in: Any) -> None:
    matter = city.rectifying()
    page = signed_in("liaison").get(reverse("matter", args=[matter.number])).content.decode()
    told = page[page.index("逾期不办") : page.index("不会自动发送")]
    due = (matter.due + timedelta(days=1)).isoformat()
    assert due in told and "逾期1天" in told
    assert "责任单位联络人、审计整改管理岗" in told and "liaison（澄湖市住房和城乡建设局 · liaison）" in told
    assert "并发《审计整改催办单》" in told
    assert "leader（澄湖市人民政府 · leader）" in told
    done = city.struck_off()
    assert "逾期不办" not in signed_in("liaison").get(reverse("matter", args=[done.number])).content.decode()


def test_what_is_past_is_said_as_past(city: City, signed_in: Any) -> None:
    now = city.now
    city.now = now - timedelta(days=100)
    matter = city.rectifying()
    city.now = now
    page = signed_in("clerk").get(reverse("matter", args=[matter.number])).content.decode()
    assert "督办阶梯已到最后一档，应已告知分管领导" in page


def test_where_nobody_can_the_page_says_who_names_somebody(city: City, signed_in: Any) -> None:
    matter = city.claim(city.rectifying(liaison="both_owner"), by="both_owner")
    Post.objects.filter(key="verifier").update(until=(city.now - timedelta(days=2)).date())
    refused = signed_in("both").get(reverse("act", args=[matter.number, "recognise"]))
    page = refused.content.decode()
    assert refused.status_code == 403
    assert "目前没有人可以办理" in page and "需要由审计组核查人办理" in page
    assert "security（澄湖市人民政府 · security）指定人员" in page


def test_a_step_of_another_stage_says_for_whom_the_matter_waits(city: City, signed_in: Any) -> None:
    matter = city.claimed()
    page = signed_in("liaison").get(reverse("act", args=[matter.number, "report_progress"])).content.decode()
    assert "此事项现在等待审计组核查人办理" in page and "verifier（澄湖市审计局 · verifier）" in page
