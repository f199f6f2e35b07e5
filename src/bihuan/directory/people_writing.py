"""Writing people and their posts from a file into the tables: all of it, or nothing.

Accounts and posts may be two people's business (see `rights`): the accounts of a file can go in without its posts,
and its posts where every account is there. Who comes in by a file cannot sign in until somebody gives a password.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction

from bihuan.mechanism.sentence import N_

from .alterations import Author, Noted, altered, write_down
from .models import Account, Portfolio, Post, Unit
from .organisation import Organisation
from .people import Held, overlap, plan_people
from .tables import BadFile, Problem, Rows
from .unit_files import Written
from .viewer import HOUSEKEEPING


@transaction.atomic
def import_people(
    sheets: Iterable[Rows], *, roles: Mapping[str, str], today: date, author: Author | None = None
) -> Written:
    """Bring accounts and posts in line with a file; counts are of posts. Raises `BadFile`: then nothing has changed."""
    plan, writing = _begin(sheets, roles, today, author)
    written = writing.posts(plan, writing.accounts(plan))
    write_down(writing.notes)
    return written


@transaction.atomic
def import_accounts(
    sheets: Iterable[Rows], *, roles: Mapping[str, str], today: date, author: Author | None = None
) -> Written:
    """Make and rename the accounts of a file, and leave its posts alone; counts are of accounts. Raises `BadFile`."""
    plan, writing = _begin(sheets, roles, today, author)
    accounts = writing.accounts(plan)
    write_down(writing.notes)
    made, renamed = len(writing.made), len(writing.renamed)
    return Written(made, renamed, len(accounts) - made - renamed)


@transaction.atomic
def import_posts(
    sheets: Iterable[Rows], *, roles: Mapping[str, str], today: date, author: Author | None = None
) -> Written:
    """Bring posts in line with a file whose accounts are all there, under these names. Raises `BadFile`."""
    plan, writing = _begin(sheets, roles, today, author)
    known = _known(plan)
    if problems := [wrong for each in plan for wrong in _no_account(each, known.get(each.account))]:
        raise BadFile(problems)
    written = writing.posts(plan, known)
    write_down(writing.notes)
    return written


def _begin(
    sheets: Iterable[Rows], roles: Mapping[str, str], today: date, author: Author | None
) -> tuple[list[Held], "_Writing"]:
    author = author or Author.operator(datetime.combine(today, time(), UTC))
    return plan_people(sheets, Organisation.on(today), roles), _Writing(author, today)


def _known(plan: Sequence[Held]) -> dict[str, Account]:
    there = Account.objects.filter(account__in={each.account for each in plan})
    return {account.account: account for account in there.prefetch_related("posts__portfolios")}


def _no_account(held: Held, account: Account | None) -> Iterable[Problem]:
    if account is None:
        yield held.line.problem(
            "account",
            N_("there is no account “%(account)s” yet; the system administrator brings it in first."),
            account=held.account,
        )
    elif account.name != held.name:
        yield held.line.problem(
            "name",
            N_("the account “%(account)s” is that of %(name)s; names are changed by the system administrator."),
            account=held.account, name=account.name,
        )  # fmt: skip


class _Writing:
    """Putting planned people into the tables; `notes` is what was done, for the directory's history."""

    def __init__(self, author: Author, today: date) -> None:
        self.author, self.today = author, today
        self.notes: list[Noted] = []
        self.made: set[str] = set()
        self.renamed: set[str] = set()

    def accounts(self, plan: Sequence[Held]) -> dict[str, Account]:
        known = _known(plan)
        return {each.account: self._account(each, known) for each in plan}

    def posts(self, plan: Sequence[Held], accounts: Mapping[str, Account]) -> Written:
        posts = [(each, _same(each, accounts[each.account])) for each in plan]
        problems = [wrong for each, post in posts for wrong in _not_apart(each, post, accounts[each.account])]
        if problems:
            raise BadFile(problems)
        keys = _Keys()
        created = [self._make(each, accounts[each.account], keys) for each, post in posts if post is None]
        changed = sum(self._bring_in_line(each, post) for each, post in posts if post is not None)
        return Written(len(created), changed, len(plan) - len(created) - changed)

    def _note(self, kind: str, post: Post, **body: Any) -> None:
        place = post.unit.name if post.unit else "—"
        self.notes.append(
            altered(
                self.author, kind, since=post.since if kind == "post_given" else self.today, unit=post.unit,
                person=post.account, title=post.title, place=place, **body,
            )
        )  # fmt: skip

    def _account(self, held: Held, known: dict[str, Account]) -> Account:
        account = known.get(held.account)
        if account is None:
            account = Account(account=held.account, name=held.name)
            account.set_unusable_password()
            account.save()
            known[held.account] = account
            said: dict[str, Any] = {"account": held.account, "name": held.name}
            self.notes.append(altered(self.author, "account_added", since=self.today, person=account, **said))
            self.made.add(account.account)
        elif account.name != held.name:
            said = {"old": account.name, "new": held.name}
            self.notes.append(altered(self.author, "account_renamed", since=self.today, person=account, **said))
            account.name = held.name
            account.save(update_fields=["name"])
            self.renamed.add(account.account)
        return account

    def _make(self, held: Held, account: Account, keys: "_Keys") -> Post:
        assert held.unit is not None
        post = Post.objects.create(
            key=keys.free(f"{account.account}@{held.unit.key}"),
            account=account,
            unit=held.unit,
            title=held.title,
            roles=list(held.roles),
            since=held.since or min(self.today, held.until or self.today),
            until=held.until,
        )
        _answer_for(post, held.portfolio or ())
        self._note("post_given", post, roles="、".join(held.roles))
        return post

    def _bring_in_line(self, held: Held, post: Post) -> bool:
        wanted = {"roles": list(held.roles), "since": held.since or post.since, "until": held.until}
        new = [name for name, value in wanted.items() if getattr(post, name) != value]
        said = [f"{_shown(getattr(post, name))} → {_shown(wanted[name])}" for name in new]
        for name in new:
            setattr(post, name, wanted[name])
        if new:
            post.save(update_fields=new)
        answers = held.portfolio is not None and _answer_for(post, held.portfolio)
        if answers and held.portfolio is not None:
            said.append("、".join(unit.name for unit in held.portfolio) or "—")
        if said:
            self._note("post_changed", post, what="；".join(said))
        return bool(said)


