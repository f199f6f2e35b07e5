"""How each story goes: which steps, and by which day each part of it is over.

Turns vary the stories of one kind: how long the last step has been waiting, whether there was a round of rework.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from .material import Finding
from .timetable import Leg, Step, Timetable

REGISTER, DISPATCH, SIGN = Step("register", (1, 3)), Step("dispatch", (1, 3)), Step("sign", (1, 3))
LATE_ENTRY = Step("register")
PLAN = (Step("submit_plan", (7, 16)), Step("accept_plan", (2, 6)))
REPORT, TALK, CLAIM = Step("report_progress"), Step("log_communication"), Step("claim_done")
RECOGNISE, STRIKE_OFF = Step("recognise", (2, 8)), Step("strike_off", (1, 4))
SEND_BACK = Step("send_back", (2, 8))


@dataclass(frozen=True, slots=True)
class Course:
    """A finding on the way through its story: when it may happen, and the chances that it takes."""

    finding: Finding
    timetable: Timetable
    chance: Random

    @property
    def due(self) -> date:
        return self.timetable.from_today(self.finding.lateness)

    @property
    def delivered(self) -> date:
        return self.timetable.from_today(-self.finding.project.delivered)

    @property
    def late(self) -> bool:
        return self.finding.lateness < 0

    @property
    def planned(self) -> bool:
        """Whether its class asks for a plan first."""
        return self.finding.rectify_type != "immediate"

    def back(self, *days: int) -> date:
        """Return the day so many working days before today; findings of one story take the numbers in turn."""
        return self.timetable.back(days[self.finding.turn % len(days)])

    def between(self, start: float, end: float, *, last: date | None = None) -> date:
        """Return a day between two shares of the time from delivery to `last` (default: the last working day)."""
        span = ((last or self.timetable.yesterday) - self.delivered).days
        return self.delivered + timedelta(days=round(span * self.chance.uniform(start, end)))

    def every(self, count: int) -> bool:
        """Whether it is the turn of the last of `count` findings of its story."""
        return self.finding.turn % count == count - 1


def legs(course: Course) -> list[Leg]:
    """Return the parts of the finding's story, in order."""
    return _STORIES[course.finding.story](course)


def _opening(course: Course) -> tuple[Step, ...]:
    return (REGISTER, DISPATCH, SIGN, *(PLAN if course.planned else ()))


def _talks(course: Course) -> tuple[Step, ...]:
    """The office asks after what is late, and now and then after what is not."""
    often = course.chance.choice((1, 2)) if course.late else course.chance.choice((0, 0, 1))
    return (TALK,) * often


def _registered(course: Course) -> list[Leg]:
    return [Leg((LATE_ENTRY,), course.back(1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7))]


def _dispatched(course: Course) -> list[Leg]:
    return [Leg((LATE_ENTRY, Step("dispatch", (0, 2))), course.back(1, 1, 2, 2, 3, 3, 4, 5, 7, 9))]


def _returned_unit(course: Course) -> list[Leg]:
    return [Leg((LATE_ENTRY, Step("dispatch", (1, 2)), Step("return", (1, 3))), course.back(1, 2, 3, 4, 6, 8))]


def _planning(course: Course) -> list[Leg]:
    returned = Step("return_plan", (2, 5))
    match course.finding.turn % 4:
        case 0:
            return [Leg((REGISTER, DISPATCH, SIGN), course.timetable.yesterday)]
        case 1:  # returned once and sent out again
            again = (Step("return", (1, 3)), Step("dispatch", (2, 5), "again"), SIGN)
            return [Leg((LATE_ENTRY, DISPATCH, *again), course.back(4, 8, 12, 16))]
        case 2:
            return [Leg((LATE_ENTRY, DISPATCH, SIGN), course.back(3, 6, 10, 14))]
        case _:
            steps = (REGISTER, DISPATCH, SIGN, Step("submit_plan", None, "draft"), returned)
            return [Leg(steps, course.back(2, 3, 4, 6))]


def _plan_review(course: Course) -> list[Leg]:
    return [Leg((REGISTER, DISPATCH, SIGN, Step("submit_plan")), course.back(1, 2, 3, 3, 4, 5, 6, 9, 12))]


def _rectifying(course: Course) -> list[Leg]:
    opened = Leg(_opening(course), course.timetable.yesterday)
    return [opened, Leg(_talks(course), course.back(1, 3, 5, 8, 12, 20))]


