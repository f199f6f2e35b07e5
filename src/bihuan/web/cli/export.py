"""`bihuan export`: what `bihuan list` would list, as a workbook in the ledger's own columns."""

import logging
from pathlib import Path

from django.utils import timezone

from bihuan.directory.calendars import load_calendar
from bihuan.ledger.days import local_day
from bihuan.ledger.listing import select
from bihuan.ledger.refused import recorded
from bihuan.mechanism.refusal import Refusal
from bihuan.workbooks.export import export

from .act import refused
from .actor import acting
from .failure import Failure
from .listing import wanted_by
from .output import bar, write, write_json
from .words import _

_log = logging.getLogger(__name__)


def run(*, out: Path, unit: str, mechanism: str, stage: str, overdue: bool, as_: str, as_json: bool) -> int:
    now = timezone.now()
    today = local_day(now)
    actor = acting(as_, today)
    wanted = wanted_by(actor.viewer, unit=unit, mechanism=mechanism, stage=stage, overdue=overdue)
    if out.suffix.lower() != ".xlsx":
        raise Failure(_("--out takes the name of a workbook that ends in .xlsx; “%(file)s” does not.") % {"file": out})
    matters = select(actor.viewer, wanted, today, load_calendar())
    try:
        with (
            _new(out).open("xb") as file,
            bar(_("Writing"), quiet=as_json) as move,
            recorded(actor.post, actor.account, None, "export", now),
        ):
            rows = export(matters, file, organisation=actor.viewer.organisation, today=today, progress=move)
    except FileExistsError:
        raise Failure(
            _("“%(file)s” is there already and is not overwritten; write another name.") % {"file": out}
        ) from None
    except OSError as error:
        raise Failure(
            _("“%(file)s” cannot be written: %(reason)s.") % {"file": out, "reason": error.strerror or error}
        ) from None
    except Refusal as refusal:
        out.unlink(missing_ok=True)
        return refused(refusal, as_json)
    _log.info("%s exported %d matters", actor.account, rows)
    if as_json:
        write_json({"file": str(out), "matters": rows})
        return 0
    write(_("%(rows)d matters written to %(file)s.") % {"rows": rows, "file": out})
    return 0


def _new(out: Path) -> Path:
    if not out.parent.is_dir():
        raise Failure(_("There is no folder “%(folder)s”.") % {"folder": out.parent})
    return out
