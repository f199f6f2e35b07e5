"""Who is looking: every page but the sign-in is served to a signed-in person, as a viewer on a day.

Deny by default: `signed_in` wraps whole lists of routes, so that a new page is behind the sign-in unless it is
put among the public ones on purpose.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, URLResolver
from django.utils import timezone
from django_htmx.middleware import HtmxDetails

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Account, Post
from bihuan.directory.viewer import Viewer
from bihuan.ledger.days import local_day
from bihuan.ledger.refused import note_refusal
from bihuan.mechanism.calendar import Calendar
from bihuan.mechanism.refusal import Refusal

from . import password_first
from .day_turn import turn_once
from .sign_in import sign_in_first

View = Callable[..., HttpResponse]


class ViewerRequest(HttpRequest):
    """A request of a signed-in person. `today` is the local day of `now`."""

    viewer: Viewer
    now: datetime
    today: date
    calendar: Calendar
    htmx: HtmxDetails


class PageRefusal(Exception):
    """A page that is not shown. It is recorded, and the person reads the sentence instead of the page.

    `post` is the one that was looked at, where it is known; else the first that the person holds is noted.
    `who` are the posts that could, `back` the address to go back to, for the page to say; where nobody could,
    `nobody` says what would help.
    """

    def __init__(
        self,
        refusal: Refusal,
        *,
        status: int = 403,
        matter: uuid.UUID | None = None,
        post: Post | None = None,
        who: Sequence[Post] = (),
        back: str = "",
        nobody: object | None = None,
    ) -> None:
        super().__init__(str(refusal))
        self.refusal, self.status, self.matter, self.post = refusal, status, matter, post
        self.who, self.back, self.nobody = tuple(who), back, nobody


def signed_in(routes: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    """Yield `routes` with every view behind the sign-in and served with `request.viewer`."""
    for route in routes:
        if isinstance(route, URLResolver):
            raise TypeError("list the routes themselves; an include would slip past the sign-in")
        route.callback = _for_viewer(route.callback, before_change=route.name in password_first.OPEN)
        yield route


def attach(request: HttpRequest) -> ViewerRequest:
    """Put viewer, instant, day and calendar on the request of a signed-in person."""
    request = cast(ViewerRequest, request)
    request.now = timezone.now()
    turn_once(request.now)
    request.today = local_day(request.now)
    request.calendar = load_calendar()
    request.viewer = Viewer.of(cast(Account, request.user), request.today)
    return request


def _for_viewer(view: View, *, before_change: bool = False) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return sign_in_first(request)
        known = attach(request)
        if known.viewer.account.must_change and not before_change:
            return password_first.change_first(known)
        try:
            return view(known, *args, **kwargs)
        except PageRefusal as refused:
            note(known, refused.refusal, matter=refused.matter, post=refused.post)
            return render(known, "web/refused.html", {"refused": refused}, status=refused.status)

    return guarded


def note(
    request: ViewerRequest, refusal: Refusal, *, matter: uuid.UUID | None = None, post: Post | None = None
) -> None:
    """Record a refusal that no command led to."""
    posts = request.viewer.posts
    note_refusal(
        refusal.rule,
        account=request.viewer.account.account,
        asked=request.path.replace("\x00", ""),
        now=request.now,
        post=post or (posts[0] if posts else None),
        matter=matter,
    )
