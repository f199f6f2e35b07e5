"""Writing to a terminal, a pipe or a script: aligned with wide characters, and never failing over an encoding."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import chain
from typing import Any, Protocol
from unicodedata import combining, east_asian_width
from uuid import UUID


class Move(Protocol):
    """Moves a progress bar, and renames it where the work has come to its next phase."""

    def __call__(self, done: int, total: int, label: str | None = None) -> None: ...


def make_safe() -> None:
    """Let every character out: what the terminal's encoding lacks is replaced, not fatal."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def write(text: str = "") -> None:
    print(text)


def note(text: str) -> None:
    print(text, file=sys.stderr)


def json_text(value: Any) -> str:
    """Return `value` as JSON that the output's encoding can hold."""
    text = json.dumps(value, ensure_ascii=False, default=_plain)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, default=_plain)
    return text


def write_json(value: Any) -> None:
    print(json_text(value))


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(f"{value!r} has no JSON form")


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes: two for a Chinese character."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, columns: int) -> str:
    """Return `text` on one line, in at most `columns`, with an ellipsis where something was left out."""
    text = " ".join(text.split())
    if width(text) <= columns:
        return text
    while text and width(text) > columns - 1:
        text = text[:-1]
    return text + "…"


def pad(text: str, columns: int) -> str:
    return text + " " * max(columns - width(text), 0)


def wrap(text: str, columns: int) -> list[str]:
    """Return the lines of `text`, broken at blanks or between Chinese characters."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line.strip() and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece if line or not piece.isspace() else ""
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """Give the parts of a text that may not be broken; closing punctuation stays with what it closes."""
    piece = ""
    for c in text:
        wide = east_asian_width(c) in "WF"
        if piece and (piece[-1] == " " or wide) and c not in "，。；：、）》”！？":
            yield piece
            piece = ""
        piece += c
        if wide and c not in "（《“":
            yield piece
            piece = ""
    if piece:
        yield piece


def table(head: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]]) -> None:
    """Write rows under a head as they come; the last column is not padded."""
    for cells in chain([head], rows):
        *first, last = (cut(cell, columns) for cell, columns in zip(cells, widths, strict=True))
        padded = [pad(cell, columns) for cell, columns in zip(first, widths, strict=False)]
        write("  ".join([*padded, last]).rstrip())


@contextmanager
def bar(label: str, *, quiet: bool) -> Iterator[Move]:
    """Give what moves a progress bar on stderr; it does nothing where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, total, label=None: None
        return
    # Loaded here because only a person at a terminal needs it, and it takes a third of a second.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total, label=None: progress.update(task, completed=done, total=total, description=label)
