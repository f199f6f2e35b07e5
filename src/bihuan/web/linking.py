"""Noting that two matters have to do with each other."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from bihuan.directory.models import Post
from bihuan.directory.viewer import Viewer
from bihuan.ledger import execute
from bihuan.ledger.models import Matter
from bihuan.ledger.visible import may_see
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .scene import Scene, find_visible, scene
from .sign_in import RESUME
from .viewer import PageRefusal, ViewerRequest, note


def link(request: ViewerRequest, number: str) -> HttpResponse:
    place = scene(request, number)
    if not request.viewer.posts:
        raise PageRefusal(Refusal("no_post", N_("You hold no post today.")), matter=place.matter.pk)
    if request.method != "POST" or RESUME in request.POST:
        return _page(place)
    other = find_visible(request, str(request.POST.get("other", "")))
    if other is None or other.pk == place.matter.pk:
        refusal = Refusal("not_visible", N_("There is no such other matter among those that you may open."))
        note(request, refusal, matter=place.matter.pk)
        return _page(place, refusal)
    words = str(request.POST.get("note", "")).strip()
    account = request.viewer.account.account
    try:
        execute.link(
            place.matter.pk, other.pk, note=words, post=_seeing(place, other), account=account, now=request.now
        )
    except Refusal as refusal:
        return _page(place, refusal)
    messages.success(request, gettext("Linked with %(number)s.") % {"number": other.number})
    return redirect("matter", place.matter.number)


def _seeing(place: Scene, other: Matter) -> Post:
    """Return the viewer's post that may open both matters; the first, if no single one does."""
    request = place.request
    for post in request.viewer.posts:
        viewer = Viewer.with_post(post, request.today, request.viewer.organisation)
        if may_see(viewer, place.matter) and may_see(viewer, other):
            return post
    return request.viewer.posts[0]


def _page(place: Scene, refusal: Refusal | None = None) -> HttpResponse:
    shown = {"matter": place.matter, "sent": place.request.POST, "refusal": refusal}
    return render(place.request, "matter/link.html", shown, status=422 if refusal else 200)
