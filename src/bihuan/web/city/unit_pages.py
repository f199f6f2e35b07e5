"""A unit's page asks for what shall be different, and from which day on."""

from collections.abc import Callable, Iterator
from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from bihuan.directory.forms import form_on
from bihuan.directory.models import Post, Unit
from bihuan.directory.organisation import Organisation, valid_on
from bihuan.directory.portfolios import answering_for
from bihuan.directory.unit_changes import add_unit, move_unit, rename_unit
from bihuan.ledger.hand_over import named_in
from bihuan.ledger.reorganise import end_unit, merge_unit
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence

from ..viewer import PageRefusal, ViewerRequest
from .asking import Ask, Form, show
from .keepers import author

_SINCE = Ask("since", N_("From which day on"), "day", N_("The first day on which it holds; past and future days do."))
_REASON = Ask("reason", N_("Reason or document"), hint=N_("for the record, such as 澄编〔2026〕3号"), required=False)


def add(request: ViewerRequest) -> HttpResponse:
    """Set up a unit below another one, or on top."""
    who = author(request, "units")
    asks = (
        Ask("name", N_("Full name")),
        Ask("short", N_("Short names"), hint=N_("several separated by 、"), required=False),
        Ask("below", N_("Superior unit"), "unit", N_("Leave it empty for a unit on top."), required=False),
        _SINCE,
    )
    above = request.GET.get("below", "")
    form = Form.of(request, asks, since=request.today.isoformat(), below=_name(request, above))

    def do(since: date) -> tuple[str, str]:
        below = form.unit("below", since)
        if form.problems:
            return "", ""
        made = add_unit(
            form.text("name"), short_names=_split(form.text("short")), below=below, since=since, author=who,
            today=request.today,
        )  # fmt: skip
        return made.key, gettext("“%(name)s” was added.") % {"name": made.name}

    back = reverse("unit", args=[above]) if above in request.viewer.organisation.by_key else reverse("units")
    return _answer(form, do, title=N_("Add a unit"), button=N_("Add it"), back=back)


def rename(request: ViewerRequest, key: str) -> HttpResponse:
    who, unit = author(request, "units"), _unit(key)
    now = form_on(unit, request.today)
    asks = (
        Ask("name", N_("Full name")),
        Ask(
            "short", N_("Short names"), hint=N_("several separated by 、; the old full name joins them"), required=False
        ),
        _SINCE,
        _REASON,
    )
    first = {"name": now.name, "short": "、".join(now.short_names), "since": request.today.isoformat()}
    form = Form.of(request, asks, **first)

    def do(since: date) -> tuple[str, str]:
        rename_unit(
            unit, name=form.text("name"), short_names=_split(form.text("short")), since=since, author=who,
            today=request.today, reason=form.text("reason"),
        )  # fmt: skip
        return key, gettext("Saved: from %(day)s on it is called “%(name)s”.") % {
            "day": since,
            "name": form.text("name"),
        }

    return _answer(form, do, title=N_("Rename “%(name)s”"), button=N_("Rename it"), back=_page(key), unit=unit)


def move(request: ViewerRequest, key: str) -> HttpResponse:
    who, unit = author(request, "units"), _unit(key)
    now = form_on(unit, request.today)
    asks = (
        Ask("below", N_("New superior unit"), "unit", N_("Leave it empty to put it on top."), False),
        _SINCE,
        _REASON,
    )
    form = Form.of(request, asks, below=now.parent.name if now.parent else "", since=request.today.isoformat())
    count = len(request.viewer.organisation.subtree([unit.pk])) - 1
    said = [Sentence(N_("%(count)d unit(s) below it move along; levels follow."), {"count": count})] if count else []

    def do(since: date) -> tuple[str, str]:
        below = form.unit("below", since)
        if not form.problems:
            reason = form.text("reason")
            move_unit(unit, below=below, since=since, author=who, today=request.today, reason=reason)
        return key, gettext("Saved: it moves on %(day)s.") % {"day": since}

    return _answer(form, do, title=N_("Move “%(name)s”"), button=N_("Move it"), back=_page(key), unit=unit, said=said)


