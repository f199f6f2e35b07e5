"""The entries of registers that a ledger may name, and the only writings that are taken for one of them."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field

from bihuan.intake.reading.several import read_several
from bihuan.intake.reading.writing import fold, quote
from bihuan.mechanism.sentence import N_, Sentence

_LIKENESS = 0.6
_MOST_GUESSES = 300


@dataclass
class EntryIndex:
    """Register → key → name. An entry is named by its name or its key, whatever blanks and widths they have."""

    registers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _found: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    _guesses: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def find(self, register: str, text: str) -> str | None:
        """Return the key of the one entry that `text` names."""
        found = self._named(register).get(fold(text), [])
        return found[0] if len(found) == 1 else None

    def read(self, register: str, text: str, *, many: bool) -> tuple[list[str], str]:
        """Return the keys that a cell names, and the first part of it that names none ('' where all do)."""
        if many:
            return read_several(text, lambda part: self.find(register, part))
        key = self.find(register, text)
        return ([key], "") if key else ([], text)

    def explain(self, register: str, text: str) -> Sentence:
        """Say why `text` names no single entry, with the nearest name there is (which is never taken)."""
        if len(among := self._named(register).get(fold(text), [])) > 1:
            pattern = N_("“%(text)s” could be any of these entries of the register: %(keys)s; write the key of one.")
            return Sentence(pattern, {"text": quote(text), "keys": "、".join(among[:5])})
        if nearest := self._nearest(register, fold(text)):
            pattern = N_("“%(text)s” is not an entry of the register; the nearest name there is “%(nearest)s”.")
            return Sentence(pattern, {"text": quote(text), "nearest": nearest})
        pattern = N_("“%(text)s” is not an entry of the register; write its name as it stands there.")
        return Sentence(pattern, {"text": quote(text)})

    def _named(self, register: str) -> dict[str, list[str]]:
        if register not in self._found:
            named: dict[str, list[str]] = {}
            self._found[register] = named
            for key, name in self.registers.get(register, {}).items():
                for form in dict.fromkeys((fold(name), fold(key))):
                    named.setdefault(form, []).append(key)
        return self._found[register]

    def _nearest(self, register: str, text: str) -> str | None:
        place = (register, text)
        if place not in self._guesses:
            if len(self._guesses) >= _MOST_GUESSES or len(text) > 60:
                return None
            names = {fold(name): name for name in self.registers.get(register, {}).values()}
            held = [each for each in names if text in each] if len(text) > 1 else []
            found = held if len(held) == 1 else difflib.get_close_matches(text, names, n=1, cutoff=_LIKENESS)
            self._guesses[place] = names[found[0]] if found else None
        return self._guesses[place]
