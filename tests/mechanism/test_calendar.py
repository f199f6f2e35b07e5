"""Working days agree with somebody who walks the calendar day by day with the notices in hand."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bihuan.directory.calendars import load_calendar
from bihuan.mechanism.calendar import Calendar, DayKind, DayOutOfRange

CN = load_calendar()
DAY = timedelta(days=1)

days = st.dates(date(2019, 11, 1), date(2029, 3, 1))
counts = st.integers(-300, 300)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """Calendars as odd as can be: any day off, any day worked, covered for any stretch."""
    near = st.dates(date(2023, 12, 1), date(2025, 2, 1))
    off = draw(st.frozensets(near, max_size=40))
    worked = draw(st.frozensets(near, max_size=20)) - off
    first, last = sorted(draw(st.tuples(near, near)))
    return Calendar(off, worked, covered_until=last, covered_from=first)


def walk_working(calendar: Calendar, day: date) -> bool:
    """The rule as a person would say it, without the code's short cuts."""
    if day in calendar.make_up:
        return True
    if day in calendar.holidays or day.weekday() in (5, 6):
        return False
    beyond = day > calendar.covered_until or day < calendar.covered_from
    return not (beyond and f"{day:%m-%d}" in ("01-01", "05-01", "05-02", "10-01", "10-02", "10-03"))


def walk(calendar: Calendar, day: date, n: int) -> date:
    step = DAY if n > 0 else -DAY
    left = abs(n)
    while left:
        day += step
        left -= walk_working(calendar, day)
    return day


@given(days, counts)
@example(date(2026, 9, 19), 1)  # the Sunday after it is worked
@example(date(2026, 9, 30), 1)  # the holiday week
@example(date(2026, 2, 13), 2)  # a worked Saturday, then nine days off
@example(date(2026, 12, 31), 1)  # out of the last covered day
@example(date(2026, 12, 31), 0)
@example(date(2027, 1, 4), -1)  # and back into it
@example(date(2020, 1, 31), 1)  # the prolonged Spring Festival
@example(date(2024, 2, 28), 1)
def test_adding_working_days_is_walking_them(day: date, n: int) -> None:
    if n:
        assert CN.add_working_days(day, n) == walk(CN, day, n)
    else:
        assert CN.add_working_days(day, 0) == walk(CN, day - DAY, 1)


@given(calendars(), st.dates(date(2023, 11, 1), date(2025, 3, 1)), counts)
def test_any_calendar_is_walked_the_same_way(calendar: Calendar, day: date, n: int) -> None:
    assert calendar.is_working(day) == walk_working(calendar, day)
    if n:
        assert calendar.add_working_days(day, n) == walk(calendar, day, n)


@given(calendars(), st.dates(date(2023, 11, 1), date(2025, 3, 1)), st.integers(-500, 500))
def test_counting_between_two_days_is_counting_each_of_them(calendar: Calendar, a: date, n: int) -> None:
    b = a + n * DAY
    low, high = min(a, b), max(a, b)
    walked = sum(walk_working(calendar, low + k * DAY) for k in range(1, (high - low).days + 1))
    assert calendar.working_days_between(a, b) == (walked if a <= b else -walked)


@given(days, st.integers(1, 300))
def test_adding_and_counting_undo_each_other(day: date, n: int) -> None:
    assert CN.working_days_between(day, CN.add_working_days(day, n)) == n
    assert CN.working_days_between(day, CN.add_working_days(day, -n)) in (
        -n,
        -n + 1,
    )  # `day` itself may be worked


def test_a_worked_sunday_counts_and_a_free_friday_does_not() -> None:
    assert CN.kind(date(2026, 9, 20)) is DayKind.MAKE_UP and CN.is_working(date(2026, 9, 20))
    assert CN.kind(date(2026, 9, 25)) is DayKind.HOLIDAY and not CN.is_working(date(2026, 9, 25))
    assert CN.kind(date(2026, 9, 13)) is DayKind.WEEKEND and CN.kind(date(2026, 9, 14)) is DayKind.WORKING
    assert CN.next_working(date(2026, 9, 30)) == date(2026, 10, 8)


def test_days_without_a_notice_are_provisional_and_still_free_where_the_law_says_so() -> None:
    assert not CN.provisional(date(2026, 12, 31)) and CN.provisional(date(2027, 1, 1))
    assert not CN.provisional(date(2020, 1, 1)) and CN.provisional(date(2019, 12, 31))
    assert CN.kind(date(2027, 10, 1)) is CN.kind(date(2035, 10, 1)) is DayKind.HOLIDAY
    assert CN.kind(date(2027, 2, 5)) is DayKind.HOLIDAY  # New Year's Eve, known from the moon
    assert CN.kind(date(2024, 5, 2)) is DayKind.HOLIDAY and CN.kind(date(2023, 5, 4)) is DayKind.WORKING


def test_the_law_does_not_overrule_a_notice() -> None:
    worked = Calendar(frozenset(), frozenset(), covered_until=date(2026, 12, 31))
    assert worked.is_working(date(2026, 10, 1)) and not worked.is_working(date(2027, 10, 1))


def test_ten_thousand_working_days_are_counted_and_the_end_of_time_is_refused_in_a_sentence() -> None:
    far = CN.add_working_days(date(2026, 1, 5), 10_000)
    assert CN.working_days_between(date(2026, 1, 5), far) == 10_000
    for start, n in ((date(9999, 12, 1), 60), (date(1, 1, 20), -60)):
        with pytest.raises(DayOutOfRange) as refused:
            CN.add_working_days(start, n)
        assert f"{n} days from {start.isoformat()} lead out of the years" in str(refused.value.sentence)


def test_a_day_cannot_be_free_and_worked_at_once() -> None:
    day = frozenset({date(2026, 1, 1)})
    with pytest.raises(ValueError, match="2026-01-01 is both"):
        Calendar(day, day, covered_until=date(2026, 12, 31))
