"""Rows of an older import that a newer one of the same findings has taken the place of."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from .contents import CLEARED
from .ground import Ground
from .models import Intake, IntakeRow, Stage, Status

_REPLACED = {"status": Status.REPLACED, **CLEARED}


def replace_older(intake: Intake) -> None:
    """Take out of the tray what the rows of `intake` say anew: a finding waits, or differs, once only."""
    newer = (Status.CREATED, Status.WAITING, Status.DIFFERING)
    keys = IntakeRow.objects.filter(intake=intake, status__in=newer).exclude(key="").values("key")
    _pending(intake).filter(key__in=keys).update(**_REPLACED)


def replace_looser(intake: Intake, ground: Ground, made: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
    """Take out of the tray the one row that waited for its responsible unit and is `made` (key, values) now with it."""
    if not made or not _pending(intake).exists():
        return
    responsible = ground.mechanism.index.responsible
    loose = {ground.key({**values, responsible: None}) for _, values in made} - {key for key, _ in made}
    for start in range(0, len(loose), 900):
        part = sorted(loose)[start : start + 900]
        alone = _pending(intake).filter(key__in=part).order_by().values("key").annotate(rows=Count("id")).filter(rows=1)
        _pending(intake).filter(key__in=[each["key"] for each in alone]).update(**_REPLACED)


def _pending(intake: Intake) -> QuerySet[IntakeRow]:
    """Return what waits for a person out of other imports of the same unit (or, without one, the same post)."""
    unit = intake.post.unit_id
    same = Q(intake__post__unit=unit) if unit else Q(intake__post=intake.post_id)
    waiting = IntakeRow.objects.filter(status__in=(Status.WAITING, Status.DIFFERING), intake__stage=Stage.COMMITTED)
    return waiting.filter(same).exclude(intake=intake)
