"""When a term ends, and whether a day is past it.

A deadline is a local day. It is missed from the midnight that ends it (民法典 art. 203 para. 2: the last day
lasts until 24:00), and lateness is never stored: it is the comparison of two days.
"""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta, tzinfo

from .calendar import Calendar, DayKind, DayOutOfRange
from .model import Span, Term


def term_day(term: Term, anchor: date, calendar: Calendar) -> date:
    """Return the last day of `term`, counted from `anchor`, which is not counted (民法典 art. 201).

    Days are calendar days. Months end on the anchor's day number, or on the month's last day where that
    number is missing (art. 202). Working days follow `calendar`; a term of 0 working days ends on the anchor,
    or on the next working day if that is a day of rest.

    A term of days or months that ends on a day of rest is *not* moved to the next working day: art. 203 does
    so for civil periods, but the terms of supervision inside an administration are the supervisor's own, and
    a day that moves by itself would differ from the one in the document. Who wants it moved counts in
    working days. Raises DayOutOfRange.
    """
    if term.span is Span.WORKING_DAYS:
        return calendar.add_working_days(anchor, term.length)
    if term.span is Span.MONTHS:
        return add_months(anchor, term.length)
    return add_days(anchor, term.length)


def add_days(day: date, n: int) -> date:
    """Return the day `n` calendar days after `day` (before, if negative). Raises DayOutOfRange."""
    try:
        return day + timedelta(days=n)
    except OverflowError:
        raise DayOutOfRange(day, n) from None


def add_months(day: date, n: int) -> date:
    """Return the same day number `n` months later, or that month's last day. Raises DayOutOfRange."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise DayOutOfRange(day, n * 30)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def explain(term: Term, anchor: date, calendar: Calendar) -> tuple[tuple[date, DayKind], ...]:
    """List every day after `anchor` up to the last day of `term`, with what it is, so that a person can check.

    In a term of working days those that `works` were counted, the others passed over; else all count.
    """
    due = term_day(term, anchor, calendar)
    days = (add_days(anchor, n) for n in range(1, (due - anchor).days + 1))
    return tuple((day, calendar.kind(day)) for day in days)


def days_left(due: date, today: date) -> int:
    """Return the calendar days from `today` to `due`: 0 on the last day, negative when it is missed."""
    return (due - today).days


def is_overdue(due: date, today: date) -> bool:
    """Whether `due` has ended: from the midnight after it, not on the day itself."""
    return today > due


def local_day(instant: datetime, zone: tzinfo) -> date:
    """Return the day on which `instant` falls in `zone`. Raises ValueError if `instant` has no zone itself."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone, so its local day is not known")
    return instant.astimezone(zone).date()
