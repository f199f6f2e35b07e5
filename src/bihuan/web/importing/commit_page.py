"""Committing an import: each request does one step of about a second; closing the page loses nothing."""

import time
import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from bihuan.intake.commit import Progress, commit_step, progress_of
from bihuan.mechanism.refusal import Refusal

from ..viewer import ViewerRequest
from .access import intake_address, intake_for

#: How long (seconds) one request goes on for a browser without scripts.
_PATIENCE = 10.0


@require_POST
def commit(request: ViewerRequest, pk: uuid.UUID) -> HttpResponse:
    found, post = intake_for(request, pk)
    began = time.monotonic()
    try:
        while True:
            made = commit_step(found, post=post, account=request.viewer.account.account, now=request.now)
            if made.finished or request.htmx or time.monotonic() - began > _PATIENCE:
                break
    except Refusal as refused:
        shown = {"intake": found, "progress": progress_of(found), "refused": refused.sentence}
        return render(request, "import/running.html", shown, status=409)
    address = intake_address(found)
    if not request.htmx:
        return redirect(address)
    return HttpResponseClientRedirect(address) if made.finished else _running(request, found, made)


def _running(request: ViewerRequest, found: object, made: Progress) -> HttpResponse:
    return render(request, "import/running.html", {"intake": found, "progress": made, "running": True})