def merge(request: ViewerRequest, key: str) -> HttpResponse:
    who, unit = author(request, "units"), _unit(key)
    asks = (
        Ask("into", N_("Which unit takes it over"), "unit"),
        _SINCE,
        Ask("posts", N_("Its posts"), "choice", options=_POSTS),
        _REASON,
    )
    form = Form.of(request, asks, since=request.today.isoformat(), posts="keep")

    def do(since: date) -> tuple[str, str]:
        into = form.unit("into", since)
        if into is None:
            return "", ""
        done = merge_unit(
            unit, into, since=since, keep_posts=form.text("posts") != "end", author=who, now=request.now,
            reason=form.text("reason"),
        )  # fmt: skip
        return into.key, _merged(done, since, request.today)

    said = [
        *_consequences(unit, request),
        *_leaders(unit, request),
        Sentence(N_("What is closed stays with “%(name)s”."), {"name": unit.name}),
    ]
    return _answer(
        form, do, title=N_("Merge “%(name)s” into another unit"), button=N_("Merge it"), back=_page(key), unit=unit,
        said=said, warning=True,
    )  # fmt: skip


def end(request: ViewerRequest, key: str) -> HttpResponse:
    who, unit = author(request, "units"), _unit(key)
    form = Form.of(request, (_SINCE, _REASON), since=request.today.isoformat())

    def do(since: date) -> tuple[str, str]:
        end_unit(unit, since=since, author=who, now=request.now, reason=form.text("reason"))
        return key, gettext("“%(name)s” ended; it stays in the tree of earlier days.") % {"name": unit.name}

    said = [
        *_consequences(unit, request),
        Sentence(N_("Where another unit takes it over, use “Merge into another unit” instead.")),
    ]
    return _answer(
        form,
        do,
        title=N_("End “%(name)s”"),
        button=N_("End this unit"),
        back=_page(key),
        unit=unit,
        said=said,
        warning=True,
    )


_POSTS = (
    ("keep", Sentence(N_("move to the successor: the same people, titles and roles"))),
    ("end", Sentence(N_("end with the unit"))),
)


def _merged(done: int, since: date, today: date) -> str:
    if since > today:
        return gettext("Planned: on %(day)s it ends, and what is open then is handed over.") % {"day": since}
    said = ngettext(
        "Merged; %(count)d open matter was handed over.", "Merged; %(count)d open matters were handed over.", done
    )
    return said % {"count": done}


def _consequences(unit: Unit, request: ViewerRequest) -> Iterator[Sentence]:
    yield Sentence(N_("Open matters that name it: %(count)d."), {"count": named_in([unit.pk]).count()})
    below = Organisation.on(request.today).children(unit.pk)
    if below:
        yield Sentence(N_("Units directly below it: %(names)s."), {"names": "、".join(each.name for each in below[:8])})
    posts = Post.objects.filter(valid_on(request.today), unit=unit).select_related("account")
    names = [f"{post.account.name}（{post.title}）" for post in posts[:8]]
    if names:
        yield Sentence(N_("Posts in it: %(names)s."), {"names": "、".join(names)})


def _leaders(unit: Unit, request: ViewerRequest) -> Iterator[Sentence]:
    posts = answering_for(unit, request.today)
    if posts:
        names = "、".join(f"{post.account.name}（{post.title}）" for post in posts[:8])
        yield Sentence(
            N_("Whoever answers for it answers for the successor, with all below it, from that day on: %(names)s."),
            {"names": names},
        )


def _answer(
    form: Form, do: Callable[[date], tuple[str, str]], *, title: str, button: str, back: str, unit: Unit | None = None,
    said: list[Sentence] | None = None, warning: bool = False,
) -> HttpResponse:  # fmt: skip
    if form.is_sent:
        form.require()
        since = form.day("since")
        if since is not None and not form.problems:
            try:
                key, told = do(since)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                if not form.problems:
                    messages.success(form.request, told)
                    return redirect("unit", key)
    words = gettext(title) % ({"name": unit.name} if unit else {})
    return show(form, title=words, button=button, back=back, said=said or (), warning=warning)


def _unit(key: str) -> Unit:
    found = Unit.objects.filter(key=key).first()
    if found is None:
        raise PageRefusal(Refusal("unknown_unit", N_("There is no unit “%(key)s”."), key=key[:40]), status=404)
    return found


def _page(key: str) -> str:
    return reverse("unit", args=[key])


def _name(request: ViewerRequest, key: str) -> str:
    unit = request.viewer.organisation.by_key.get(key)
    return unit.name if unit else ""


def _split(text: str) -> list[str]:
    for mark in "，,;；|｜":
        text = text.replace(mark, "、")
    return [part.strip() for part in text.split("、") if part.strip()]
