"""Keeping a view, renaming and deleting it, choosing which one the Ledger opens with; and the columns' choice."""

from collections.abc import Sequence

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from bihuan.directory.models import Unit
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence

from ..models import GridChoice, SavedView
from ..viewer import PageRefusal, ViewerRequest
from .choices import choice_of, keep_columns, keep_density, keep_widths
from .columns import FROZEN, offered
from .views import address_of, may_share, openable, views_of

#: Parts of an address that say where somebody stands in a list, not what the list is.
_PLACES = ("after", "before", "open", "view", "all")
_LONGEST = 2_000


def views(request: ViewerRequest) -> HttpResponse:
    """Show the saved views, or do with one of them what `do` says: save, rename, delete, first, not_first, share."""
    if request.method != "POST":
        return _page(request)
    do, name = str(request.POST.get("do", "")), _name(request)
    if do == "save":
        return _save(request, name)
    view = SavedView.objects.filter(openable(request.viewer), pk=_pk(request.POST.get("view", ""))).first()
    if view is None:
        raise PageRefusal(Refusal("not_there", N_("There is no such view among yours.")), status=404)
    if do in ("first", "not_first"):
        choice, _ = GridChoice.objects.get_or_create(account=request.viewer.account)
        choice.view = view if do == "first" else None
        choice.save(update_fields=["view"])
    elif view.account_id != request.viewer.account.pk:
        pattern = N_("Only %(name)s, who saved this view, can change or delete it; save one of your own instead.")
        raise PageRefusal(Refusal("not_owner", pattern, name=view.account.name), back=reverse("views"))
    elif do == "delete":
        view.delete()
    elif do == "rename":
        return _renamed(request, view, name)
    elif do == "share":
        view.unit = _unit(request)
        view.save(update_fields=["unit"])
    return redirect("views")


def _save(request: ViewerRequest, name: str) -> HttpResponse:
    """Keep what the list shows under a name; one of the person's own with that name is replaced."""
    if not name:
        return _page(request, Sentence(N_("Give the view a name, such as “Overdue in housing”.")))
    query, unit = _tidy(str(request.POST.get("query", ""))), _unit(request)
    view, made = SavedView.objects.update_or_create(
        account=request.viewer.account,
        name=name,
        defaults={"query": query, "columns": _columns(request), "unit": unit, "saved_at": request.now},
    )
    if request.POST.get("first"):
        GridChoice.objects.update_or_create(account=request.viewer.account, defaults={"view": view})
    words = gettext("The view “%(name)s” is saved.") if made else gettext("The view “%(name)s” is replaced.")
    messages.success(request, words % {"name": name})
    return redirect(address_of(view))


def _renamed(request: ViewerRequest, view: SavedView, name: str) -> HttpResponse:
    if not name:
        return _page(request, Sentence(N_("Give the view a name, such as “Overdue in housing”.")))
    view.name = name
    try:
        with transaction.atomic():
            view.save(update_fields=["name"])
    except IntegrityError:
        return _page(request, Sentence(N_("You have a view “%(name)s” already; take another name."), {"name": name}))
    return redirect("views")


def _page(request: ViewerRequest, problem: Sentence | None = None) -> HttpResponse:
    known = views_of(request, None)
    shown = {
        "views": [each for each in known.shown if each.view.account_id == request.viewer.account.pk],
        "others": [each for each in known.shown if each.view.account_id != request.viewer.account.pk],
        "first": choice_of(request.viewer.account).view_id,
        "sharing": may_share(request.viewer),
        "problem": problem,
        "typed": {key: str(request.POST.get(key, "")) for key in ("name", "view", "query", "do")},
    }
    return render(request, "ledger/views.html", shown, status=422 if problem else 200)


@require_POST
def ledger_columns(request: ViewerRequest) -> HttpResponse:
    """Keep which columns the list shows, how wide and how dense; `usual` goes back to the ones one begins with."""
    account = request.viewer.account
    view = SavedView.objects.filter(openable(request.viewer), pk=_pk(request.POST.get("view", ""))).first()
    if "widths" in request.POST:
        keep_widths(account, _widths(request))
        return JsonResponse({"kept": True})
    if request.POST.get("usual"):
        keep_columns(account, [], view)
        GridChoice.objects.filter(account=account).update(widths={})
        return redirect(_back(request))
    keep_columns(account, _moved(_columns(request), str(request.POST.get("move", ""))), view)
    keep_widths(account, _widths(request))
    keep_density(account, dense=request.POST.get("dense") == "1")
    return redirect(_back(request) + ("#columns" if request.POST.get("move") else ""))


def _columns(request: ViewerRequest) -> list[str]:
    """Return the columns that were ticked, those that a mechanism may have brought included."""
    fixed = {column.key for column in FROZEN}
    keys = [str(key) for key in request.POST.getlist("column")]
    return list(dict.fromkeys(key for key in keys if key in offered() and key not in fixed))


def _moved(keys: Sequence[str], move: str) -> list[str]:
    """Return the columns with one of them a place further left or right; `move` is `left:KEY` or `right:KEY`."""
    way, _, key = move.partition(":")
    found = list(keys)
    if key in found:
        place = found.index(key)
        found.insert(max(place - 1, 0) if way == "left" else place + 1, found.pop(place))
    return found


def _widths(request: ViewerRequest) -> dict[str, int]:
    """Return the widths that were sent, of columns that there are."""
    known = offered()
    sent = {name.removeprefix("w-"): str(value) for name, value in request.POST.items() if name.startswith("w-")}
    return {key: int(text) for key, text in sent.items() if key in known and text.isdecimal() and len(text) < 5}


def _back(request: ViewerRequest) -> str:
    """Return the list that the person looks at, by the part of its address that the form carries."""
    query = _tidy(str(request.POST.get("back", "")), keep=("view", "all"))
    return f"{reverse('ledger')}?{query or 'all=1'}"


def _tidy(text: str, *, keep: Sequence[str] = ()) -> str:
    """Return an address's query without the places in the list, as a query again."""
    parts = QueryDict(text.replace("\x00", "")[:_LONGEST], mutable=True)
    for place in _PLACES:
        if place not in keep:
            parts.pop(place, None)
    return parts.urlencode()


def _name(request: ViewerRequest) -> str:
    return str(request.POST.get("name", "")).replace("\x00", "").strip()[:80]


def _unit(request: ViewerRequest) -> Unit | None:
    """Return the unit that a view is to be shared with. Refuses one that the viewer may not share with."""
    wanted = str(request.POST.get("unit", ""))
    if not wanted:
        return None
    for unit in may_share(request.viewer):
        if unit.key == wanted:
            return unit
    pattern = N_("A view can be shared by whoever supervises matters, with the own unit; keep it for yourself instead.")
    raise PageRefusal(Refusal("not_role", pattern), back=reverse("views"))


def _pk(text: object) -> int:
    """Return the key that a form names, 0 (which no row has) for none."""
    return int(str(text)) if str(text).isdecimal() and len(str(text)) < 10 else 0
