"""The organisation tree as it stands on a day, held in memory: a city has hundreds of units, not millions."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q

from .models import Unit, UnitForm

#: What a form says of its unit.
FORM = ("name", "short_names", "level", "parent_id")


def valid_on(day: date) -> Q:
    """Return the filter for rows with `since` and `until` that hold on `day`."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


def units_on(day: date) -> list[Unit]:
    """Return every unit that had begun by `day`, with the name, level and parent of that day."""
    everyone = list(Unit.objects.filter(since__lte=day))
    forms: dict[int, UnitForm] = {}
    for form in UnitForm.objects.filter(since__lte=day).order_by("since"):
        forms[form.unit_id] = form
    if forms:
        for unit in everyone:
            if unit.pk in forms:
                _take_on(unit, forms[unit.pk])
    return sorted(everyone, key=lambda unit: (unit.level, unit.pk))


def _take_on(unit: Unit, form: UnitForm) -> None:
    """Let the unit, in memory only, be what the form says."""
    for name in FORM:
        setattr(unit, name, getattr(form, name))


@dataclass(frozen=True)
class Organisation:
    """The units of one day, and those that ended before: what they left open is still seen by those above."""

    units: tuple[Unit, ...]
    gone: tuple[Unit, ...] = ()

    @classmethod
    def on(cls, day: date) -> "Organisation":
        """Return the tree as it stood, or will stand, on `day`."""
        everyone = units_on(day)
        ended = {unit.pk for unit in everyone if unit.until is not None and unit.until < day}
        return cls(
            tuple(unit for unit in everyone if unit.pk not in ended),
            tuple(unit for unit in everyone if unit.pk in ended),
        )

    @cached_property
    def by_id(self) -> dict[int, Unit]:
        return {unit.pk: unit for unit in self.units}

    @cached_property
    def by_key(self) -> dict[str, Unit]:
        return {unit.key: unit for unit in self.units}

    @cached_property
    def _children(self) -> dict[int | None, list[int]]:
        children: dict[int | None, list[int]] = defaultdict(list)
        for unit in (*self.units, *self.gone):
            children[unit.parent_id].append(unit.pk)
        for unit in self.gone:  # whoever takes over a unit takes over its files, the closed ones too
            if unit.successor_id is not None:
                children[unit.successor_id].append(unit.pk)
        return children

    @cached_property
    def _successors(self) -> dict[int, int]:
        return {unit.pk: unit.successor_id for unit in self.gone if unit.successor_id is not None}

    def children(self, unit: int | None) -> list[Unit]:
        """Return the units directly below `unit`, or the topmost ones for None."""
        return [self.by_id[pk] for pk in self._children[unit] if pk in self.by_id]

    def subtree(self, roots: Iterable[int]) -> frozenset[int]:
        """Return the ids of `roots` and of every unit below them, those that ended included."""
        found: set[int] = set()
        waiting = list(roots)
        while waiting:
            unit = waiting.pop()
            if unit not in found:
                found.add(unit)
                waiting.extend(self._children.get(unit, ()))
        return frozenset(found)

    def heir(self, unit: int) -> int:
        """Return the id of the unit that has taken over `unit`, where it ended; else of `unit` itself."""
        while (successor := self._successors.get(unit)) is not None:
            unit = successor
        return unit

    def answered(self, roots: Iterable[int]) -> frozenset[int]:
        """Return what a portfolio over `roots` reaches: them with all below them, or whatever took them over."""
        return self.subtree(map(self.heir, roots))

    def above(self, unit: int) -> frozenset[int]:
        """Return the ids of `unit` and of every unit that it lies below."""
        found: set[int] = set()
        here: int | None = unit
        while here is not None and here not in found:
            found.add(here)
            here = self.by_id[here].parent_id if here in self.by_id else None
        return frozenset(found)

    def find(self, text: str) -> Unit | None:
        """Return the unit with this key, or the only one with this full name; None if there is not exactly one."""
        if text in self.by_key:
            return self.by_key[text]
        named = [unit for unit in self.units if unit.name == text]
        return named[0] if len(named) == 1 else None
