"""`bihuan import`: a ledger from a file, as the page does it, with the answer for a person or for a script."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from bihuan.intake import reading
from bihuan.intake.bringing import Brought, import_ledger
from bihuan.intake.layouts import layout_of
from bihuan.intake.models import Status
from bihuan.intake.report import report
from bihuan.ledger.days import local_day
from bihuan.ledger.packs import current
from bihuan.ledger.search_index import finish
from bihuan.mechanism.refusal import Refusal

from .act import refused
from .actor import acting
from .failure import Failure
from .output import bar, write, write_json
from .words import _, language, say, translate

_SHOWN = 30
_LONGEST = 400


def run(
    *,
    file: Path,
    mechanism: str,
    sheet: str,
    mapping: Path | None,
    reference_day: str,
    as_: str,
    dry_run: bool,
    as_json: bool,
) -> int:
    now = timezone.now()
    actor = acting(as_, local_day(now))
    if mechanism not in current():
        known = ", ".join(current())
        raise Failure(_("There is no mechanism “%(key)s”; there are: %(known)s.") % {"key": mechanism, "known": known})
    try:
        with bar(_("Reading"), quiet=as_json) as move:
            phases = {"reading": _("Reading"), "storing": _("Storing"), "committing": _("Registering")}
            brought = import_ledger(
                file,
                name=file.name,
                mechanism=mechanism,
                post=actor.post,
                account=actor.account,
                now=now,
                sheet=sheet or None,
                mapping=_mapping(mapping, mechanism) if mapping else None,
                reference_day=_day(reference_day) if reference_day else None,
                dry_run=dry_run,
                progress=lambda phase, done, total: move(done, total, phases[phase]),
            )
            if not dry_run:
                # Or the first who searches on a page would wait for it.
                finish(lambda done, total: move(done, total, _("Indexing")))
    except reading.Refusal as refusal:
        raise Failure(" ".join(say(refusal.sentence).split())[:_LONGEST]) from None
    except Refusal as refusal:
        return refused(refusal, as_json)
    _tell(brought, dry_run=dry_run, as_json=as_json)
    return 0


def _mapping(path: Path, mechanism: str) -> Mapping[str, str]:
    return reading.load_mapping(path, layout=layout_of(mechanism))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Failure(
            _("--reference-day takes a day such as 2026-06-30; “%(text)s” is none.") % {"text": text[:40]}
        ) from None


def _tell(brought: Brought, *, dry_run: bool, as_json: bool) -> None:
    told = report(brought, translate, language())
    if as_json:
        write_json(told)
        return
    for sheet in told["sheets"]:
        # A CSV file has no sheets that could be named.
        heading = _("Sheet “%(sheet)s”, header in row %(rows)s:") if sheet["sheet"] else _("Header in row %(rows)s:")
        write(heading % {"sheet": sheet["sheet"], "rows": ", ".join(map(str, sheet["header_rows"]))})
        _tell_waiting([row for row in sheet["rows"] if row["status"] == "waiting"])
    for name, kind in brought.others.items():
        told_of = {"sheet": name, "kind": kind, "title": say(current()[kind].title)}
        write(_("Left out: sheet “%(sheet)s”, a list of %(title)s; bring it in with --mechanism %(kind)s.") % told_of)
    if strange := [name for name in brought.ignored if name not in brought.others]:
        write(_("No ledger was found in: %(sheets)s.") % {"sheets": "、".join(strange)})
    if dry_run:
        counted = {str(key): brought.fates.get(key, 0) for key in Status}
        write(
            _(
                "%(ready)d rows would be registered, %(unchanged)d are known already, %(differing)d differ from what "
                "is registered, %(waiting)d would wait, %(skipped)d are no findings; nothing was written."
            )
            % counted
        )
        return
    write(
        _(
            "%(created)d registered, %(unchanged)d known already, %(differing)d differ from what is registered, "
            "%(waiting)d wait in the tray, %(skipped)d are no findings."
        )
        % told["summary"]
    )


def _tell_waiting(rows: list[dict[str, Any]]) -> None:
    for row in rows[:_SHOWN]:
        why = " ".join(_problem(problem) for problem in row["problems"])
        write(_("  row %(row)d waits: %(why)s") % {"row": row["row"], "why": why})
    if len(rows) > _SHOWN:
        write(_("  … and %(count)d more rows wait.") % {"count": len(rows) - _SHOWN})


def _problem(problem: dict[str, Any]) -> str:
    """A problem with the column that it stands in, if it stands in one."""
    if not problem["column"]:
        return str(problem["message"])
    return _("[%(column)s] %(message)s") % {
        "column": " ".join(problem["column"].split()),
        "message": problem["message"],
    }
