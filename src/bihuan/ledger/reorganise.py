"""Changes of the organisation that touch open matters: units merged or ended, posts handed over or given up.

The directory's part and the ledger's are two steps: first what is true of units and posts, all or nothing,
then what is open, batch by batch. Where the day lies ahead, the second step waits for it (`turn_of_day`).
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.directory import posts, unit_changes
from bihuan.directory.accounts import set_active
from bihuan.directory.alterations import Author
from bihuan.directory.forms import settle_columns
from bihuan.directory.models import Account, Post, Unit
from bihuan.directory.organisation import Organisation, valid_on
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from . import writing
from .days import local_day
from .hand_over import hand_over_people, hand_over_units, named_in, successors
from .vacancy import check_nobody_missing


def merge_unit(
    unit: Unit, into: Unit, *, keep_posts: bool = True, author: Author, now: datetime, reason: str = "", **when: Any
) -> int:
    """Let `into` take over `unit` from the day `since` on; return how many matters were handed over now."""
    since, today = when["since"], local_day(now)
    if not keep_posts:
        _check_received(unit, into, since)
    unit_changes.close_unit(
        unit, since=since, into=into, keep_posts=keep_posts, author=author, today=today, reason=reason
    )
    return _hand_over(unit, author, now, reason) if since <= today else 0


def end_unit(unit: Unit, *, author: Author, now: datetime, reason: str = "", **when: Any) -> None:
    """End a unit that nobody takes over. Raises `Refusal` while anything is open that it owns or is a party to."""
    since, today = when["since"], local_day(now)
    if since > today:
        raise Refusal(
            "needs_successor",
            N_("What will be open on %(day)s is not known yet; name the unit that takes it over."),
            field="into", day=since,
        )  # fmt: skip
    with transaction.atomic():
        if number := named_in([unit.pk]).count():
            raise Refusal(
                "still_open",
                N_("“%(name)s” still has %(count)d open matter(s); name the unit that takes them over."),
                field="into", name=unit.name, count=number,
            )  # fmt: skip
        unit_changes.close_unit(unit, since=since, into=None, author=author, today=today, reason=reason)


def change_holder(
    post: Post, to: Account, *, author: Author, now: datetime, even_so: bool = False, **what: Any
) -> tuple[Post, int]:
    """Hand a post over (see `directory.posts.hand_over_post`); return the new one and how many matters name it now."""
    given = what.get("roles")
    if given is not None and not even_so:
        lost = [role for role in post.roles if role not in given]
        if lost:
            check_nobody_missing([_only(post, lost)], what["since"])
    new = posts.hand_over_post(post, to, author=author, **what)
    renamed = rename_holder(post, now, author=author) if new.since <= local_day(now) else 0
    return new, renamed


def give_up(post: Post, *, author: Author, now: datetime, even_so: bool = False, reason: str = "", **when: Any) -> None:
    """End a post without a successor. Raises `Refusal` if a role would be left without anybody, unless `even_so`."""
    if not even_so:
        check_nobody_missing([post], when["since"])
    posts.end_post(post, since=when["since"], author=author, reason=reason)


def close_accounts(accounts: list[Account], *, author: Author, now: datetime, even_so: bool = False) -> int:
    """Deactivate accounts. Raises `Refusal` if a role would be left without anybody, unless `even_so`."""
    today = local_day(now)
    if not even_so:
        held = Post.objects.filter(valid_on(today), account__in=accounts).select_related("unit", "account")
        check_nobody_missing(list(held), today)
    return set_active(accounts, False, author=author, today=today)


def rename_holder(post: Post, now: datetime, *, author: Author) -> int:
    """Let person fields of open matters name the successor of a post, where that was asked for."""
    if not post.renames or post.successor is None or post.unit is None:
        return 0
    names = {post.account.name: post.successor.account.name}
    done = hand_over_people(post.unit, names, reason="", author=_written(author), now=now)
    Post.objects.filter(pk=post.pk).update(renames=False)
    return done


def turn_of_day(now: datetime) -> int:
    """Do what was planned for a day that has come, or was cut off; return how many matters changed.

    Units take on the name, level and parent of the day; what is open goes to their successors.
    """
    today = local_day(now)
    settle_columns(today)
    system = Author.operator(now)
    units = successors(Organisation.on(today))
    done = hand_over_units(units, reason="", author=_written(system), now=now) if units else 0
    waiting = Post.objects.filter(renames=True, until__lt=today).select_related("account", "unit", "successor__account")
    return done + sum(rename_holder(post, now, author=system) for post in waiting)


def _hand_over(unit: Unit, author: Author, now: datetime, reason: str) -> int:
    units = successors(Organisation.on(local_day(now)))
    mine = {unit.key: units[unit.key]} if unit.key in units else {}
    return hand_over_units(mine, reason=reason, author=_written(author), now=now)


def _written(author: Author) -> writing.Author:
    return writing.Author(author.account, author.post)


def _only(post: Post, roles: list[str]) -> Post:
    """Return the post as if it carried these roles alone, in memory."""
    return Post(pk=post.pk, account=post.account, unit=post.unit, roles=roles, since=post.since, until=post.until)


def _check_received(unit: Unit, into: Unit, since: Any) -> None:
    """Where posts end with the unit, somebody at the successor must hold the roles that its open matters need."""
    ending = list(Post.objects.filter(valid_on(since), unit=unit).select_related("unit", "account"))
    there = {
        role for post in Post.objects.filter(valid_on(since), unit=into, account__is_active=True) for role in post.roles
    }
    check_nobody_missing([_only(post, [role for role in post.roles if role not in there]) for post in ending], since)
