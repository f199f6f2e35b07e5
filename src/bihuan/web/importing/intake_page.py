"""One import: its columns and rows before it is committed, how far the commit is, and what came of it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_POST

from bihuan.directory.models import Post
from bihuan.intake import uploads
from bihuan.intake.commit import progress_of
from bihuan.intake.mappings import drop_mapping, mappings_for, save_mapping
from bihuan.intake.models import Intake, IntakeRow, SavedMapping, Stage, Status
from bihuan.intake.opening import abandon as abandon_intake
from bihuan.intake.opening import open_intake
from bihuan.intake.reading import Refusal as FileRefusal
from bihuan.intake.withdrawal import withdraw as withdraw_intake
from bihuan.ledger.packs import current
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Listed, Sentence

from ..speaking import say
from ..viewer import ViewerRequest
from .access import intake_address, intake_for
from .columns import are_own, asked_mapping, choices, effective, sheet_columns
from .row_words import tell_rows
from .rows_list import page, tabs


def intake(request: ViewerRequest, pk: uuid.UUID) -> HttpResponse:
    found, post = intake_for(request, pk)
    if request.htmx and not request.htmx.boosted and request.htmx.target == "rows":
        return render(request, "import/rows.html", _rows(request, found))
    return _page(request, found, post)


@require_POST
def columns(request: ViewerRequest, pk: uuid.UUID) -> HttpResponse:
    """Read the file again with other columns, another sheet or day; or keep, load or forget the columns by name."""
    found, post = intake_for(request, pk)
    asked = request.POST.get("do", "read")
    try:
        if asked == "save":
            return _save(request, found, post)
        mapping = asked_mapping(found, request.POST)
        if asked == "forget":
            return _forget(request, found, post)
        if asked == "load":
            mapping = dict(_kept(request, found, post).columns)
        elif asked == "propose":
            mapping = None
        return _read_again(request, found, post, mapping)
    except (Refusal, FileRefusal) as refused:
        return _page(request, found, post, refused=refused.sentence, sent=request.POST, status=422)


@require_POST
def abandon(request: ViewerRequest, pk: uuid.UUID) -> HttpResponse:
    found, post = intake_for(request, pk)
    try:
        abandon_intake(found, post=post, account=request.viewer.account.account, now=request.now)
    except Refusal as refused:
        return _page(request, found, post, refused=refused.sentence, status=409)
    messages.success(
        request, say(Sentence(N_("“%(name)s” was taken back; nothing of it stays."), {"name": found.name}))
    )
    return redirect("import_start")


@require_POST
def withdraw(request: ViewerRequest, pk: uuid.UUID) -> HttpResponse:
    found, post = intake_for(request, pk)
    reason = request.POST.get("reason", "")
    try:
        withdraw_intake(found, reason, post=post, account=request.viewer.account.account, now=request.now)
    except Refusal as refused:
        return _page(request, found, post, refused_withdrawal=refused.sentence, sent=request.POST, status=409)
    messages.success(request, say(Sentence(N_("The import was withdrawn, with every matter that it had registered."))))
    return redirect(intake_address(found))


def _read_again(request: ViewerRequest, found: Intake, post: Post, mapping: dict[str, str] | None) -> HttpResponse:
    before = {sheet.name for sheet in found.sheets.all()}
    sheet = request.POST.get("sheet", "") or None
    made = open_intake(
        uploads.path_of(found.sha256),
        name=found.name,
        mechanism=found.mechanism,
        post=post,
        account=request.viewer.account.account,
        now=request.now,
        sheet=sheet,
        mapping=mapping,
        reference_day=parse_date(request.POST.get("reference_day", "")),
    )
    if made.pk != found.pk and Intake.objects.filter(pk=found.pk, stage=Stage.OPEN).exists():
        # It was a colleague's: two open imports of one file would both wait to be committed.
        abandon_intake(found, post=post, account=request.viewer.account.account, now=request.now)
    lost = sorted(before - {each.name for each in made.sheets.all()})
    if lost and not sheet:
        what = Sentence(
            N_("No longer read, as they lack a column that was asked for: %(sheets)s."), {"sheets": Listed.of(lost)}
        )
        messages.warning(request, say(what))
    messages.success(request, say(Sentence(N_("Read again."))))
    return redirect(intake_address(made))


def _save(request: ViewerRequest, found: Intake, post: Post) -> HttpResponse:
    name = request.POST.get("name", "")
    columns = {**effective(found), **(asked_mapping(found, request.POST) or {})}
    saved = save_mapping(
        name,
        mechanism=found.mechanism,
        columns=columns,
        post=post,
        account=request.viewer.account.account,
        now=request.now,
    )
    messages.success(request, say(Sentence(N_("The columns are kept as “%(name)s”."), {"name": saved.name})))
    return redirect(intake_address(found))


def _forget(request: ViewerRequest, found: Intake, post: Post) -> HttpResponse:
    kept = _kept(request, found, post)
    drop_mapping(kept, post=post)
    told = {"name": kept.name}
    messages.success(request, say(Sentence(N_("“%(name)s” is forgotten; no import changes by it."), told)))
    return redirect(intake_address(found))


def _kept(request: ViewerRequest, found: Intake, post: Post) -> SavedMapping:
    """Return the kept columns that the form names. Raises `Refusal` if it names none of the unit's."""
    kept = mappings_for(post, found.mechanism).filter(pk=_key(request.POST.get("kept"))).first()
    if kept is None:
        raise Refusal("missing_field", N_("Choose one of the kept mappings first."))
    return kept


def _page(
    request: ViewerRequest,
    found: Intake,
    post: Post,
    *,
    refused: Sentence | None = None,
    refused_withdrawal: Sentence | None = None,
    sent: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    sent = sent or {}
    progress = progress_of(found)
    title = current()[found.mechanism].title if found.mechanism in current() else found.mechanism
    shown: dict[str, Any] = {
        "intake": found,
        "mechanism": title,
        "progress": progress,
        "begun": progress.created > 0,
        "refused": refused,
        "refused_withdrawal": refused_withdrawal,
        "reason": sent.get("reason", ""),
        **_rows(request, found),
    }
    if found.stage == Stage.OPEN and not progress.created:
        sheets = sheet_columns(found, request.today)
        shown |= {
            "sheets": sheets,
            "choices": choices(found, sheets),
            "own": are_own(sheets),
            "sent": sent,
            "kept": mappings_for(post, found.mechanism),
            "open_columns": bool(refused),
        }
    return render(request, "import/intake.html", shown, status=status)


def _rows(request: ViewerRequest, found: Intake) -> dict[str, Any]:
    """Return what the table of rows shows."""
    shown = tabs(found, request.GET.get("show", ""))
    chosen = next(tab for tab in shown if tab.chosen)
    listed = page(IntakeRow.objects.filter(intake=found, status=chosen.key), request.GET)
    names = {sheet.position: sheet.name for sheet in found.sheets.all()}
    return {
        "intake": found,
        "tabs": shown,
        "chosen": chosen,
        "rows": tell_rows(listed.rows, names),
        "several": len(names) > 1,
        "before": listed.before,
        "after": listed.after,
        "ready": sum(tab.number for tab in shown if tab.key == Status.READY),
    }


def _key(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
