"""Holiday calendars as dated data, one TOML file for each jurisdiction.

Reading a file is input, so it happens here and not in the pure `mechanism`.
"""

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from bihuan.mechanism.calendar import Calendar


@cache
def load_calendar(key: str = "cn") -> Calendar:
    """Return the calendar that is kept under `key`; it is read once. Raises FileNotFoundError or ValueError."""
    return read_calendar(files(__name__).joinpath(f"{key}.toml").read_text(encoding="utf-8"), name=f"{key}.toml")


def read_calendar(text: str, *, name: str) -> Calendar:
    """Make a calendar from the text of a calendar file. Raises ValueError that says what is wrong in `name`.

    Where two notices speak of one day, the later one wins; days that are only expected never go against one.
    """
    try:
        return _calendar(tomllib.loads(text))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{name} is not a holiday calendar: {error!r}") from error


def _calendar(data: dict[str, Any]) -> Calendar:
    off: set[date] = set()
    make_up: set[date] = set()
    for notice in data["notices"]:
        for day in _days(notice["off"]):
            off.add(day)
            make_up.discard(day)
        for day in notice["make_up"]:
            make_up.add(_day(day))
            off.discard(day)
    expected = {day for year in data.get("expected", ()) for day in _days(year["off"])}
    until = _day(data["covered_until"])
    return Calendar(
        holidays=frozenset(off | {day for day in expected if day > until}),
        make_up=frozenset(make_up),
        covered_from=_day(data["covered_from"]),
        covered_until=until,
        fixed=frozenset(_month_day(each) for each in data["fixed"]),
    )


def _days(pairs: Iterable[tuple[date, date]]) -> Iterator[date]:
    for first, last in pairs:
        if _day(last) < _day(first):
            raise ValueError(f"{first} to {last} runs backwards")
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def _day(value: object) -> date:
    if type(value) is not date:
        raise ValueError(f"expected a day such as 2026-01-01, found {value!r}")
    return value


def _month_day(text: str) -> tuple[int, int]:
    day = date.fromisoformat(f"2001-{text}")
    return day.month, day.day
