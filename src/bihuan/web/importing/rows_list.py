"""The rows of an import, page by page by key, under one status at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.http import QueryDict

from bihuan.intake.models import Intake, IntakeRow, Stage, Status

from .row_words import STATUSES

SIZE = 50

_BEFORE = (Status.WAITING, Status.READY, Status.DIFFERING, Status.UNCHANGED, Status.SKIPPED)
_AFTER = (Status.CREATED, Status.WAITING, Status.DIFFERING, Status.UNCHANGED, Status.SKIPPED)


@dataclass(frozen=True, slots=True)
class Tab:
    """A status with its number of rows."""

    key: str
    title: str
    tone: str
    number: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows in the order of the file, and the keys of the neighbouring pages."""

    rows: Sequence[IntakeRow]
    before: int | None
    after: int | None


def tabs(intake: Intake, asked: str) -> list[Tab]:
    """Return the statuses that rows of `intake` have, and those that one would look for; one is chosen."""
    counted = dict(intake.rows.order_by().values_list("status").annotate(Count("id")))
    usual = _AFTER if intake.stage != Stage.OPEN or counted.get(Status.CREATED) else _BEFORE
    shown = [key for key in dict.fromkeys((*usual, *Status)) if key in usual or counted.get(key)]
    chosen = asked if asked in shown else next((key for key in shown if counted.get(key)), shown[0])
    return [Tab(str(key), *STATUSES[key], counted.get(key, 0), key == chosen) for key in shown]


def page(rows: QuerySet[IntakeRow], asked: QueryDict) -> RowPage:
    """Return the page of `rows` that `asked` (`after` or `before` a row id) wants; the first one by default."""
    after, before = _number(asked.get("after")), _number(asked.get("before"))
    rows = rows.select_related("matter__responsible", "intake")
    if before is not None:
        found = list(rows.filter(id__lt=before).order_by("-id")[: SIZE + 1])
        more, found = len(found) > SIZE, found[:SIZE][::-1]
        return RowPage(found, found[0].pk if found and more else None, found[-1].pk if found else None)
    found = list(rows.filter(id__gt=after or 0).order_by("id")[: SIZE + 1])
    more, found = len(found) > SIZE, found[:SIZE]
    return RowPage(found, found[0].pk if found and after else None, found[-1].pk if more else None)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
