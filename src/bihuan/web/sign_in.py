"""Signing in and out. What somebody typed into a form while their session ran out comes back afterwards."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from bihuan.directory.models import Account
from bihuan.ledger.refused import note_refusal

#: In front of the names of fields that are carried across the sign-in.
CARRIED = "carried-"
#: The field that tells a form page to show what was typed, and to do nothing yet.
RESUME = "resume"
_NEVER_CARRIED = frozenset({"csrfmiddlewaretoken", RESUME})


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for account and password; on success go on to where the person wanted to go."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(_next(request, request.GET))
        return render(request, "sign_in/sign_in.html", {"next": request.GET.get("next", "")})
    account = request.POST.get("account", "").replace("\x00", "").strip()
    person = authenticate(request, username=account, password=request.POST.get("password", ""))
    carried = _carried(request.POST)
    if person is None:
        _note_wrong(account)
        shown = {"next": request.POST.get("next", ""), "account": account, "wrong": True, "carried": carried}
        return render(request, "sign_in/sign_in.html", shown, status=422)
    login(request, person)
    if carried:
        action = _next(request, request.POST)
        return render(request, "sign_in/go_on.html", {"action": action, "typed": carried})
    return redirect(_next(request, request.POST))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("sign_in")


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Answer somebody who is not signed in. A form that was sent is carried along, not lost."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    if request.method != "POST":
        return redirect(f"{resolve_url('sign_in')}?{_query(request)}")
    shown = {"next": request.get_full_path(), "carried": typed_fields(request.POST), "expired": True}
    return render(request, "sign_in/sign_in.html", shown, status=401)


def typed_fields(sent: QueryDict) -> list[tuple[str, str]]:
    """Return what a person typed into a form, as (name, text), without what belongs to the form itself."""
    return [(name, text) for name, texts in sent.lists() if name not in _NEVER_CARRIED for text in map(str, texts)]


def _note_wrong(account: str) -> None:
    """Record a sign-in that failed. A name that is no account is left out: it may be a password, mistyped."""
    known = Account.objects.filter(account=account).exists()
    note_refusal("wrong_password", account=account if known else "", asked="sign_in", now=timezone.now())


def _carried(sent: QueryDict) -> list[tuple[str, str]]:
    fields = typed_fields(sent)
    return [(name.removeprefix(CARRIED), text) for name, text in fields if name.startswith(CARRIED)]


def _query(request: HttpRequest) -> str:
    query = QueryDict(mutable=True)
    if request.path != resolve_url("desk"):
        query["next"] = request.get_full_path()
    return query.urlencode(safe="/")


def _next(request: HttpRequest, sent: QueryDict) -> str:
    """Return the local address to go on to; another host's is not followed."""
    wanted = str(sent.get("next", ""))
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url("desk")
