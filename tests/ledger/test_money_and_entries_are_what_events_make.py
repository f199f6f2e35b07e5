"""Money by budget year and named register entries follow every correction, withdrawal and erasure."""

from typing import Any

import pytest

from bihuan.directory.models import Entry, Register
from bihuan.ledger.execute import withdraw_matter
from bihuan.ledger.models import Matter, Mention, Spending
from bihuan.ledger.redact import redact
from bihuan.ledger.verify import verify
from bihuan.mechanism.refusal import Refusal
from city import SINCE, City, state_of

pytestmark = pytest.mark.usefixtures("grants")


def a_grant(city: City, **values: Any) -> Matter:
    city.mechanism = "grant"
    return city.register(rectify_type=None, title="补助", **values)


def pay(city: City, matter: Matter, amount: int, entry: str | None = None, year: int = 2026) -> Matter:
    record = {"year": year, "source": "city", "amount": amount}
    return city.act(matter, "pay", "liaison", record=record, entry=entry)


def spent() -> list[tuple[int, int]]:
    return sorted(Spending.objects.values_list("year", "amount"))


def broken() -> list[str]:
    return [str(each.sentence) for each in verify()]


def refused(city: City, matter: Matter, *asked: Any) -> str:
    state = state_of(matter)
    with pytest.raises(Refusal) as caught:
        pay(city, matter, *asked)
    assert state_of(matter) == state
    return caught.value.rule


def test_entries_are_added_and_corrected_within_what_must_hold(city: City) -> None:
    matter = a_grant(city)
    pay(city, matter, 600_000)
    assert refused(city, matter, 400_001) == "would_break"
    pay(city, matter, 400_000)
    first = min(state_of(matter).records["payment"])
    assert refused(city, matter, 600_001, first) == "would_break"
    pay(city, matter, 500_000, first, 2027)
    pay(city, matter, 100_000)
    assert spent() == [(2026, 100_000), (2026, 400_000), (2027, 500_000)]
    assert broken() == []
    Spending.objects.filter(amount=100_000).update(amount=1)
    assert len(broken()) == 1


@pytest.mark.parametrize("year", [10**16, 0, -2026, 26, 20_266])
def test_a_budget_year_is_a_year(city: City, year: int) -> None:
    assert refused(city, a_grant(city), 1, None, year) == "bad_value"
    assert spent() == []


def erase(city: City, matter: Matter, *slots: tuple[int, str]) -> None:
    redact(matter.pk, slots, ground="个人信息保护法第四十七条", post=city.posts["clerk"],
           approver=city.posts["approver"], now=city.now)  # fmt: skip


def test_what_is_erased_is_counted_no_more(city: City) -> None:
    register = Register.objects.create(key="experts", name_zh="专家", name_en="Experts")
    Entry.objects.create(register=register, key="X1", name="某某", since=SINCE)
    matter = a_grant(city, expert="X1")
    pay(city, matter, 5)
    pay(city, matter, 7)
    assert list(Mention.objects.values_list("entry", flat=True)) == ["X1"]
    erase(city, matter, (1, "set.expert"), (2, "record.set.amount"))
    assert not Mention.objects.exists() and spent() == [(2026, 7)]
    assert broken() == []
    pay(city, matter, 9, "2")
    assert spent() == [(2026, 7), (2026, 9)]
    assert broken() == []


def test_an_entry_of_one_register_is_none_of_another(city: City) -> None:
    other = Register.objects.create(key="schools", name_zh="学校", name_en="Schools")
    Entry.objects.create(register=other, key="S1", name="某校", since=SINCE)
    Register.objects.create(key="experts", name_zh="专家", name_en="Experts")
    with pytest.raises(Refusal) as caught:
        a_grant(city, expert="S1", school="S1")
    assert caught.value.rule == "unknown_entry"
    a_grant(city, school="S1")


def test_what_is_withdrawn_names_no_money(city: City) -> None:
    city.mechanism = "grant"
    matter = a_grant(city)
    withdraw_matter(matter.pk, reason="误登", post=city.posts["clerk"], account="clerk", now=city.now)
    assert spent() == [] and broken() == []
