"""Reading one table strictly: every wrong value is noted, and reading goes on."""

import re
from collections.abc import Iterator
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from ..model import Label
from ..sentence import N_, Listed, Sentence
from .lines import Lines
from .problem import Path, Problem, written
from .shapes import SHAPES

MOST_PROBLEMS = 100
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,39}")
_IDENTIFIER_WANTED = N_("a key of small letters, digits and _ that begins with a letter (at most 40)")

Enumeration = TypeVar("Enumeration", bound=StrEnum)


class Notes:
    """The problems of one file, as they are found."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._problems: list[Problem] = []

    def add(self, path: Path, *, found: Sentence | Listed | str, expected: Sentence) -> None:
        line = self._lines.find(path)
        problem = Problem(self._name, line, written(path), found, expected)
        if problem not in self._problems[-MOST_PROBLEMS:]:
            self._problems.append(problem)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._text)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(sorted(self._problems, key=lambda each: each.line or 0)[:MOST_PROBLEMS])


class Table:
    """One table of the file, which must have the keys of its shape and no other."""

    def __init__(self, data: dict[str, Any], *, path: Path, shape: str, notes: Notes) -> None:
        self._data = dict(data)
        self._shape = SHAPES[shape]
        self.path = path
        self.notes = notes
        self._check_keys()

    def _check_keys(self) -> None:
        for key in self._data:
            if key not in self._shape:
                self._stranger(key)
        for key, needed in self._shape.items():
            if needed and key not in self._data:
                missing = Sentence(N_("no “%(key)s”"), {"key": key})
                self.notes.add(self.path, found=missing, expected=Sentence(N_("it to be given")))

    def _stranger(self, key: str) -> None:
        near = get_close_matches(key[:60], self._shape, n=1)
        expected = (
            Sentence(N_("a known key, perhaps “%(near)s”"), {"near": near[0]})
            if near
            else Sentence(N_("one of the known keys: %(keys)s"), {"keys": Listed.of(self._shape)})
        )
        found = Sentence(N_("the unknown key “%(key)s”"), {"key": key[:60]})
        self.notes.add((*self.path, key[:60]), found=found, expected=expected)

    def has(self, key: str) -> bool:
        return key in self._data

    def may_have(self, key: str) -> bool:
        return key in self._shape

    def is_text(self, key: str) -> bool:
        return isinstance(self._data.get(key), str)

    def refuse(self, key: str, *, found: Sentence | Listed | str, expected: Sentence) -> None:
        """Note that the value of `key` will not do."""
        self.notes.add((*self.path, key), found=found, expected=expected)

    def _wrong(self, key: str, value: Any, expected: str, **values: Any) -> None:
        self.refuse(key, found=said(value), expected=Sentence(expected, values))

    def text(self, key: str, *, longest: int = 200) -> str:
        """Return the text under `key`, of one to `longest` characters; "" if it is not there or not right."""
        value = self._data.get(key)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip() or len(value) > longest:
            self._wrong(key, value, N_("a text of 1 to %(longest)s characters"), longest=longest)
            return ""
        return value

    def identifier(self, key: str) -> str:
        return self.optional_identifier(key) or ""

    def optional_identifier(self, key: str) -> str | None:
        value = self._data.get(key)
        if value is None or is_identifier(value):
            return value
        self._wrong(key, value, _IDENTIFIER_WANTED)
        return None

    def identifiers(self, key: str, *, at_least: int = 0) -> tuple[str, ...]:
        """Return the keys listed under `key`, each of which may stand there once."""
        return self._list(key, at_least=at_least, matches=is_identifier, wanted=_IDENTIFIER_WANTED)

    def anchors(self, key: str, *, known: frozenset[str]) -> tuple[str, ...]:
        """Return the moments under `key`: one text or a list of them."""

        def matches(value: Any) -> bool:
            kind, colon, name = str(value).partition(":")
            named = bool(colon) and kind in ("action", "field") and is_identifier(name)
            return isinstance(value, str) and (value in known or named)

        wanted = N_("a moment: %(known)s, action:KEY or field:KEY")
        if self.is_text(key):
            self._data[key] = [self._data[key]]
        return self._list(key, at_least=1, matches=matches, wanted=wanted, known=Listed.of(sorted(known)))

    def _list(self, key: str, *, at_least: int, matches: Any, wanted: str, **values: Any) -> tuple[str, ...]:
        value = self._data.get(key, [])
        if not isinstance(value, list) or (key in self._data and len(value) < at_least):
            self._wrong(key, value, N_("a list with at least %(count)s value(s)"), count=at_least)
            return ()
        good: list[str] = []
        for item in value:
            if not matches(item):
                self._wrong(key, item, wanted, **values)
            elif item in good:
                twice = Sentence(N_("“%(name)s” twice"), {"name": item})
                self.refuse(key, found=twice, expected=Sentence(N_("each name once")))
            else:
                good.append(item)
        return tuple(good)

    def whole(self, key: str, *, low: int, high: int, default: int = 0) -> int:
        found = self.optional_whole(key, low=low, high=high)
        return default if found is None else found

    def optional_whole(self, key: str, *, low: int, high: int) -> int | None:
        value = self._data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self._wrong(key, value, N_("a whole number from %(low)s to %(high)s"), low=low, high=high)
            return None
        return value

    def flag(self, key: str) -> bool:
        value = self._data.get(key, False)
        if not isinstance(value, bool):
            self._wrong(key, value, N_("true or false"))
            return False
        return value

    def one_of(self, key: str, kinds: type[Enumeration]) -> Enumeration | None:
        value = self._data.get(key)
        if value is None:
            return None
        known = [kind.value for kind in kinds]
        if value in known:
            return kinds(value)
        near = get_close_matches(str(value)[:60], known, n=1)
        if near:
            self._wrong(key, value, N_("a known word, perhaps “%(near)s”"), near=near[0])
        else:
            self._wrong(key, value, N_("one of: %(known)s"), known=Listed.of(known))
        return None

    def words(self, key: str, kinds: type[Enumeration]) -> tuple[Enumeration, ...]:
        """Return the words of `kinds` listed under `key`."""
        known = [kind.value for kind in kinds]
        wanted, listed = N_("one of: %(known)s"), Listed.of(known)
        found = self._list(key, at_least=1, matches=known.__contains__, wanted=wanted, known=listed)
        return tuple(kinds(each) for each in found)

    def label(self) -> Label:
        """Return the two names of the table itself."""
        return Label(zh=self.text("zh"), en=self.text("en", longest=400))

    def label_at(self, key: str, *, longest: int = 400) -> Label | None:
        table = self.table(key, "label")
        if table is None:
            return None
        return Label(zh=table.text("zh", longest=longest), en=table.text("en", longest=2 * longest))

    def table(self, key: str, shape: str) -> "Table | None":
        return self._as_table(key, self._data.get(key), (*self.path, key), shape)

    def tables(self, key: str, shape: str) -> Iterator[tuple[str, "Table"]]:
        """Yield the tables under `key` with the keys that they are known by."""
        value = self._data.get(key, {})
        if not isinstance(value, dict):
            self._wrong(key, value, N_("a table of named tables"))
            return
        for name, data in value.items():
            if not is_identifier(name):
                bad = Sentence(N_("the name “%(name)s”"), {"name": name[:60]})
                self.notes.add((*self.path, key, name[:60]), found=bad, expected=Sentence(_IDENTIFIER_WANTED))
            elif (table := self._as_table(key, data, (*self.path, key, name), shape)) is not None:
                yield name, table

    def rows(self, key: str, shape: str) -> Iterator["Table"]:
        """Yield the tables listed under `key`, in order."""
        value = self._data.get(key, [])
        if not isinstance(value, list):
            self._wrong(key, value, N_("a list of tables { … }"))
            return
        for number, data in enumerate(value):
            if (table := self._as_table(key, data, (*self.path, key, number), shape)) is not None:
                yield table

    def _as_table(self, key: str, data: Any, path: Path, shape: str) -> "Table | None":
        if data is None:
            return None
        if not isinstance(data, dict):
            self.notes.add(path, found=said(data), expected=Sentence(N_("a table { … }")))
            return None
        return Table(data, path=path, shape=shape, notes=self.notes)


def is_identifier(value: Any) -> bool:
    return isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None


def said(value: Any) -> Sentence | str:
    """Return `value` as the file has it, short enough for a sentence."""
    if isinstance(value, dict):
        return Sentence(N_("a table"))
    if isinstance(value, list):
        return Sentence(N_("a list")) if value else Sentence(N_("an empty list"))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) > 10**40:
        return Sentence(N_("a huge number"))
    text = str(value) if len(str(value)) <= 60 else f"{str(value)[:60]}…"
    return Sentence(N_("the text “%(text)s”"), {"text": text}) if isinstance(value, str) else text
