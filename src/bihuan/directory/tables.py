"""Small office files (units, people) as rows of texts, read so that a hostile workbook cannot hurt.

A workbook is opened in a child process with a limit on memory and time: the reader's library ends the whole
process over some damaged files.
"""

import csv
import io
import json
import resource
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from bihuan.mechanism.sentence import N_, Sentence

Rows = list[list[str]]

_MEBIBYTE = 1 << 20
_LARGEST, _INFLATED, _MEMORY, _SECONDS = 10 * _MEBIBYTE, 60 * _MEBIBYTE, 1024 * _MEBIBYTE, 20
_WORKBOOKS = frozenset({".xlsx", ".xls", ".xlsm", ".et"})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file. `row` counts from 1 as Excel does; 0 is the file as a whole."""

    row: int
    column: str
    message: Sentence

    @property
    def sentence(self) -> Sentence:
        if not self.row:
            return self.message
        values = {"row": self.row, "column": self.column, "message": self.message}
        if not self.column:
            return Sentence(N_("Row %(row)d: %(message)s"), values)
        return Sentence(N_("Row %(row)d, “%(column)s”: %(message)s"), values)


class BadFile(Exception):
    """A file that is not taken in, with every problem that was found in it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem.sentence) for problem in self.problems))

    @classmethod
    def because(cls, pattern: str, **values: object) -> "BadFile":
        return cls([Problem(0, "", Sentence(pattern, values))])


def read_tables(path: Path) -> list[Rows]:
    """Return the sheets of `path` (.csv in UTF-8 or GB18030, .xlsx, .xls) as rows of texts. Raises `BadFile`."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadFile.because(N_("“%(name)s” is not a file."), name=path.name)
        if size > _LARGEST:
            raise BadFile.because(
                N_("“%(name)s” is larger than 10 MB; that is no list of units or people."), name=path.name
            )
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise BadFile.because(N_("“%(name)s” cannot be read: %(reason)s."), name=str(path), reason=reason) from None
    if not content.strip():
        raise BadFile.because(N_("“%(name)s” is empty."), name=path.name)
    return _workbook(path) if path.suffix.lower() in _WORKBOOKS else [read_csv(content, name=path.name)]


def read_csv(content: bytes, *, name: str) -> Rows:
    """Return the records of a CSV in UTF-8 or GB18030. Raises `BadFile`."""
    if b"\x00" in content:
        raise BadFile.because(N_("“%(name)s” is no text file; save it as .csv or .xlsx."), name=name)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return list(csv.reader(io.StringIO(text, newline="")))
    raise BadFile.because(N_("“%(name)s” is neither UTF-8 nor GB18030 text; save it as .csv or .xlsx."), name=name)


def _workbook(path: Path) -> list[Rows]:
    damaged = BadFile.because(
        N_("“%(name)s” cannot be opened as a workbook; save it anew as .xlsx without a password, or as .csv."),
        name=path.name,
    )
    try:
        with ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > _INFLATED:
                raise damaged
    except BadZipFile:
        if path.suffix.lower() != ".xls":
            raise damaged from None
    try:
        reader = subprocess.run(
            [sys.executable, "-m", "bihuan.directory.workbook", str(path)],
            capture_output=True,
            timeout=_SECONDS,
            preexec_fn=_limit,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise damaged from None
    if reader.returncode:
        raise damaged
    sheets: list[Rows] = json.loads(reader.stdout)
    return sheets


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@dataclass(frozen=True, slots=True)
class Line:
    """One row under a header: field → text (stripped), and what its column is called in the file."""

    row: int
    cells: Mapping[str, str]
    columns: Mapping[str, str]

    def problem(self, field: str, pattern: str, **values: object) -> Problem:
        return Problem(self.row, self.columns.get(field, ""), Sentence(pattern, values))


def lines(sheets: Iterable[Rows], names: Mapping[str, tuple[str, ...]], required: tuple[str, ...]) -> list[Line]:
    """Return the rows under the first header that has all `required` fields; empty rows are left out.

    `names` gives each field the names that its column may bear. Raises `BadFile` when there is no header.
    """
    known = {_folded(name): field for field, each in names.items() for name in (field, *each)}
    for rows in sheets:
        for place, cells in enumerate(rows[:10]):
            columns: dict[str, int] = {}
            for index, cell in enumerate(cells):
                if (field := known.get(_folded(cell))) is not None:
                    columns.setdefault(field, index)
            if columns.keys() >= set(required):
                labels = {field: cells[index].strip() for field, index in columns.items()}
                return [line for row in range(place + 1, len(rows)) if (line := _line(rows[row], row, columns, labels))]
    wanted = "、".join(f"{field}（{names[field][0]}）" for field in required)
    raise BadFile.because(N_("There is no header with these columns: %(columns)s."), columns=wanted)


def _line(cells: list[str], row: int, columns: Mapping[str, int], labels: Mapping[str, str]) -> Line | None:
    taken = {field: cells[index].strip() if index < len(cells) else "" for field, index in columns.items()}
    return Line(row + 1, taken, labels) if any(taken.values()) else None


def _folded(name: str) -> str:
    return "".join(name.split()).strip("*＊").lower()


def split(text: str, *, also: str = "") -> tuple[str, ...]:
    """Return the parts of a cell that holds several, separated by `|` (or a character of `also`)."""
    for mark in ("｜", *also):
        text = text.replace(mark, "|")
    return tuple(dict.fromkeys(part.strip() for part in text.split("|") if part.strip()))
