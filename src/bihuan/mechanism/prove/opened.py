"""Proof 6, of what an action opens: whoever it is open to may register that, and give what registration demands."""

from collections.abc import Iterator, Mapping

from ..model import Action, Mechanism
from ..sentence import N_, Listed
from .finding import Finding, finding
from .paths import hands


def opened(mechanism: Mechanism, children: Mapping[str, Mechanism]) -> Iterator[Finding]:
    for action in mechanism.actions.values():
        if action.opens:
            yield from _cannot_register(mechanism, action, children[action.opens])


def _cannot_register(mechanism: Mechanism, action: Action, other: Mechanism) -> Iterator[Finding]:
    able = hands(mechanism, action.by) & set(other.register_by)
    if not able:
        yield finding(
            6,
            N_("“%(action)s” opens a matter of “%(other)s”, which only %(roles)s may register."),
            (action.key, other.key),
            action=action.label,
            other=other.title,
            roles=Listed.of(other.roles[role].label for role in other.register_by),
        )
        return
    for key in dict.fromkeys((*other.register_requires, other.index.responsible)):
        if able.isdisjoint(other.fields[key].by):
            yield finding(
                6,
                N_("“%(action)s” opens a matter of “%(other)s” and cannot give “%(field)s”, which that demands."),
                (action.key, other.key, key),
                action=action.label,
                other=other.title,
                field=other.fields[key].label,
            )
