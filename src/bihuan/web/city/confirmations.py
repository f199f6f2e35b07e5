"""What one administration asked for and another confirms: the list, and each with what it would do."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from bihuan.directory.confirming import ERASURE, KINDS, PEOPLE, confirm_erasure, confirm_people, decline, put_away
from bihuan.directory.models import Alteration, Pending, Post
from bihuan.directory.rights import keeping
from bihuan.directory.tables import BadFile
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence

from ..role_names import role_words
from ..sign_in import RESUME
from ..viewer import PageRefusal, ViewerRequest
from .bringing import PEOPLE as LIST
from .bringing import look, rows_of
from .history import told

_SAID = {
    ERASURE: N_("Erase %(count)d value(s) of entry %(entry)d from the record of changes"),
    PEOPLE: N_("Give or change %(count)d post(s) of a list"),
}
#: How many lines of a list are shown.
SHOWN = 200


def confirmations(request: ViewerRequest) -> HttpResponse:
    _check_concerned(request)
    rows = list(_rows().order_by("id"))
    shown = {
        "waiting": [(row, _said(row)) for row in rows if decider(request, row)],
        "own": [(row, _said(row)) for row in rows if _is_own(request, row)],
    }
    return render(request, "city/confirmations.html", shown)


def confirmation(request: ViewerRequest, pk: int) -> HttpResponse:
    """Show one; let it be confirmed or declined by whoever decides, put away by whoever asked."""
    _check_concerned(request)
    row = _rows().filter(pk=pk).first()
    if row is None:
        raise PageRefusal(Refusal("settled", N_("This was settled already.")), status=404)
    post, own = decider(request, row), _is_own(request, row)
    if post is None and not own:
        raise PageRefusal(Refusal("not_keeper", N_("This is for somebody else to confirm.")))
    if request.method != "POST" or RESUME in request.POST:
        return _page(request, row)
    act = _ACTS.get(str(request.POST.get("go", "")))
    if act is None:
        return _page(request, row)
    try:
        said = act(request, row, post)
    except Refusal as refusal:
        return _page(request, row, refusal)
    messages.success(request, said)
    return redirect("confirmations")


def waiting_for(request: ViewerRequest) -> int:
    """Return how many wait for the viewer to confirm, or were declined and wait to be put away."""
    return sum(decider(request, row) is not None or (_is_own(request, row) and bool(row.answer)) for row in _rows())


def decider(request: ViewerRequest, row: Pending) -> Post | None:
    """Return the viewer's post that decides on `row`, which is never asked for by themselves."""
    if row.answer or row.post.account_id == request.viewer.account.pk:
        return None
    return keeping(request.viewer.posts, KINDS[row.kind].decides, request.today)


def _confirm(request: ViewerRequest, row: Pending, post: Post | None) -> str:
    when: dict[str, Any] = {"post": _required(post), "now": request.now, "today": request.today}
    if row.kind == ERASURE:
        confirm_erasure(row, **when)
        return gettext("Erased; the record of changes says so.")
    try:
        written = confirm_people(row, rows_of(LIST, row.body["text"]), roles=role_words(), **when)
    except BadFile as bad:
        raise Refusal("outdated", bad.problems[0].sentence.pattern, **bad.problems[0].sentence.values) from None
    said = gettext("%(created)d created, %(changed)d changed, %(unchanged)d as they were.")
    return said % {"created": written.created, "changed": written.changed, "unchanged": written.unchanged}


def _decline(request: ViewerRequest, row: Pending, post: Post | None) -> str:
    reason = str(request.POST.get("reason", "")).replace("\x00", "")
    decline(row, reason=reason, post=_required(post), now=request.now, today=request.today)
    return gettext("Declined; whoever asked reads why.")


def _put_away(request: ViewerRequest, row: Pending, post: Post | None) -> str:
    put_away(row, account=request.viewer.account)
    return gettext("Put away.")


_ACTS: dict[str, Callable[[ViewerRequest, Pending, Post | None], str]] = {
    "confirm": _confirm,
    "decline": _decline,
    "put_away": _put_away,
}


def _required(post: Post | None) -> Post:
    if post is None:
        raise PageRefusal(Refusal("not_approved", N_("Nobody confirms or declines what they asked for themselves.")))
    return post


def _page(request: ViewerRequest, row: Pending, refusal: Refusal | None = None) -> HttpResponse:
    shown: dict[str, Any] = {
        "row": row, "said": _said(row), "decides": decider(request, row), "own": _is_own(request, row),
        "refusal": refusal, "reason": request.POST.get("reason", ""),
        **(_erasure(row) if row.kind == ERASURE else _list(request, row)),
    }  # fmt: skip
    return render(request, "city/confirmation.html", shown, status=422 if refusal else 200)


def _erasure(row: Pending) -> dict[str, Any]:
    """Return what would be erased: the entry in words, and the values; none where they are gone already."""
    entry = told(Alteration.objects.select_related("unit", "person").filter(pk=row.body["entry"]))[0]
    return {"entry": entry, "values": [entry.erasable[slot] for slot in row.body["slots"] if slot in entry.erasable]}


def _list(request: ViewerRequest, row: Pending) -> dict[str, Any]:
    """Return the list and what is wrong with it by now: what it names may have changed since it was brought."""
    looked = look(LIST, rows_of(LIST, row.body["text"]), today=request.today, posts_only=True)
    more = max(0, len(looked.lines) - SHOWN)
    return {"looked": looked, "lines": looked.lines[:SHOWN], "more": more, "text": row.body["text"]}


def _said(row: Pending) -> Sentence:
    values = {"count": len(row.body["slots"]), "entry": row.body["entry"]} if row.kind == ERASURE else row.body
    return Sentence(_SAID[row.kind], values)


def _rows() -> Any:
    return Pending.objects.select_related("post__account", "post__unit")


def _is_own(request: ViewerRequest, row: Pending) -> bool:
    return bool(row.post.account_id == request.viewer.account.pk)


def _check_concerned(request: ViewerRequest) -> None:
    whats: Iterable[str] = {what for kind in KINDS.values() for what in (kind.asks, kind.decides)}
    if not any(keeping(request.viewer.posts, what, request.today) for what in whats):
        raise PageRefusal(Refusal("not_keeper", N_("What waits to be confirmed is the three administrations' affair.")))
