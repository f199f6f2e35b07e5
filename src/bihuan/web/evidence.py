"""Handing out evidence: only to who may open the matter, always as a file to save, never to be run or shown."""

import uuid

from django.http import FileResponse, HttpResponse

from bihuan.ledger.store import path_of
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .scene import scene
from .viewer import PageRefusal, ViewerRequest


def download(request: ViewerRequest, number: str, sha256: str) -> HttpResponse | FileResponse:
    place = scene(request, number)
    proof = next((each for each in place.state.evidence if each.sha256 == sha256), None)
    if proof is None:
        raise _refusal("not_there", N_("This matter has no such piece of evidence."), place.matter.pk)
    try:
        file = path_of(place.matter.pk, sha256).open("rb")
    except FileNotFoundError:
        raise _refusal(
            "file_gone", N_("The file is no longer kept: it was erased by law, or is missing."), place.matter.pk
        ) from None
    answer = FileResponse(file, as_attachment=True, filename=proof.name or sha256)
    answer.headers["Content-Type"] = proof.media_type
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _refusal(rule: str, pattern: str, matter: uuid.UUID) -> PageRefusal:
    return PageRefusal(Refusal(rule, pattern), status=404, matter=matter)
