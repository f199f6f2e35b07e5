"""On which working days, at what hours, the steps of a story happen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate, groupby, pairwise
from random import Random
from zoneinfo import ZoneInfo

from bihuan.mechanism.calendar import Calendar

#: Minutes of a working day in which things happen: 9:30 to 12:00 and 14:00 to 17:30.
_MORNING, _AFTERNOON = range(9 * 60 + 30, 12 * 60), range(14 * 60, 17 * 60 + 30)
_MINUTES = (*_MORNING, *_AFTERNOON)


@dataclass(frozen=True, slots=True)
class Step:
    """An action `gap` working days (least, most) after the step before it; without a gap it takes the room there is.

    `note` tells steps of the same action apart where they say different things.
    """

    action: str
    gap: tuple[int, int] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Leg:
    """Steps that are done by `until`; the last is on that very day if one of them takes the room there is."""

    steps: tuple[Step, ...]
    until: date


@dataclass(frozen=True, slots=True)
class Moment:
    step: Step
    at: datetime


@dataclass(frozen=True)
class Timetable:
    """Working days up to the day before `today`, on which the story stands still."""

    today: date
    calendar: Calendar
    zone: ZoneInfo

    def back(self, count: int) -> date:
        """Return the working day `count` working days before today."""
        return self.calendar.add_working_days(self.today, -count)

    @cached_property
    def yesterday(self) -> date:
        return self.back(1)

    def from_today(self, days: int) -> date:
        return self.today + timedelta(days=days)

    def place(self, legs: Sequence[Leg], *, first: date, chance: Random) -> list[Moment]:
        """Give every step of `legs` its moment, in order, from the first working day on or after `first`."""
        day = min(self.calendar.add_working_days(first, 0), self.yesterday)
        steps: list[Step] = []
        days: list[date] = []
        for leg in legs:
            if leg.steps:
                found = self._days(leg, day, chance)
                steps += leg.steps
                days += found
                day = found[-1]
        return [Moment(step, at) for step, at in zip(steps, self._hours(days, chance), strict=True)]

    def opening(self, day: date, chance: Random) -> datetime:
        """Return a moment of `day` before any other step happens."""
        return self._at(day, 9 * 60 + chance.randrange(25), chance)

    def _days(self, leg: Leg, first: date, chance: Random) -> list[date]:
        working = self._working(first, min(leg.until, self.yesterday))
        room, gaps = len(working) - 1, [chance.randint(*step.gap) if step.gap else 0 for step in leg.steps]
        spare = room - sum(gaps)
        if spare < 0:  # too little time for things to take as long as they like: they take their share of it
            places = [total * room // sum(gaps) for total in accumulate(gaps)]
        else:
            elastic = [place for place, step in enumerate(leg.steps) if step.gap is None]
            for place, part in zip(elastic, _shared(spare, len(elastic), chance), strict=True):
                gaps[place] += part
            places = list(accumulate(gaps))
        return [working[place] for place in places]

    def _working(self, first: date, last: date) -> list[date]:
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [day for day in days if self.calendar.is_working(day)] or [first]

    def _hours(self, days: Sequence[date], chance: Random) -> Iterator[datetime]:
        for day, same in groupby(days):
            count = len(list(same))
            yield from (self._at(day, minute, chance) for minute in sorted(chance.sample(_MINUTES, count)))

    def _at(self, day: date, minute: int, chance: Random) -> datetime:
        clock = time(minute // 60, minute % 60, chance.randrange(60))
        return datetime.combine(day, clock, self.zone)


def _shared(whole: int, parts: int, chance: Random) -> list[int]:
    """Return `whole` in `parts` uneven parts."""
    if not parts:
        return []
    weights = [chance.uniform(0.6, 1.4) for _part in range(parts)]
    ends = [round(whole * total / sum(weights)) for total in accumulate(weights)]
    return [end - start for start, end in pairwise([0, *ends])]
