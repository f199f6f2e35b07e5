"""Signing in and out. What somebody typed into a form while their session ran out comes back afterwards."""

import math
from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from bihuan.directory.models import Account
from bihuan.ledger.refused import note_refusal

from .landing import landing
from .lockout import address_of, admit, locked_until

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
    carried = _carried(request.POST)
    shown = {"next": request.POST.get("next", ""), "account": account, "carried": carried}
    if (until := locked_until(request, account)) is not None:
        return _shut_out(request, account, until, shown)
    person = admit(request, account, request.POST.get("password", ""))
    if person is None:
        _note(request, "wrong_password", account)
        if (until := locked_until(request, account)) is not None:
            return _shut_out(request, account, until, shown)
        return render(request, "sign_in/sign_in.html", {**shown, "wrong": True}, status=422)
    login(request, person)
    if carried:
        action = _next(request, request.POST)
        return render(request, "sign_in/go_on.html", {"action": action, "typed": carried})
    if not request.POST.get("next"):
        return redirect(landing(person, timezone.now()))
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


def _shut_out(request: HttpRequest, account: str, until: datetime, shown: Mapping[str, object]) -> HttpResponse:
    """Say until when nobody is let in here; the same words whether the account exists or not."""
    _note(request, "locked_out", account)
    seconds = (until - timezone.now()).total_seconds()
    told = {**shown, "locked_until": until, "minutes": max(1, math.ceil(seconds / 60))}
    response = render(request, "sign_in/sign_in.html", told, status=429)
    response.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return response


def _note(request: HttpRequest, rule: str, account: str) -> None:
    """Record a sign-in that failed. A name that is no account is left out: it may be a password, mistyped."""
    known = account if Account.objects.filter(account=account).exists() else ""
    note_refusal(rule, account=known, asked="sign_in", now=timezone.now(), detail=address_of(request) or "")


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
