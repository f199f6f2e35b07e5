"""Proof 7, of totals and budgets: what is added up is a number, what it stands in has the fields that are named."""

from collections.abc import Iterator, Mapping

from ..model import Field, FieldKind, Mechanism
from ..sentence import N_, Listed
from .finding import Finding, finding

_NUMBERS = (FieldKind.MONEY, FieldKind.NUMBER)
_BUDGET = {"year": (FieldKind.NUMBER,), "source": (FieldKind.CHOICE, FieldKind.ENTRY), "amount": (FieldKind.MONEY,)}


def summed(mechanism: Mechanism) -> Iterator[Finding]:
    for total in mechanism.totals.values():
        if total.field is not None:
            fields = _of_record(mechanism, total.record)
            yield from _kind(("totals", total.key), total.field, fields, _NUMBERS)
    if (budget := mechanism.budget) is not None:
        fields = mechanism.fields if budget.record is None else _of_record(mechanism, budget.record)
        for name, kinds in _BUDGET.items():
            yield from _kind(("budget", name), getattr(budget, name), fields, kinds)


def _of_record(mechanism: Mechanism, key: str) -> Mapping[str, Field]:
    return {field.key: field for field in mechanism.records[key].fields}


def _kind(
    place: tuple[str, ...], key: str, fields: Mapping[str, Field], kinds: tuple[FieldKind, ...]
) -> Iterator[Finding]:
    field = fields.get(key)
    if field is None or field.kind not in kinds or field.many:
        yield finding(
            7,
            N_("%(place)s names “%(field)s”; there must be such a field, with one value, of kind: %(kinds)s."),
            (*place, key),
            place=".".join(place),
            field=key,
            kinds=Listed.of(kind.value for kind in kinds),
        )
