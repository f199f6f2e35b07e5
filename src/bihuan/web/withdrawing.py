"""Taking back a registration that was a mistake, while nobody has worked on the matter yet."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from bihuan.directory.models import Post
from bihuan.ledger.execute import withdraw_matter
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .scene import Scene, scene
from .sending import gone_to
from .sign_in import RESUME
from .viewer import PageRefusal, ViewerRequest


def withdrawable(place: Scene) -> list[Post]:
    """Return the viewer's posts that may take the registration back: nobody has touched the matter, it is no part."""
    if place.state.version > 1 or place.matter.parent_id or place.state.ended:
        return []
    registering = set(place.mechanism.register_by)
    return [post for post in place.request.viewer.posts if place.roles(post) & registering]


def withdraw(request: ViewerRequest, number: str) -> HttpResponse:
    place = scene(request, number)
    posts = withdrawable(place)
    if request.method == "POST" and place.state.ended == "withdrawn":
        return _over(place, gettext("This registration was taken back already."))
    if not posts:
        back = reverse("matter", args=[place.matter.number])
        raise PageRefusal(_refusal(place), matter=place.matter.pk, back=back)
    if request.method != "POST" or RESUME in request.POST:
        return _page(place)
    reason = str(request.POST.get("reason", "")).replace("\r\n", "\n").strip()
    if not reason:
        return _page(place, Refusal("missing_reason", N_("Say why the registration is taken back."), field="reason"))
    account = request.viewer.account.account
    try:
        withdraw_matter(place.matter.pk, reason=reason, post=posts[0], account=account, now=request.now)
    except Refusal as refusal:
        return _page(place, refusal)
    return _over(place, gettext("The registration was taken back; its number is free again."))


def _refusal(place: Scene) -> Refusal:
    """Return why nobody among the viewer's posts may: none of them registers, or the matter was worked on."""
    registers = any(place.roles(post) & set(place.mechanism.register_by) for post in place.request.viewer.posts)
    return Refusal(
        "touched" if registers else "not_role",
        N_(
            "A registration is taken back by whoever may register, while nobody has worked on the matter; "
            "after that, correct it or end it by a step of its own."
        ),
    )


def _over(place: Scene, words: str) -> HttpResponse:
    messages.success(place.request, words)
    return gone_to(place.request, reverse("matter", args=[place.matter.number]))


def _page(place: Scene, refusal: Refusal | None = None) -> HttpResponse:
    shown = {"matter": place.matter, "reason": place.request.POST.get("reason", ""), "refusal": refusal}
    return render(place.request, "matter/withdraw.html", shown, status=422 if refusal else 200)
