"""Which days are working days, and how many of them lie between two days.

In China a Sunday can be a working day and a Friday a holiday: the State Council's yearly notice
(部分节假日安排的通知) names both. Days that no notice covers yet are counted with weekends and the holidays
that the law fixes, and are `provisional`: the answer may move when the notice comes out.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from enum import StrEnum
from functools import lru_cache

from .sentence import N_, Sentence

#: 全国年节及纪念日放假办法 art. 2 (as revised in November 2024): the days off that are the same each year,
#: as (month, day). The other ones follow the moon or the sun and differ from year to year.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})

SATURDAY = 5


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKING = "working"  # Monday to Friday, nothing special
    MAKE_UP = "make_up"  # Saturday or Sunday that is worked (调休上班)
    WEEKEND = "weekend"
    HOLIDAY = "holiday"

    @property
    def works(self) -> bool:
        return self in (DayKind.WORKING, DayKind.MAKE_UP)


class DayOutOfRange(ValueError):
    """A count of days that leaves the years 1 to 9999; `sentence` says so to a person."""

    def __init__(self, start: date, count: int) -> None:
        self.sentence = Sentence(
            N_("%(count)s days from %(start)s lead out of the years 1 to 9999; give a smaller number."),
            {"count": count, "start": start.isoformat()},
        )
        super().__init__(str(self.sentence))


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working days of one jurisdiction.

    `holidays` are the days off (weekend days among them do no harm), `make_up` the Saturdays and Sundays that
    are worked. From `covered_from` to `covered_until` the two are complete. Outside, `fixed` (month, day) are
    days off too, and every answer is provisional. Raises ValueError if a day is in both sets.
    """

    holidays: frozenset[date]
    make_up: frozenset[date]
    covered_until: date
    covered_from: date = date.min
    fixed: frozenset[tuple[int, int]] = FIXED_HOLIDAYS

    def __post_init__(self) -> None:
        if both := sorted(self.holidays & self.make_up):
            raise ValueError(f"{both[0]} is both a holiday and a make-up working day")

    def kind(self, day: date) -> DayKind:
        """Return what `day` is; what the notice says comes before what the law fixes."""
        if day in self.make_up:
            return DayKind.MAKE_UP
        if day in self.holidays or (self.provisional(day) and (day.month, day.day) in self.fixed):
            return DayKind.HOLIDAY
        return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKING

    def is_working(self, day: date) -> bool:
        return self.kind(day).works

    def provisional(self, day: date) -> bool:
        """Whether no notice covers `day` yet, so that what is said of it may change."""
        return not self.covered_from <= day <= self.covered_until

    def next_working(self, day: date) -> date:
        """Return the first working day after `day`."""
        return self.add_working_days(day, 1)

    def add_working_days(self, day: date, n: int) -> date:
        """Return the n-th working day after `day`, which is not counted itself; before it if `n` is negative.

        With `n` 0: `day` itself if it is worked, else the first working day after it. Raises DayOutOfRange.
        """
        if n == 0:
            return day if self.is_working(day) else self.next_working(day)
        left, year = n, day.year
        while MINYEAR <= year <= MAXYEAR:
            found, left = _count_off(_working_ordinals(self, year), day.toordinal(), left)
            if found:
                return date.fromordinal(found)
            year += 1 if n > 0 else -1
        raise DayOutOfRange(day, n)

    def working_days_between(self, a: date, b: date) -> int:
        """Count the working days after `a` up to and including `b`; negative if `b` lies before `a`."""
        if b < a:
            return -self.working_days_between(b, a)
        first, last = a.toordinal(), b.toordinal()
        return sum(
            bisect_right(days, last) - bisect_right(days, first)
            for days in (_working_ordinals(self, year) for year in range(a.year, b.year + 1))
        )


def _count_off(days: tuple[int, ...], start: int, left: int) -> tuple[int, int]:
    """Count `left` of one year's `days` off, beyond `start`; return the day reached (0: none) and the rest."""
    if left > 0:
        index = bisect_right(days, start) + left - 1
        return (days[index], 0) if index < len(days) else (0, index - len(days) + 1)
    index = bisect_left(days, start) + left
    return (days[index], 0) if index >= 0 else (0, index)


@lru_cache(maxsize=1024)
def _working_ordinals(calendar: Calendar, year: int) -> tuple[int, ...]:
    """List the working days of a year as day numbers, ascending: a year is made once, then only searched."""
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    days = {each for each in range(first, last + 1) if (each - 1) % 7 < SATURDAY}
    for day in calendar.holidays | calendar.make_up | {date(year, *each) for each in calendar.fixed}:
        if day.year == year:
            (days.add if calendar.is_working(day) else days.discard)(day.toordinal())
    return tuple(sorted(days))
