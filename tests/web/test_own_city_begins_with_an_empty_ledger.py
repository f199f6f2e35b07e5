"""From nothing to people who can sign in: step by step, left and taken up, nothing lost that was pasted."""

import io
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bihuan.directory.models import Account, Post, Unit
from bihuan.directory.unit_files import ALWAYS

UNITS = (
    "单位名称\t简称\t级别\t上级单位\n甲市人民政府\t\t\t\n甲市审计局\t审计局\t\t甲市人民政府\n"
    "甲市住建局\t住建|住房局\t\t甲市人民政府\n"
)
PEOPLE = (
    "账号\t姓名\t单位\t岗位\t角色\nshen\t沈一\t甲市审计局\t管理岗\t审计整改管理岗\n"
    "zhu\t朱二\t甲市住建局\t联络员\t责任单位联络人\nguan\t管三\t甲市审计局\t系统管理\t系统管理员\n"
)
FIRST = "first-hour-of-a-clerk"


@pytest.fixture
def clerk(db: Any) -> Client:
    account = Account(account="clerk", name="经办人")
    account.set_password(FIRST)
    account.save()
    Post.objects.create(key="clerk", account=account, title="经办人", roles=["supervisor"], since=ALWAYS)
    client = Client()
    client.force_login(account)
    return client


@pytest.fixture
def bring(clerk: Client) -> Callable[..., Any]:
    def send(kind: str, go: str = "write", **sent: Any) -> Any:
        return clerk.post(reverse("bring", args=[kind]), {"go": go, **sent})

    return send


def states(client: Client) -> list[str]:
    page = client.get(reverse("first_hour")).content.decode()
    return re.findall(r'<li class="(\w*)" data-step="\w+"', page)


def test_the_first_clerk_lands_on_the_steps_and_their_state_is_the_ledgers_own(
    clerk: Client, bring: Callable[..., Any]
) -> None:
    arrived = Client().post(reverse("sign_in"), {"account": "clerk", "password": FIRST})
    assert arrived.headers["Location"] == reverse("first_hour")
    assert states(clerk) == ["here", "", "", ""]
    bring("units", text=UNITS)
    assert states(clerk) == ["done", "here", "", ""]
    bring("people", text=PEOPLE)
    assert states(clerk) == ["done", "done", "here", ""]
    clerk.post(reverse("first_passwords"))
    assert states(clerk) == ["done", "done", "done", "here"]
    assert reverse("first_hour") in clerk.get(reverse("desk")).content.decode(), "the desk leads back"
    Unit.objects.update(until=ALWAYS)
    assert states(clerk)[0] == "here", "nothing is stored: what is gone is to be done again"


def test_nothing_is_written_before_it_was_looked_at(clerk: Client, bring: Callable[..., Any]) -> None:
    looked = bring("units", go="look", text=UNITS)
    assert looked.status_code == 200 and "甲市住建局" in looked.content.decode()
    assert not Unit.objects.exists()
    bring("units", text=UNITS)
    assert [unit.name for unit in Unit.objects.order_by("key")] == ["甲市人民政府", "甲市审计局", "甲市住建局"]
    again = bring("units", go="look", text=UNITS).content.decode()
    assert "将新增0条、修改0条，3条不变" in again


def test_a_fault_names_row_and_column_and_the_text_is_kept(clerk: Client, bring: Callable[..., Any]) -> None:
    wrong = UNITS + "甲市某站\t\t一\t没有这个局\n"
    answer = bring("units", text=wrong)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422 and not Unit.objects.exists()
    assert "第5行“级别”列" in page and "第5行“上级单位”列" in page and "甲市某站\t\t一\t没有这个局" in page
    bring("units", text=UNITS)
    answer = bring("people", text="wang\t王五\t没有局\t联络员\t没有角色\n")
    page = unescape(answer.content.decode())
    assert answer.status_code == 422 and "第2行“单位”列" in page and "第2行“角色”列" in page
    assert "wang\t王五\t没有局" in page and not Account.objects.filter(account="wang").exists()


