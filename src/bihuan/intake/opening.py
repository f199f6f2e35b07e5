"""Bringing a file in: read, judged row by row, and stored to be looked at before anything is registered."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

import uuid6
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.viewer import Viewer
from bihuan.ledger.days import local_day
from bihuan.ledger.packs import current
from bihuan.ledger.refused import note_refusal, recorded
from bihuan.ledger.writing import insert
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from . import reading as read
from . import uploads
from .collector import uncollected
from .contents import dump_problems
from .entry_names import entry_index
from .form.names import Names
from .form.own import NUMBER
from .form.sheet import OwnForm
from .ground import Ground
from .judging import Judge, Judged
from .layouts import has_layout, layout_of, own_layout_of
from .models import Intake, IntakeRow, IntakeSheet, Stage, Status
from .reading import Reading, read_ledger
from .rights import brought_in_by, check_intake, check_register

#: Told what is going on ("reading", "storing"), how much is done, and how much there is.
Progress = Callable[[str, int, int], None]

_AT_ONCE = 2_000
_LEFT_BEHIND = timedelta(hours=1)
_COLUMNS = (
    "intake_id", "sheet_no", "row", "read_as", "status", "key", "salt", "mark", "prints", "values", "cells", "problems",
    "matter_id", "decided_by", "reason",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A file that somebody brings in. `name` is what they call it; `mapping` gives fields their columns' labels."""

    path: Path
    name: str
    mechanism: str
    post: Post
    account: str
    now: datetime
    sheet: str | None = None
    mapping: Mapping[str, str] | None = None
    reference_day: date | None = None

    @property
    def day(self) -> date:
        """The day that supplies a year that is not written."""
        return self.reference_day or local_day(self.now)


def open_intake(
    path: Path,
    *,
    name: str,
    mechanism: str,
    post: Post,
    account: str,
    now: datetime,
    sheet: str | None = None,
    mapping: Mapping[str, str] | None = None,
    reference_day: date | None = None,
    progress: Progress | None = None,
) -> Intake:
    """Read the file at `path` and store its rows, nothing registered yet.

    The same file asked for in the same way goes on with the intake that is open; with another sheet or
    mapping it takes the place of the open one, unless that has begun to be committed. Raises `Refusal` where
    the post may not, and the reading's `Refusal` (which is recorded) for a file that is no ledger; then
    neither row nor file is left.
    """
    asked = Asked(Path(path), name, mechanism, post, account, now, sheet, mapping, reference_day)
    sha256, reading = read_file(asked, progress)
    return store(asked, sha256, reading, progress)


def read_file(asked: Asked, progress: Progress | None = None) -> tuple[str, Reading]:
    """Return the hash of the file and what stands in it; refusals are recorded."""
    with recorded(asked.post, asked.account, None, "import", asked.now):
        mechanism = check_register(asked.post, asked.mechanism)
        layout = own_layout_of(mechanism.key)
    sha256 = uploads.hash_of(asked.path)
    form = own_form(mechanism, Organisation.on(local_day(asked.now)), asked.day)
    try:
        with uncollected():
            reading = read_ledger(
                asked.path,
                units=form.names.index,
                layout=layout,
                reference_day=asked.day,
                sheet=asked.sheet,
                mapping=asked.mapping,
                count_working_days=load_calendar().add_working_days,
                limits=_limits(),
                progress=(lambda done, total: progress("reading", done, total)) if progress else None,
                form=form,
                entries=entry_index(mechanism, local_day(asked.now)),
            )
    except read.Refusal as refusal:
        note_file_refused(asked, sha256, refusal)
        raise
    with recorded(asked.post, asked.account, None, "import", asked.now):
        return sha256, reading if has_layout(mechanism.key) else _own_alone(reading, mechanism.key)


def _own_alone(reading: Reading, mechanism: str) -> Reading:
    """Leave out the sheets that are no lists of this ledger's own. Raises `Refusal` where none is left."""
    own = tuple(sheet for sheet in reading.sheets if NUMBER in sheet.mapping)
    if not own:
        layout_of(mechanism)  # refuses: no other ledger of these can be read
    left = tuple(sheet.sheet for sheet in reading.sheets if sheet not in own)
    return Reading(own, (*left, *reading.ignored), reading.others)


def own_form(mechanism: Mechanism, organisation: Organisation, day: date) -> OwnForm:
    """Return the form of workbooks that this ledger writes of `mechanism`'s matters; `day` supplies a missing year."""
    others = tuple(each for key, each in current().items() if key != mechanism.key)
    return OwnForm(mechanism, others, Names.of(organisation, [mechanism]), day.year)


def store(
    asked: Asked,
    sha256: str,
    reading: Reading,
    progress: Progress | None = None,
    watch: Callable[[Judged], None] | None = None,
) -> Intake:
    """Store what was read, in steps, as an open intake; or return the one that is open already.

    `watch` is told every row as it was judged.
    """
    _sweep(asked.now)
    with recorded(asked.post, asked.account, None, "import", asked.now):
        mechanism = check_register(asked.post, asked.mechanism)
    if found := _going_on(asked, sha256):
        return found
    intake = _begun(asked, sha256)
    try:
        uploads.keep(asked.path, sha256)
    except read.Refusal as refusal:
        intake.delete()
        note_file_refused(asked, sha256, refusal)
        raise
    _store_sheets(intake, reading)
    total = sum(len(sheet.rows) for sheet in reading.sheets)
    rows = judged(asked, mechanism, reading)
    _store_rows(intake, _watched(rows, watch) if watch else rows, total, progress)
    return _opened(intake, asked)


