"""The money of a budget year and the reach of a register: every number opens the list of the matters behind it."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client

from bihuan.demo.cast import assemble
from bihuan.demo.rehearsal import bring_registers
from bihuan.demo.walking import Days, Walker, played
from bihuan.demo.walks import subjects, walks
from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Account
from bihuan.ledger.models import Matter, Mention, Spending

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Two payments of policy funds, and activities in two schools, made by those whose work it is."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        assemble(TODAY, date(2025, 3, 3))
        bring_registers()
        walker = Walker(load_calendar(), ZoneInfo("Asia/Shanghai"), TODAY)
        for pack, mechanism in (("policy_funds", "policy_funds"), ("safety_outreach", "outreach_activity")):
            about = [each for each in subjects(pack) if each.mechanism == mechanism]
            walk = next(each for each in walks(pack).values() if each.mechanism == mechanism and not each.part)
            for subject in about[:2]:
                matter = walker.begin(walk, subject, date(2026, 6, 1))
                played(walker, walk, matter, Days(walker.calendar, date(2026, 6, 1), TODAY))
        yield
        transaction.set_rollback(True)


def signed_in(account: str) -> Client:
    client = Client()
    client.force_login(Account.objects.get(account=account))
    return client


def total_of(client: Client, address: str) -> int:
    page = client.get(unescape(address)).content.decode()
    return len(set(re.findall(r"/matters/([0-9A-Z]{4}-[0-9A-Z]{4})/", page)))


def test_every_sum_of_a_year_is_that_of_the_matters_it_opens(city: None) -> None:
    client = signed_in("gongxisuan")
    page = client.get("/budget/?year=2026").content.decode()
    rows = re.findall(r'<a href="(/ledger/\?[^"]*source=[^"]*)">(\d+)</a>', page)
    assert rows
    for address, count in rows:
        assert total_of(client, address) == int(count)
    assert Spending.objects.count() >= 2


def test_money_of_others_is_not_counted(city: None) -> None:
    page = signed_in("jibanjie").get("/budget/?year=2026").content.decode()
    assert "您可查看的事项中还没有分年度资金" in page
    assert "source=" not in page


def test_a_register_says_which_entries_were_reached_and_which_not(city: None) -> None:
    client = signed_in("lupingan")
    page = client.get("/registers/schools/?mechanism=outreach_activity&year=2026").content.decode()
    done = Mention.objects.filter(register="schools", matter__ended="success").values("entry").distinct().count()
    assert done and re.search(rf"2026年：已覆盖 {done} / 16", page)
    found = re.findall(r'<a href="(/ledger/\?[^"]*done=2026[^"]*)">(\d+)</a>', page)
    assert len(found) == done
    for address, count in found:
        assert total_of(client, address) == int(count)
    other = client.get("/registers/schools/?mechanism=outreach_activity&year=2024").content.decode()
    assert "2024年：已覆盖 0 / 16" in other


def test_the_tables_follow_the_matters(city: None) -> None:
    spent = Spending.objects.values_list("matter", flat=True).distinct()
    assert set(Matter.objects.filter(pk__in=spent).values_list("mechanism", flat=True)) == {"policy_funds"}
