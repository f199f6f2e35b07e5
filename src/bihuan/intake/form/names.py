"""What units and register entries are called in cells: one name for each, by which it is found again."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bihuan.directory.models import Entry
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.model import FieldKind, Mechanism

from ..reading.units import UnitIndex
from ..unit_names import unit_index


@dataclass(frozen=True)
class Names:
    """`units` and the registers of `entries` are key → name, of all there ever were, so that old values are named.

    `index` are the units of the day, by every form of name that people write.
    """

    index: UnitIndex
    units: Mapping[str, str]
    entries: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, organisation: Organisation, mechanisms: Iterable[Mechanism]) -> "Names":
        """Return the names that values of `mechanisms` need on the organisation's day."""
        units = [(unit.key, unit.name) for unit in (*organisation.units, *organisation.gone)]
        registers = {
            field.register
            for mechanism in mechanisms
            for field in mechanism.fields.values()
            if field.kind is FieldKind.ENTRY and field.register
        }
        return cls(unit_index(organisation), _told_apart(units), {key: _entries(key) for key in registers})

    @cached_property
    def unit_keys(self) -> dict[str, str]:
        """Name → key of every unit."""
        return {name: key for key, name in self.units.items()}

    @cached_property
    def entry_keys(self) -> dict[str, dict[str, str]]:
        """Register → name → key of its entries."""
        return {register: {name: key for key, name in names.items()} for register, names in self.entries.items()}


def _entries(register: str) -> dict[str, str]:
    return _told_apart(list(Entry.objects.filter(register__key=register).values_list("key", "name")))


def _told_apart(named: list[tuple[str, str]]) -> dict[str, str]:
    """Return key → name; where two share a name, each has its key behind it."""
    counted = Counter(name for _, name in named)
    return {key: name if counted[name] == 1 else f"{name}〔{key}〕" for key, name in named}
