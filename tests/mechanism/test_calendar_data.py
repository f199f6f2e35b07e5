"""The calendar file says what the notices said, and a broken one is refused in a sentence."""

from datetime import date

import pytest

from bihuan.directory.calendars import load_calendar, read_calendar

CN = load_calendar()

HEAD = "covered_from = 2026-01-01\ncovered_until = 2026-12-31\nfixed = []\n"

#: Working days of each year, counted by hand: its weekdays, less the weekdays off, plus the make-up days.
WORKING_DAYS = {2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248, 2026: 248}


@pytest.mark.parametrize(("year", "expected"), WORKING_DAYS.items())
def test_each_year_has_as_many_working_days_as_its_notice_leaves(year: int, expected: int) -> None:
    assert CN.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == expected


def test_every_make_up_day_is_a_saturday_or_sunday_of_a_covered_year() -> None:
    assert len(CN.make_up) == 46
    assert all(day.weekday() >= 5 and not CN.provisional(day) for day in CN.make_up)


def test_a_later_notice_takes_a_make_up_day_back() -> None:
    assert date(2020, 2, 1) in CN.holidays and date(2020, 2, 1) not in CN.make_up


def test_days_that_are_only_expected_are_dropped_once_a_notice_covers_their_year() -> None:
    text = HEAD + "notices = []\n[[expected]]\noff = [[2026-06-19, 2026-06-19], [2027-06-09, 2027-06-09]]\n"
    assert read_calendar(text, name="x.toml").holidays == {date(2027, 6, 9)}


@pytest.mark.parametrize(
    "text",
    [
        "notices = [",
        "notices = []",
        HEAD + "[[notices]]\noff = [[2026-01-03, 2026-01-01]]\nmake_up = []",
        HEAD + "[[notices]]\noff = []\nmake_up = ['2026-01-04']",
        HEAD + "[[notices]]\noff = [2026-01-01]\nmake_up = []",
        HEAD.replace("[]", "['02-29']") + "notices = []",
    ],
)
def test_a_broken_calendar_file_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match=r"^city\.toml is not a holiday calendar"):
        read_calendar(text, name="city.toml")
