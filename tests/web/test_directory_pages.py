"""Units, people and registers: every number opens its list, and who sees what is what the ledger says."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bihuan.directory.models import Account, Entry, Post, Register, Unit
from bihuan.directory.organisation import Organisation
from bihuan.directory.viewer import Viewer
from bihuan.ledger.models import Matter
from bihuan.ledger.visible import may_see
from bihuan.web.reach_words import opening
from city import CAST, SINCE, City

UNIT = re.compile(r'<tr data-unit="([^"]+)">(.*?)</tr>', re.DOTALL)
LINK = re.compile(r'href="(/ledger/[^"]*)">(\d+)<')
ROW = re.compile(r'<tr data-matter="([^"]+)"')


@pytest.fixture
def busy(city: City) -> City:
    now = city.now
    city.now = now - timedelta(days=100)
    for unit in ("housing", "station", "station", "finance"):
        city.register(unit)
    city.now = now
    city.register("station")
    city.struck_off()
    return city


@pytest.mark.parametrize("account", sorted({account for _, account, _, _ in CAST}))
def test_each_number_of_a_unit_is_the_length_of_its_list(account: str, busy: City, signed_in: Any) -> None:
    client = signed_in(account)
    rows = dict(UNIT.findall(client.get(reverse("units")).content.decode()))
    assert rows.keys() == busy.units.keys()
    for key, row in rows.items():
        for address, number in LINK.findall(row):
            listed = ROW.findall(client.get(unescape(address)).content.decode())
            assert len(listed) == int(number), (key, address)


def test_a_unit_counts_those_below_it_too(busy: City, signed_in: Any) -> None:
    rows = dict(UNIT.findall(signed_in("clerk").get(reverse("units")).content.decode()))
    numbers = {key: [int(number) for _, number in LINK.findall(row)] for key, row in rows.items()}
    assert numbers["station"] == [3, 2] and numbers["housing"] == [4, 3] and numbers["city"] == [5, 4]
    assert numbers["finance"] == [1, 1] and numbers["audit"] == []


def test_the_tree_follows_the_organisation_and_can_be_searched(busy: City, signed_in: Any) -> None:
    client = signed_in("liaison")
    page = client.get(reverse("units")).content.decode()
    order = [key for key, _ in UNIT.findall(page)]
    assert order.index("city") < order.index("housing") < order.index("station") == order.index("housing") + 1
    found = UNIT.findall(client.get(reverse("units"), {"q": "质量监督"}).content.decode())
    assert [key for key, _ in found] == ["city", "housing", "station"], "with the units above it"
    assert "没有名称与此相符" in client.get(reverse("units"), {"q": "外星"}).content.decode()


def test_who_opens_a_units_matters_is_what_the_ledger_says(busy: City) -> None:
    today = busy.now.date()
    organisation = Organisation.on(today)
    posts = list(Post.objects.select_related("unit", "account").prefetch_related("portfolios"))
    for key, unit in busy.units.items():
        told = {post.key for post, _ in opening(posts, unit, organisation, today)}
        matter = Matter.objects.filter(responsible=unit).first()
        if matter is None:
            continue
        # The unit that supervises opens the matter as well; the page says so in a sentence.
        seeing = {
            post.key
            for post in posts
            if may_see(Viewer.with_post(post, today, organisation), matter) and post.unit_id != matter.supervising_id
        }
        assert told - {"clerk", "verifier", "approver", "both_verifier"} == seeing, key


def test_a_unit_without_a_post_says_that_nobody_is_reached(city: City, signed_in: Any) -> None:
    Unit.objects.create(key="lonely", name="澄湖市无人局", level=2, parent=city.units["city"], since=SINCE)
    client = signed_in("clerk")
    assert "没有人在本单位任岗" in client.get(reverse("unit", args=["lonely"])).content.decode()
    assert "没有人在本单位任岗" not in client.get(reverse("unit", args=["housing"])).content.decode()
    assert client.get(reverse("unit", args=["nowhere"])).status_code == 404


def test_everybody_is_listed_with_posts_and_reach(city: City, signed_in: Any) -> None:
    page = signed_in("liaison").get(reverse("people")).content.decode()
    assert page.count("data-person=") == len({account for _, account, _, _ in CAST})
    assert "分管澄湖市住房和城乡建设局及其下级单位" in page and "不能查看事项" in page
    assert "可查看本单位及1个下级单位的事项" in page


def test_a_post_that_has_ended_is_no_longer_shown(city: City, signed_in: Any) -> None:
    Post.objects.filter(key="other").update(until=city.now.date() - timedelta(days=1))
    page = signed_in("clerk").get(reverse("people"), {"q": "other"}).content.decode()
    assert "目前没有岗位" in page


def test_many_people_come_page_by_page(city: City, signed_in: Any) -> None:
    Account.objects.bulk_create(Account(account=f"p{number:04d}", name=f"某{number}") for number in range(150))
    client: Client = signed_in("clerk")
    seen: list[str] = []
    address = reverse("people") + "?q=某"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r'data-person="([^"]+)"', page)
        more = re.search(r'href="([^"]*)" rel="next"', page)
        address = unescape(more[1]) if more else ""
    assert seen == [f"p{number:04d}" for number in range(150)]


def test_registers_list_their_entries(city: City, signed_in: Any) -> None:
    client = signed_in("clerk")
    assert "还没有名录" in client.get(reverse("registers")).content.decode()
    register = Register.objects.create(key="schools", name_zh="学校名录", name_en="Schools")
    Entry.objects.create(register=register, key="s1", name="城东小学", values={"地址": "东街"}, since=SINCE)
    assert "学校名录" in client.get(reverse("registers")).content.decode()
    page = client.get(reverse("register_entries", args=["schools"])).content.decode()
    assert "城东小学" in page and "东街" in page
    assert client.get(reverse("register_entries", args=["none"])).status_code == 404
