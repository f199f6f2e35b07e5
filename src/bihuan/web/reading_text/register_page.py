"""Registering the ticked sentences one after the other, each by the ordinary form of its mechanism."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from bihuan.intake.reading import Refusal as TextRefusal
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from ..registering import register_from
from ..viewer import PageRefusal, ViewerRequest
from . import kept
from .origin import TextOrigin


def register(request: ViewerRequest, sha256: str) -> HttpResponse:
    """Show or take the form for the first sentence that the address names; the others follow."""
    kept.check_viewer(request)
    waiting = kept.find(request, sha256)
    first, *others = str(request.GET.get("queue", "")).split(",")
    place, _, mechanism = first.partition(".")
    if not place:
        return redirect("text", sha256)
    try:
        reading = kept.read(request, waiting, kept.day_of(request))
    except TextRefusal as refusal:
        raise PageRefusal(Refusal("not_read", refusal.sentence.pattern, **refusal.sentence.values)) from refusal
    for article in reading.articles:
        for proposal in article.proposals:
            if kept.place_of(proposal) == place:
                following = _following(request, sha256, others)
                origin = TextOrigin(request, waiting, article, proposal, following, left=len(others))
                return register_from(request, mechanism, origin)
    raise PageRefusal(
        Refusal("not_there", N_("The text has no proposal at this place; look at it again.")),
        status=404,
        back=reverse("text", args=[sha256]),
    )


def _following(request: ViewerRequest, sha256: str, others: list[str]) -> str:
    """Return the address of the next form, or of the text once all are done."""
    day = str(request.GET.get("day", ""))
    asked = {"day": day} if day else {}
    if not others:
        address = reverse("text", args=[sha256])
        return f"{address}?{urlencode(asked)}" if asked else address
    asked["queue"] = ",".join(others)
    return f"{reverse('text_register', args=[sha256])}?{urlencode(asked)}"
