"""A password of one's own. An initial one, which somebody else has read, is changed before anything else."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from bihuan.directory.accounts import choose_password
from bihuan.directory.alterations import Author
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence

from ..sign_in import CARRIED, typed_fields
from ..viewer import ViewerRequest


@never_cache
@sensitive_post_parameters("old", "new", "again")
def own_password(request: ViewerRequest) -> HttpResponse:
    """Ask for a new password; afterwards go on to where the person wanted to go, with what they had typed."""
    account = request.viewer.account
    forced = account.must_change
    going = str(request.POST.get("next") or request.GET.get("next") or "")
    if not url_has_allowed_host_and_scheme(going, {request.get_host()}, require_https=request.is_secure()):
        going = ""
    problems: dict[str, Sentence] = {}
    carried = [
        (name.removeprefix(CARRIED), text) for name, text in typed_fields(request.POST) if name.startswith(CARRIED)
    ]
    if request.method == "POST" and "new" in request.POST:
        problems = _changed(request, forced)
        if not problems:
            update_session_auth_hash(request, account)
            messages.success(request, gettext("Your password was changed."))
            if carried and going:
                return render(request, "sign_in/go_on.html", {"action": going, "typed": carried})
            return redirect(going or "desk")
    shown = {"forced": forced, "next": going, "problems": problems, "carried": carried}
    return render(request, "city/own_password.html", shown, status=422 if problems else 200)


def _changed(request: ViewerRequest, forced: bool) -> dict[str, Sentence]:
    account, sent = request.viewer.account, request.POST
    if not forced and not account.check_password(sent.get("old", "")):
        return {"old": Sentence(N_("This is not the password you have now."))}
    if sent["new"] != sent.get("again", ""):
        return {"again": Sentence(N_("The two are not the same; type the new password twice."))}
    post = request.viewer.posts[0].key if request.viewer.posts else ""
    try:
        choose_password(account, sent["new"], author=Author(account.account, post, request.now), today=request.today)
    except Refusal as refusal:
        return {"new": refusal.sentence}
    return {}
