"""One row of an import: as it stands in the file, and what a person decides on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from bihuan.directory.models import Post
from bihuan.intake.contents import cells_of
from bihuan.intake.differences import Difference, accept, differences, keep
from bihuan.intake.models import IntakeRow, IntakeSheet, Stage, Status
from bihuan.intake.tray import discard, pending, restore, settle
from bihuan.ledger.days import local_day
from bihuan.ledger.packs import pinned
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Listed, Named, Sentence

from ..showing import value_words
from ..sign_in import RESUME
from ..speaking import say
from ..viewer import ViewerRequest
from .access import row_for
from .row_words import tell_rows
from .settling import corrected, form, refused_at, with_faults


@dataclass(frozen=True, slots=True)
class Proposed:
    """A difference in words."""

    difference: Difference
    old: Sentence | Named | str
    new: Sentence | Named | str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Desk:
    """A request about one row."""

    request: ViewerRequest
    row: IntakeRow
    post: Post
    sheet: IntakeSheet

    @property
    def deed(self) -> dict[str, Any]:
        return {"post": self.post, "account": self.request.viewer.account.account, "now": self.request.now}


def row(request: ViewerRequest, pk: int) -> HttpResponse:
    """Show the row, or do what the form asks: settle, discard, restore, accept or keep."""
    found, post = row_for(request, pk)
    sheet = found.intake.sheets.get(position=found.sheet_no)
    desk = Desk(request, found, post, sheet)
    do = _DEEDS.get(request.POST.get("do", "")) if request.method == "POST" else None
    if do is None or RESUME in request.POST:
        return _page(desk, sent=request.method == "POST")
    try:
        return do(desk)
    except Refusal as refused:
        return _page(desk, refused=refused, sent=True, status=409 if refused.rule in _MEANWHILE else 422)


def _settle(desk: Desk) -> HttpResponse:
    lines = form(desk.row, desk.sheet, desk.request.POST)
    values, faults = corrected(lines, desk.row, desk.request.viewer.organisation, local_day(desk.request.now))
    if faults:
        return _page(desk, faults=faults, sent=True, status=422)
    made = settle(desk.row, values, separate="separate" in desk.request.POST, **desk.deed)
    made.refresh_from_db()
    number = made.matter.number if made.matter else ""
    _say(desk, _SETTLED.get(made.status, _SETTLED[Status.UNCHANGED]), number=number)
    return redirect("import_row", pk=made.pk) if made.status == Status.DIFFERING else _go_on(desk)


def _discard(desk: Desk) -> HttpResponse:
    discard(desk.row, desk.request.POST.get("reason", ""), **desk.deed)
    _say(desk, N_("Row %(row)d is laid aside. It stays with the import and can be taken up again."))
    return _go_on(desk)


def _restore(desk: Desk) -> HttpResponse:
    restore(desk.row, **desk.deed)
    _say(desk, N_("Row %(row)d waits again."))
    return redirect("import_row", pk=desk.row.pk)


def _accept(desk: Desk) -> HttpResponse:
    names, reason = desk.request.POST.getlist("name"), desk.request.POST.get("reason", "").strip()
    if not names:
        raise Refusal("missing_field", N_("Tick what is to be taken over, or leave the matter as it is."), field="name")
    if not reason:
        raise Refusal(
            "missing_reason", N_("Write down why the matter is changed; the reason stays with it."), field="reason"
        )
    left = accept(desk.row, names, reason=reason, version=_version(desk), **desk.deed)
    if left:
        _say(desk, N_("Not taken over: %(names)s."), names=Listed.of(say(each.label) for each in left))
        return redirect("import_row", pk=desk.row.pk)
    _say(desk, N_("Row %(row)d: taken over into the matter."))
    desk.row.refresh_from_db()
    return redirect("import_row", pk=desk.row.pk) if desk.row.status == Status.DIFFERING else _go_on(desk)


def _keep(desk: Desk) -> HttpResponse:
    keep(desk.row, **desk.deed)
    _say(desk, N_("Row %(row)d: the matter stays as it is."))
    return _go_on(desk)


#: Refusals because somebody else was faster.
_MEANWHILE = frozenset({"decided", "conflict"})
_SETTLED: Mapping[str, str] = {
    Status.CREATED: N_("Row %(row)d is registered as %(number)s."),
    Status.UNCHANGED: N_("Row %(row)d says what %(number)s holds already; nothing was registered twice."),
    Status.DIFFERING: N_("Row %(row)d is %(number)s, which is registered already; what it says anew stands below."),
}
_DEEDS: Mapping[str, Callable[[Desk], HttpResponse]] = {
    "settle": _settle,
    "discard": _discard,
    "restore": _restore,
    "accept": _accept,
    "keep": _keep,
}


def _say(desk: Desk, pattern: str, **values: Any) -> None:
    messages.success(desk.request, say(Sentence(pattern, {"row": desk.row.row, **values})))


def _go_on(desk: Desk) -> HttpResponse:
    """Go to the next row of the same import that waits in the same way; when none does, to the tray."""
    waiting = _alike(desk)
    following = waiting.filter(pk__gt=desk.row.pk).first() or waiting.first()
    return redirect("import_row", pk=following.pk) if following else redirect("tray")


def _alike(desk: Desk) -> QuerySet[IntakeRow]:
    status = Status.DIFFERING if desk.row.status in (Status.DIFFERING, Status.DECIDED) else Status.WAITING
    return pending(desk.request.viewer).filter(intake=desk.row.intake_id, status=status).order_by("id")


def _page(
    desk: Desk,
    *,
    refused: Refusal | None = None,
    faults: Mapping[str, Sentence] | None = None,
    sent: bool = False,
    status: int = 200,
) -> HttpResponse:
    request, row, sheet = desk.request, desk.row, desk.sheet
    row.refresh_from_db()
    waiting = _alike(desk)
    cells = cells_of(row)
    settling = row.status == Status.WAITING and row.intake.stage == Stage.COMMITTED
    shown: dict[str, Any] = {
        "row": row,
        "intake": row.intake,
        "sheet": sheet,
        "told": tell_rows([row], {sheet.position: sheet.name})[0],
        "cells": [pair for pair in zip(sheet.columns, cells, strict=False) if any(text.strip() for text in pair)],
        "settling": settling,
        "refused": refused,
        "sent": request.POST if sent else {},
        "left": waiting.count() if row.intake.stage == Stage.COMMITTED else 0,
        "previous": waiting.filter(pk__lt=row.pk).last(),
        "next": waiting.filter(pk__gt=row.pk).first(),
        "units": request.viewer.organisation.units,
    }
    if settling:
        found = dict(faults or (refused_at(refused) if refused else {}))
        lines = with_faults(form(row, sheet, request.POST if sent else None), found)
        shown |= {
            "asked": [line for line in lines if line.asked],
            "others": [line for line in lines if not line.asked],
            "more": any(line.fault for line in lines if not line.asked),
            "faulty": bool(found),
        }
    if row.status == Status.DIFFERING and row.intake.stage == Stage.COMMITTED:
        shown["proposed"] = proposed = _proposed(desk, sent)
        shown["version"] = proposed[0].difference.version if proposed else ""
    return render(request, "import/row.html", shown, status=status)


def _version(desk: Desk) -> int:
    """Return the version of the matter that the page showed; of a form that names none, the present one."""
    sent = desk.request.POST.get("version", "")
    if sent.isdecimal() and len(sent) < 10:
        return int(sent)
    return desk.row.matter.version if desk.row.matter else 0


def _proposed(desk: Desk, sent: bool) -> list[Proposed]:
    found = differences(desk.row, post=desk.post, now=desk.request.now)
    chosen = desk.request.POST.getlist("name") if sent else [each.name for each in found if each.action]
    return [
        Proposed(each, _words(desk, each, each.old), _words(desk, each, each.new), each.name in chosen)
        for each in found
    ]


def _words(desk: Desk, difference: Difference, value: Any) -> Sentence | Named | str:
    assert desk.row.matter is not None
    mechanism = pinned(desk.row.matter.mechanism_hash)
    field = mechanism.fields.get(difference.name)
    if field is not None:
        return value_words(field, value, desk.request.viewer.organisation)
    return mechanism.assertions.get(str(value), str(value or "—"))
