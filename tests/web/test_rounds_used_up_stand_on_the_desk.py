"""Whoever has a step left to them finds it on the desk in words, and by the number there in the list."""

from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from city import CAST, City

from .test_each_count_opens_its_list import COUNT, listed
from .test_the_desk_says_what_to_do import STEP, desk


@pytest.fixture
def number(city: City) -> str:
    matter = city.claimed()
    for _ in range(3):
        city.act(matter, "send_back", "verifier", reason="缺少缴款书")
        matter = city.claim(matter)
    return str(matter.number)


def left(page: str) -> tuple[str, int]:
    return next((unescape(address), int(count)) for address, key, count in COUNT.findall(page) if key == "exhausted")


@pytest.mark.parametrize("account", sorted({account for _, account, _, _ in CAST}))
def test_the_count_is_the_length_of_its_list_for_everybody(account: str, number: str, signed_in: Any) -> None:
    client = signed_in(account)
    address, count = left(desk(client))
    assert listed(client, address) == ([number] if account == "leader" else []) and count == (account == "leader")


def test_the_leader_is_told_what_to_decide_until_it_is_decided(number: str, city: City, signed_in: Any) -> None:
    client = signed_in("leader")
    page = desk(client)
    assert STEP.findall(page) == [reverse("act", args=[number, "send_back"])]
    assert "“退回补充整改”的次数已用完，是否再办一次，请您决定；不再办的，由审计组核查人继续办理。" in page
    assert "待我决定" in client.get(left(page)[0]).content.decode()
    assert client.get(STEP.findall(page)[0]).status_code == 200
    city.act(city.made[-1], "send_back", "leader", reason="再补充一次")
    assert left(desk(client))[1] == 0 and "“退回补充整改”的次数已用完" not in desk(client)