def judged(asked: Asked, mechanism: Mechanism, reading: Reading) -> Iterator[Judged]:
    """Yield what becomes of each row, as the ledger stands."""
    today = local_day(asked.now)
    organisation = Organisation.on(today)
    ground = Ground(mechanism, organisation, asked.day)
    return Judge(ground, Viewer.with_post(asked.post, today, organisation)).judge(reading.sheets)


def abandon(intake: Intake, *, post: Post, account: str, now: datetime) -> None:
    """Take back an intake of which nothing was registered: its rows and its file go. Raises `Refusal`."""
    with recorded(post, account, None, "import", now), transaction.atomic():
        check_intake(intake, post)
        locked = Intake.objects.select_for_update().get(pk=intake.pk)
        if locked.stage != Stage.OPEN or _has_begun(locked):
            pattern = N_("Rows of this import are registered already; it can be withdrawn as a whole instead.")
            raise Refusal("committed", pattern)
        locked.delete()
    uploads.forget(intake.sha256)


def intakes(viewer: Viewer) -> QuerySet[Intake]:
    """Return what the viewer's posts and units brought in, newest first."""
    return Intake.objects.filter(brought_in_by(viewer)).exclude(stage=Stage.STORING).order_by("-opened_at")


def unfinished(viewer: Viewer) -> QuerySet[Intake]:
    """Return those that wait to be committed, or whose commit was broken off."""
    return intakes(viewer).filter(stage=Stage.OPEN)


def note_file_refused(asked: Asked, sha256: str, refusal: read.Refusal) -> None:
    """Write down that a file was refused: its name and hash, why, and who brought it."""
    detail = json.dumps({"name": asked.name, "sha256": sha256, "why": str(refusal)}, ensure_ascii=False)
    note_refusal(
        "unreadable_file", account=asked.account, post=asked.post, asked="import", now=asked.now, detail=detail
    )


def _limits() -> read.Limits:
    usual = read.Limits()
    return read.Limits(file_size=min(usual.file_size, settings.BIHUAN_MAX_UPLOAD))


def _going_on(asked: Asked, sha256: str) -> Intake | None:
    """Return the open intake of the same file; one that was asked for otherwise and has not begun gives way."""
    same = {"sha256": sha256, "mechanism": asked.mechanism, "post": asked.post, "stage": Stage.OPEN}
    for intake in Intake.objects.filter(**same).order_by("-opened_at"):
        mapping = dict(asked.mapping) if asked.mapping else None
        if (intake.sheet, intake.mapping, intake.reference_day) == (asked.sheet, mapping, asked.reference_day):
            return intake
        if not _has_begun(intake):
            intake.delete()
    return None


def _has_begun(intake: Intake) -> bool:
    return intake.rows.filter(status=Status.CREATED).exists()


def _begun(asked: Asked, sha256: str) -> Intake:
    return Intake.objects.create(
        id=uuid6.uuid7(),
        mechanism=asked.mechanism,
        name=asked.name[:255],
        sha256=sha256,
        sheet=asked.sheet,
        mapping=dict(asked.mapping) if asked.mapping else None,
        reference_day=asked.reference_day,
        post=asked.post,
        account=asked.account,
        stage=Stage.STORING,
        opened_at=asked.now,
    )


def _store_sheets(intake: Intake, reading: Reading) -> None:
    IntakeSheet.objects.bulk_create(
        IntakeSheet(
            intake=intake,
            position=number,
            name=sheet.sheet[:255],
            header_rows=list(sheet.header_rows),
            mapping=dict(sheet.mapping),
            anchors=dict(sheet.anchors),
            columns=list(sheet.columns),
        )
        for number, sheet in enumerate(reading.sheets)
    )


def _store_rows(intake: Intake, rows: Iterable[Judged], total: int, progress: Progress | None) -> None:
    """Insert the rows in transactions of a fraction of a second: other people's writes wait no longer."""
    source, done = iter(rows), 0
    while part := _next(source):
        with transaction.atomic():
            insert(IntakeRow, _COLUMNS, [_columns(intake, row) for row in part])
        done += len(part)
        if progress:
            progress("storing", done, total)


def _watched(rows: Iterable[Judged], watch: Callable[[Judged], None]) -> Iterator[Judged]:
    for row in rows:
        watch(row)
        yield row


def _next(source: Iterator[Judged]) -> list[Judged]:
    with uncollected():
        return list(islice(source, _AT_ONCE))


def _columns(intake: Intake, row: Judged) -> tuple[object, ...]:
    return (
        intake.pk, row.sheet_no, row.row, str(row.read_as), str(row.status), row.key, row.salt, row.mark, row.prints,
        row.values, row.cells, dump_problems(row.problems) if row.values else "", row.matter, "", "",
    )  # fmt: skip


def _opened(intake: Intake, asked: Asked) -> Intake:
    intake.stage = Stage.OPEN
    intake.save(update_fields=["stage"])
    return intake


def _sweep(now: datetime) -> None:
    """Delete what processes that were killed while storing left behind."""
    uploads.sweep()
    for intake in Intake.objects.filter(stage=Stage.STORING, opened_at__lt=now - _LEFT_BEHIND):
        intake.delete()
        uploads.forget(intake.sha256)
