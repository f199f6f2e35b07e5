"""From a mechanism's terms and a matter's moments to the two days that bind it."""

from collections.abc import Mapping
from datetime import date

from .calendar import Calendar
from .deadline import term_day
from .model import Mechanism, Stage, Term
from .state import Value

Moments = Mapping[str, date]
Values = Mapping[str, Value]


def stage_due(stage: Stage, values: Values, moments: Moments, calendar: Calendar) -> date | None:
    """Return the day by whose end the stage must be left, or looked at again; None for an end."""
    return day_of(stage.clock, values, moments, calendar) if stage.clock else None


def whole_due(mechanism: Mechanism, values: Values, moments: Moments, calendar: Calendar) -> date | None:
    """Return the day by whose end the whole matter must end.

    None while nothing says so yet: no day given, and no class whose term's moment has happened. Until then
    the deadline of the stage is what binds.
    """
    deadline = mechanism.deadline
    if given := values.get(deadline.field):
        return date.fromisoformat(str(given))
    term = deadline.term
    if deadline.by_class:
        term = deadline.terms.get(str(values.get(deadline.by_class)), term)
    return day_of(term, values, moments, calendar) if term else None


def day_of(term: Term, values: Values, moments: Moments, calendar: Calendar) -> date | None:
    """Return the last day of `term`; None while none of the moments it counts from has happened."""
    for anchor in term.anchors:
        if (day := _moment(anchor, values, moments)) is not None:
            return term_day(term, day, calendar)
    return None


def _moment(anchor: str, values: Values, moments: Moments) -> date | None:
    if not anchor.startswith("field:"):
        return moments.get(anchor)
    given = values.get(anchor.removeprefix("field:"))
    return date.fromisoformat(str(given)) if given else None
