"""`bihuan split`: a workbook for every responsible unit, and their zip, in a folder."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from django.utils import timezone

from bihuan.directory.calendars import load_calendar
from bihuan.ledger.days import local_day
from bihuan.mechanism.refusal import Refusal
from bihuan.workbooks.splitting import Asked, parts_of, split

from .act import refused
from .actor import acting, named_unit
from .failure import Failure
from .output import bar, write, write_json
from .words import _

_USUAL = 5


def run(*, mechanism: str, out: Path, units: Sequence[str], return_by: str, as_: str, as_json: bool) -> int:
    now = timezone.now()
    today = local_day(now)
    actor = acting(as_, today)
    chosen = [named_unit(text, actor.viewer).pk for text in units]
    asked = Asked(
        mechanism=mechanism,
        return_by=_day(return_by) if return_by else load_calendar().add_working_days(today, _USUAL),
        post=actor.post,
        account=actor.account,
        now=now,
        units=actor.viewer.organisation.subtree(chosen) if chosen else None,
    )
    try:
        out.mkdir(parents=True, exist_ok=True)
        with bar(_("Writing"), quiet=as_json) as move:
            made = split(asked, out, viewer=actor.viewer, progress=move)
    except OSError as error:
        raise Failure(
            _("The folder “%(folder)s” cannot be written to: %(reason)s.")
            % {"folder": out, "reason": error.strerror or error}
        ) from None
    except Refusal as refusal:
        return refused(refusal, as_json)
    if as_json:
        files = [{"unit": each.unit.key, "file": each.file, "rows": each.rows.count()} for each in parts_of(made)]
        told = {"handout": made.handout.pk, "return_by": asked.return_by, "files": files, "archive": str(made.archive)}
        write_json(told)
        return 0
    write(
        _("%(files)d workbooks with %(rows)d rows, wanted back by %(day)s; all of them in %(archive)s.")
        % {"files": len(made.files), "rows": made.rows, "day": asked.return_by, "archive": made.archive}
    )
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Failure(
            _("--return-by takes a day such as 2026-06-30; “%(text)s” is none.") % {"text": text[:40]}
        ) from None
