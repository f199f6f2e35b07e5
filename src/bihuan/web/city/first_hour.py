"""The first hour with a ledger of one's own: four steps, each with its state, and what comes after."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render

from bihuan.directory.tables import BadFile, Problem
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from ..sign_in import RESUME
from ..viewer import PageRefusal, ViewerRequest
from .bringing import KINDS, Kind, look, rows_of, text_of, text_of_file
from .parts import Part, bring_in, part_of
from .progress import concerns, progress
from .template_workbook import workbook

#: How many lines there are for typing by hand at once, and how many lines a preview shows.
BY_HAND, SHOWN = 6, 200


def first_hour(request: ViewerRequest) -> HttpResponse:
    if not concerns(request.viewer, request.today):
        raise PageRefusal(Refusal("not_keeper", N_("The city is set up by the first clerk and the administrators.")))
    return render(request, "city/first_hour.html", {"progress": progress(request.viewer.organisation, request.today)})


def bring(request: ViewerRequest, kind: str) -> HttpResponse:
    """Take a pasted list, a file, or typed lines; show what they would do; write them when told to."""
    known = _kind(kind)
    part = part_of(request, known)
    if request.method != "POST" or RESUME in request.POST:
        return _page(request, known, part, text=str(request.POST.get("text", "")))
    text = str(request.POST.get("text", "")).replace("\r\n", "\n")
    try:
        if file := request.FILES.get("file"):
            assert isinstance(file, UploadedFile)
            text = text_of_file(known, file)
        text = _with_typed(request, known, text)
        if not text.strip():
            return _page(request, known, part, empty=True)
        rows = rows_of(known, text)
        text = text_of(rows)
        looked = look(known, rows, today=request.today, posts_only=part is Part.POSTS)
    except BadFile as bad:
        return _page(request, known, part, text=text, faults=[(problem, "") for problem in bad.problems])
    if looked.problems:
        return _page(request, known, part, text=text, faults=looked.problems)
    if request.POST.get("go") != "write":
        shown = {"kind": known, "looked": looked, "text": text, "more": max(0, len(looked.lines) - SHOWN)}
        shown |= {"lines": looked.lines[:SHOWN], "accounts_only": part is Part.ACCOUNTS}
        return render(request, "city/preview.html", shown)
    messages.success(request, bring_in(request, known, part, rows, looked))
    return redirect("first_hour")


def template(request: ViewerRequest, kind: str) -> HttpResponse:
    """Return the workbook to fill in."""
    known = _kind(kind)
    content = workbook(known, request.viewer.organisation)
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    names = {"units": ("units.xlsx", "%E5%8D%95%E4%BD%8D.xlsx"), "people": ("people.xlsx", "%E4%BA%BA%E5%91%98.xlsx")}
    plain, encoded = names[known.key]
    response.headers["Content-Disposition"] = f"attachment; filename={plain}; filename*=UTF-8''{encoded}"
    return response


def _kind(key: str) -> Kind:
    if key not in KINDS:
        raise PageRefusal(Refusal("unknown_kind", N_("Only units and people are brought in here.")), status=404)
    return KINDS[key]


def _with_typed(request: ViewerRequest, kind: Kind, text: str) -> str:
    """Add the lines that were typed cell by cell below the text."""
    columns = [request.POST.getlist(f"c{place}") for place in range(len(kind.heads))]
    typed = [[str(cell) for cell in row] for row in zip(*columns, strict=False) if any(cell.strip() for cell in row)]
    if not typed:
        return text
    head = "" if text.strip() else text_of([kind.heads])
    if text.strip():
        typed = _in_order_of(kind, text, typed)
    return (text.rstrip("\n") + "\n" if text.strip() else head) + text_of(typed)


def _in_order_of(kind: Kind, text: str, typed: list[list[str]]) -> list[list[str]]:
    """Put typed cells in the order of the columns that the text has."""
    head = rows_of(kind, text)[0]
    known = {name: place for place, (field, names) in enumerate(kind.names.items()) for name in (field, *names)}
    places = [known.get(cell.strip(), -1) for cell in head]
    return [[row[place] if 0 <= place < len(row) else "" for place in places] for row in typed]


def _page(
    request: ViewerRequest, kind: Kind, part: Part, *, text: str = "", faults: Sequence[tuple[Problem, str]] = (),
    empty: bool = False,
) -> HttpResponse:  # fmt: skip
    shown = {
        "kind": kind, "text": text, "faults": faults[:50], "fault_count": len(faults), "empty": empty,
        "blank": range(BY_HAND), "columns": list(enumerate(kind.heads)),
        "units": request.viewer.organisation.units, "accounts_only": part is Part.ACCOUNTS,
        "posts_only": part is Part.POSTS,
    }  # fmt: skip
    return render(request, "city/bring.html", shown, status=422 if faults or empty else 200)
