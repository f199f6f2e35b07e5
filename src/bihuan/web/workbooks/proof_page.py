"""Evidence by the zip: which file is for which matter, looked at by a person, and only then given."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from bihuan.directory.models import Post
from bihuan.intake.reading import Refusal as FileRefusal
from bihuan.mechanism.model import Label
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.workbooks import files
from bihuan.workbooks.attaching import Attaching, Fitted, Given
from bihuan.workbooks.collecting import Collected, collect
from bihuan.workbooks.unpacking import digest, is_zip

from ..importing.upload import Upload, takes_files
from ..sign_in import RESUME
from ..viewer import ViewerRequest
from .merge_access import merging_post

_SALT = "bihuan.heap-of-evidence"
_GONE = N_("The zip is no longer kept; drop it in again. Nothing was given.")


@dataclass(frozen=True, slots=True)
class Line:
    """One file of the heap, with what the form says of it."""

    place: int
    fitted: Fitted
    number: str
    chosen: bool
    way: Label | None


@dataclass(frozen=True, slots=True)
class Heap:
    """A heap that is being looked at: its zip, what is in it, and how it is carried by the form."""

    name: str
    token: str
    lines: Sequence[Line]
    collected: Collected

    @property
    def ready(self) -> int:
        return sum(line.chosen and line.fitted.can_be_given for line in self.lines)


@takes_files(merging_post)
def proof_folder(request: ViewerRequest) -> HttpResponse:
    """Show the form, take a heap in, or give what was confirmed."""
    post = merging_post(request)
    if request.method != "POST" or RESUME in request.POST:
        return _page(request)
    try:
        return _give(request, post) if request.POST.get("heap") else _take_in(request, post)
    except FileRefusal as refusal:
        return _page(request, refused=refusal.sentence)


def _take_in(request: ViewerRequest, post: Post) -> HttpResponse:
    uploads = [each for each in request.FILES.getlist("files") if isinstance(each, Upload)]
    if not uploads:
        return _page(request, refused=Sentence(N_("No file was sent; choose the zip with the evidence.")))
    for upload in uploads:
        upload.check()
    name, sha256 = _keep(uploads)
    token = signing.dumps([sha256, name, request.viewer.account.account], salt=_SALT)
    return _page(request, heap=_look(request, post, token, None)[0])


def _keep(uploads: Sequence[Upload]) -> tuple[str, str]:
    """Keep the zip, or a zip of the single files, until somebody confirms. Returns its name and its hash."""
    first = Path(uploads[0].temporary_file_path())
    if len(uploads) == 1 and is_zip(first):
        files.keep(first, uploads[0].sha256)
        return uploads[0].name or "", uploads[0].sha256
    with files.room() as folder:
        packed = folder / "heap.zip"
        with zipfile.ZipFile(packed, "w") as archive:
            for number, upload in enumerate(uploads):
                called = (upload.name or f"{number}").replace("/", "_").replace("\\", "_")
                archive.write(upload.temporary_file_path(), called)
        sha256 = digest(packed)
        files.keep(packed, sha256)
    return gettext("%(count)d files") % {"count": len(uploads)}, sha256


def _give(request: ViewerRequest, post: Post) -> HttpResponse:
    looking = request.POST.get("do") != "give"
    heap, given = _look(request, post, request.POST["heap"], None if looking else request.POST.getlist("g"))
    if looking:
        return _page(request, heap=heap)
    if given.files:
        told = {"files": sum(given.files.values()), "matters": len(given.files)}
        messages.success(request, gettext("%(files)d files were given as evidence of %(matters)d matters.") % told)
    if given.refused:
        return _page(request, heap=heap, given=given)
    if not given.files:
        return _page(request, heap=heap, refused=Sentence(N_("Tick the files that are to be given; nothing was done.")))
    return redirect("proof_folder")


def _look(request: ViewerRequest, post: Post, token: str, giving: Sequence[str] | None) -> tuple[Heap, Given]:
    """Unpack the heap, fit its files to matters as the form says, and give those that are ticked (`giving`)."""
    sha256, name = _read(request, token)
    with files.room() as folder:
        collected = collect([(name, files.path_of(sha256))], folder)
        if collected.refused:
            files.release(sha256)
            raise FileRefusal(collected.refused[0][1])
        attaching = Attaching(post, request.viewer.account.account, request.now)
        fitted = attaching.fit(collected.pieces, told=_told(request, len(collected.pieces)))
        given = Given()
        if giving is not None:
            places = {int(text) for text in giving if text.isdecimal() and len(text) < 7}
            given = attaching.give([each for place, each in enumerate(fitted) if place in places])
            fitted = attaching.fit(collected.pieces, told=_told(request, len(collected.pieces)))
            if given.files and not given.refused:
                files.release(sha256)
        ways = {each.matter.pk: attaching.way(each.matter) for each in fitted if each.matter and each.can_be_given}
    lines = [
        Line(
            place,
            each,
            each.matter.number if each.matter else request.POST.get(f"m-{place}", ""),
            str(place) in request.POST.getlist("g") if giving is not None else each.can_be_given,
            way.label if each.matter and (way := ways.get(each.matter.pk)) else None,
        )
        for place, each in enumerate(fitted)
    ]
    return Heap(name, token, lines, collected), given


def _told(request: ViewerRequest, number: int) -> dict[int, str]:
    """Return the matters' numbers that stand in the form, by the place of the file."""
    return {
        place: str(request.POST[f"m-{place}"]).replace("\x00", "").strip()
        for place in range(number)
        if f"m-{place}" in request.POST
    }


def _read(request: ViewerRequest, token: str) -> tuple[str, str]:
    try:
        sha256, name, account = signing.loads(token, salt=_SALT, max_age=7 * 24 * 3600)
    except (signing.BadSignature, ValueError):
        raise FileRefusal(Sentence(_GONE)) from None
    if account != request.viewer.account.account or not files.path_of(sha256).is_file():
        raise FileRefusal(Sentence(_GONE))
    return sha256, name


def _page(
    request: ViewerRequest,
    *,
    heap: Heap | None = None,
    given: Given | None = None,
    refused: Sentence | None = None,
) -> HttpResponse:
    shown: dict[str, Any] = {
        "heap": heap,
        "fitting": [each for each in heap.lines if each.fitted.can_be_given] if heap else [],
        "rest": [each for each in heap.lines if not each.fitted.can_be_given] if heap else [],
        "refusals": list(given.refused.items()) if given else [],
        "refused": refused,
    }
    return render(request, "workbooks/proofs.html", shown, status=422 if refused else 409 if shown["refusals"] else 200)
