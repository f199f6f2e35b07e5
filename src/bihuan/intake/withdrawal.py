"""Taking a whole import back, as long as nobody has worked on what it registered."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bihuan.directory.models import Post
from bihuan.ledger.execute import withdraw_matters
from bihuan.ledger.refused import recorded
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .models import Intake, IntakeRow, Stage, Status
from .rights import check_intake


def withdraw(intake: Intake, reason: str, *, post: Post, account: str, now: datetime) -> None:
    """Withdraw every matter that `intake` registered, by an event each, and free their claims; or none.

    Its rows that wait leave the tray. Raises `Refusal`, naming the first matter that somebody has touched.
    """
    with recorded(post, account, None, "withdraw", now), transaction.atomic():
        check_intake(intake, post)
        locked = Intake.objects.select_for_update().get(pk=intake.pk)
        if not reason.strip():
            raise Refusal("missing_reason", N_("Write down why the import is withdrawn."), field="reason")
        if locked.stage not in (Stage.OPEN, Stage.COMMITTED):
            raise Refusal("withdrawn", N_("This import was withdrawn already."))
        made = locked.rows.filter(status=Status.CREATED).exclude(matter__ended="withdrawn")
        _refuse_touched(made)
        matters = [matter for matter in made.order_by("id").values_list("matter", flat=True) if matter]
        withdraw_matters(matters, reason=reason, post=post, account=account, now=now)
        locked.rows.exclude(status=Status.SKIPPED).update(status=Status.WITHDRAWN)
        locked.stage, locked.ended_at = Stage.WITHDRAWN, now
        locked.save(update_fields=["stage", "ended_at"])


def _refuse_touched(made: QuerySet[IntakeRow]) -> None:
    touched = made.filter(matter__version__gt=1).order_by("id").select_related("matter").first()
    if touched and touched.matter:
        raise Refusal(
            "touched",
            N_("Somebody has worked on %(number)s (row %(row)d) since it was registered; the import stays."),
            number=touched.matter.number,
            row=touched.row,
        )
