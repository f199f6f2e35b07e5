"""Official text: drop a file or paste, and go on with what is unfinished."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from bihuan.intake.reading import Refusal as TextRefusal
from bihuan.intake.reading.refusal import refuse
from bihuan.intake.text import refusals
from bihuan.intake.text.files import check
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import Sentence

from .. import arriving
from ..importing.upload import Upload, takes_files
from ..sign_in import RESUME
from ..viewer import ViewerRequest
from . import kept

_OPENING = 16


@takes_files(kept.check_viewer)
def start(request: ViewerRequest) -> HttpResponse:
    """Show the form, or take a text in."""
    if request.method != "POST" or RESUME in request.POST:
        return _page(request)
    arriving.sweep(request.now)
    try:
        name, pieces = _sent(request)
        waiting = kept.keep(request, name, pieces)
        try:
            kept.read(request, waiting, None)
        except TextRefusal:
            kept.forget(request, waiting.sha256)
            raise
    except (TextRefusal, Refusal) as refused:
        return _page(request, refused.sentence)
    day = str(request.POST.get("day", ""))
    address = reverse("text", args=[waiting.sha256])
    return redirect(f"{address}?{urlencode({'day': day})}" if day else address)


def _sent(request: ViewerRequest) -> tuple[str, Iterable[bytes]]:
    """Return the name and bytes of what was sent: a file before a pasted text."""
    upload = request.FILES.get("file")
    if isinstance(upload, Upload):
        if upload.too_large or (upload.size or 0) > refusals.LIMITS.file_size:
            limit = refusals.LIMITS.file_size >> 20
            raise refuse(refusals.TOO_LARGE, size=max((upload.size or 0) >> 20, limit + 1), limit=limit)
        if not upload.size:
            raise refuse(refusals.NOTHING)
        return upload.name or gettext("Text"), upload.chunks()
    text = check(str(request.POST.get("text", "")).replace("\r\n", "\n"))
    opening = "".join(text.split())[:_OPENING]
    return gettext("Pasted text %(opening)s") % {"opening": opening} + ".txt", [text.encode()]


def _page(request: ViewerRequest, refused: Sentence | None = None) -> HttpResponse:
    shown = {
        "kept": kept.kept(request),
        "days": arriving.KEPT_FOR.days,
        "typed": request.POST.get("text", ""),
        "day": request.POST.get("day", ""),
        "refused": refused,
    }
    return render(request, "reading_text/start.html", shown, status=422 if refused else 200)
