"""Registering what was understood: in steps of about a second, finished once and never twice.

Each step is one transaction: the matters of some rows, and the mark on those rows that they are made. So a
process may be killed anywhere; the next step goes on with the rows that have no mark. The intake is locked for
a step, and every row's key is claimed, so that two processes register nothing twice.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Count

from bihuan.directory.models import Post
from bihuan.ledger.refused import recorded
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from . import uploads
from .contents import Texts
from .entry import Deed, enter
from .models import Intake, IntakeRow, Stage, Status
from .replacing import replace_older
from .rights import check_intake

#: How long a step shall take (seconds), and how many rows it takes at least and at most.
STEP, FEWEST, MOST = 0.8, 50, 8_000

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a commit has come: `done` of `total` rows that a finding stands in, and what became of them."""

    done: int
    total: int
    finished: bool
    created: int = 0
    unchanged: int = 0
    differing: int = 0
    waiting: int = 0


def commit(
    intake: Intake,
    *,
    post: Post,
    account: str,
    now: datetime,
    progress: Callable[[Progress], None] | None = None,
) -> Progress:
    """Register every row of `intake` that was understood. Raises `Refusal` if the post may not."""
    while True:
        made = commit_step(intake, post=post, account=account, now=now)
        if progress:
            progress(made)
        if made.finished:
            return made


def commit_step(intake: Intake, *, post: Post, account: str, now: datetime) -> Progress:
    """Do the next step, about a second's worth, and return how far the commit has come.

    Safe to call from several processes at once, and again after it is finished. Raises `Refusal`.
    """
    with recorded(post, account, None, "import", now):
        check_intake(intake, post)
        for left in reversed(range(_TRIES)):
            try:
                _step(intake, Deed(post, account, now))
                break
            except IntegrityError:
                # Another intake claimed one of the same findings in this instant; now the claim can be seen.
                if not left:
                    raise
    return progress_of(intake)


def progress_of(intake: Intake) -> Progress:
    """Return how far the commit of `intake` has come."""
    stage = Intake.objects.values_list("stage", flat=True).get(pk=intake.pk)
    counted = IntakeRow.objects.filter(intake=intake).order_by().values_list("status").annotate(Count("id"))
    counts = {str(status): number for status, number in counted}
    total = sum(counts.values()) - counts.get(Status.SKIPPED, 0)
    return Progress(
        done=total - counts.get(Status.READY, 0),
        total=total,
        finished=stage != Stage.OPEN,
        created=counts.get(Status.CREATED, 0),
        unchanged=counts.get(Status.UNCHANGED, 0),
        differing=counts.get(Status.DIFFERING, 0),
        waiting=counts.get(Status.WAITING, 0),
    )


@transaction.atomic
def _step(intake: Intake, deed: Deed) -> None:
    began = time.monotonic()
    locked = Intake.objects.select_for_update().get(pk=intake.pk)
    if locked.stage != Stage.OPEN:
        if locked.stage == Stage.WITHDRAWN:
            raise Refusal("withdrawn", N_("This import was withdrawn; bring the file in anew."))
        return
    ready = locked.rows.filter(status=Status.READY).order_by("id").values_list(*Texts._fields)
    rows = [Texts(*each) for each in ready[: locked.pace]]
    enter(locked, rows, deed)
    if len(rows) < locked.pace:
        _finish(locked, deed)
    else:
        locked.pace = _pace(locked.pace, time.monotonic() - began)
        locked.save(update_fields=["pace"])


def _pace(rows: int, seconds: float) -> int:
    """Return how many rows the next step takes: as many as fill a step at the speed of this one."""
    wanted = rows * min(4.0, STEP / max(seconds, 0.001))
    return int(max(FEWEST, min(MOST, wanted)))


def _finish(intake: Intake, deed: Deed) -> None:
    replace_older(intake)
    intake.rows.filter(status=Status.SKIPPED).exclude(cells="").update(cells="")
    intake.stage, intake.ended_at = Stage.COMMITTED, deed.now
    intake.save(update_fields=["stage", "ended_at"])
    transaction.on_commit(partial(uploads.release, intake.sha256))
