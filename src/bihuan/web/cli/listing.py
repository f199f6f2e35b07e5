"""`bihuan list`: every matter that the post may open and that fits, by deadline; written as it is read."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F

from bihuan.directory.calendars import load_calendar
from bihuan.directory.viewer import Viewer
from bihuan.ledger.days import today as local_today
from bihuan.ledger.listing import Filter, select
from bihuan.ledger.packs import current

from .actor import acting, named_unit
from .failure import Failure
from .output import json_text, table, write
from .rows import Describing
from .words import _, say

_STEP = 2000


def run(*, unit: str, mechanism: str, stage: str, overdue: bool, as_: str, as_json: bool) -> int:
    today = local_today()
    viewer = acting(as_, today).viewer
    wanted = wanted_by(viewer, unit=unit, mechanism=mechanism, stage=stage, overdue=overdue)
    matters = select(viewer, wanted, today, load_calendar()).order_by(F("due").asc(nulls_last=True), "pk")
    describing = Describing.on(today)
    rows = (describing.row(matter) for matter in matters.iterator(chunk_size=_STEP))
    if as_json:
        _write_json(rows)
        return 0
    head = [_("Number"), _("Unit"), _("Deadline"), _("Late"), _("Stage"), _("Title")]
    table(head, [9, 30, 10, 6, 16, 60], (_cells(row) for row in rows))
    return 0


def wanted_by(viewer: Viewer, *, unit: str, mechanism: str, stage: str, overdue: bool) -> Filter:
    """Return the filter that the words of a command ask for. Raises `Failure` for one that names nothing."""
    return Filter(
        unit=named_unit(unit, viewer).pk if unit else None,
        mechanism=_mechanism(mechanism) if mechanism else "",
        stage=_stage(stage, mechanism) if stage else "",
        overdue=overdue,
    )


def _write_json(rows: Iterator[dict[str, Any]]) -> None:
    """Write the one object piece by piece: a city's ledger need not fit into memory."""
    write('{"matters": [')
    for place, row in enumerate(rows):
        write(("," if place else "") + json_text(row))
    write("]}")


def _cells(row: dict[str, Any]) -> list[str]:
    late = _("late") if row["overdue"] else _("stage") if row["stage_overdue"] else ""
    due = row["due"].isoformat() if row["due"] else "—"
    return [row["number"], row["responsible_unit"], due, late, row["stage_label"], row["title"]]


def _mechanism(key: str) -> str:
    if key not in current():
        raise Failure(
            _("There is no mechanism “%(key)s”; there are: %(known)s.") % {"key": key, "known": ", ".join(current())}
        )
    return key


def _stage(text: str, mechanism: str) -> str:
    """The stages of that key or name, in the one mechanism or in all of them: several may bear one name."""
    chosen = [each for each in current().values() if mechanism in ("", each.key)]
    stages = [stage for each in chosen for stage in each.stages.values()]
    found = {stage.key for stage in stages if text in (stage.key, stage.label.zh, stage.label.en)}
    if not found:
        known = ", ".join(dict.fromkeys(f"{stage.key} {say(stage.label)}" for stage in stages))
        raise Failure(_("There is no stage “%(text)s”; there are: %(known)s.") % {"text": text, "known": known})
    return " ".join(sorted(found))
