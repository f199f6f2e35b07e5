"""The organisation of the big ledger: a city of over 300 units, a liaison in each, and those who supervise."""

from dataclasses import dataclass
from datetime import date
from typing import Any

SINCE = date(2015, 1, 1)
BUREAUS, DISTRICTS, OFFICES = 40, 10, 27


@dataclass(frozen=True)
class BigCity:
    """`owners` are (key, id) of the units that may be responsible; `posts` those who act, by their key."""

    owners: list[tuple[str, int]]
    posts: dict[str, Any]


def build() -> BigCity:
    from bihuan.directory.models import Account, Portfolio, Post, Unit

    top = Unit.objects.create(key="unit-top", name="样例市人民政府", level=1, since=SINCE)
    audit = Unit.objects.create(key="unit-audit", name="样例市审计局", level=2, parent=top, since=SINCE)
    owners = [_unit(f"bureau-{number:04d}", f"样例市第{number:02d}局", 2, top) for number in range(BUREAUS)]
    for district in range(DISTRICTS):
        above = _unit(f"district-{district:04d}", f"样例市第{district:02d}区人民政府", 2, top)
        owners.append(above)
        for number in range(OFFICES):
            key = f"office-{district:02d}{number:02d}"
            owners.append(_unit(key, f"样例市第{district:02d}区第{number:02d}办公室", 3, above))
    posts = {}
    wanted = [("clerk", audit, "supervisor"), ("verifier", audit, "verifier"), ("approver", audit, "approver")]
    wanted += [("leader", top, "leader"), ("keeper", audit, "system_admin"), ("security", audit, "security_admin")]
    wanted += [(f"liaison-{unit.key}", unit, "owner") for unit in owners]
    accounts = Account.objects.bulk_create(Account(account=key, name=f"人员{key}") for key, *_ in wanted)
    for account, (key, unit, role) in zip(accounts, wanted, strict=True):
        posts[key] = Post(key=key, account=account, unit=unit, title="", roles=[role], since=SINCE)
    Post.objects.bulk_create(posts.values())
    posts = {post.key: post for post in Post.objects.select_related("unit", "account")}
    Portfolio.objects.create(post=posts["leader"])
    return BigCity([(unit.key, unit.pk) for unit in owners], posts)


def _unit(key: str, name: str, level: int, parent: Any) -> Any:
    from bihuan.directory.models import Unit

    return Unit.objects.create(key=key, name=name, level=level, parent=parent, since=SINCE)
