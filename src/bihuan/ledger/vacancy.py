"""Roles that nobody would hold any more: no post may end in silence while matters wait for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bihuan.directory.models import Post, Unit
from bihuan.directory.organisation import valid_on
from bihuan.mechanism.model import Held, Role
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Named

from .models import Matter, Party
from .packs import current


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A role in a unit without anybody, with the number of open matters that need it."""

    unit: Unit
    role: str
    label: Named
    held: Held
    open: int


def vacancies(leaving: Iterable[Post], day: date) -> Iterator[Vacancy]:
    """Yield the roles that nobody holds on `day` once the posts `leaving` are held no more."""
    gone = list(leaving)
    asked = dict.fromkeys((post.unit, role) for post in gone if post.unit for role in post.roles)
    for unit, role in asked:
        others = Post.objects.filter(valid_on(day), unit=unit, account__is_active=True)
        others = others.exclude(pk__in=[post.pk for post in gone])
        if any(role in other.roles for other in others):
            continue
        for declared in _declared(role):
            if number := _open(unit, declared):
                yield Vacancy(unit, role, declared.label, declared.held, number)
                break


def check_nobody_missing(leaving: Iterable[Post], day: date) -> None:
    """Raise `Refusal` for the first role that would be left without anybody while matters are open."""
    for vacancy in vacancies(leaving, day):
        sentence = _OWN if vacancy.held is Held.UNIT else _OVERSEEING
        raise Refusal(
            "nobody_left", sentence, unit=vacancy.unit.name, role=vacancy.label, count=vacancy.open, field="even_so"
        )


_OWN = N_(
    "Nobody in “%(unit)s” would be %(role)s any more, and %(count)d matter(s) are open there. Name a successor; "
    "or say expressly that it shall be so: then whoever supervises enters for the unit."
)
_OVERSEEING = N_(
    "Nobody in “%(unit)s” would be %(role)s any more, and %(count)d matter(s) that need one are open. "
    "Name a successor; or say expressly that it shall be so: then nobody but a post for the whole ledger could act."
)


def _declared(role: str) -> Iterator[Role]:
    for mechanism in current().values():
        if role in mechanism.roles and mechanism.roles[role].held is not Held.PORTFOLIO:
            yield mechanism.roles[role]


def _open(unit: Unit, role: Role) -> int:
    matters = Matter.objects.filter(ended="")
    if role.held is Held.UNIT:
        return matters.filter(pk__in=Party.objects.filter(unit=unit, role=role.key).values("matter")).count()
    return matters.filter(supervising=unit).count()
