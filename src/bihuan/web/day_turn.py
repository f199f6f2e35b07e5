"""The first page of a day does what the organisation had planned for it: new names, mergers, successors."""

from datetime import date, datetime

from bihuan.ledger.days import local_day
from bihuan.ledger.reorganise import turn_of_day

_done: date | None = None


def turn_once(now: datetime) -> None:
    """Do it once a day in each process; doing it twice does no harm."""
    global _done
    today = local_day(now)
    if _done != today:
        turn_of_day(now)
        _done = today
