"""An invented city to try Bihuan on: three levels of units, four dozen people, three hundred audit findings, and
matters of every other mechanism in each of its stages.

Everything is made by the ledger's own commands, with the clock set to the days of the story, so that each
finding has a history like one that people made. `build` makes it once, in an empty ledger.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Account, Unit
from bihuan.ledger.days import local_day
from bihuan.ledger.models import Matter
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence

from .cast import PASSWORD, assemble
from .material import findings, rows, sample
from .rehearsal import bring_registers, rehearse, stands_of_all
from .telling import tell
from .timetable import Timetable

__all__ = ["PASSWORD", "Trial", "accounts", "build"]

#: Accounts to try, in the order in which a finding meets them, and what each can do.
_TRIALS = {
    "clerk": N_("registers and dispatches findings, and enters for units that do not sign in themselves"),
    "zhuoluoshi": N_("answers for the findings of a bureau and of a centre below it: plans, reports, claims them done"),
    "zhenxihe": N_("checks what units call done, and sends back what is not"),
    "yanbaguan": N_("strikes findings off, and answers requests for more time"),
    "fangtongchou": N_("leader in charge: sees how the units of a portfolio stand"),
    "anshoumi": N_("keeps the house; opens no finding"),
}

_IN_USE = N_(
    "The demonstration city needs an empty ledger; this one holds units, people or matters already. "
    "Nothing was changed."
)


@dataclass(frozen=True, slots=True)
class Trial:
    """An account that a visitor may sign in with, using `PASSWORD`."""

    account: str
    name: str
    unit: str
    title: str
    does: Sentence


def accounts() -> Iterator[Trial]:
    """Yield the accounts to try, one for each kind of work."""
    people = {row["account"]: row for row in reversed(list(rows("people")))}
    for account, does in _TRIALS.items():
        row = people[account]
        yield Trial(account, row["name"], row["unit"], row["post"], Sentence(does))


def build(
    *, now: datetime, progress: Callable[[int, int], None] = lambda done, total: None, limit: int | None = None
) -> None:
    """Make the city in an empty ledger, all of it or nothing; `limit` makes that many findings, of every kind, alone.

    The stories end on the working day before `now`. `progress(done, total)` counts matters. Raises `Refusal`
    when the ledger holds anything: the password of the demonstration is public.
    """
    with transaction.atomic():
        if Unit.objects.exists() or Account.objects.exists() or Matter.objects.exists():
            raise Refusal("ledger_in_use", _IN_USE)
        today = local_day(now)
        timetable = Timetable(today, load_calendar(), ZoneInfo(settings.TIME_ZONE))
        first = timetable.from_today(-max(finding.project.delivered for finding in findings()))
        chosen, stands = sample(limit), stands_of_all() if limit is None else []
        total = len(chosen) + len(stands)
        cast = assemble(today, first)
        bring_registers()
        tell(chosen, cast, timetable, progress=lambda done, of: progress(done, total))
        rehearse(stands, timetable, lambda done: progress(len(chosen) + done, total))
