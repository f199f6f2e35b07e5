"""A list of matters as one workbook in the ledger's own columns: what goes out comes in again unchanged."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import IO

from django.db.models import Count, F, QuerySet
from xlsxwriter import Workbook

from bihuan.directory.organisation import Organisation
from bihuan.intake.form.columns import frozen_columns
from bihuan.intake.form.names import Names
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import current, pinned
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .paper import Formats, Paper, sheet_names
from .rows import Telling

#: Rows that a sheet holds below its head.
MOST = 1_048_575
_STEP = 1_000

Progress = Callable[[int, int], None]


def export(
    matters: QuerySet[Matter],
    file: Path | IO[bytes],
    *,
    organisation: Organisation,
    today: date,
    progress: Progress | None = None,
) -> int:
    """Write `matters` into a new workbook, `file`, a sheet for each mechanism, and return how many they are.

    `matters` are those that the reader may open. Raises `Refusal` where there is none, or more than a sheet holds.
    """
    counted = dict(matters.order_by().values_list("mechanism").annotate(Count("pk")))
    kinds = [current().get(key) or _past(matters, key) for key in _in_order(counted)]
    total = sum(counted.values())
    if not kinds:
        raise Refusal("not_visible", N_("There is no matter in this list; nothing was exported."))
    if most := next((number for number in counted.values() if number > MOST), None):
        raise Refusal(
            "too_many",
            N_("A sheet holds %(most)d rows, and this list has %(number)d; narrow it by unit or by stage."),
            most=MOST,
            number=most,
        )
    names, done = Names.of(organisation, kinds), 0
    with Workbook(
        str(file) if isinstance(file, Path) else file, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    ) as book:
        formats = Formats(book)
        for kind, name in zip(kinds, sheet_names([kind.title.zh for kind in kinds]), strict=True):
            telling = Telling(kind, names, today)
            sheet = book.add_worksheet(name)
            paper = Paper(sheet, telling.columns, formats, frozen=frozen_columns(kind))
            shades = ["plain"] * len(telling.columns)
            row = 0
            for row, matter in enumerate(_ordered(matters.filter(mechanism=kind.key)), 1):
                paper.write(row, telling.row(matter), shades)
                done += 1
                if progress and done % _STEP == 0:
                    progress(done, total)
            paper.finish(row)
    return done


def _in_order(counted: Mapping[str, int]) -> list[str]:
    known = list(current())
    return sorted(counted, key=lambda key: (known.index(key) if key in known else len(known), key))


def _past(matters: QuerySet[Matter], key: str) -> Mechanism:
    """Return a mechanism that is no longer in force, as the newest of its matters knows it."""
    newest = matters.filter(mechanism=key).order_by("-pk").first()
    assert newest is not None
    return pinned(newest.mechanism_hash)


def _ordered(matters: QuerySet[Matter]) -> Iterator[Matter]:
    return matters.order_by(F("due").asc(nulls_last=True), "pk").iterator(chunk_size=_STEP)
