"""On which line of a TOML text a key stands. tomllib does not say, and people need to know.

A light reading: tables and the keys that begin a line. What stands inside an inline table or a list is given
the line of the key that holds it, or of the list's item when items begin lines of their own.
"""

import re
from collections import Counter

from .problem import Path

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"))*)\s*=")
_STRINGS = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
_FENCES = ('"""', "'''")


class Lines:
    """The lines of one text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._table: Path = ()
        self._counts: Counter[Path] = Counter()
        self._fence = ""
        self._depth = 0
        self._open: Path = ()
        self._item = -1
        for number, line in enumerate(text.split("\n"), start=1):
            self._read(line, number)

    def find(self, path: Path) -> int | None:
        """Return the line of `path`, or of the closest key above it."""
        for length in range(len(path), 0, -1):
            if (line := self._lines.get(path[:length])) is not None:
                return line
        return None

    def _read(self, line: str, number: int) -> None:
        if self._fence:
            if self._fence in line:
                self._fence = ""
            return
        if self._depth > 0:
            self._note_item(line, number)
        elif header := _HEADER.match(line):
            self._enter(header[1], _split(header[2]), number)
            return
        elif key := _KEY.match(line):
            self._open, self._item = (*self._table, *_split(key[1])), -1
            self._lines.setdefault(self._open, number)
        self._follow(line)

    def _enter(self, brackets: str, path: Path, number: int) -> None:
        if brackets == "[[":
            self._lines.setdefault(path, number)
            self._counts[path] += 1
            path = (*path, self._counts[path] - 1)
        self._table = path
        self._lines.setdefault(path, number)

    def _note_item(self, line: str, number: int) -> None:
        if self._depth == 1 and line.lstrip().startswith(("{", '"', "'", "[")):
            self._item += 1
            self._lines.setdefault((*self._open, self._item), number)

    def _follow(self, line: str) -> None:
        for fence in _FENCES:
            if line.count(fence) % 2:
                self._fence = fence
                return
        bare = _STRINGS.sub("", line).partition("#")[0]
        self._depth += sum(bare.count(mark) for mark in "[{") - sum(bare.count(mark) for mark in "]}")


def _split(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
