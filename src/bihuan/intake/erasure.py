"""Erasing what the intake still knows of a matter, when values of it are erased by law.

A print is no secret beside its salt: a name can be guessed until it fits. So a row of such a matter keeps its
key alone. A later file that names the matter is known by the key and says nothing anew: whatever the file
says of the erased values is not stored again.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from bihuan.directory.models import Post
from bihuan.ledger.models import Claim, Matter
from bihuan.ledger.redact import redact
from bihuan.ledger.refused import recorded

from .contents import CLEARED
from .form.own import key_of_number
from .identity import SPACE
from .lock import lock_intakes
from .models import IntakeRow, Status

_UNDECIDED = (Status.READY, Status.WAITING, Status.DIFFERING)


def erase(
    matter: uuid.UUID, slots: Sequence[tuple[int, str]], *, ground: str, post: Post, approver: Post, now: datetime
) -> Matter:
    """Redact `slots` of the matter (see `ledger.redact`) and forget its rows, both or neither. Raises `Refusal`."""
    with recorded(post, post.account.account, matter, "redact", now), transaction.atomic():
        lock_intakes(Q(pk__in=_rows(matter).values("intake")))
        after = redact(matter, slots, ground=ground, post=post, approver=approver, now=now)
        forget(matter)
        return after


def forget(matter: uuid.UUID) -> None:
    """Clear prints, salts and texts of every row of the matter, in the caller's transaction.

    Its rows are those that became it or were compared with it, and those that wait under one of its keys.
    One that waits, or whose differences wait, counts as decided: it says nothing anew.
    """
    found = list(_rows(matter).values_list("pk", flat=True))
    rows = IntakeRow.objects.filter(pk__in=found)
    rows.filter(status__in=_UNDECIDED).update(status=Status.UNCHANGED, matter=matter)
    rows.update(**CLEARED)


def _rows(matter: uuid.UUID) -> QuerySet[IntakeRow]:
    keys = set(Claim.objects.filter(matter=matter, space=SPACE).values_list("key", flat=True))
    keys |= {key_of_number(number) for number in Matter.objects.filter(pk=matter).values_list("number", flat=True)}
    keys |= set(IntakeRow.objects.filter(matter=matter).values_list("key", flat=True))
    return IntakeRow.objects.filter(Q(matter=matter) | Q(matter=None, key__in=keys - {""}))
