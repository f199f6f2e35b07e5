"""Somebody looking or acting: an account with the posts it holds today, and what they reach."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from .models import Account, Portfolio, Post
from .organisation import Organisation, valid_on

#: Posts of the three administrations (三员分立) keep the house; they open no matter by that office.
HOUSEKEEPING = frozenset({"system_admin", "security_admin", "audit_admin"})


@dataclass(frozen=True)
class Reach:
    """Which matters a post reaches by its place: whole ledger, or units (with all below) per mechanism ('' = all)."""

    everything: bool
    units: frozenset[int]
    portfolio: tuple[tuple[frozenset[int] | None, str], ...]
    own: frozenset[int]
    roles: frozenset[str]


@dataclass(frozen=True)
class Viewer:
    """`posts` are those held on the day; `organisation` is the tree of that day."""

    account: Account
    posts: tuple[Post, ...]
    organisation: Organisation

    @classmethod
    def of(cls, account: Account, day: date, organisation: Organisation | None = None) -> "Viewer":
        posts = account.posts.filter(valid_on(day)).select_related("unit").prefetch_related("portfolios")
        return cls(account, tuple(posts.order_by("id")), organisation or Organisation.on(day))

    @classmethod
    def with_post(cls, post: Post, day: date, organisation: Organisation | None = None) -> "Viewer":
        """Return a viewer who looks and acts with one of their posts only."""
        return cls(post.account, (post,), organisation or Organisation.on(day))

    @cached_property
    def reaches(self) -> tuple[Reach, ...]:
        return tuple(self._reach(post) for post in self.posts if not HOUSEKEEPING.issuperset(post.roles))

    @property
    def roles(self) -> frozenset[str]:
        """Every role that one of the posts carries, on whatever matter."""
        return frozenset(role for post in self.posts for role in post.roles)

    def _reach(self, post: Post) -> Reach:
        own = frozenset({post.unit_id} if post.unit_id else ())
        return Reach(
            everything=post.unit_id is None,
            units=self.organisation.subtree(own),
            portfolio=tuple(self._portfolio(each) for each in _portfolios(post)),
            own=own,
            roles=frozenset(post.roles),
        )

    def _portfolio(self, each: Portfolio) -> tuple[frozenset[int] | None, str]:
        return (self.organisation.answered([each.unit_id]) if each.unit_id else None, each.mechanism)


def _portfolios(post: Post) -> Iterable[Portfolio]:
    return post.portfolios.all()
