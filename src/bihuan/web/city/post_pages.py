"""People and their posts by page: a new account, a post given, changed, handed over, ended."""

from collections.abc import Callable
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from bihuan.directory.accounts import open_account
from bihuan.directory.models import Account, Portfolio, Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.posts import give_post
from bihuan.directory.viewer import Viewer
from bihuan.ledger.hand_over import naming
from bihuan.ledger.models import Matter
from bihuan.ledger.reorganise import change_holder, give_up
from bihuan.ledger.waiting import waiting_for
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Named, Sentence

from ..reach_words import role_labels, unit_answered_for
from ..units import UnitProblem, find_unit
from ..viewer import PageRefusal, ViewerRequest
from .asking import Ask, Form, show
from .keepers import author

_SINCE = Ask("since", N_("From which day on"), "day", N_("The first day on which it holds; past and future days do."))
_REASON = Ask("reason", N_("Reason or document"), hint=N_("for the record, such as 澄组〔2026〕3号"), required=False)
_TITLE = Ask("title", N_("What the post is called"), hint=N_("such as 审计整改联络员"))
_ANSWERS = Ask(
    "answers",
    N_("Answers for (leaders only)"),
    hint=N_("full names of units, separated by 、; each with all below it"),
    required=False,
)
_EVEN_SO = Ask(
    "even_so",
    N_("Leave the role without anybody, and let whoever supervises enter for the unit"),
    "tick",
    required=False,
)


def add_person(request: ViewerRequest) -> HttpResponse:
    """Make an account; its post is given on the page that follows."""
    who = author(request, "accounts")
    asks = (
        Ask("account", N_("Account"), hint=N_("what they type to sign in, such as the letters of the name")),
        Ask("name", N_("Name")),
    )
    form = Form.of(request, asks)
    if form.is_sent:
        form.require()
        if not form.problems:
            try:
                made = open_account(form.text("account"), form.text("name"), author=who, today=request.today)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, gettext("The account was made. Give it a post and a first password."))
                return redirect("person", made.account)
    return show(form, title=gettext("Add a person"), button=N_("Make the account"), back=reverse("people"))


def give(request: ViewerRequest, account: str) -> HttpResponse:
    who, person = author(request, "posts"), found_person(account)
    unit = Ask("unit", N_("Unit"), "unit")
    asks = (unit, _TITLE, _roles(), _SINCE, _ANSWERS, _REASON)
    form = Form.of(request, asks, since=request.today.isoformat())

    def do(since: date) -> str:
        place, answers = form.unit("unit", since), _portfolio(form, since)
        if form.problems:
            return ""
        give_post(
            person, place, title=form.text("title"), roles=form.several("roles"), since=since, answers_for=answers,
            author=who, reason=form.text("reason"),
        )  # fmt: skip
        return gettext("The post was given.")

    return _answer(form, do, person, title=gettext("Give %(name)s a post"), button=N_("Give it"))


def hand_over(request: ViewerRequest, key: str) -> HttpResponse:
    """Show what is open and waits for a post, and ask who takes it over."""
    who, post = author(request, "posts"), found_post(key)
    waiting = _waiting(post, request)
    named = list(naming(post.unit, post.account.name)) if post.unit else []
    asks = [Ask("to", N_("Who takes it over"), "person", N_("account or full name")), _SINCE]
    if named:
        asks.append(Ask("renames", _RENAMES, "tick", required=False))
    asks.append(_REASON)
    form = Form.of(request, asks, since=request.today.isoformat(), renames="1")

    def do(since: date) -> str:
        to = form.person("to")
        if to is None:
            return ""
        _, renamed = change_holder(
            post, to, since=since, renames=form.ticked("renames"), author=who, now=request.now,
            reason=form.text("reason"),
        )  # fmt: skip
        if renamed:
            said = ngettext("Handed over; %(count)d open matter names %(name)s now.",
                            "Handed over; %(count)d open matters name %(name)s now.", renamed)  # fmt: skip
            return said % {"count": renamed, "name": to.name}
        return gettext("Handed over to %(name)s from %(day)s on.") % {"name": to.name, "day": since}

    said = [
        Sentence(N_("Matters whose next step is this post's: %(count)d."), {"count": waiting}),
        Sentence(N_("They wait for the successor from that day on: same unit, title, roles and portfolio.")),
        Sentence(N_("Open matters that name %(name)s as a person: %(count)d."), {
            "name": post.account.name, "count": len(named)
        }),
    ]  # fmt: skip
    title = gettext("Hand over the post of %(name)s")
    return _answer(form, do, post.account, title=title, button=N_("Hand it over"), said=said)


