"""The units a ledger may name, and the only forms in which a name is taken for one of them.

A name counts when it is the full name or a listed short name; when it is the region's prefix before a listed
short name (`市` or `青岚市` before `住建局`); or when it is the full name without the region's proper name
(`市住房和城乡建设局`), each only if exactly one unit answers to it. Nothing is ever taken for what it resembles.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bihuan.intake.reading.writing import fold, quote
from bihuan.mechanism.sentence import N_, Sentence

_REGION = re.compile(
    r"(?P<proper>.{1,12}?)(?P<kind>自治州|自治县|地区|省|市|州|盟|县|区|旗)(?:人民政府|政府|人民政府办公室)?"
)
_OWN_REGION = re.compile(r"(?P<proper>[^市县区省州]{2,3})(?P<kind>省|市|州|县)(?=.{2})")
_LONGEST_NAME = 60
_MOST_GUESSES = 300
_LIKENESS = 0.7
_COLLECTIVE = re.compile(r"各|有关|相关|所有|全[市县区省州旗]|其他|本级|下属|所属")


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit as the directory knows it. `level` 1 is the top; `parent` is the parent's key."""

    key: str
    name: str
    short_names: tuple[str, ...] = ()
    level: int = 1
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a text names: the one `unit`, or the several it could be (`among`), or nothing known."""

    unit: UnitName | None = None
    among: tuple[UnitName, ...] = ()


class UnitIndex:
    """The units of a directory by every form of their names. Cheap to ask a hundred thousand times."""

    def __init__(self, units: Iterable[UnitName]) -> None:
        self.units = tuple(units)
        self._by_key = {unit.key: unit for unit in self.units}
        self._tiers: tuple[dict[str, list[UnitName]], ...] = ({}, {}, {})
        for unit in self.units:
            self._enter(unit)
        self._guesses: dict[str, str | None] = {}

    def find(self, text: str) -> Lookup:
        """Return what `text` names: full names before listed short names before derived forms."""
        name = fold(text)
        for tier in self._tiers:
            found = tier.get(name)
            if found:
                return Lookup(unit=found[0]) if len(found) == 1 else Lookup(among=tuple(found))
        return Lookup()

    def names(self) -> dict[str, str]:
        """Return every form of a name that means exactly one unit, with that unit's key."""
        found = {name: self.find(name).unit for tier in self._tiers for name in tier}
        return {name: unit.key for name, unit in found.items() if unit}

    def explain(self, text: str) -> Sentence:
        """Say why `text` names no single unit, with the nearest name there is (which is never taken)."""
        among = self.find(text).among
        if among:
            names = "、".join(unit.name for unit in among[:5])
            return Sentence(
                N_("“%(text)s” could be any of these units: %(names)s; write the full name."),
                {"text": quote(text), "names": names},
            )
        nearest = self._nearest(fold(text))
        if nearest:
            return Sentence(
                N_(
                    "“%(text)s” is no unit of the directory; the nearest name there is “%(nearest)s”. "
                    "Write a unit's full name or a listed short name."
                ),
                {"text": quote(text), "nearest": nearest},
            )
        return Sentence(
            N_("“%(text)s” is no unit of the directory; write a unit's full name or a listed short name."),
            {"text": quote(text)},
        )

    def _nearest(self, name: str) -> str | None:
        if name in self._guesses:
            return self._guesses[name]
        if _COLLECTIVE.match(name) or len(name) > _LONGEST_NAME or len(self._guesses) >= _MOST_GUESSES:
            return None
        pool = [*self._tiers[0], *self._tiers[1]]
        found = difflib.get_close_matches(name, pool, n=1, cutoff=_LIKENESS)
        self._guesses[name] = found[0] if found else None
        return self._guesses[name]

    def _enter(self, unit: UnitName) -> None:
        short = [fold(name) for name in unit.short_names if fold(name)]
        forms = ([fold(unit.name)], short, self._derive(unit, short))
        for tier, names in zip(self._tiers, forms, strict=True):
            for name in dict.fromkeys(names):
                tier.setdefault(name, []).append(unit)

    def _derive(self, unit: UnitName, short: list[str]) -> Iterator[str]:
        name = fold(unit.name)
        region = self._region_of(unit)
        if not region:
            return
        proper, kind = region
        for form in short:
            if form.startswith(kind):
                yield proper + form
            elif not form.startswith(proper):
                yield kind + form
                yield proper + kind + form
        if name.startswith(proper + kind) and len(name) > len(proper + kind) + 1:
            yield name[len(proper) :]

    def _region_of(self, unit: UnitName) -> tuple[str, str] | None:
        """Return the proper name and kind (青岚, 市) of the nearest region above `unit`, else of its own name."""
        above, seen = self._by_key.get(unit.parent or ""), {unit.key}
        while above and above.key not in seen:
            seen.add(above.key)
            found = _REGION.fullmatch(fold(above.name))
            if found:
                return found["proper"], found["kind"]
            above = self._by_key.get(above.parent or "")
        own = _OWN_REGION.match(fold(unit.name))
        return (own["proper"], own["kind"]) if own else None
