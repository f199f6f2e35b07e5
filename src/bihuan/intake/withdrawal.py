"""Taking a whole import back, as long as nobody has worked on what it registered and no later one relies on it.

Withdrawing is one transaction, so that it is all or nothing. While it lasts nobody else can write on SQLite,
which is why there is a limit.
"""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet

from bihuan.directory.models import Post
from bihuan.ledger.days import local_day
from bihuan.ledger.execute import withdraw_matters
from bihuan.ledger.refused import recorded
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from . import uploads
from .contents import CLEARED
from .lock import lock_intakes
from .models import Intake, IntakeRow, Stage, Status
from .rights import check_intake

#: How many matters are withdrawn together. Each takes half a millisecond, 1.4 on a machine that is thrice too
#: busy; other writers give up after 20 seconds.
MOST = 7_000

#: What a row of another import can be that says something of a matter.
_SAYING = (Status.UNCHANGED, Status.DIFFERING, Status.DECIDED)


def withdraw(intake: Intake, reason: str, *, post: Post, account: str, now: datetime) -> None:
    """Withdraw every matter that `intake` registered, by an event each, and free their claims; or none.

    Its rows that wait leave the tray, and every row loses its texts. Raises `Refusal`, naming the first matter
    that somebody has touched, or the import that says something of the same matters.
    """
    with recorded(post, account, None, "withdraw", now), transaction.atomic():
        check_intake(intake, post)
        locked = _locked(intake)
        if not reason.strip():
            raise Refusal("missing_reason", N_("Write down why the import is withdrawn."), field="reason")
        if locked.stage not in (Stage.OPEN, Stage.COMMITTED):
            raise Refusal("withdrawn", N_("This import was withdrawn already."))
        made = locked.rows.filter(status=Status.CREATED).exclude(matter__ended="withdrawn")
        _refuse_many(made)
        _refuse_touched(made)
        _refuse_relied_on(locked, made)
        matters = [matter for matter in made.order_by("id").values_list("matter", flat=True) if matter]
        withdraw_matters(matters, reason=reason, post=post, account=account, now=now)
        locked.rows.filter(status=Status.SKIPPED).exclude(cells="").update(cells="")
        locked.rows.exclude(status=Status.SKIPPED).update(status=Status.WITHDRAWN, **CLEARED)
        locked.stage, locked.ended_at = Stage.WITHDRAWN, now
        locked.save(update_fields=["stage", "ended_at"])
        transaction.on_commit(partial(uploads.release, locked.sha256))


def _locked(intake: Intake) -> Intake:
    """Lock the intake and all others of the mechanism: none of their rows may come to rely on it meanwhile."""
    others = Q(mechanism=intake.mechanism) & ~Q(stage=Stage.WITHDRAWN)
    return next(each for each in lock_intakes(Q(pk=intake.pk) | others) if each.pk == intake.pk)


def _refuse_many(made: QuerySet[IntakeRow]) -> None:
    count = made.count()
    if count > MOST:
        raise Refusal(
            "too_many",
            N_(
                "This import registered %(count)d matters, and at most %(most)d are withdrawn at once, as nobody else "
                "can work meanwhile. The import stays: correct its matters one by one, or go back to the backup from "
                "before it."
            ),
            count=count,
            most=MOST,
        )


def _refuse_touched(made: QuerySet[IntakeRow]) -> None:
    touched = made.filter(matter__version__gt=1).order_by("id").select_related("matter").first()
    if touched and touched.matter:
        raise Refusal(
            "touched",
            N_("Somebody has worked on %(number)s (row %(row)d) since it was registered; the import stays."),
            number=touched.matter.number,
            row=touched.row,
        )


def _refuse_relied_on(intake: Intake, made: QuerySet[IntakeRow]) -> None:
    """Refuse if another import found its rows to be these matters, or to wait here already: they would be lost."""
    others = IntakeRow.objects.exclude(intake=intake).exclude(intake__stage=Stage.WITHDRAWN)
    saying = others.filter(status__in=_SAYING, matter__in=made.values("matter"))
    kept = intake.rows.filter(status__in=(Status.CREATED, Status.WAITING, Status.DISCARDED)).exclude(key="")
    repeating = others.filter(status=Status.UNCHANGED, matter=None, intake__gt=intake.pk, key__in=kept.values("key"))
    for found in (saying, repeating):
        for row in found.order_by().select_related("intake")[:1]:
            raise Refusal(
                "relied_on",
                N_(
                    "“%(name)s”, brought in on %(day)s, says something of the same matters (its row %(row)d); withdraw "
                    "that import or take it back first."
                ),
                name=row.intake.name,
                day=local_day(row.intake.opened_at).isoformat(),
                row=row.row,
            )
