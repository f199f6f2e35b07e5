"""Waiting rows that wait for the same: which fields are in doubt, and what the file says there."""

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from bihuan.intake.contents import cells_of, problems_of
from bihuan.intake.layouts import own_layout_of
from bihuan.intake.models import Intake, IntakeRow, IntakeSheet, Status
from bihuan.intake.tray import pending
from bihuan.mechanism.sentence import Listed, Named

from ..speaking import say
from ..viewer import ViewerRequest
from .columns import field_name, labels_of

#: Among so many waiting rows it is looked which of them wait for the same.
SEEN = 2_000

Fields = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Rows of one import that wait for the same fields: what is in doubt, how many rows, where they are settled."""

    intake: Intake
    names: Named
    number: int
    address: str


def doubts(request: ViewerRequest, intake: Intake | None) -> list[Doubt]:
    """Return what several waiting rows have in common, of one import or of each; the most rows first."""
    rows = waiting(request, intake)
    intakes = {row.intake_id: row.intake for row in rows}
    counted = Counter((row.intake_id, fields) for row in rows if (fields := in_doubt(row)))
    return [
        Doubt(intakes[pk], names(fields, intakes[pk].mechanism), number, address(intakes[pk], fields))
        for (pk, fields), number in counted.most_common()
        if number > 1
    ]


def waiting(request: ViewerRequest, intake: Intake | None) -> list[IntakeRow]:
    """Return the first rows that wait for a person, in the order of their files."""
    rows = pending(request.viewer).filter(status=Status.WAITING).order_by("id")
    return list((rows.filter(intake=intake) if intake else rows)[:SEEN])


def in_doubt(row: IntakeRow) -> Fields:
    """Return the fields that the row waits for; none where one of its problems cannot be settled here."""
    fields = {problem.field for problem in problems_of(row)}
    keys = own_layout_of(row.intake.mechanism).wanted.keys
    return tuple(key for key in keys if key in fields) if fields <= set(keys) else ()


def names(fields: Fields, mechanism: str) -> Named:
    """Return what the fields are called."""
    return Listed.of(say(field_name(key, mechanism)) for key in fields)


def written(row: IntakeRow, sheet: IntakeSheet, fields: Fields) -> str:
    """Return what the file says in the columns of `fields`; '' for nothing."""
    labels, cells = labels_of(sheet), cells_of(row)
    places = [sheet.columns.index(labels[key]) for key in fields if labels.get(key) in sheet.columns]
    return " / ".join(text for place in places if place < len(cells) and (text := cells[place].strip()))


def address(intake: Intake, fields: Fields = (), text: str | None = None) -> str:
    """Return the address at which the rows that wait for `fields` are settled; with `text` those that say just that.

    Without `fields` it is that of all that wait.
    """
    parts = {"intake": str(intake.pk)} | ({"fields": ",".join(fields)} if fields else {})
    parts |= {} if text is None else {"text": text}
    return f"{reverse('tray')}?{urlencode(parts)}"
