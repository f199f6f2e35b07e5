"""The tray 待确认 as a list: rows that wait to be settled, and rows that say something new of known matters."""

import uuid
from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render

from bihuan.intake.models import Intake, IntakeRow, IntakeSheet, Status
from bihuan.intake.opening import intakes
from bihuan.intake.tray import pending

from ..viewer import ViewerRequest
from .access import intake_for, mechanisms_for
from .alike import doubts
from .row_words import RowTold, tell_rows
from .rows_list import page
from .together import together


def tray(request: ViewerRequest) -> HttpResponse:
    mechanisms_for(request)
    if "fields" in request.GET:
        return together(request, *intake_for(request, _named(request)))
    intake = _asked(request)
    kind = Status.DIFFERING if request.GET.get("kind") == "differing" else Status.WAITING
    waiting = pending(request.viewer)
    chosen = waiting.filter(status=kind).order_by("id")
    if intake:
        chosen = chosen.filter(intake=intake)
    listed = page(chosen, request.GET)
    shown = {
        "kind": str(kind),
        "waiting": waiting.filter(status=Status.WAITING).count(),
        "differing": waiting.filter(status=Status.DIFFERING).count(),
        "total": chosen.count(),
        "intake": intake,
        "rows": _told(listed.rows),
        "doubts": doubts(request, intake) if kind == Status.WAITING else [],
        "before": listed.before,
        "after": listed.after,
    }
    return render(request, "import/tray.html", shown)


def _asked(request: ViewerRequest) -> Intake | None:
    asked = request.GET.get("intake", "")
    return next((each for each in intakes(request.viewer) if str(each.pk) == asked), None) if asked else None


def _named(request: ViewerRequest) -> uuid.UUID:
    """Return the key that the address names; the one that no import has for what is no key."""
    try:
        return uuid.UUID(request.GET.get("intake", ""))
    except ValueError:
        return uuid.UUID(int=0)


def _told(rows: Sequence[IntakeRow]) -> list[RowTold]:
    sheets = IntakeSheet.objects.filter(intake__in={row.intake_id for row in rows})
    names = {(sheet.intake_id, sheet.position): sheet.name for sheet in sheets}
    return [
        told for row in rows for told in tell_rows([row], {row.sheet_no: names.get((row.intake_id, row.sheet_no), "")})
    ]
