"""My desk: what waits for me with the step that is asked, and what is late or near. Each number opens its list."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from bihuan.directory.viewer import Viewer
from bihuan.intake import tray
from bihuan.intake.opening import unfinished
from bihuan.intake.rights import importable
from bihuan.ledger.listing import Filter, page, select
from bihuan.ledger.models import Matter
from bihuan.mechanism.sentence import N_

from .address import list_address
from .lateness import NEAR
from .tasks import nearest, tasks
from .viewer import ViewerRequest

#: How many rows of a list the desk shows before it sends to the list itself.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Count:
    """A number on the desk, and the list that it opens. `empty` is what a zero means."""

    key: str
    title: str
    number: int
    address: str
    tone: str = ""
    hint: str = ""


def desk(request: ViewerRequest) -> HttpResponse:
    counts = list(_counts(request))
    posts = request.viewer.posts
    shown = {
        "counts": counts,
        "tasks": tasks(request, _most_urgent(request)),
        "mine": next(each for each in counts if each.key == "mine"),
        "keeps_the_house": bool(posts) and not request.viewer.reaches,
        "brings_in": any(importable(post) for post in posts),
    }
    return render(request, "desk/desk.html", shown)


def _most_urgent(request: ViewerRequest) -> list[Matter]:
    """Return what waits for the viewer, the nearest day first, be it that of the step or of the whole matter.

    The first by either day are among the first of each, and each of these two lists has its index.
    """
    waiting = _select(request, Filter(mine=True))
    found = {each.pk: each for sort in ("due", "stage_due") for each in page(waiting, sort=sort, size=SHOWN).rows}
    return sorted(found.values(), key=lambda each: (nearest(each), each.pk))[:SHOWN]


def _counts(request: ViewerRequest) -> Iterator[Count]:
    for key, title, wanted, tone, hint in _QUEUES:
        number = _select(request, wanted).count()
        address = list_address(wanted, request.viewer.organisation)
        yield Count(key, title, number, address, tone if number else "", hint)
    if any(importable(post) for post in request.viewer.posts):
        yield _tray(request.viewer)
        yield _unfinished(request.viewer)


def _tray(viewer: Viewer) -> Count:
    number = tray.count(viewer)
    hint = N_("Rows of an import that were not understood")
    return Count("tray", N_("Rows to settle"), number, reverse("tray"), "soon" if number else "", hint)


def _unfinished(viewer: Viewer) -> Count:
    number = unfinished(viewer).count()
    hint = N_("Files that were read and are not registered yet")
    return Count("unfinished", N_("Imports to finish"), number, reverse("import_start"), "soon" if number else "", hint)


def _select(request: ViewerRequest, wanted: Filter) -> QuerySet[Matter]:
    return select(request.viewer, wanted, request.today, request.calendar)


_QUEUES: tuple[tuple[str, str, Filter, str, str], ...] = (
    ("mine", N_("Waits for me"), Filter(mine=True), "here", N_("The next step is yours")),
    ("verify", N_("For me to verify"), Filter(queue="verify"), "here", N_("Claimed done, not yet looked at")),
    ("returned", N_("Returned to me"), Filter(queue="returned"), "soon", N_("Sent back; the ball is with you")),
    ("exhausted", N_("Left to me to decide"), Filter(queue="exhausted"), "soon", N_("Sent back as often as may be")),
    ("asking", N_("Extensions asked for"), Filter(asking=True), "soon", N_("Not yet answered")),
    ("overdue", N_("Overdue"), Filter(overdue=True), "late", N_("Past the deadline of the whole matter")),
    ("soon", N_("Due in 10 working days"), Filter(due_within=NEAR), "soon", N_("Today's included")),
    ("stage", N_("Stage late"), Filter(stage_overdue=True), "late", N_("Past the deadline of the stage it is in")),
)
