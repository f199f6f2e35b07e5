"""How late something is, as a word with a tone. Nothing is decided here: two days are compared and named."""

from dataclasses import dataclass
from datetime import date

from bihuan.mechanism.calendar import Calendar
from bihuan.mechanism.deadline import days_left
from bihuan.mechanism.sentence import N_, Sentence

#: Working days before a deadline from which it counts as near, here and on the desk.
NEAR = 10


@dataclass(frozen=True, slots=True)
class Lateness:
    """`tone` is `late`, `soon`, `done`, or empty; `days` is how many days late (negative: still to go)."""

    tone: str
    sentence: Sentence
    days: int


@dataclass(frozen=True, slots=True)
class Clock:
    """Today, and the last day that counts as near."""

    today: date
    near: date

    @classmethod
    def on(cls, today: date, calendar: Calendar) -> "Clock":
        return cls(today, calendar.add_working_days(today, NEAR))

    def of(self, due: date | None, ended: str = "", ended_on: date | None = None) -> Lateness | None:
        """Return how a deadline stands; for what has ended, how it was kept. None without one, or withdrawn."""
        if due is None or ended == "withdrawn":
            return None
        if ended and ended_on:
            return _kept(due, ended_on)
        return self._running(due)

    def _running(self, due: date) -> Lateness:
        days = -days_left(due, self.today)
        if days > 0:
            return Lateness("late", _counted(N_("1 day late"), N_("%(days)d days late"), days), days)
        if days == 0:
            return Lateness("soon", Sentence(N_("due today")), 0)
        tone = "soon" if due <= self.near else ""
        return Lateness(tone, _counted(N_("1 day left"), N_("%(days)d days left"), -days), days)


def _kept(due: date, ended_on: date) -> Lateness:
    days = -days_left(due, ended_on)
    if days > 0:
        return Lateness("late", _counted(N_("ended 1 day late"), N_("ended %(days)d days late"), days), days)
    return Lateness("done", Sentence(N_("ended in time")), days)


def _counted(one: str, many: str, days: int) -> Sentence:
    return Sentence(one) if days == 1 else Sentence(many, {"days": days})
