"""Sending the files of a form one by one, in parts, before the form itself: for a link that breaks.

`begin` says how much of a file is there already, `part` takes the next piece and says the same again. Whoever
may not do the act may not send files for it, and they are looked for again, as this person's, when it is done.
"""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST

from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from . import arriving
from .arriving import Form, Waiting
from .scene import Scene, scene
from .speaking import say
from .viewer import PageRefusal, ViewerRequest

#: The largest piece that is taken at once, in bytes. The pages send smaller ones.
PIECE = 1 << 20


@require_POST
def begin(request: ViewerRequest, number: str, action: str) -> JsonResponse:
    """Take note of a file by `name`, `size` and `sha256`; answer how much of it has been received."""
    form = _form(scene(request, number), action)
    arriving.sweep(request.now)
    size = str(request.POST.get("size", ""))
    try:
        waiting = arriving.begin(
            form,
            name=str(request.POST.get("name", "")),
            size=int(size) if size.isdecimal() and len(size) < 16 else 0,
            sha256=str(request.POST.get("sha256", "")),
        )
    except Refusal as refusal:
        return _refused(refusal)
    return _told(waiting)


@require_http_methods(["POST", "DELETE"])
def part(request: ViewerRequest, number: str, action: str, sha256: str) -> JsonResponse | HttpResponse:
    """Take the piece that begins at byte `at`; or, asked to DELETE, forget the file."""
    form = _form(scene(request, number), action)
    if request.method == "DELETE":
        arriving.drop(form, sha256)
        return HttpResponse(status=204)
    at = str(request.GET.get("at", ""))
    piece = request.read(PIECE + 1)
    try:
        if not at.isdecimal() or len(at) > 15 or len(piece) > PIECE:
            return JsonResponse({}, status=400)
        return _told(arriving.append(form, sha256, at=int(at), piece=piece))
    except arriving.OutOfStep as refused:
        return _told(refused.waiting, status=409)
    except Refusal as refusal:
        return _refused(refusal)


def _form(place: Scene, action: str) -> Form:
    """Return the form that the files are for. Raises `PageRefusal` where the person may not send it."""
    request = place.request
    behalf = str(request.GET.get("for", "")).replace("\x00", "")
    known = place.mechanism.actions.get(action)
    if known is None or not place.able(known, behalf or None):
        posts = request.viewer.posts
        why = place.refusal(known, posts[0], behalf or None) if known and posts else None
        raise PageRefusal(
            why or Refusal("unknown_action", N_("There is no such action for this matter.")), matter=place.matter.pk
        )
    return Form(request.viewer.account.pk, place.matter.pk, action, behalf)


def _told(waiting: Waiting, *, status: int = 200) -> JsonResponse:
    told = {"sha256": waiting.sha256, "name": waiting.name, "size": waiting.size, "received": waiting.received}
    return JsonResponse(told | {"whole": waiting.whole}, status=status)


def _refused(refusal: Refusal) -> JsonResponse:
    return JsonResponse({"rule": refusal.rule, "refused": say(refusal.sentence)}, status=422)
