"""What can be done to posts from a day on: give, change, hand over, end. Past posts stay as they were held."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction

from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .alterations import Author, note
from .models import Account, Portfolio, Post, Unit
from .viewer import HOUSEKEEPING

_DAY = timedelta(days=1)


@transaction.atomic
def give_post(
    account: Account, unit: Unit | None, *, title: str, roles: Sequence[str], since: date, until: date | None = None,
    answers_for: Iterable[Portfolio] = (), author: Author, reason: str = "", noted: bool = True,
) -> Post:  # fmt: skip
    """Give somebody a post from a day on. `answers_for` are copied. Raises `Refusal`."""
    title = " ".join(title.split())
    if not title or len(title) > 120:
        raise Refusal("bad_title", N_("Write what the post is called, at most 120 characters."), field="title")
    _check_roles(roles)
    _check_apart(account, roles, since, until)
    if until is not None and until < since:
        raise Refusal("day_order", N_("The post would end on %(until)s, before it begins."), field="since", until=until)
    for other in account.posts.filter(unit=unit, title=title):
        if other.since <= (until or date.max) and since <= (other.until or date.max):
            raise Refusal(
                "post_held",
                N_("%(name)s holds the post %(title)s there already, from %(since)s on."),
                field="account", name=account.name, title=title, since=other.since,
            )  # fmt: skip
    post = Post.objects.create(
        key=free_key(f"{account.account}@{unit.key if unit else '*'}"),
        account=account, unit=unit, title=title, roles=list(roles), since=since, until=until,
    )  # fmt: skip
    Portfolio.objects.bulk_create(
        Portfolio(post=post, unit_id=each.unit_id, mechanism=each.mechanism) for each in answers_for
    )
    if noted:
        note(
            author, "post_given", since=since, unit=unit, person=account, reason=reason,
            title=title, place=_place(unit), roles="、".join(roles),
        )  # fmt: skip
    return post


@transaction.atomic
def end_post(post: Post, *, since: date, author: Author, reason: str = "", noted: bool = True) -> None:
    """Let the post end the day before `since`. Whether the unit can do without it is the ledger's question."""
    _check_held(post, since)
    post.until = max(since - _DAY, post.since - _DAY)
    post.save(update_fields=["until"])
    if noted:
        note(
            author, "post_ended", since=since, unit=post.unit, person=post.account, reason=reason,
            title=post.title, place=_place(post.unit),
        )  # fmt: skip


@transaction.atomic
def move_post(post: Post, into: Unit, *, since: date, author: Author) -> Post | None:
    """Let the same person hold the same post in another unit from `since` on; None where they hold it there."""
    until, begins = post.until, max(since, post.since)
    answers = list(post.portfolios.all())
    end_post(post, since=since, author=author)
    same = post.account.posts.filter(unit=into, title=post.title)
    if any(each.until is None or each.until >= begins for each in same):
        return None
    moved = give_post(
        post.account, into, title=post.title, roles=post.roles, since=begins, until=until, answers_for=answers,
        author=author,
    )  # fmt: skip
    Post.objects.filter(pk=post.pk).update(successor=moved)
    return moved


@transaction.atomic
def hand_over_post(
    post: Post, to: Account, *, since: date, title: str = "", roles: Sequence[str] | None = None,
    answers_for: Iterable[Portfolio] | None = None, renames: bool = False, author: Author, reason: str = "",
) -> Post:  # fmt: skip
    """Give the post to `to` (or changed, to its own holder) from `since` on; it ends the day before. Raises `Refusal`.

    With `renames`, person fields of open matters are to name the successor from that day on: see
    `bihuan.ledger.hand_over`.
    """
    _check_held(post, since)
    if since <= post.since:
        raise Refusal(
            "day_order",
            N_("The post began on %(day)s; hand it over from a later day on."),
            field="since",
            day=post.since,
        )
    if not to.is_active:
        raise Refusal("closed", N_("The account %(account)s is closed; activate it first."), account=to.account)
    title, roles = title or post.title, list(post.roles if roles is None else roles)
    answers = list(post.portfolios.all() if answers_for is None else answers_for)
    if to.pk == post.account_id and title == post.title and roles == post.roles and not _differ(post, answers):
        raise Refusal("no_change", N_("%(name)s holds exactly this post already."), field="account", name=to.name)
    until = post.until
    post.until = since - _DAY
    post.save(update_fields=["until"])
    new = give_post(
        to, post.unit, title=title, roles=roles, since=since, until=until, answers_for=answers, author=author,
        noted=False,
    )  # fmt: skip
    post.successor, post.renames = new, renames and to.pk != post.account_id
    post.save(update_fields=["successor", "renames"])
    _note_change(post, new, author, reason)
    return new


def _note_change(post: Post, new: Post, author: Author, reason: str) -> None:
    place = {"title": post.title, "place": _place(post.unit)}
    if new.account_id == post.account_id:
        what = "；".join(
            f"{old} → {now}"
            for old, now in ((post.title, new.title), ("、".join(post.roles), "、".join(new.roles)),
                             (_answers(post), _answers(new)))
            if old != now
        )  # fmt: skip
        note(
            author, "post_changed", since=new.since, unit=post.unit, person=post.account, reason=reason, what=what,
            **place,
        )  # fmt: skip
        return
    for person in (post.account, new.account):
        note(
            author, "post_handed_over", since=new.since, unit=post.unit if person is new.account else None,
            person=person, reason=reason, old=post.account.name, new=new.account.name, **place,
        )  # fmt: skip


def _answers(post: Post) -> str:
    names = [each.unit.name if each.unit else "*" for each in post.portfolios.select_related("unit")]
    return "、".join(sorted(names)) or "—"


def _differ(post: Post, answers: Iterable[Portfolio]) -> bool:
    return {(each.unit_id, each.mechanism) for each in answers} != {
        (each.unit_id, each.mechanism) for each in post.portfolios.all()
    }


def free_key(key: str) -> str:
    """Return `key`, or the first of `key-2`, `key-3` … that no post bears."""
    taken = set(Post.objects.filter(key__startswith=key).values_list("key", flat=True))
    names = (key, *(f"{key}-{number}" for number in range(2, len(taken) + 2)))
    return next(name for name in names if name not in taken)


def _place(unit: Unit | None) -> str:
    return unit.name if unit else "—"


def _check_held(post: Post, since: date) -> None:
    if post.until is not None and post.until < since:
        raise Refusal(
            "not_held", N_("The post ended on %(day)s already; nothing was changed."), field="since", day=post.until
        )


def _check_roles(roles: Sequence[str]) -> None:
    if not roles:
        raise Refusal("no_role", N_("Choose at least one role: rights come from it."), field="roles")
    if HOUSEKEEPING.intersection(roles) and len(roles) > 1:
        raise Refusal(
            "kept_apart",
            N_("An administration's post carries that one role and no other: the three are kept apart."),
            field="roles",
        )


def _check_apart(account: Account, roles: Sequence[str], since: date, until: date | None) -> None:
    """One person does not hold two of the three administrations at one time."""
    if not HOUSEKEEPING.intersection(roles):
        return
    for other in account.posts.all():
        meets = other.since <= (until or date.max) and since <= (other.until or date.max)
        if meets and HOUSEKEEPING.intersection(other.roles) - set(roles):
            raise Refusal(
                "kept_apart",
                N_("%(name)s holds another of the three administrations; they are three people."),
                field="roles", name=account.name,
            )  # fmt: skip
