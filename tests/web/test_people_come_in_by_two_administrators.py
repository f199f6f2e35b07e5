"""In an established city a list of people makes accounts at once, and gives posts when they are confirmed."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from bihuan.directory.models import Account, Alteration, Pending, Post
from city import City

LIST = (
    "账号\t姓名\t单位\t岗位\t角色\n"
    "qian\t钱一\t澄湖市财政局\t联络员\t责任单位联络人\n"
    "liaison\tliaison\t澄湖市财政局\t兼任联络员\t责任单位联络人\n"
)
PEOPLE = ("bring", ["people"])


@pytest.fixture
def brought(city: City, signed_in: Any) -> str:
    """The system administrator has brought the list; the address at which its posts are confirmed."""
    answer = signed_in("sysadmin").post(
        reverse(*PEOPLE[:1], args=PEOPLE[1]), {"text": LIST, "go": "write"}, follow=True
    )
    page = answer.content.decode()
    assert "新建1个" in page and "2个岗位待security确认" in page
    return reverse("confirmation", args=[Pending.objects.get().pk])


def test_accounts_are_made_without_rights_and_posts_wait_until_confirmed(
    city: City, signed_in: Any, brought: str
) -> None:
    made = Account.objects.get(account="qian")
    assert not made.posts.exists() and not made.has_usable_password()
    assert not Post.objects.filter(title="兼任联络员").exists()
    security = signed_in("security")
    for page in ("people", "desk", "confirmations"):
        assert reverse("confirmations") in security.get(reverse(page)).content.decode()
    shown = unescape(security.get(brought).content.decode())
    assert "钱一" in shown and "兼任联络员" in shown and "将新增2条" in shown
    assert security.post(brought, {"go": "confirm"}).status_code == 302
    held = {
        (post.account.account, post.unit.key, tuple(post.roles)) for post in Post.objects.filter(unit__key="finance")
    }
    assert {("qian", "finance", ("owner",)), ("liaison", "finance", ("owner",))} <= held
    assert not Pending.objects.exists()
    by = list(Alteration.objects.order_by("id").values_list("kind", "account"))
    assert by == [
        ("account_added", "sysadmin"), ("posts_asked", "sysadmin"), ("post_given", "security"),
        ("post_given", "security"),
    ]  # fmt: skip


def test_whoever_brought_it_does_not_confirm_it_and_nobody_else_sees_it(
    city: City, signed_in: Any, brought: str
) -> None:
    sysadmin = signed_in("sysadmin")
    assert "钱一" in sysadmin.get(brought).content.decode()
    assert sysadmin.post(brought, {"go": "confirm"}).status_code == 403
    for account in ("inspector", "clerk", "leader"):
        assert signed_in(account).get(brought).status_code == 403
        assert signed_in(account).post(brought, {"go": "confirm"}).status_code == 403
    assert Pending.objects.exists() and not Account.objects.get(account="qian").posts.exists()


def test_what_is_declined_comes_back_with_its_text_and_its_reason(city: City, signed_in: Any, brought: str) -> None:
    signed_in("security").post(brought, {"go": "decline", "reason": "岗位名称不对"})
    sysadmin = signed_in("sysadmin")
    page = sysadmin.get(brought).content.decode()
    assert "岗位名称不对" in page and "qian\t钱一\t澄湖市财政局" in page, "nothing that was brought is lost"
    assert signed_in("security").post(brought, {"go": "confirm"}).status_code == 403
    again = sysadmin.post(reverse("bring", args=["people"]), {"text": Pending.objects.get().body["text"], "go": "look"})
    assert again.status_code == 200 and "等候安全保密管理员确认" in again.content.decode()
    assert sysadmin.post(brought, {"go": "put_away"}).status_code == 302 and not Pending.objects.exists()


def test_what_can_no_longer_be_given_is_told_and_nothing_of_it_is_given(
    city: City, signed_in: Any, brought: str
) -> None:
    Account.objects.filter(account="liaison").update(name="改名")
    security = signed_in("security")
    page = unescape(security.get(brought).content.decode())
    assert "账号“liaison”属于改名" in page and 'value="confirm"' not in page and 'value="decline"' in page
    refused = security.post(brought, {"go": "confirm"})
    assert refused.status_code == 422 and Pending.objects.exists()
    assert not Account.objects.get(account="qian").posts.exists(), "all of it or nothing"


def test_the_security_administrator_gives_posts_by_list_to_those_who_are_there(city: City, signed_in: Any) -> None:
    client, address = signed_in("security"), reverse("bring", args=["people"])
    refused = client.post(address, {"text": LIST, "go": "write"})
    assert refused.status_code == 422 and "还没有账号“qian”" in unescape(refused.content.decode())
    assert "qian\t钱一" in refused.content.decode() and not Account.objects.filter(account="qian").exists()
    known = LIST.replace("qian\t钱一\t澄湖市财政局\t联络员\t责任单位联络人\n", "")
    assert client.post(address, {"text": known, "go": "write"}).status_code == 302
    assert Post.objects.get(title="兼任联络员").account.account == "liaison" and not Pending.objects.exists()


def test_a_list_without_a_new_post_leaves_nothing_to_confirm(city: City, signed_in: Any) -> None:
    text = LIST.splitlines()[0] + "\nliaison\t李建\t澄湖市住房和城乡建设局\tliaison\t责任单位联络人\n"
    answer = signed_in("sysadmin").post(reverse("bring", args=["people"]), {"text": text, "go": "write"}, follow=True)
    assert "更名1个。名单中没有新的岗位" in answer.content.decode()
    assert Account.objects.get(account="liaison").name == "李建" and not Pending.objects.exists()


def test_a_post_of_an_administration_waits_like_any_other(city: City, signed_in: Any) -> None:
    text = LIST.splitlines()[0] + "\nxin\t新人\t澄湖市审计局\t系统管理\t系统管理员\n"
    signed_in("sysadmin").post(reverse("bring", args=["people"]), {"text": text, "go": "write"})
    assert not Account.objects.get(account="xin").posts.exists() and Pending.objects.get().body["count"] == 1
