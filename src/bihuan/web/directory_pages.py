"""Who is who: the tree of units, one unit, the people with their posts, and the registers matters refer to."""

from datetime import date

from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import render

from bihuan.directory.models import Entry, Post, Register, Unit
from bihuan.directory.organisation import Organisation, valid_on
from bihuan.directory.unit_changes import history_of
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .address import address
from .city.history import told
from .people_filter import PeopleFilter, chosen
from .reach_words import opening, tell_posts
from .register_reach import reach_of
from .unit_tree import above, branches, loads_of, walk
from .viewer import PageRefusal, ViewerRequest

SIZE = 50
#: Where a person carries the posts that they hold today.
_HELD = "held_today"


def units(request: ViewerRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    day = _day(request.GET.get("day", ""))
    if day is not None and day != request.today:
        return _units_of_another_day(request, day, text)
    shown = {
        "branches": branches(request, _posts_by_unit(request), text),
        "text": text,
        "total": len(request.viewer.organisation.units),
        "registers": Register.objects.order_by("key"),
    }
    return render(request, "directory/units.html", shown)


def unit(request: ViewerRequest, key: str) -> HttpResponse:
    organisation = request.viewer.organisation
    found = organisation.by_key.get(key)
    if found is None:
        return _unit_of_another_day(request, key)
    posts = _near_posts(request, found)
    loads = loads_of(request)
    shown = {
        "unit": found,
        "above": above(found, organisation),
        "below": organisation.children(found.pk),
        "load": loads[found.pk],
        "posts": tell_posts([post for post in posts if post.unit_id == found.pk], organisation, request.today),
        "opening": opening(posts, found, organisation, request.today),
        **_dated(found),
    }
    return render(request, "directory/unit.html", shown)


def people(request: ViewerRequest) -> HttpResponse:
    wanted, after = PeopleFilter.read(request.GET.dict()), request.GET.get("after", "").replace("\x00", "")
    organisation = request.viewer.organisation
    fitting = chosen(wanted, organisation, request.today)
    held = Post.objects.filter(valid_on(request.today)).select_related("unit", "account").order_by("id")
    listed = fitting.filter(account__gt=after).prefetch_related(
        Prefetch("posts", held.prefetch_related("portfolios__unit"), to_attr=_HELD)
    )
    found = list(listed[: SIZE + 1])
    more, found = len(found) > SIZE, found[:SIZE]
    shown = {
        "people": [(each, tell_posts(getattr(each, _HELD), organisation, request.today)) for each in found],
        "wanted": wanted,
        "filter": wanted.written(),
        "states": _STATES,
        "total": fitting.count(),
        "units": organisation.units,
        "first": address("people", wanted.written()) if after else "",
        "next": address("people", {**wanted.written(), "after": found[-1].account}) if more else "",
    }
    return render(request, "directory/people.html", shown)


_STATES = (
    ("none", N_("holds a post, no password yet")),
    ("initial", N_("initial password not changed yet")),
    ("closed", N_("may not sign in")),
    ("idle", N_("holds no post today")),
)


def _posts_by_unit(request: ViewerRequest) -> dict[int, int]:
    held = Post.objects.filter(valid_on(request.today), account__is_active=True, unit__isnull=False)
    return dict(held.values_list("unit").annotate(Count("pk")))


def _near_posts(request: ViewerRequest, unit: Unit) -> list[Post]:
    """Return the posts of today that could open the matters of `unit`: in it, above it, answering for something."""
    held = Post.objects.filter(valid_on(request.today), account__is_active=True)
    near = Q(unit__in=request.viewer.organisation.above(unit.pk)) | Q(unit=None) | Q(portfolios__isnull=False)
    chosen = held.filter(near).distinct().select_related("unit", "account").prefetch_related("portfolios__unit")
    return list(chosen.order_by("id"))


def _dated(unit: Unit) -> dict[str, object]:
    forms = [
        {"since": since, "until": until, "name": name, "above": above_name}
        for since, until, name, above_name in history_of(unit)
    ]
    return {
        "forms": forms if len(forms) > 1 else [],
        "history": told(unit.alterations.select_related("person").order_by("-id")[:100]),
        "predecessors": unit.predecessors.order_by("until"),
    }


def _unit_of_another_day(request: ViewerRequest, key: str) -> HttpResponse:
    """A unit that has ended or has not begun keeps its page: its matters and its history are still asked for."""
    found = Unit.objects.filter(key=key).select_related("successor", "parent").first()
    if found is None:
        raise PageRefusal(Refusal("unknown_unit", N_("There is no unit “%(key)s” today."), key=key), status=404)
    posts = found.posts.select_related("account").order_by("-since")[:100]
    shown = {"unit": found, "ended": found.until is not None and found.until < request.today, "posts": posts}
    return render(request, "directory/unit_gone.html", {**shown, **_dated(found)})


def _units_of_another_day(request: ViewerRequest, day: date, text: str) -> HttpResponse:
    organisation = Organisation.on(day)
    rows = [
        (each, depth, organisation.by_id.get(each.parent_id or 0))
        for each, depth in walk(organisation)
        if text in each.name or any(text in short for short in each.short_names)
    ]
    return render(request, "directory/units_on.html", {"rows": rows, "day": day, "text": text})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def registers(request: ViewerRequest) -> HttpResponse:
    return render(request, "directory/registers.html", {"registers": Register.objects.order_by("key")})


def register(request: ViewerRequest, key: str) -> HttpResponse:
    found = Register.objects.filter(key=key).first()
    if found is None:
        raise PageRefusal(Refusal("unknown_register", N_("There is no register “%(key)s”."), key=key), status=404)
    text, after = request.GET.get("q", "").strip(), request.GET.get("after", "")
    reach = reach_of(request, found)
    chosen = Entry.objects.filter(register=found).filter(Q(name__icontains=text) | Q(key=text))
    entries = list(chosen.filter(key__gt=after).order_by("key")[: SIZE + 1])
    more, entries = len(entries) > SIZE, entries[:SIZE]
    here = request.path
    shown = {
        "register": found,
        "entries": [(entry, reach.line(entry.key)) for entry in entries],
        "reach": reach,
        "text": text,
        "total": chosen.count(),
        "first": here if after else "",
        "next": entries[-1].key if more else "",
    }
    return render(request, "directory/register.html", shown)
