"""One person with posts and history, and accounts in bulk: activate, deactivate, new passwords on slips."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache

from bihuan.directory.accounts import TOGETHER, give_passwords, set_active
from bihuan.directory.models import Account
from bihuan.ledger.reorganise import close_accounts
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from ..people_filter import PeopleFilter, chosen
from ..reach_words import tell_posts
from ..viewer import PageRefusal, ViewerRequest
from .history import told as history_told
from .keepers import author, may
from .post_pages import found_person

_ACTS = {"open": N_("Activate"), "close": N_("Deactivate"), "password": N_("New initial passwords")}


def person(request: ViewerRequest, account: str) -> HttpResponse:
    found = found_person(account)
    posts = list(found.posts.select_related("unit", "account").prefetch_related("portfolios__unit").order_by("-since"))
    told = tell_posts(posts, request.viewer.organisation, request.today)
    shown = {
        "person": found,
        "now": [each for each in told if each.post.held_on(request.today)],
        "later": [each for each in told if each.post.since > request.today],
        "past": [each for each in told if each.post.until and each.post.until < request.today],
        "keeps_accounts": may(request, "accounts"),
        "keeps_posts": may(request, "posts"),
        "history": history_told(found.alterations.select_related("unit").order_by("-id")[:100]),
    }
    return render(request, "city/person.html", shown)


@never_cache
def act(request: ViewerRequest) -> HttpResponse:
    """Do one thing to many accounts: those that are ticked, or all that fit the filter."""
    who = author(request, "accounts")
    if request.method != "POST":
        return redirect("people")
    what = request.POST.get("what", "")
    accounts = _chosen(request)
    back = f"{reverse('people')}?{urlencode(PeopleFilter.read(request.POST).written())}"
    if what not in _ACTS or not accounts:
        messages.warning(request, gettext("Nobody was chosen; tick the people first. Nothing was changed."))
        return redirect(back)
    if what == "password":
        if len(accounts) > TOGETHER:
            refusal = Refusal("too_many", N_("%(count)d people are too many slips at once; choose at most %(limit)d."),
                              count=len(accounts), limit=TOGETHER)  # fmt: skip
            raise PageRefusal(refusal, status=422)
        return slips(request, accounts)
    if what == "open":
        done = set_active(accounts, True, author=who, today=request.today)
        said = ngettext("%(count)d account was activated.", "%(count)d accounts were activated.", done)
    else:
        if any(account.pk == request.viewer.account.pk for account in accounts):
            messages.warning(request, gettext("Your own account was among them; nobody deactivates themselves."))
            return redirect(back)
        try:
            even_so = request.POST.get("even_so") == "1"
            done = close_accounts(accounts, author=who, now=request.now, even_so=even_so)
        except Refusal as refusal:
            shown = {"accounts": accounts, "refusal": refusal, "filter": PeopleFilter.read(request.POST).written()}
            return render(request, "city/close.html", shown, status=422)
        said = ngettext("%(count)d account was deactivated.", "%(count)d accounts were deactivated.", done)
    messages.success(request, said % {"count": done})
    return redirect(back)


def _chosen(request: ViewerRequest) -> list[Account]:
    named = request.POST.getlist("account")
    if named:
        return list(Account.objects.filter(account__in=named).order_by("account"))
    if request.POST.get("all") != "1":
        return []
    return list(chosen(PeopleFilter.read(request.POST), request.viewer.organisation, request.today))


@never_cache
def first_passwords(request: ViewerRequest) -> HttpResponse:
    """Give a first password to everybody who holds a post and has none, or to those that are ticked."""
    author(request, "accounts")
    without = chosen(PeopleFilter(state="none"), request.viewer.organisation, request.today).filter(is_active=True)
    total = without.count()
    if request.method == "POST":
        named = request.POST.getlist("account")
        picked = without.filter(account__in=named) if named else without
        if accounts := list(picked[:TOGETHER]):
            return slips(request, accounts)
        messages.info(request, gettext("Everybody who holds a post has a password already."))
        return redirect("first_hour")
    people = list(without.prefetch_related("posts__unit")[:TOGETHER])
    shown = {"people": people, "total": total, "limit": TOGETHER, **_site(request)}
    return render(request, "city/first_passwords.html", shown)


def slips(request: ViewerRequest, accounts: list[Account]) -> HttpResponse:
    """Give initial passwords and show them, this once, as slips to be cut and handed out."""
    made = give_passwords(accounts, author=author(request, "accounts"), today=request.today)
    full = Account.objects.filter(pk__in=[slip.account.pk for slip in made]).prefetch_related("posts__unit")
    places = {
        account.pk: next((post for post in account.posts.all() if post.held_on(request.today)), None)
        for account in full
    }
    shown = {
        "slips": [(slip, places[slip.account.pk]) for slip in made],
        **_site(request),
    }
    response = render(request, "city/slips.html", shown)
    response.headers["Cache-Control"] = "no-store"
    return response


def _site(request: ViewerRequest) -> dict[str, object]:
    """Return the address that slips name, and whether it leads nowhere from another machine."""
    name = request.get_host().rpartition(":")[0] or request.get_host()
    return {
        "site": request.build_absolute_uri("/"),
        "only_here": name in ("localhost", "[::1]") or name.startswith("127."),
    }
