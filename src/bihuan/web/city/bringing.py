"""Units or people as a person brings them: pasted from Excel, a file, or typed line by line. All become one text.

The text is what is kept, shown and corrected: nothing that was pasted is lost, whatever is wrong with it.
"""

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from bihuan.directory import people, unit_files
from bihuan.directory.alterations import Author
from bihuan.directory.models import Account
from bihuan.directory.organisation import Organisation
from bihuan.directory.people import plan_people
from bihuan.directory.people_writing import import_people, import_posts
from bihuan.directory.tables import BadFile, Problem, Rows, lines, read_tables
from bihuan.directory.unit_files import Written, import_units, plan_units
from bihuan.mechanism.sentence import N_

from ..role_names import role_words

#: Longer than any list of people of a city; Django takes no more in one field either.
LONGEST = 2_000_000


@dataclass(frozen=True, slots=True)
class Kind:
    """What is brought. `heads` are the columns of the template, `widths` those of its workbook."""

    key: str
    title: str
    file: str
    heads: Sequence[str]
    names: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    keeps: str


UNITS = Kind(
    "units", N_("The organisation"), "单位.xlsx", ("单位名称", "简称", "级别", "上级单位"), unit_files.COLUMNS,
    ("name",), "units",
)  # fmt: skip
PEOPLE = Kind(
    "people", N_("People and posts"), "人员.xlsx",
    ("账号", "姓名", "单位", "岗位", "角色", "任职起", "任职止", "分管"), people.COLUMNS,
    ("account", "name", "unit", "post", "role"), "posts",
)  # fmt: skip
KINDS = {kind.key: kind for kind in (UNITS, PEOPLE)}


@dataclass(frozen=True, slots=True)
class Looked:
    """What a text would do, before anything is written. `lines` are (row, (head, text) of each cell, known already)."""

    rows: Rows
    columns: Sequence[str]
    lines: Sequence[tuple[int, Sequence[tuple[str, str]], bool]]
    written: Written
    problems: Sequence[tuple[Problem, str]] = ()


def text_of_file(kind: Kind, sent: UploadedFile) -> str:
    """Return the sheet of a file that holds the list, as text. Raises `BadFile`."""
    with tempfile.TemporaryDirectory() as folder:
        # A file keeps its own name here, so that a sentence about it can name it.
        path = Path(folder) / (Path(str(sent.name).replace("\x00", "")).name[:100] or "file")
        with path.open("wb") as file:
            for chunk in sent.chunks():
                file.write(chunk)
        sheets = read_tables(path)
    for rows in sheets:
        try:
            lines([rows], kind.names, kind.required)
        except BadFile:
            continue
        return text_of(rows)
    return text_of(max(sheets, key=_length)) if sheets else ""


def _length(rows: Iterable[Sequence[str]]) -> int:
    return sum(1 for _row in rows)


def text_of(rows: Iterable[Sequence[str]]) -> str:
    """Return rows as Excel copies them: tabs between cells, quotes around what holds a tab or a line's end."""
    out = io.StringIO()
    writer = csv.writer(out, dialect="excel-tab", lineterminator="\n")
    for row in rows:
        writer.writerow([cell.strip() for cell in row])
    return out.getvalue()


def rows_of(kind: Kind, text: str) -> Rows:
    """Return a text as rows. Without a header, cells are taken in the order of the template. Raises `BadFile`."""
    if len(text) > LONGEST:
        raise BadFile.because(N_("This text is too long to be pasted; give it as a file, or in parts."))
    mark = "\t" if "\t" in text else ("," if "," in text else "，")
    try:
        rows = list(csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=mark))
    except csv.Error:
        raise BadFile.because(N_("This text cannot be read as rows; paste it from Excel again.")) from None
    while rows and not any(cell.strip() for cell in rows[0]):
        rows.pop(0)
    try:
        lines([rows], kind.names, kind.required)
    except BadFile:
        widest = max((len(row) for row in rows), default=0)
        if not rows or len(kind.required) > widest or widest > len(kind.heads) or _has_a_head(kind, rows):
            raise
        rows.insert(0, list(kind.heads))
    return rows


def _has_a_head(kind: Kind, rows: Rows) -> bool:
    """Whether some row looks like a header, though one without all that is needed."""
    known = {name for each in kind.names.values() for name in each} | set(kind.names)
    return any(len(known & {cell.strip() for cell in row}) > 1 for row in rows[:10])


def look(kind: Kind, rows: Rows, *, today: date, posts_only: bool = False) -> Looked:
    """Return what the rows would do; problems come with the text of their row.

    With `posts_only`, accounts that are not there yet are problems.
    """
    found = lines([rows], kind.names, kind.required)
    labels = list(found[0].columns.values()) if found else []
    try:
        known = _known(kind, rows, today)
        with transaction.atomic():
            written = write(kind, rows, author=None, today=today, posts_only=posts_only)
            transaction.set_rollback(True)
    except BadFile as bad:
        told = [(problem, _row_text(rows, problem.row)) for problem in bad.problems]
        return Looked(rows, labels, (), Written(0, 0, 0), told)
    cells = [
        (line.row, list(zip(line.columns.values(), line.cells.values(), strict=True)), line.row in known)
        for line in found
    ]
    return Looked(rows, labels, cells, written)


def write(kind: Kind, rows: Rows, *, author: Author | None, today: date, posts_only: bool = False) -> Written:
    """Bring the directory in line with the rows. Raises `BadFile`, and then nothing has changed."""
    if kind is UNITS:
        return import_units([rows], today=today, author=author)
    bring_in = import_posts if posts_only else import_people
    return bring_in([rows], roles=role_words(), today=today, author=author)


def _known(kind: Kind, rows: Rows, today: date) -> set[int]:
    """Return the rows that speak of a unit, or a person, that is there already."""
    if kind is UNITS:
        nodes = plan_units([rows], list(Organisation.on(today).units))
        return {node.line.row for node in nodes if node.line and node.unit}
    held = plan_people([rows], Organisation.on(today), role_words())
    there = set(Account.objects.filter(account__in={each.account for each in held}).values_list("account", flat=True))
    return {each.line.row for each in held if each.account in there}


def _row_text(rows: Rows, row: int) -> str:
    return "　".join(cell for cell in rows[row - 1] if cell)[:200] if 0 < row <= len(rows) else ""
