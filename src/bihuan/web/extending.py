"""What may be asked for when a deadline is to be moved: how often, how far, and days to choose from."""

from dataclasses import dataclass
from datetime import date, timedelta

from bihuan.mechanism.deadline import is_overdue
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.state import State

#: Days beyond the deadline that are offered, where the mechanism allows as many.
STEPS = (15, 30, 60, 90)


@dataclass(frozen=True, slots=True)
class Offer:
    """The extensions granted so far of `limit`, the days (`days` beyond the deadline) to choose from, the last one."""

    field: str
    granted: int
    limit: int
    due: date
    last: date
    days: tuple[tuple[int, date], ...]
    too_late: bool

    @property
    def used_up(self) -> bool:
        return self.granted >= self.limit

    @property
    def open(self) -> bool:
        """Whether asking would not be refused for its time or its number."""
        return not (self.too_late or self.used_up)


def extension_offer(mechanism: Mechanism, state: State, today: date) -> Offer | None:
    """Return what can be asked for on this matter; None where no deadline stands or none may be moved."""
    rule, due = mechanism.extension, state.due
    if rule is None or due is None:
        return None
    far = [days for days in (*STEPS, rule.max_days) if days <= rule.max_days]
    return Offer(
        field=f"f-{rule.field}",
        granted=state.extensions,
        limit=rule.limit,
        due=due,
        last=due + timedelta(days=rule.max_days),
        days=tuple((days, due + timedelta(days=days)) for days in dict.fromkeys(far)),
        too_late=is_overdue(due, today),
    )
