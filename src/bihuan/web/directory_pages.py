"""Who is who: the tree of units, one unit, the people with their posts, and the registers matters refer to."""

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from bihuan.directory.models import Account, Entry, Post, Register
from bihuan.directory.organisation import valid_on
from bihuan.ledger.next_steps import current_posts
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .address import address
from .reach_words import opening, tell_posts
from .unit_tree import above, branches, loads_of
from .viewer import PageRefusal, ViewerRequest

SIZE = 100
#: Where a person carries the posts that they hold today.
_HELD = "held_today"


def units(request: ViewerRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    shown = {
        "branches": branches(request, current_posts(request.today), text),
        "text": text,
        "total": len(request.viewer.organisation.units),
        "registers": Register.objects.order_by("key"),
    }
    return render(request, "directory/units.html", shown)


def unit(request: ViewerRequest, key: str) -> HttpResponse:
    organisation = request.viewer.organisation
    found = organisation.by_key.get(key)
    if found is None:
        raise PageRefusal(Refusal("unknown_unit", N_("There is no unit “%(key)s” today."), key=key), status=404)
    posts = current_posts(request.today)
    own = [post for post in posts if post.unit_id == found.pk]
    shown = {
        "unit": found,
        "above": above(found, organisation),
        "below": organisation.children(found.pk),
        "load": loads_of(request)[found.pk],
        "loads": loads_of(request),
        "posts": tell_posts(own, organisation, request.today),
        "opening": opening(posts, found, organisation, request.today),
    }
    return render(request, "directory/unit.html", shown)


def people(request: ViewerRequest) -> HttpResponse:
    text, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    chosen = _people(request, text)
    found = list(chosen.filter(account__gt=after).order_by("account")[: SIZE + 1])
    more, found = len(found) > SIZE, found[:SIZE]
    organisation = request.viewer.organisation
    shown = {
        "people": [(each, tell_posts(getattr(each, _HELD), organisation, request.today)) for each in found],
        "text": text,
        "total": chosen.count(),
        "first": address("people", {"q": text}) if after else "",
        "next": address("people", {"q": text, "after": found[-1].account}) if more else "",
    }
    return render(request, "directory/people.html", shown)


def registers(request: ViewerRequest) -> HttpResponse:
    return render(request, "directory/registers.html", {"registers": Register.objects.order_by("key")})


def register(request: ViewerRequest, key: str) -> HttpResponse:
    found = Register.objects.filter(key=key).first()
    if found is None:
        raise PageRefusal(Refusal("unknown_register", N_("There is no register “%(key)s”."), key=key), status=404)
    text, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    chosen = Entry.objects.filter(register=found).filter(Q(name__icontains=text) | Q(key=text))
    entries = list(chosen.filter(key__gt=after).order_by("key")[: SIZE + 1])
    more, entries = len(entries) > SIZE, entries[:SIZE]
    here = request.path
    shown = {
        "register": found,
        "entries": entries,
        "text": text,
        "total": chosen.count(),
        "first": here if after else "",
        "next": entries[-1].key if more else "",
    }
    return render(request, "directory/register.html", shown)


def _people(request: ViewerRequest, text: str) -> QuerySet[Account]:
    held = Post.objects.filter(valid_on(request.today)).select_related("unit", "account").order_by("id")
    held = held.prefetch_related("portfolios__unit")
    people = Account.objects.prefetch_related(Prefetch("posts", held, to_attr=_HELD))
    if not text:
        return people
    posts = Post.objects.filter(valid_on(request.today)).filter(
        Q(title__icontains=text) | Q(unit__name__icontains=text) | Q(unit__key=text)
    )
    return people.filter(Q(name__icontains=text) | Q(account__icontains=text) | Q(pk__in=posts.values("account")))