def _rectifying_progress(course: Course) -> list[Leg]:
    reports = min(1 + course.finding.project.delivered // 70, 5)
    refused = course.late and course.every(4)
    asked = [Leg((Step("ask_extension"), Step("refuse_extension", (2, 4))), course.due)] if refused else []
    steps = (*(REPORT,) * reports, *_talks(course))
    opened = Leg(_opening(course), course.between(0.3, 0.4, last=min(course.due, course.timetable.yesterday)))
    return [opened, *asked, Leg(steps, course.back(2, 4, 7, 11, 15, 24))]


def _checking(course: Course) -> list[Leg]:
    worked = (REPORT,) if course.finding.project.delivered > 90 else ()
    return [
        Leg((*_opening(course), *worked, CLAIM), course.back(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 16, 19, 23))
    ]


def _approving(course: Course) -> list[Leg]:
    return [Leg((*_opening(course), CLAIM, RECOGNISE), course.back(1, 1, 2, 2, 3, 3, 4, 5, 6, 8))]


def _sent_back(course: Course) -> list[Leg]:
    rounds = 2 if course.every(3) else 1
    return [Leg((*_opening(course), *(CLAIM, SEND_BACK) * rounds), course.back(1, 2, 4, 6, 9, 12, 15))]


def closing_day(course: Course) -> date:
    """Return the day of the strike-off: four in five in time, the others up to seven weeks after the due day."""
    last = course.timetable.yesterday
    if course.late and course.every(5):
        return min(course.due + timedelta(days=course.chance.randint(3, 50)), last)
    return course.between(0.72, 1, last=min(course.due, last))


def _struck_off(course: Course) -> list[Leg]:
    until = closing_day(course)
    long = (until - course.delivered).days > 75
    worked = (REPORT,) if long else ()
    again = (SEND_BACK, CLAIM) if long and course.every(4) else ()
    return [Leg((*_opening(course), *worked, CLAIM, *again, RECOGNISE, STRIKE_OFF), until)]


def _extended(course: Course) -> list[Leg]:
    first_due = course.due - timedelta(days=course.finding.extended_by)
    asked = min(first_due - timedelta(days=course.chance.randint(2, 9)), course.back(6, 9, 13))
    opened = Leg((*_opening(course), REPORT, Step("ask_extension")), asked)
    granted = Leg((Step("grant_extension", (1, 4)),), course.timetable.yesterday)
    return [opened, granted, Leg((REPORT,), course.back(1, 2, 3, 5))]


def _extension_asked(course: Course) -> list[Leg]:
    return [Leg((*_opening(course), REPORT, Step("ask_extension")), course.back(1, 1, 2, 2, 3, 4, 5))]


def _not_feasible(course: Course) -> list[Leg]:
    proposed = (*_opening(course), REPORT, Step("propose_impossible"))
    if course.finding.turn % 3 == 1:
        return [Leg(proposed, course.back(3, 3, 3, 3, 17))]
    return [Leg((*proposed, Step("accept_impossible", (3, 9))), course.back(4, 8, 10, 15))]


def _transferred(course: Course) -> list[Leg]:
    worked = (REPORT,) if course.finding.project.delivered > 90 else ()
    return [Leg((*_opening(course), *worked, Step("transfer")), course.between(0.45, 0.9))]


def _reopened(course: Course) -> list[Leg]:
    last = min(course.due, course.timetable.yesterday)
    closed = (*_opening(course), CLAIM, RECOGNISE, STRIKE_OFF)
    again = Leg((Step("reopen"),), course.between(0.8, 0.88, last=last))
    return [
        Leg(closed, course.between(0.5, 0.6, last=last)),
        again,
        Leg((REPORT, *_talks(course)), course.back(2, 6, 9)),
    ]


def _with_measures(course: Course) -> list[Leg]:
    opened = (*_opening(course), *(Step("add_measure", (0, 1), str(part)) for part in range(3)))
    return [Leg(opened, course.between(0.5, 0.6)), Leg((REPORT,), course.back(1, 3, 5, 8))]


_STORIES: Mapping[str, Callable[[Course], list[Leg]]] = {
    "registered": _registered,
    "dispatched": _dispatched,
    "returned_unit": _returned_unit,
    "planning": _planning,
    "plan_review": _plan_review,
    "rectifying": _rectifying,
    "rectifying_progress": _rectifying_progress,
    "with_measures": _with_measures,
    "extension_asked": _extension_asked,
    "extended": _extended,
    "checking": _checking,
    "sent_back": _sent_back,
    "approving": _approving,
    "struck_off": _struck_off,
    "reopened": _reopened,
    "not_feasible": _not_feasible,
    "transferred": _transferred,
}

#: What has become of the measures of a finding: the last step of each, and how many working days ago it was.
FATES: tuple[tuple[tuple[Step, ...], int], ...] = (
    ((Step("report"), Step("recognise", (1, 5))), 12),
    ((Step("report"),), 4),
    ((), 0),
    ((Step("report"), Step("send_back", (2, 5))), 3),
    ((Step("report"), Step("recognise", (1, 5))), 2),
    ((Step("drop"),), 6),
    ((), 0),
)


def measure_legs(course: Course, part: int) -> list[Leg]:
    """Return the story of the measure number `part` of a finding."""
    steps, ago = FATES[(course.finding.turn * 3 + part) % len(FATES)]
    return [Leg(steps, course.timetable.back(ago or 1))]
