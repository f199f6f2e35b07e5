"""拆分下发: choose the kind, the units and the day by which their workbooks are wanted back; a zip is the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext, ngettext

from bihuan.directory.models import Post, Unit
from bihuan.ledger.listing import OPEN
from bihuan.ledger.models import Matter
from bihuan.ledger.next_steps import current_posts
from bihuan.ledger.visible import visible_to
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Listed, Sentence
from bihuan.workbooks.models import Handout
from bihuan.workbooks.splitting import Asked, may_split, split, splittable, splitting_roles

from ..viewer import PageRefusal, ViewerRequest
from .export_page import sent

#: Working days that units usually get.
_USUAL = 5
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Owing:
    """A unit with what it has open; `chosen` says whether it gets a workbook."""

    unit: Unit
    rows: int
    late: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """An earlier handout: how many workbooks went out, and how many have come back."""

    handout: Handout
    parts: int
    returned: int


def split_page(request: ViewerRequest) -> HttpResponseBase:
    may = _most_first(request, splittable(request.viewer.posts))
    if not may:
        raise _nobody_here(request)
    asked = request.POST.get("mechanism") or request.GET.get("mechanism") or may[0][0].key
    mechanism, post = next((each for each in may if each[0].key == asked), may[0])
    if request.method != "POST":
        return _page(request, may, mechanism, _usual_day(request))
    day = _date(request.POST.get("return_by", ""))
    units = frozenset(int(text) for text in request.POST.getlist("unit") if text.isdecimal() and len(text) < 19)
    wrong = None
    if day is None:
        wrong = Sentence(N_("Write the day by which the workbooks are wanted back, such as 2026-06-30."))
    elif not units:
        wrong = Sentence(N_("Tick at least one unit; nothing was made."))
    if wrong is None and day is not None:
        try:
            return _made(request, Asked(mechanism.key, day, post, post.account.account, request.now, units))
        except Refusal as refusal:
            wrong = refusal.sentence
    return _page(request, may, mechanism, day, units=units, wrong=wrong)


def _most_first(request: ViewerRequest, may: list[tuple[Mechanism, Post]]) -> list[tuple[Mechanism, Post]]:
    """Put the kind with the most open matters first: it is what somebody comes here for."""
    counted = Matter.objects.filter(visible_to(request.viewer) & OPEN).order_by().values("mechanism")
    counts = {each["mechanism"]: each["rows"] for each in counted.annotate(rows=Count("pk"))}
    return sorted(may, key=lambda each: -counts.get(each[0].key, 0))


def _date(text: str) -> date | None:
    try:
        return parse_date(text.strip())
    except ValueError:
        return None


def _made(request: ViewerRequest, asked: Asked) -> HttpResponseBase:
    with TemporaryDirectory() as folder:
        made = split(asked, Path(folder), viewer=request.viewer)
        # The file outlives its folder until the answer is sent.
        return sent(made.archive.open("rb"), made.archive.name, "application/zip")


def _page(
    request: ViewerRequest,
    may: Sequence[tuple[Mechanism, Post]],
    mechanism: Mechanism,
    day: date | None,
    *,
    units: frozenset[int] | None = None,
    wrong: Sentence | None = None,
) -> HttpResponse:
    owing = _owing(request, mechanism, units)
    rows, late = sum(each.rows for each in owing), sum(each.late for each in owing)
    shown: dict[str, Any] = {
        "mechanisms": [each for each, _ in may],
        "mechanism": mechanism,
        "owing": owing,
        "rows": rows,
        "words": _counted(rows, late),
        "return_by": day,
        "today": request.today,
        "wrong": wrong,
        "earlier": _earlier(mechanism, request),
    }
    return render(request, "workbooks/split.html", shown, status=422 if wrong else 200)


def _counted(rows: int, late: int) -> str:
    opened = ngettext("%(rows)d open row", "%(rows)d open rows", rows) % {"rows": rows}
    if not late:
        return opened
    return gettext("%(open)s, %(late)d of them late") % {"open": opened, "late": late}


def _owing(request: ViewerRequest, mechanism: Mechanism, units: frozenset[int] | None) -> list[Owing]:
    wanted = visible_to(request.viewer) & OPEN & Q(mechanism=mechanism.key)
    counted = Matter.objects.filter(wanted).order_by().values("responsible")
    counted = counted.annotate(rows=Count("pk"), late=Count("pk", filter=Q(due__lt=request.today)))
    counts = {each["responsible"]: (each["rows"], each["late"]) for each in counted}
    found = Unit.objects.filter(pk__in=counts).order_by("level", "pk")
    return [Owing(unit, *counts[unit.pk], chosen=units is None or unit.pk in units) for unit in found]


def _earlier(mechanism: Mechanism, request: ViewerRequest) -> list[Sent]:
    """Return what the viewer's posts and units sent out last."""
    posts = request.viewer.posts
    own = Q(post__in=[post.pk for post in posts]) | Q(post__unit__in=[post.unit_id for post in posts if post.unit_id])
    handouts = Handout.objects.filter(own, mechanism=mechanism.key).order_by("-made_at")
    counted = handouts.annotate(
        sent=Count("parts"), back=Count("parts", filter=Q(parts__returned_at__isnull=False))
    ).select_related("post__account")
    return [Sent(each, each.sent, each.back) for each in counted[:_SHOWN]]


def _usual_day(request: ViewerRequest) -> date:
    return request.calendar.add_working_days(request.today, _USUAL)


def _nobody_here(request: ViewerRequest) -> PageRefusal:
    """Refuse, and say which posts could."""
    able = [(post, each) for post in current_posts(request.today) for each, _ in splittable([post])]
    roles = {role.label.zh: role.label for _, each in able for role in splitting_roles(each)}
    who = list(dict.fromkeys(post for post, each in able if may_split(post, each)))[:_SHOWN]
    if not roles:
        return PageRefusal(Refusal("not_role", N_("Ledgers are split by whoever supervises; nobody does today.")))
    pattern = N_("Only a post as %(roles)s may split a ledger and send it out.")
    return PageRefusal(Refusal("not_role", pattern, roles=Listed.of(roles.values())), who=who)
