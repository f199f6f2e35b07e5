"""The record of changes: read by the security auditor, who asks here for values of it to be erased by law."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from bihuan.directory.alterations import Told
from bihuan.directory.confirming import ERASURE, ask
from bihuan.directory.erasing import check_auditor, check_ground, check_places
from bihuan.directory.models import Alteration, Post
from bihuan.directory.rights import keeping
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence

from ..viewer import PageRefusal, ViewerRequest
from .asking import Ask, Form, show
from .history import told
from .keepers import author

_GROUND = Ask(
    "ground",
    N_("Legal ground"),
    "long",
    N_("such as a request under article 47 of the Personal Information Protection Law"),
)


def alterations(request: ViewerRequest) -> HttpResponse:
    """Everything that was done to units, accounts and posts, newest first: for the security auditor."""
    author(request, "log")
    before = request.GET.get("before", "")
    rows = Alteration.objects.select_related("unit", "person").order_by("-id")
    if before.isdecimal() and len(before) < 18:
        rows = rows.filter(pk__lt=int(before))
    found = list(rows[:101])
    shown = {
        "history": told(found[:100]),
        "next": found[99].pk if len(found) > 100 else None,
        "first": bool(before),
        "everything": True,
    }
    return render(request, "city/alterations.html", shown)


def erase_values(request: ViewerRequest, entry: int) -> HttpResponse:
    """Ask for names and reasons of one entry to be erased; the security administrator confirms it."""
    author(request, "log")
    shown = _entry(entry)
    options: list[tuple[str, str]] = list(shown.erasable.items())
    asks = (Ask("slots", N_("What is to be erased"), "several", options=options), _GROUND)
    form = Form.of(request, asks, slots=list(shown.erasable))
    if form.is_sent:
        form.require()
        if not form.problems:
            try:
                _ask(request, entry, form)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(
                    request, gettext("Asked for; it is erased as soon as the security administrator confirms it.")
                )
                return redirect("confirmations")
    said = [
        shown.sentence,
        Sentence(N_("The record goes on saying what was done, when and by whom; the value is gone for good.")),
        Sentence(N_("Where a duty to keep it stands against it, it must not be erased.")),
    ]
    return show(
        form, title=gettext("Erase from entry %(entry)d") % {"entry": entry}, button=N_("Ask for it"),
        back=reverse("alterations"), said=said, warning=True,
    )  # fmt: skip


def _ask(request: ViewerRequest, entry: int, form: Form) -> None:
    post = keeping(request.viewer.posts, "log", request.today)
    assert isinstance(post, Post)
    slots, ground = form.several("slots"), form.text("ground")
    check_auditor(post, request.today)
    check_ground(ground)
    check_places({entry: slots})
    body = {"entry": entry, "slots": slots, "ground": ground}
    ask(ERASURE, body, post=post, now=request.now, today=request.today)


def _entry(entry: int) -> Told:
    row = Alteration.objects.select_related("unit", "person").filter(pk=entry).first()
    found = told([row])[0] if row else None
    if found is None or not found.erasable:
        raise PageRefusal(
            Refusal(
                "nothing_there", N_("Entry %(entry)d of the record holds nothing that can be erased."), entry=entry
            ),
            status=404,
        )
    return found
