"""Money, days and lateness: shown as officials write them, read back to the same value."""

from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict
from django.utils.http import urlencode
from hypothesis import given
from hypothesis import strategies as st

from bihuan.directory.calendars import load_calendar
from bihuan.directory.organisation import Organisation
from bihuan.ledger.listing import Filter
from bihuan.web.address import read, written
from bihuan.web.lateness import Clock
from bihuan.web.money import MoneyProblem, column_wan, in_wan, in_yuan, read_money, typed_wan
from city import City

TODAY = date(2026, 6, 10)


@given(st.integers(min_value=0, max_value=10**15))
def test_an_amount_shown_to_be_typed_is_read_back_exactly(fen: int) -> None:
    assert read_money(typed_wan(fen), "wan") == fen
    assert read_money(in_yuan(fen), "yuan") == fen


@pytest.mark.parametrize(
    "text, unit, fen",
    [
        ("1,234.5", "wan", 1_234_500_000),
        ("1,234.5", "yuan", 123_450),
        ("3.2亿元", "wan", 32_000_000_000),
        ("５００元", "wan", 50_000),
    ],
)
def test_an_amount_counts_in_its_own_unit_or_in_the_one_beside_it(text: str, unit: str, fen: int) -> None:
    assert read_money(text, unit) == fen


@pytest.mark.parametrize("text", ["约三百", "1-2", "12美元", "0.001元", "1 2"])
def test_what_is_no_amount_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(MoneyProblem) as problem:
        read_money(text, "yuan")
    assert text.split("元")[0] in str(problem.value)


def test_amounts_stand_in_line_in_a_column_and_bare_in_a_text() -> None:
    assert (column_wan(64_000_000), in_wan(64_000_000)) == ("64.00", "64")
    assert (column_wan(1), in_wan(123_456)) == ("0.000001", "0.123456")


@pytest.mark.parametrize(
    "due, words, tone",
    [
        (date(2026, 5, 29), "12 days late", "late"),
        (date(2026, 6, 9), "1 day late", "late"),
        (date(2026, 6, 10), "due today", "soon"),
        (date(2026, 6, 13), "3 days left", "soon"),
        (date(2026, 12, 31), "204 days left", ""),
    ],
)
def test_lateness_is_a_word_and_a_tone(due: date, words: str, tone: str) -> None:
    late = Clock.on(TODAY, load_calendar()).of(due)
    assert late and (str(late.sentence), late.tone) == (words, tone)


def test_what_has_ended_is_judged_by_the_day_it_ended() -> None:
    clock = Clock.on(TODAY, load_calendar())
    kept = clock.of(date(2026, 5, 1), "success", date(2026, 5, 1))
    broken = clock.of(date(2026, 5, 1), "success", date(2026, 5, 3))
    assert kept and broken
    assert (kept.tone, broken.tone, str(broken.sentence)) == ("done", "late", "ended 2 days late")
    assert clock.of(date(2026, 5, 1), "withdrawn", date(2026, 5, 3)) is None
    assert clock.of(None) is None


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(),
        Filter(mechanism="audit_rectification", stage="checking", state="open", overdue=True, stage_overdue=True),
        Filter(due_within=10, klass="phased", assertion="done", recognition="approved", mine=True),
        Filter(queue="returned", asking=True, text="两个 词&=%"),
    ],
)
def test_an_address_holds_the_whole_filter(wanted: Filter, city: City) -> None:
    organisation = Organisation.on(TODAY)
    unit = city.units["housing"].pk
    for each in (wanted, replace(wanted, unit=unit)):
        assert read(QueryDict(urlencode(written(each, organisation))), organisation).filter == each