def _shown(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value or "—")


class _Keys:
    """Keys of posts that are still free, looked up once for a whole file."""

    def __init__(self) -> None:
        self.taken = set(Post.objects.values_list("key", flat=True))

    def free(self, key: str) -> str:
        names = (key, *(f"{key}-{number}" for number in range(2, len(self.taken) + 3)))
        found = next(name for name in names if name not in self.taken)
        self.taken.add(found)
        return found


def _not_apart(held: Held, post: Post | None, account: Account) -> Iterable[Problem]:
    """Nobody holds two of the three administrations at one time."""
    house = HOUSEKEEPING.intersection(held.roles)
    for other in account.posts.all() if house else ():
        if other != post and HOUSEKEEPING.intersection(other.roles) - house and overlap(held, other.since, other.until):
            yield held.line.problem(
                "role",
                N_("%(name)s holds another of the three administrations; they are three people."),
                name=account.name,
            )


def _same(held: Held, account: Account) -> Post | None:
    """Return the post that the line speaks of: the one of that title whose time meets the line's."""
    unit = held.unit.pk if held.unit else None
    posts = [post for post in account.posts.all() if post.unit_id == unit and post.title == held.title]
    posts.sort(key=lambda post: post.since, reverse=True)
    exact = [post for post in posts if post.since == held.since]
    meeting = [post for post in posts if overlap(held, post.since, post.until)]
    return next(iter(exact + meeting), None)


def _answer_for(post: Post, units: Iterable[Unit]) -> bool:
    """Make `units` the post's portfolio for every mechanism; those of one mechanism stay. Return whether it changed."""
    wanted = {unit.pk for unit in units}
    answered = [each.unit_id for each in post.portfolios.all() if each.mechanism == "" and each.unit_id is not None]
    there = {unit for unit in answered if unit is not None}
    if there - wanted:
        post.portfolios.filter(mechanism="", unit__in=there - wanted).delete()
    Portfolio.objects.bulk_create(Portfolio(post=post, unit_id=unit) for unit in wanted - there)
    return wanted != there
