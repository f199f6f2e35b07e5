"""Which people are asked for: by a text, a unit with all below it, and whether they can sign in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from bihuan.directory.models import Account, Post
from bihuan.directory.organisation import Organisation, valid_on

from .units import UnitProblem, find_unit

#: Ways in which an account stands to signing in.
STATES = ("none", "initial", "closed", "idle")


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """`state`: none (holds a post, no password yet), initial (not changed yet), closed, idle (holds no post)."""

    text: str = ""
    unit: str = ""
    state: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> "PeopleFilter":
        text, unit, state = (
            str(sent.get(name, "")).replace("\x00", "").strip()[:200] for name in ("q", "unit", "state")
        )
        return cls(text, unit, state if state in STATES else "")

    def written(self) -> dict[str, str]:
        parts = {"q": self.text, "unit": self.unit, "state": self.state}
        return {name: value for name, value in parts.items() if value}


def chosen(wanted: PeopleFilter, organisation: Organisation, today: date) -> QuerySet[Account]:
    """Return the accounts that fit, in the order of their names in the ledger. A unit that is none has nobody."""
    people = Account.objects.order_by("account")
    held = Post.objects.filter(valid_on(today))
    if wanted.text:
        near = held.filter(Q(title__icontains=wanted.text) | Q(unit__in=_called(wanted.text, organisation)))
        people = people.filter(
            Q(name__icontains=wanted.text) | Q(account__icontains=wanted.text) | Q(pk__in=near.values("account"))
        )
    if wanted.unit:
        try:
            roots = [find_unit(wanted.unit, organisation).pk]
        except UnitProblem:
            return people.none()
        people = people.filter(pk__in=held.filter(unit__in=organisation.subtree(roots)).values("account"))
    return _in_state(people, wanted.state, held)


def _called(text: str, organisation: Organisation) -> list[int]:
    return [unit.pk for unit in organisation.units if text in unit.name or text == unit.key]


def _in_state(people: QuerySet[Account], state: str, held: QuerySet[Post]) -> QuerySet[Account]:
    match state:
        case "none":
            holding = Q(pk__in=held.values("account"))
            return people.filter(holding, password__startswith=UNUSABLE_PASSWORD_PREFIX, is_active=True)
        case "initial":
            return people.filter(must_change=True, is_active=True)
        case "closed":
            return people.filter(is_active=False)
        case "idle":
            return people.exclude(pk__in=held.values("account"))
    return people