_RENAMES = N_("Put the successor's name where open matters of the unit name the old holder")


def change(request: ViewerRequest, key: str) -> HttpResponse:
    """Let the same person hold the post differently from a day on."""
    who, post = author(request, "posts"), found_post(key)
    organisation = request.viewer.organisation
    named = (unit_answered_for(each, organisation) for each in post.portfolios.select_related("unit"))
    answers = "、".join(dict.fromkeys(filter(None, named)))
    asks = (_TITLE, _roles(), _SINCE, _ANSWERS, _EVEN_SO, _REASON)
    first = {"title": post.title, "roles": post.roles, "answers": answers, "since": request.today.isoformat()}
    form = Form.of(request, asks, **first)

    def do(since: date) -> str:
        portfolio = _portfolio(form, since)
        if form.problems:
            return ""
        kept = [each for each in post.portfolios.all() if each.mechanism]
        change_holder(
            post, post.account, since=since, title=form.text("title"), roles=form.several("roles"),
            answers_for=[*portfolio, *kept], even_so=form.ticked("even_so"), author=who, now=request.now,
            reason=form.text("reason"),
        )  # fmt: skip
        return gettext("Saved: it holds from %(day)s on.") % {"day": since}

    return _answer(form, do, post.account, title=gettext("Change the post of %(name)s"), button=N_("Save it"))


def end(request: ViewerRequest, key: str) -> HttpResponse:
    who, post = author(request, "posts"), found_post(key)
    form = Form.of(request, (_SINCE, _EVEN_SO, _REASON), since=(request.today + timedelta(days=1)).isoformat())

    def do(since: date) -> str:
        give_up(
            post, since=since, even_so=form.ticked("even_so"), author=who, now=request.now, reason=form.text("reason")
        )
        return gettext("The post ends before %(day)s.") % {"day": since}

    said = [
        Sentence(N_("Matters whose next step is this post's: %(count)d."), {"count": _waiting(post, request)}),
        Sentence(N_("The post ends the day before. Where somebody follows, use “Hand over” instead.")),
    ]
    title = gettext("End the post of %(name)s")
    return _answer(form, do, post.account, title=title, button=N_("End it"), said=said, warning=True)


def _waiting(post: Post, request: ViewerRequest) -> int:
    return Matter.objects.filter(
        waiting_for(Viewer.with_post(post, request.today, request.viewer.organisation))
    ).count()


def _answer(
    form: Form, do: Callable[[date], str], person: Account, *, title: str, button: str,
    said: list[Sentence] | None = None, warning: bool = False,
) -> HttpResponse:  # fmt: skip
    if form.is_sent:
        form.require()
        since = form.day("since")
        if since is not None and not form.problems:
            try:
                told = do(since)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                if not form.problems:
                    messages.success(form.request, told)
                    return redirect("person", person.account)
    back = reverse("person", args=[person.account])
    words = title % {"name": person.name}
    return show(form, title=words, button=button, back=back, said=said or (), warning=warning)


def _roles() -> Ask:
    labels: list[tuple[str, Sentence | Named | str]] = list(role_labels().items())
    return Ask(
        "roles", N_("Roles"), "several", N_("Rights come from roles; an administration's stands alone."), options=labels
    )


def _portfolio(form: Form, day: date) -> list[Portfolio]:
    """Return portfolios (not stored) for the units typed; a name that is none is told at the field."""
    organisation, found = Organisation.on(day), {}
    for name in filter(None, (part.strip() for part in form.text("answers").replace("|", "、").split("、"))):
        try:
            unit = find_unit(name, organisation).pk
            found[unit] = Portfolio(unit_id=unit, mechanism="")
        except UnitProblem as problem:
            form.problems["answers"] = problem.sentence
    return list(found.values())


def found_person(account: str) -> Account:
    found = Account.objects.filter(account=account).first()
    if found is None:
        pattern = N_("There is no account “%(name)s”.")
        raise PageRefusal(Refusal("unknown_account", pattern, name=account[:80]), status=404)
    return found


def found_post(key: str) -> Post:
    found = Post.objects.filter(key=key).select_related("account", "unit").first()
    if found is None:
        raise PageRefusal(Refusal("unknown_post", N_("There is no post “%(key)s”."), key=key[:100]), status=404)
    return found
