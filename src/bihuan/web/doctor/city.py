"""What the office itself must keep: calendar, mechanisms, first passwords, somebody in every role."""

from datetime import date

from bihuan.directory.models import Account, Post
from bihuan.directory.organisation import valid_on
from bihuan.ledger.packs import current
from bihuan.mechanism.calendar import Calendar
from bihuan.mechanism.load import MechanismError
from bihuan.mechanism.sentence import N_, Listed, Sentence

from .finding import Finding, bad, ok, warn

_AHEAD = 60


def calendar(known: Calendar, today: date) -> Finding:
    days = (known.covered_until - today).days
    told = {"until": known.covered_until.isoformat(), "days": days}
    if known.covered_until < today:
        return warn(
            "calendar",
            N_("The holiday calendar ended on %(until)s: working days are provisional now; install a newer version."),
            **told,
        )
    if days < _AHEAD:
        return warn(
            "calendar",
            N_("The holiday calendar ends in %(days)d days, on %(until)s; a newer version brings next year's."),
            **told,
        )
    return ok("calendar", N_("The holiday calendar is complete until %(until)s."), **told)


def mechanisms() -> Finding:
    try:
        count = len(current())
    except (MechanismError, ValueError) as error:
        reason = " ".join(str(error).split())[:200]
        return bad(
            "mechanisms",
            N_("A mechanism in force is not closed (%(reason)s); `bihuan check` tells more."),
            reason=reason,
        )
    return ok("mechanisms", N_("%(count)d mechanisms are in force, each proved closed."), count=count)


def demonstration(shown: bool) -> Finding:
    if shown:
        return warn(
            "demonstration",
            N_("This is a demonstration, with a password that everybody knows; let nobody in from outside."),
        )
    return ok("demonstration", N_("This ledger is no demonstration."))


def passwords(today: date) -> Finding:
    """Whether those who can do most still have the password that somebody else made for them."""
    whole = Post.objects.filter(valid_on(today), account__is_active=True, unit=None)
    keepers = Post.objects.filter(valid_on(today), account__is_active=True)
    administrators = {post.account_id for post in keepers if {"system_admin", "security_admin"} & set(post.roles)}
    powerful = {post.account_id for post in whole} | administrators
    first = Account.objects.filter(pk__in=powerful, must_change=True).order_by("account")
    if names := [account.account for account in first]:
        return warn(
            "passwords",
            N_(
                "Still with their first password, which somebody else has read: %(names)s. They sign in and choose one."
            ),
            names=Listed.of(names),
        )
    return ok("passwords", N_("Whoever can do most has a password of their own."))


def roles(missing: list[Sentence]) -> Finding:
    if missing:
        return warn(
            "roles",
            N_("%(first)s %(more)d more such places; `bihuan check --directory` names them all.")
            if len(missing) > 1
            else N_("%(first)s"),
            first=missing[0],
            more=len(missing) - 1,
        )
    return ok("roles", N_("Every role and every rung reaches somebody today."))
