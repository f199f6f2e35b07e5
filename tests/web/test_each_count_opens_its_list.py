"""Every number on the desk is the length of the list that it opens, for every one of the cast."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from city import CAST, City

COUNT = re.compile(r'href="([^"]*)" data-count="(\w+)">.*?count-number">(\d+)<', re.DOTALL)
ROW = re.compile(r'<tr data-matter="([^"]+)"')
NEXT = re.compile(r'href="([^"]*)" rel="next"')


@pytest.fixture
def busy(city: City) -> City:
    """A city with matters in many stages and of every lateness."""
    now = city.now
    for days in (100, 70, 58, 20, 0):
        city.now = now - timedelta(days=days)
        city.register("finance")
        city.rectifying()
        city.register("station")
    city.now = now - timedelta(days=40)
    city.claimed()
    city.act(city.claimed(), "send_back", "verifier", reason="缺少缴款书")
    city.recognise(city.claimed())
    city.struck_off()
    asked = city.rectifying()
    values = {"extended_to": (now + timedelta(days=60)).date().isoformat(), "next_step": "分批上缴"}
    city.act(asked, "ask_extension", "liaison", values=values, reason="预算调整待批")
    city.act(city.register(), "dispatch", "clerk")
    city.now = now
    return city


def listed(client: Client, address: str) -> list[str]:
    """Return the numbers of the matters on all pages of a list."""
    found: list[str] = []
    while address:
        page = client.get(address).content.decode()
        found += ROW.findall(page)
        more = NEXT.search(page)
        address = unescape(more[1]) if more else ""
    return found


@pytest.mark.parametrize("account", sorted({account for _, account, _, _ in CAST}))
def test_each_count_is_the_length_of_its_list(account: str, busy: City, signed_in: Any) -> None:
    client = signed_in(account)
    counts = COUNT.findall(client.get(reverse("desk")).content.decode())
    assert {key for _, key, _ in counts} >= {"mine", "verify", "returned", "asking", "overdue", "soon", "stage"}
    for address, key, number in counts:
        if key != "tray":
            found = listed(client, unescape(address))
            assert len(found) == len(set(found)) == int(number), key


def test_the_counts_say_what_is_true(busy: City, signed_in: Any) -> None:
    def counts(account: str) -> dict[str, int]:
        page = signed_in(account).get(reverse("desk")).content.decode()
        return {key: int(number) for _, key, number in COUNT.findall(page)}

    assert counts("verifier")["verify"] == 1
    assert counts("liaison")["verify"] == 0
    assert counts("liaison")["returned"] == 1
    assert counts("approver")["asking"] == 1
    assert counts("clerk")["overdue"] == 6
    assert counts("other")["overdue"] == 2
    assert counts("station")["overdue"] == 2
    assert counts("sysadmin")["overdue"] == 0
    assert counts("clerk")["tray"] == 0
    assert "tray" not in counts("liaison")


def test_the_desk_says_that_nothing_is_sent_yet(city: City, signed_in: Any) -> None:
    assert "不会发送提醒" in signed_in("clerk").get(reverse("desk")).content.decode()
