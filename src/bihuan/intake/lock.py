"""The order in which locks are taken, so that nobody waits in a circle: imports (by id), their rows, matters."""

from django.db.models import Q

from bihuan.directory.models import Post

from .models import Intake, IntakeRow
from .rights import check_intake


def lock_intakes(wanted: Q) -> list[Intake]:
    """Lock the imports that `wanted` finds, in the caller's transaction, and return them."""
    found = Intake.objects.select_for_update(of=("self",)).filter(wanted)
    return list(found.select_related("post").order_by("pk"))


def lock_row(row: IntakeRow, post: Post) -> IntakeRow:
    """Lock a row after its import, so that the import is not withdrawn meanwhile; return it as it stands.

    Raises `Refusal` if `post` may not act on the import.
    """
    intake = Intake.objects.select_for_update(of=("self",)).select_related("post").get(pk=row.intake_id)
    check_intake(intake, post)
    found = IntakeRow.objects.select_for_update().get(pk=row.pk)
    found.intake = intake
    return found
