"""Which units have not answered a handout, and how late they are."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from bihuan.directory.models import Unit

from .models import Handout, HandoutPart


@dataclass(frozen=True, slots=True)
class Missing:
    """A unit whose workbook has not come back. `days_late` is 0 until the day by which it was wanted has passed."""

    part: HandoutPart
    unit: Unit
    return_by: date
    days_late: int


def missing_of(handouts: Iterable[Handout], today: date, *, answered: Collection[int] = ()) -> list[Missing]:
    """Return who has not answered `handouts`, each unit once, the latest first. `answered` are parts that count too.

    A unit that has answered a later handout of the same mechanism is not asked for the earlier one.
    """
    chosen = sorted(handouts, key=lambda each: each.made_at, reverse=True)
    settled: set[tuple[str, int]] = set()
    found: dict[tuple[str, int], Missing] = {}
    for handout in chosen:
        for part in handout.parts.select_related("unit").order_by("pk"):
            place = (handout.mechanism, part.unit_id)
            if part.returned_at is not None or part.pk in answered:
                settled.add(place)
            elif place not in settled and place not in found:
                late = max(0, (today - handout.return_by).days)
                found[place] = Missing(part, part.unit, handout.return_by, late)
    return sorted(found.values(), key=lambda each: (-each.days_late, each.part.pk))
