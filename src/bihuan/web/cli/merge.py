"""`bihuan merge`: workbooks that units sent back become proposals; a person decides on the page."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from bihuan.intake.form.columns import ledger_columns
from bihuan.ledger.days import local_day
from bihuan.ledger.packs import current
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import Listed
from bihuan.workbooks.collecting import Collected, collect
from bihuan.workbooks.files import room
from bihuan.workbooks.merge_report import doubts, report
from bihuan.workbooks.merging import Brought, Merged, merge
from bihuan.workbooks.missing import Missing

from .act import refused
from .actor import acting
from .failure import Failure
from .output import bar, note, write, write_json
from .words import _, language, say, translate


def run(*, files: Sequence[Path], as_: str, dry_run: bool, as_json: bool) -> int:
    now = timezone.now()
    actor = acting(as_, local_day(now))
    for path in files:
        if not path.exists():
            raise Failure(_("There is no file or folder “%(path)s”.") % {"path": path})
    with room() as folder:
        try:
            collected = collect([(path.name, path) for path in files], folder)
            with bar(_("Reading"), quiet=as_json):
                merged = merge(collected.pieces, post=actor.post, account=actor.account, now=now, dry_run=dry_run)
        except Refusal as refusal:
            return refused(refusal, as_json)
    merged.files += [Brought(name, refused=sentence) for name, sentence in collected.refused]
    _tell(merged, collected, dry_run=dry_run, as_json=as_json)
    nothing_read = bool(merged.files) and all(each.refused for each in merged.files)
    return 2 if nothing_read else 0


def _tell(merged: Merged, collected: Collected, *, dry_run: bool, as_json: bool) -> None:
    for name, sentence in collected.ignored:
        note(_("Left out: %(file)s (%(why)s)") % {"file": name, "why": say(sentence)})
    told = report(merged, translate, language())
    if as_json:
        write_json(told)
        return
    for brought, each in zip(merged.files, told["files"], strict=True):
        if brought.refused is not None:
            write(_("%(file)s: not read. %(why)s") % {"file": each["file"], "why": say(brought.refused)})
            continue
        counts = {status: sum(made["status"] == status for made in each["proposals"]) for status in _STATES}
        unit = brought.unit.name if brought.unit else "—"
        write(
            _("%(file)s (%(unit)s): %(proposed)d proposed, %(refused)d not to be done, %(unchanged)d rows unchanged")
            % {"file": each["file"], "unit": unit, "unchanged": brought.unchanged, **counts}
        )
        if brought.is_known:
            write("  " + _("This very file was brought in before; nothing was stored twice."))
        if brought.replaced:
            write("  " + _("Takes the place of what was not decided: %(number)d values") % {"number": brought.replaced})
        for line in _lines(brought, each["proposals"]):
            write("  " + line)
    _tell_missing(merged.missing)
    write(
        _("%(proposed)d proposed, %(refused)d refused, %(unchanged)d rows unchanged.") % told["summary"]
        + " "
        + (_("Nothing was written.") if dry_run else _("Nothing is applied before somebody accepts it on the page."))
    )


_STATES = ("proposed", "refused")


def _lines(brought: Brought, proposals: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield what is not to be done, and what is proposed and hardly meant so, by the heads of the columns."""
    mechanism = current().get(brought.mechanism)
    heads = {each.key: each.label.text(language()) for each in ledger_columns(mechanism)} if mechanism else {}
    told: set[str] = set()
    for made, doubted in zip(proposals, doubts(brought), strict=True):
        if made["status"] != "refused" and not doubted:
            continue
        if made["matter"] is None and made["field"] not in heads:
            line = str(made["reason"])
        else:
            line = f"{made['matter'] or '—'}  {heads.get(made['field'], made['field'])}{_(': ')}{made['reason']}"
        if line not in told:
            told.add(line)
            yield line


def _tell_missing(missing: Sequence[Missing]) -> None:
    """Say who has not answered, in one block: those that are late by how much, the rest by when they are wanted."""
    if not missing:
        return
    write(_("Not back yet: %(number)d units") % {"number": len(missing)})
    alike: dict[tuple[int, date], list[str]] = {}
    for each in missing:
        alike.setdefault((each.days_late, each.return_by), []).append(each.unit.name)
    for (late, day), names in alike.items():
        words = _("%(late)d days late") if late else _("not due before %(day)s")
        write(f"  {words % {'late': late, 'day': day}}{_(': ')}{Listed.of(names).text(language())}")
