"""A pack's `intake.toml`: the names that columns carry in real ledgers and the words in their cells."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from bihuan.intake.reading.terms import TermWords
from bihuan.intake.reading.wanted import Wanted
from bihuan.intake.reading.writing import fold, fold_dashes
from bihuan.mechanism.load import load
from bihuan.mechanism.model import Mechanism

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>")
_TAIL_UNIT = re.compile(r"[-:/,]?(?:单位:?)?(?:人民币)?(?:亿元|万元|千元|百元|元)(?:[/或,](?:亿元|万元|元))?$")
_JOINS = re.compile(r"以及|[/、,;和与]")
"""责任单位/责任人, 责任单位、责任人 and 责任单位和责任人 are one name."""
_EDGES = "*:;,.、。·-#?!★☆"


def name_column(label: str) -> str:
    """Return a column's label as names are compared: without blanks, brackets, numbering, unit and marks.

    What joins its words is written 及, so that 责任单位/责任人 and 责任单位、责任人 are the same name.
    """
    name = fold_dashes(label)
    while _BRACKETS.search(name):
        name = _BRACKETS.sub("", name)
    name = re.sub(r"^\d{1,2}[.、]|^截[至止]\d{4}年(?:\d{1,2}月(?:\d{1,2}日|[底末])?|[底末])?", "", name).strip(_EDGES)
    return _JOINS.sub("及", _TAIL_UNIT.sub("", name).strip(_EDGES) or name)


@dataclass(frozen=True)
class Layout:
    """The vocabulary of one mechanism's ledgers; see the comments in the pack's `intake.toml`."""

    wanted: Wanted
    columns: Mapping[str, tuple[str, ...]]
    openings: tuple[str, ...]
    anchors: Mapping[str, tuple[str, ...]]
    events: Mapping[str, tuple[str, ...]]
    groups: Mapping[str, tuple[str, ...]]
    by_content: frozenset[str]
    empty: frozenset[str]
    words: Mapping[str, Mapping[str, str]]
    yes: Mapping[str, str]
    only_not: Mapping[str, frozenset[str]]
    rivals: Mapping[str, frozenset[str]]
    standing: tuple[str, ...]
    totals: tuple[str, ...]
    notes: tuple[str, ...]
    classes: Mapping[str, str]

    @classmethod
    def load(cls, path: Path) -> "Layout":
        """Read a pack's `intake.toml` and the `mechanism.toml` beside it.

        Raises OSError, tomllib.TOMLDecodeError, MechanismError, or KeyError naming what is missing.
        """
        mechanism = path.with_name("mechanism.toml")
        with path.open("rb") as file:
            return cls.of(tomllib.load(file), load(mechanism.read_text(encoding="utf-8"), name=mechanism.name))

    @classmethod
    def of(cls, text: Mapping[str, Any], mechanism: Mechanism) -> "Layout":
        """Make a layout of a parsed `intake.toml`, as far as `mechanism` has the fields that it names."""
        anchors = text["anchors"]
        wanted = Wanted.of(text["columns"], mechanism, text.get("landing", {}).get("assertion"))
        return cls(
            wanted=wanted,
            columns={field: _names(text["columns"][field]) for field in wanted.keys},
            openings=tuple(sorted(map(fold, text["openings"]), key=len, reverse=True)),
            anchors={key: _names(anchor["columns"]) for key, anchor in anchors.items()},
            events={key: tuple(anchor["events"]) for key, anchor in anchors.items()},
            groups={field: _names(names) for field, names in text["groups"].items()},
            by_content=frozenset(_names(text["by_content"])),
            empty=frozenset(map(fold_dashes, text["words"]["empty"])),
            words={field: _words(text["words"].get(field, {}), wanted, field) for field in wanted.choices},
            yes={name_column(name): key for name, key in text["yes"].items()},
            only_not={field: frozenset(map(fold, words)) for field, words in text.get("only_not", {}).items()},
            rivals={field: frozenset(_names(names)) for field, names in text.get("rivals", {}).items()},
            standing=tuple(sorted(map(fold, text["terms"]["standing"]), key=len, reverse=True)),
            totals=tuple(map(fold, text["rows"]["totals"])),
            notes=tuple(map(fold, text["rows"]["notes"])),
            classes=_invert(text.get("landing", {}).get("classes", {})),
        )

    @cached_property
    def ranks(self) -> Mapping[str, tuple[tuple[str, int], ...]]:
        """Column name → the fields and anchors it may stand for, with the rank of the name there (0 is best)."""
        ranks: dict[str, list[tuple[str, int]]] = {}
        for key, names in (*self.columns.items(), *self.anchors.items()):
            for rank, name in enumerate(names):
                ranks.setdefault(name, []).append((key, rank))
        return {name: tuple(found) for name, found in ranks.items()}

    @cached_property
    def ticked(self) -> tuple[str, ...]:
        """The choices that may be told by a tick in one of several columns."""
        return tuple(key for key in self.wanted.choices if key in self.groups and not self.wanted.is_many(key))

    @cached_property
    def _fold_short(self) -> Callable[[str], str]:
        return lru_cache(maxsize=8192)(fold_dashes)

    @cached_property
    def _longest_empty(self) -> int:
        return max(map(len, self.empty), default=0)

    @cached_property
    def term_words(self) -> TermWords:
        """The words by which deadlines are read."""
        return TermWords(standing=self.standing, anchors=self.events)

    def is_empty(self, text: str) -> bool:
        """Tell whether a cell says nothing: blank, or a sign of absence such as — or 无."""
        if not text or text in self.empty:
            return True
        bare = text.strip()
        return len(bare) <= self._longest_empty and self._fold_short(bare) in self.empty

    def class_of(self, rule: str) -> str | None:
        """Return the one class that the words of a deadline's rule name, else None."""
        return class_named(rule, self.classes)

    def choose(self, field: str, text: str) -> str | None:
        """Return the choice (`done`, `immediate` …) that a word of `field` stands for, or None."""
        return self.words[field].get(fold(text).strip("。.;、,")) if len(text) <= 40 else None


def class_named(rule: str, classes: Mapping[str, str]) -> str | None:
    """Return the one class that the words of `rule` name, else None. `classes` are folded word → class."""
    folded = fold(rule)
    found = {key for word, key in classes.items() if word in folded}
    return found.pop() if len(found) == 1 else None


def _names(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name_column(name) for name in names))


def _invert(words: Mapping[str, list[str]]) -> dict[str, str]:
    return {fold(word): choice for choice, group in words.items() for word in group}


def _words(words: Mapping[str, list[str]], wanted: Wanted, field: str) -> dict[str, str]:
    """Return word → choice: the pack's words, then the names that the mechanism itself has for its choices."""
    made = _invert(words)
    for choice, label in wanted.words(field).items():
        made.setdefault(fold(label.zh), choice)
    return made
