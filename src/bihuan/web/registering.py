"""Registering a matter by hand, with the fields that the registering role may give."""

import secrets
from collections.abc import Iterator, Mapping
from typing import Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from bihuan.directory.models import Post
from bihuan.directory.viewer import Viewer
from bihuan.intake.identity import claims_of
from bihuan.intake.rights import may_register
from bihuan.ledger import store
from bihuan.ledger.models import Claim, Matter
from bihuan.ledger.orders import Entering
from bihuan.ledger.packs import current
from bihuan.ledger.register import register_matters
from bihuan.ledger.visible import may_see
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import Value

from .forms import Form, Typed, Widget, form_for
from .sending import gone_to
from .sign_in import RESUME
from .viewer import PageRefusal, ViewerRequest

Claims = tuple[tuple[str, str], ...]


class Origin(Protocol):
    """Where a matter comes from that is not typed from nothing.

    `claims` are held by it once it is registered, and `taken` is said where another matter holds them; `following`
    is the address to go on to. `template` shows it above the form.
    """

    @property
    def claims(self) -> Claims: ...
    @property
    def taken(self) -> Sentence: ...
    @property
    def following(self) -> str: ...
    @property
    def template(self) -> str: ...
    def values(self, mechanism: Mechanism) -> Mapping[str, Value]: ...
    def entering(self, entering: Entering) -> Entering: ...


def registrable(viewer: Viewer) -> list[tuple[Mechanism, Post]]:
    """Return what the viewer may register by hand, each with the post to do it with; parts have a parent."""
    parts = {action.child for each in current().values() for action in each.actions.values()}
    found = []
    for mechanism in current().values():
        posts = [post for post in viewer.posts if may_register(post, mechanism)]
        if posts and mechanism.key not in parts:
            found.append((mechanism, posts[0]))
    return found


def choose(request: ViewerRequest) -> HttpResponse:
    """Ask what kind of matter, unless there is only one."""
    found = registrable(request.viewer)
    if len(found) == 1:
        return redirect("register_matter", found[0][0].key)
    if not found:
        raise PageRefusal(
            Refusal("not_role", N_("None of your posts may register a matter; an import or a clerk does."))
        )
    return render(request, "matter/choose.html", {"mechanisms": [mechanism for mechanism, _ in found]})


def register(request: ViewerRequest, mechanism: str) -> HttpResponse:
    return register_from(request, mechanism, None)


def register_from(request: ViewerRequest, mechanism: str, origin: Origin | None) -> HttpResponse:
    """Show or take the form of `mechanism`, filled in beforehand with what `origin` says."""
    known, post = _registering(request, mechanism)
    given = [field for field in known.fields.values() if set(field.by) & set(post.roles) & set(known.register_by)]
    required = (*known.register_requires, known.index.responsible)
    form = form_for(request, given, prefix="f-", required=required)
    if request.method != "POST":
        return _page(request, known, post, form, form.of_values(origin.values(known) if origin else {}), origin=origin)
    typed = form.of_post(request.POST)
    values, problems = form.read(typed)
    if RESUME in request.POST:
        return _page(request, known, post, form, typed, origin=origin)
    if problems:
        return _page(request, known, post, form, typed, problems=problems, origin=origin)
    values = {key: value for key, value in values.items() if value is not None}
    claims = claims_of(known, values)
    try:
        made = _registered(request, known, post, values, claims, origin)
    except Refusal as refusal:
        return _refused(request, known, post, form, typed, refusal, claims, origin)
    messages.success(request, gettext("Registered as %(number)s.") % {"number": made.number})
    return gone_to(request, origin.following if origin else reverse("matter", args=[made.number]))


def _registering(request: ViewerRequest, key: str) -> tuple[Mechanism, Post]:
    for mechanism, post in registrable(request.viewer):
        if mechanism.key == key:
            return mechanism, post
    raise PageRefusal(Refusal("not_role", N_("None of your posts may register such a matter.")))


def _registered(
    request: ViewerRequest,
    mechanism: Mechanism,
    post: Post,
    values: dict[str, Value],
    claims: Claims,
    origin: Origin | None,
) -> Matter:
    entering = Entering(mechanism.key, values, claims=(*claims, *_sent_once(request)))
    if origin:
        entering = origin.entering(entering)
    account = request.viewer.account.account
    try:
        return register_matters([entering], post=post, account=account, now=request.now)[0]
    except Refusal:
        if entering.matter:
            for proof in entering.evidence:
                store.forget(entering.matter, proof.sha256)
        raise


def _sent_once(request: ViewerRequest) -> Claims:
    """Return the claim that lets one form register one matter, however often it is sent."""
    once = str(request.POST.get("once", ""))
    return (("form", f"{request.viewer.account.pk}:{once}"),) if once.isalnum() and len(once) <= 32 else ()


def _refused(
    request: ViewerRequest,
    mechanism: Mechanism,
    post: Post,
    form: Form,
    typed: dict[str, Typed],
    refusal: Refusal,
    claims: Claims,
    origin: Origin | None,
) -> HttpResponse:
    if refusal.rule == "claimed" and (made := _taken(request, _sent_once(request))):
        words = gettext("This form was sent already: its matter is registered, once, as %(number)s.")
        messages.success(request, words % {"number": made.number})
        return gone_to(request, origin.following if origin else reverse("matter", args=[made.number]))
    if (
        refusal.rule == "claimed"
        and origin
        and any(key == refusal.sentence.values.get("key") for _, key in origin.claims)
    ):
        refusal = Refusal("claimed", origin.taken.pattern)
        return _page(request, mechanism, post, form, typed, refusal=refusal, origin=origin)
    if refusal.rule == "claimed" and refusal.field is None:
        taken = _taken(request, claims)
        sentence = Sentence(N_("This project has a finding with this number already; look at that one first."))
        problems = {str(mechanism.index.number): sentence}
        return _page(request, mechanism, post, form, typed, problems=problems, taken=taken, origin=origin)
    if refusal.field in {field.key for field in form.fields}:
        problems = {str(refusal.field): refusal.sentence}
        return _page(request, mechanism, post, form, typed, problems=problems, origin=origin)
    return _page(request, mechanism, post, form, typed, refusal=refusal, origin=origin)


def _taken(request: ViewerRequest, claims: Claims) -> Matter | None:
    """Return the matter that holds one of `claims`, if the viewer may open it."""
    for space, key in claims:
        claim = Claim.objects.filter(space=space, key=key).select_related("matter").first()
        if claim and may_see(request.viewer, claim.matter):
            return claim.matter
    return None


def _page(
    request: ViewerRequest,
    mechanism: Mechanism,
    post: Post,
    form: Form,
    typed: dict[str, Typed],
    *,
    problems: dict[str, Sentence] | None = None,
    refusal: Refusal | None = None,
    taken: Matter | None = None,
    origin: Origin | None = None,
) -> HttpResponse:
    shown = {
        "mechanism": mechanism,
        "post": post,
        "groups": list(_grouped(mechanism, form.widgets(typed, problems))),
        "refusal": refusal,
        "problems": problems,
        "taken": taken,
        "origin": origin,
        "units": request.viewer.organisation.units,
        "once": request.POST.get("once") or secrets.token_hex(12),
    }
    return render(request, "matter/register.html", shown, status=422 if problems or refusal else 200)


def _grouped(mechanism: Mechanism, widgets: list[Widget]) -> Iterator[tuple[object, list[Widget]]]:
    for key in (*mechanism.groups, None):
        inside = [widget for widget in widgets if widget.field.group == key]
        if inside:
            yield (mechanism.groups[key] if key else None), inside
