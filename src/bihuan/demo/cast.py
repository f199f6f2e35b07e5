"""The invented city's directory, and who acts on which finding."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from bihuan.directory.models import Account, Portfolio, Post, Unit
from bihuan.directory.people_writing import import_people
from bihuan.directory.tables import read_csv
from bihuan.directory.unit_files import import_units

from .material import Finding, rows, table

#: What everybody in the demonstration signs in with. Nobody else may: `build` refuses a ledger in use.
PASSWORD = "bihuan-yanshi"

#: The post that the command line acts with when nobody is named.
FIRST_CLERK = "clerk"

#: The kinds of audit (as in a report's number) that the second verifier looks after.
_ON_SITE = ("投报", "农报", "资报")


@dataclass(frozen=True, slots=True)
class Actor:
    """A post that acts, for itself or on behalf of a unit (its key)."""

    post: Post
    behalf: str | None = None


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody who acts. `liaisons` are the owners by their unit's key, `units` the keys by name."""

    supervisors: tuple[Post, ...]
    verifiers: tuple[Post, ...]
    approver: Post
    liaisons: Mapping[str, Post]
    units: Mapping[str, str]

    def supervisor(self, finding: Finding) -> Actor:
        """Return the clerk who looks after the finding's project."""
        return Actor(self.supervisors[finding.project.delivered % 3 == 0])

    def verifier(self, finding: Finding) -> Actor:
        return Actor(self.verifiers[any(kind in finding.project.report_no for kind in _ON_SITE)])

    def owner(self, finding: Finding) -> Actor:
        """Return the unit's liaison; where it has none, the clerk who enters on its behalf."""
        unit = self.units[finding.responsible_unit]
        if liaison := self.liaisons.get(unit):
            return Actor(liaison)
        return Actor(self.supervisor(finding).post, behalf=unit)


def assemble(today: date, first: date) -> Cast:
    """Make units, people, posts and portfolios, with posts held at least since `first`, and return the cast."""
    import_units([read_csv(table("units").encode(), name="units.csv")], today=today)
    words = {row["role"]: row["role"] for row in rows("people")}
    import_people([read_csv(table("people").encode(), name="people.csv")], roles=words, today=today)
    Post.objects.filter(since__gt=first).update(since=first - timedelta(days=30))
    Account.objects.update(password=make_password(PASSWORD))
    _share_out()
    # The clerk's post bears the key under which the command line looks for the ledger's first one.
    Post.objects.filter(account__account=FIRST_CLERK).update(key=FIRST_CLERK)
    return _cast()


def _share_out() -> None:
    units = {unit.name: unit for unit in Unit.objects.all()}
    for row in rows("portfolios"):
        post = Post.objects.get(account__account=row["post_account"])
        Portfolio.objects.create(post=post, unit=units[row["unit"]], mechanism=row["mechanism"])


def _cast() -> Cast:
    posts = list(Post.objects.select_related("unit", "account").prefetch_related("portfolios").order_by("id"))
    held = {role: [post for post in posts if role in post.roles] for role in ("supervisor", "verifier", "approver")}
    return Cast(
        supervisors=tuple(held["supervisor"]),
        verifiers=tuple(held["verifier"]),
        approver=held["approver"][0],
        liaisons={post.unit.key: post for post in posts if "owner" in post.roles and post.unit},
        units=dict(Unit.objects.values_list("name", "key")),
    )
