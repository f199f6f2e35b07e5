"""Rows copied in Excel and pasted into the Ledger: they become an import like an uploaded file's, nothing more.

Nothing is done to any matter here. The rows are looked at on the import's page, where they are registered, or
propose what they say anew of matters that are there.
"""

import csv
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext

from bihuan.directory.viewer import Viewer
from bihuan.intake.form.columns import NUMBER_HEAD, STANDING, ledger_columns
from bihuan.intake.form.own import read_number
from bihuan.intake.layouts import layout_of
from bihuan.intake.opening import open_intake
from bihuan.intake.reading import Refusal as FileRefusal
from bihuan.intake.reading.columns import count_names
from bihuan.intake.reading.refusal import refuse
from bihuan.intake.reading.writing import fold
from bihuan.intake.rights import importable
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.sentence import N_, Sentence

from ..importing.access import intake_address, mechanisms_for, post_for
from ..sign_in import RESUME
from ..viewer import ViewerRequest
from .cells import heads
from .columns import Column, chosen, offered

#: So many characters may be pasted at once; more is a file to be brought in.
LONGEST = 2_000_000
#: Heads of the own form that hold nothing; they tell a row of number and one value from somebody else's list.
_ONLY_SHOWN = tuple(label.zh for label, _ in STANDING.values())[:2]
Rows = list[list[str]]


def may_paste(viewer: Viewer) -> bool:
    """Whether one of the viewer's posts may bring rows in."""
    return any(importable(post) for post in viewer.posts)


def paste_rows(request: ViewerRequest) -> HttpResponse:
    """Show the place to paste into, or take the pasted rows in and go on to the page of their import."""
    mechanisms = mechanisms_for(request)
    if request.method != "POST" or RESUME in request.POST:
        return _page(request, mechanisms)
    key = str(request.POST.get("mechanism", "")) or next(iter(mechanisms))
    post = post_for(request, key)
    try:
        rows = with_header(read_rows(str(request.POST.get("text", ""))), mechanisms[key], _columns(request, key))
        with tempfile.TemporaryDirectory() as folder:
            path = _written(Path(folder), rows)
            intake = open_intake(
                path,
                name=_name(request),
                mechanism=key,
                post=post,
                account=request.viewer.account.account,
                now=request.now,
            )
    except FileRefusal as refused:
        return _page(request, mechanisms, refused.sentence)
    return redirect(intake_address(intake))


def read_rows(text: str) -> Rows:
    """Return the cells that were copied in Excel or WPS. Raises the reading's `Refusal` for what is no rows."""
    if not text.strip():
        raise refuse(N_("Nothing was pasted: copy rows in Excel or WPS, then paste them here."))
    if len(text) > LONGEST:
        raise refuse(N_("The pasted text is too long; save the rows as a file and bring that in."))
    csv.field_size_limit(LONGEST)
    clean = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(clean), delimiter="\t")]
    rows = [row for row in rows if any(row)]
    if max(len(row) for row in rows) < 2:
        raise refuse(
            N_(
                "“%(text)s” is one column only, so it is no rows of a ledger: copy the cells in Excel or WPS, "
                "with the columns for the problem and its responsible unit."
            ),
            text=rows[0][0][:40],
        )
    return rows


def with_header(rows: Rows, mechanism: Mechanism, columns: Sequence[Column]) -> Rows:
    """Return the rows under a header: their own or, where the first row is none, that of `columns`."""
    found = rows if is_header(rows[0], mechanism) else [_header(rows, columns), *rows]
    if len(found) == 1:
        raise refuse(N_("Only a header was pasted; copy the rows below it as well."))
    if fold(NUMBER_HEAD) in map(fold, found[0]) and len(found[0]) < 3:
        return [[*found[0], *_ONLY_SHOWN], *found[1:]]
    return found


def is_header(texts: Sequence[str], mechanism: Mechanism) -> bool:
    """Whether a row names columns: two of its cells at least, as this ledger or others call them."""
    own = {fold(column.head) for column in ledger_columns(mechanism)}
    named = sum(fold(text) in own for text in texts)
    return max(named, count_names(list(texts), layout_of(mechanism.key))) >= 2


def _header(rows: Rows, columns: Sequence[Column]) -> list[str]:
    """Return the heads of `columns`, which the cells fill from the left. What lies beyond them has none.

    The first column shows two numbers; where the rows begin with a matter's, that of the finding follows it.
    """
    numbered = any(read_number(row[0]) for row in rows)
    found: list[str] = []
    for column in columns:
        named = heads(column)
        found += named if numbered else named[-1:]
    width = max(len(row) for row in rows)
    return (found + [""] * width)[:width]


def _columns(request: ViewerRequest, mechanism: str) -> list[Column]:
    """Return the columns of the list from the one in focus on, as the form names them."""
    keys = [str(key) for key in request.POST.getlist("column")]
    known = offered(mechanism)
    return [known[key] for key in keys if key in known] or chosen((), known)


def _written(folder: Path, rows: Rows) -> Path:
    path = folder / "rows.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    return path


def _name(request: ViewerRequest) -> str:
    at = timezone.localtime(request.now).strftime("%Y-%m-%d %H:%M")
    return gettext("Pasted rows %(at)s") % {"at": at}


def _page(request: ViewerRequest, mechanisms: dict[str, Mechanism], problem: Sentence | None = None) -> HttpResponse:
    shown = {
        "mechanisms": mechanisms,
        "chosen": str((request.POST or request.GET).get("mechanism", "")),
        "columns": [str(key) for key in request.POST.getlist("column")],
        "text": str(request.POST.get("text", "")),
        "problem": problem,
    }
    return render(request, "ledger/paste.html", shown, status=422 if problem else 200)
