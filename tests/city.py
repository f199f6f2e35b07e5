"""The fixed cast: one small city with everybody a test needs, and ways to make them act."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bihuan.directory.models import Account, Portfolio, Post, Unit
from bihuan.ledger.execute import execute
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.orders import Entering, Order
from bihuan.ledger.register import register_matters
from bihuan.ledger.store import keep
from bihuan.mechanism.state import Command, State

SINCE = date(2020, 1, 1)
#: A Wednesday with an ordinary week around it.
NOON = datetime(2026, 6, 10, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

#: key, name, level, parent
UNITS = (
    ("city", "澄湖市人民政府", 1, None),
    ("audit", "澄湖市审计局", 2, "city"),
    ("housing", "澄湖市住房和城乡建设局", 2, "city"),
    ("finance", "澄湖市财政局", 2, "city"),
    ("station", "澄湖市建设工程质量监督站", 3, "housing"),
)

#: post key, account, unit, roles
CAST = (
    ("clerk", "clerk", "audit", ["supervisor"]),
    ("verifier", "verifier", "audit", ["verifier"]),
    ("approver", "approver", "audit", ["approver"]),
    ("liaison", "liaison", "housing", ["owner"]),
    ("other", "other", "finance", ["owner", "assisting"]),
    ("station", "station", "station", ["owner"]),
    ("leader", "leader", "city", ["leader"]),
    ("sysadmin", "sysadmin", "city", ["system_admin"]),
    ("security", "security", "city", ["security_admin"]),
    ("inspector", "inspector", "city", ["audit_admin"]),
    ("both_owner", "both", "housing", ["owner"]),
    ("both_verifier", "both", "audit", ["verifier"]),
)


@dataclass
class City:
    """The city, its posts, and a clock that a test moves."""

    units: Mapping[str, Unit]
    posts: Mapping[str, Post]
    now: datetime = NOON
    mechanism: str = "audit_rectification"
    made: list[Matter] = field(default_factory=list)

    def register(self, unit: str = "housing", by: str = "clerk", **values: Any) -> Matter:
        """Register a finding for `unit`; `values` are added to a title and a class."""
        given = {"title": "结余资金未盘活", "rectify_type": "immediate", "responsible_unit": unit, **values}
        given = {key: value for key, value in given.items() if value is not None}
        post = self.posts[by]
        matter = register_matters(
            [Entering(self.mechanism, given)], post=post, account=post.account.account, now=self.now
        )[0]
        self.made.append(matter)
        return matter

    def act(
        self, matter: Matter, action: str, by: str, *, proofs: int = 0, version: int | None = None, **asked: Any
    ) -> Matter:
        """Let the post `by` do `action`; `asked` may hold values, record, entry, reason."""
        post = self.posts[by]
        evidence = tuple(keep(matter.pk, f"凭证{n}.txt", [f"{n}-{matter.pk}".encode()]) for n in range(proofs))
        command = Command(action, post.account.account, evidence=evidence, **asked)
        return execute(Order(matter.pk, command, post, version), now=self.now)

    def later(self, **span: int) -> None:
        """Move the clock on."""
        self.now += timedelta(**span)

    def rectifying(self, unit: str = "housing", liaison: str = "liaison", **values: Any) -> Matter:
        """Return a finding that its unit has signed for and is working on."""
        matter = self.register(unit, **values)
        self.act(matter, "dispatch", "clerk")
        return self.act(matter, "sign", liaison)

    def claimed(self, **values: Any) -> Matter:
        """Return a finding that its unit says is done."""
        matter = self.rectifying(**values)
        return self.claim(matter)

    def claim(self, matter: Matter, by: str = "liaison") -> Matter:
        values = {"result": "已上缴财政", "cause": "预算编制不细", "paid_in": 120_000_00}
        return self.act(matter, "claim_done", by, proofs=1, values=values)

    def recognise(self, matter: Matter, by: str = "verifier") -> Matter:
        values = {"criterion": "money_settled", "opinion": "凭证齐全，已到账"}
        return self.act(matter, "recognise", by, values=values)

    def struck_off(self, **values: Any) -> Matter:
        """Return a finding that was taken all the way."""
        matter = self.claimed(**values)
        self.recognise(matter)
        return self.act(matter, "strike_off", "approver")


def state_of(matter: Matter | uuid.UUID) -> State:
    """Return the state as the database holds it now."""
    pk = matter.pk if isinstance(matter, Matter) else matter
    return load_state(Matter.objects.get(pk=pk).state)


def build_city() -> City:
    """Make the units and the posts."""
    units: dict[str, Unit] = {}
    for key, name, level, parent in UNITS:
        units[key] = Unit.objects.create(
            key=key, name=name, level=level, parent=units[parent] if parent else None, since=SINCE
        )
    accounts: dict[str, Account] = {}
    posts: dict[str, Post] = {}
    for key, name, unit, roles in CAST:
        if name not in accounts:
            accounts[name] = Account.objects.create(account=name, name=name)
            accounts[name].set_password("test-only-passphrase")
            accounts[name].save()
        posts[key] = Post.objects.create(
            key=key, account=accounts[name], unit=units[unit], title=key, roles=roles, since=SINCE
        )
    Portfolio.objects.create(post=posts["leader"], unit=units["housing"])
    return City(units, posts)
