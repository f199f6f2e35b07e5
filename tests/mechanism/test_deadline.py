"""Terms end on the day that the Civil Code's way of counting gives."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bihuan.directory.calendars import load_calendar
from bihuan.mechanism.calendar import DayKind, DayOutOfRange
from bihuan.mechanism.deadline import days_left, explain, is_overdue, local_day, term_day
from bihuan.mechanism.model import Span, Term

CN = load_calendar()
SHANGHAI = ZoneInfo("Asia/Shanghai")
days = st.dates(date(2019, 12, 1), date(2028, 12, 31))


def term(length: int, span: Span) -> Term:
    return Term(("entered",), length, span)


@given(days, st.integers(0, 800))
@example(date(2024, 2, 28), 1)
@example(date(2026, 12, 31), 1)
def test_calendar_days_are_counted_from_the_day_after_the_anchor(anchor: date, n: int) -> None:
    day = anchor
    for _ in range(n):
        day += timedelta(days=1)
    assert term_day(term(n, Span.DAYS), anchor, CN) == day


@given(days, st.integers(0, 60))
@example(date(2026, 1, 31), 1)  # 28 February
@example(date(2023, 11, 30), 3)  # 29 February of a leap year
@example(date(2024, 2, 29), 12)
@example(date(2026, 12, 31), 2)
@example(date(2026, 8, 31), 1)
def test_months_end_on_the_same_number_or_the_last_day(anchor: date, n: int) -> None:
    due = term_day(term(n, Span.MONTHS), anchor, CN)
    walked = anchor.replace(day=1)
    for _ in range(n):
        walked = (walked + timedelta(days=32)).replace(day=1)
    assert due.replace(day=1) == walked
    tomorrow = due + timedelta(days=1)
    assert due.day == anchor.day or (due.day < anchor.day and tomorrow.day == 1)


@given(days, st.integers(1, 200))
@example(date(2026, 9, 18), 1)
@example(date(2026, 12, 30), 3)
def test_working_days_are_the_days_explained_as_worked(anchor: date, n: int) -> None:
    counted = term(n, Span.WORKING_DAYS)
    due = term_day(counted, anchor, CN)
    listed = explain(counted, anchor, CN)
    assert sum(kind.works for _, kind in listed) == n
    assert listed[0][0] == anchor + timedelta(days=1) and listed[-1] == (due, CN.kind(due))
    assert CN.is_working(due)


def test_a_term_over_the_national_holiday_names_each_day_passed_over() -> None:
    listed = explain(term(3, Span.WORKING_DAYS), date(2026, 9, 30), CN)
    assert listed[-1] == (date(2026, 10, 10), DayKind.MAKE_UP)  # 8, 9 and the worked Saturday
    assert [kind for _, kind in listed[:7]] == [DayKind.HOLIDAY] * 7


def test_calendar_terms_are_not_moved_off_a_day_of_rest() -> None:
    assert term_day(term(3, Span.DAYS), date(2026, 9, 30), CN) == date(2026, 10, 3)
    assert term_day(term(1, Span.MONTHS), date(2026, 9, 1), CN) == date(2026, 10, 1)


def test_no_working_days_at_all_means_today_or_the_next_day_of_work() -> None:
    assert term_day(term(0, Span.WORKING_DAYS), date(2026, 9, 20), CN) == date(2026, 9, 20)
    assert term_day(term(0, Span.WORKING_DAYS), date(2026, 9, 19), CN) == date(2026, 9, 20)


@pytest.mark.parametrize("span", Span)
def test_a_term_out_of_the_calendar_is_refused_in_a_sentence(span: Span) -> None:
    with pytest.raises(DayOutOfRange, match="give a smaller number"):
        term_day(term(10**9, span), date(2026, 1, 1), CN)


def test_a_deadline_is_kept_on_its_day_and_missed_from_the_midnight_after() -> None:
    due = date(2026, 6, 30)
    assert not is_overdue(due, due) and days_left(due, due) == 0
    assert is_overdue(due, date(2026, 7, 1)) and days_left(due, date(2026, 7, 1)) == -1
    assert days_left(due, date(2026, 6, 20)) == 10


def test_the_day_is_the_local_one_and_a_moment_without_zone_has_none() -> None:
    late = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)  # midnight in Shanghai
    assert local_day(late, SHANGHAI) == date(2026, 7, 1)
    assert local_day(late - timedelta(microseconds=1), SHANGHAI) == date(2026, 6, 30)
    with pytest.raises(ValueError, match="no time zone"):
        local_day(datetime(2026, 6, 30, 16, 0), SHANGHAI)