def test_a_file_and_lines_typed_by_hand_join_the_same_way(clerk: Client, bring: Callable[..., Any]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(clerk.get(reverse("template_workbook", args=["units"])).content))
    for row in ("甲市人民政府", "", "", ""), ("甲市审计局", "审计局", "", "甲市人民政府"):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    page = bring("units", go="look", file=SimpleUploadedFile("单位.xlsx", out.getvalue())).content.decode()
    assert "甲市审计局" in page and "将新增2条" in page
    bring("units", file=SimpleUploadedFile("单位.xlsx", out.getvalue()))
    cells = {"c0": ["甲市住建局", ""], "c1": ["", ""], "c2": ["", ""], "c3": ["甲市人民政府", ""]}
    bring("units", **cells)
    assert Unit.objects.get(name="甲市住建局").parent.name == "甲市人民政府"
    garbage = bring("units", file=SimpleUploadedFile("单位.xlsx", b"PK\x03\x04 no"), text=UNITS)
    assert garbage.status_code == 422 and "甲市住建局" in garbage.content.decode(), "the pasted text stays"


def test_slips_are_shown_once_and_the_password_is_changed_before_anything_else(
    clerk: Client, bring: Callable[..., Any]
) -> None:
    bring("units", text=UNITS)
    bring("people", text=PEOPLE)
    page = clerk.post(reverse("first_passwords"), {"account": "zhu"}).content.decode()
    passwords = re.findall(r"data-password>([^<]+)<", page)
    assert len(passwords) == 1 and "http://testserver/" in page and "朱二" in page
    assert passwords[0] not in clerk.get(reverse("people")).content.decode()
    assert not Account.objects.get(account="shen").has_usable_password()
    zhu = Client()
    zhu.post(reverse("sign_in"), {"account": "zhu", "password": passwords[0]})
    for name in ("desk", "ledger", "people"):
        assert zhu.get(reverse(name)).headers["Location"].startswith(reverse("own_password"))
    carried = zhu.post(reverse("desk"), {"title": "已经写好的话"})
    assert carried.status_code == 403 and "已经写好的话" in carried.content.decode(), "typed text is not lost"
    own = "一场春雨润泽万物"
    for new, again, fault in (
        (passwords[0], passwords[0], "这就是现在的密码"),
        (own, own + "。", "两次输入不一致"),
        ("1234", "1234", ""),
    ):
        answer = zhu.post(reverse("own_password"), {"new": new, "again": again})
        assert answer.status_code == 422 and fault in answer.content.decode()
    answer = zhu.post(reverse("own_password"), {"new": own, "again": own, "next": reverse("ledger")})
    assert answer.headers["Location"] == reverse("ledger") and zhu.get(reverse("ledger")).status_code == 200
    account = Account.objects.get(account="zhu")
    assert account.check_password(own) and not account.must_change


def test_the_first_clerk_keeps_the_directory_until_the_administrator_has_taken_up_office(
    clerk: Client, bring: Callable[..., Any]
) -> None:
    bring("units", text=UNITS)
    bring("people", text=PEOPLE)
    page = clerk.post(reverse("first_passwords"), {"account": "guan"}).content.decode()
    assert clerk.get(reverse("add_unit")).status_code == 200, "a slip in an envelope is no office taken up"
    guan = Client()
    guan.post(reverse("sign_in"), {"account": "guan", "password": re.findall(r"data-password>([^<]+)<", page)[0]})
    guan.post(reverse("own_password"), {"new": "系统管理的长密码", "again": "系统管理的长密码"})
    refused = clerk.get(reverse("add_unit"))
    assert refused.status_code == 403 and "管三" in refused.content.decode(), "the refusal names who can"
    assert guan.get(reverse("add_unit")).status_code == 200
    assert guan.get(reverse("give_post", args=["zhu"])).status_code == 403, "posts are the security administrator's"
    assert clerk.get(reverse("give_post", args=["zhu"])).status_code == 200, "who has not been named yet"
