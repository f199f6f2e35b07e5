"""The whole way of a file in one call: read, stored, registered; or, as a dry run, only told."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from pathlib import Path

from bihuan.directory.models import Post

from . import opening, report
from .commit import Progress as Committed
from .commit import commit
from .judging import Judged
from .opening import Asked, Progress
from .reading import Reading
from .report import Brought
from .rights import check_register


def import_ledger(
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
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Brought:
    """Bring the file at `path` in and register what was understood. A dry run leaves neither row nor file.

    After a crash the same call goes on where it stopped. Raises `Refusal` where the post may not, and the
    reading's `Refusal` for a file that is no ledger; both are recorded.
    """
    asked = Asked(Path(path), name, mechanism, post, account, now, sheet, mapping, reference_day)
    sha256, reading = opening.read_file(asked, progress)
    if dry_run:
        return _told(reading, opening.judged(asked, check_register(post, mechanism), reading))
    waiting: report.Problems = {}
    intake = opening.store(asked, sha256, reading, progress, lambda row: report.note(waiting, row))
    commit(intake, post=post, account=account, now=now, progress=_passed_on(progress))
    intake.refresh_from_db()
    sheets = report.corrected(reading, waiting | report.stored_problems(intake))
    return Brought(intake, sheets, report.summary(intake), reading.ignored, reading.others)


def _told(reading: Reading, judged: Iterable[Judged]) -> Brought:
    waiting: report.Problems = {}
    counted: Counter[tuple[str, str]] = Counter()
    for row in judged:
        report.note(waiting, row)
        counted[row.read_as, row.status] += 1
    sums = report.sums([(read_as, status, number) for (read_as, status), number in counted.items()])
    fates: Counter[str] = Counter()
    for (_, status), number in counted.items():
        fates[status] += number
    return Brought(None, report.corrected(reading, waiting), sums, reading.ignored, reading.others, fates)


def _passed_on(progress: Progress | None) -> Callable[[Committed], None] | None:
    return (lambda made: progress("committing", made.done, made.total)) if progress else None
