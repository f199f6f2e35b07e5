"""Import: choose or drop a file, go on with what is unfinished, look at what was brought in."""

from dataclasses import dataclass
from pathlib import Path

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django_htmx.http import HttpResponseClientRedirect

from bihuan.intake.models import Intake, IntakeRow, Stage, Status
from bihuan.intake.opening import Asked, intakes, note_file_refused, open_intake
from bihuan.intake.reading import Refusal as FileRefusal
from bihuan.intake.reading.refusal import refuse
from bihuan.intake.tray import pending
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Label
from bihuan.mechanism.sentence import N_, Sentence

from ..viewer import ViewerRequest
from .access import intake_address, mechanisms_for, post_for
from .upload import Upload, takes_files

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Brought:
    """An intake in the list of them, with how many of its rows stand where."""

    intake: Intake
    mechanism: Label | str
    created: int
    waiting: int
    differing: int


@takes_files(mechanisms_for)
def start(request: ViewerRequest) -> HttpResponse:
    """Show the form, or take a file in."""
    return _bring_in(request) if request.method == "POST" else _page(request)


def _bring_in(request: ViewerRequest) -> HttpResponse:
    key = request.POST.get("mechanism", "") or next(iter(mechanisms_for(request)))
    post, account = post_for(request, key), request.viewer.account.account
    upload = request.FILES.get("file")
    day = parse_date(request.POST.get("reference_day", ""))
    try:
        if not isinstance(upload, Upload):
            raise refuse(N_("No file was sent; choose the file that holds the ledger."))
        path, name = Path(upload.temporary_file_path()), upload.name or ""
        asked = Asked(path, name, key, post, account, request.now, _sheet(request), None, day)
        if upload.too_large:
            _refuse_too_large(upload, asked)
        intake = open_intake(
            path,
            name=name,
            mechanism=key,
            post=post,
            account=account,
            now=request.now,
            sheet=asked.sheet,
            reference_day=day,
        )
    except FileRefusal as refused:
        return _page(request, refused.sentence)
    address = intake_address(intake)
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)


def _refuse_too_large(upload: Upload, asked: Asked) -> None:
    try:
        upload.check()
    except FileRefusal as refused:
        note_file_refused(asked, upload.sha256, refused)
        raise


def _sheet(request: ViewerRequest) -> str | None:
    return request.POST.get("sheet", "").strip() or None


def _page(request: ViewerRequest, refused: Sentence | None = None) -> HttpResponse:
    mechanisms = mechanisms_for(request)
    brought = _brought(request)
    waiting = pending(request.viewer)
    shown = {
        "mechanisms": mechanisms,
        "chosen": request.POST.get("mechanism", ""),
        "sheet": request.POST.get("sheet", ""),
        "reference_day": request.POST.get("reference_day", ""),
        "refused": refused,
        "unfinished": [each for each in brought if each.intake.stage == Stage.OPEN],
        "done": [each for each in brought if each.intake.stage != Stage.OPEN],
        "waiting": waiting.filter(status=Status.WAITING).count(),
        "differing": waiting.filter(status=Status.DIFFERING).count(),
    }
    template = "import/drop.html" if request.htmx and request.method == "POST" else "import/start.html"
    return render(request, template, shown, status=422 if refused else 200)


def _brought(request: ViewerRequest) -> list[Brought]:
    found = list(intakes(request.viewer).select_related("post__unit", "post__account")[:SHOWN])
    rows = IntakeRow.objects.filter(intake__in=found).order_by().values_list("intake", "status")
    counts = {(intake, status): number for intake, status, number in rows.annotate(Count("id"))}
    titles = {key: each.title for key, each in current().items()}
    return [
        Brought(
            intake=each,
            mechanism=titles.get(each.mechanism, each.mechanism),
            created=counts.get((each.pk, Status.CREATED), 0),
            waiting=counts.get((each.pk, Status.WAITING), 0),
            differing=counts.get((each.pk, Status.DIFFERING), 0),
        )
        for each in found
    ]
