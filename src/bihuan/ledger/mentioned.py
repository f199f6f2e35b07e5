"""What a matter says of money by budget year, and which entries of registers it names: folded from its state.

Both are kept in tables of their own, so that a year's money and an enterprise's matters are found without
reading every matter.
"""

from collections.abc import Iterable, Iterator, Mapping

from bihuan.mechanism.model import FieldKind, Mechanism
from bihuan.mechanism.state import State, Value

#: place (the record's entry; empty for the matter's own fields), budget year, source, fen
Spent = tuple[str, int, str, int]
#: field, register, entry
Named = tuple[str, str, str]


def spending_of(mechanism: Mechanism, state: State) -> list[Spent]:
    """Return what the matter has of money by budget year and source; nothing for one that was withdrawn."""
    budget = mechanism.budget
    if budget is None or state.ended == "withdrawn":
        return []
    places: Iterable[tuple[str, Mapping[str, Value]]] = [("", state.values)]
    if budget.record is not None:
        places = state.records.get(budget.record, {}).items()
    found = []
    for place, values in places:
        year, source, amount = (values.get(key) for key in (budget.year, budget.source, budget.amount))
        if isinstance(year, int) and isinstance(amount, int):
            found.append((place, year, str(source or ""), amount))
    return found


def mentions_of(mechanism: Mechanism, state: State) -> list[Named]:
    """Return the register entries that the fields of the matter name."""
    return list(dict.fromkeys(_named(mechanism, state)))


def _named(mechanism: Mechanism, state: State) -> Iterator[Named]:
    for field in mechanism.fields.values():
        if field.kind is FieldKind.ENTRY and (given := state.values.get(field.key)):
            for entry in given if isinstance(given, list) else [given]:
                yield field.key, str(field.register), str(entry)
