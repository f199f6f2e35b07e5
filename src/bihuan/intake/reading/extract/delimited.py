"""CSV text in the encodings and with the separators that Chinese offices save it in. Nothing becomes a number."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from bihuan.intake.reading.extract.controls import CONTROL
from bihuan.intake.reading.refusal import Limits, refuse
from bihuan.mechanism.sentence import N_

_CHUNK = 1 << 20
_SEPARATORS = ",\t;|"
_SAMPLE = 60
_LONGEST_CELL = 1_000_000
_MOST_COLUMNS = 16_384


def read_delimited(path: Path, *, sheet: str | None, limits: Limits) -> Iterator[Any]:
    """Give the one sheet of a CSV file (its name is empty), then every record."""
    if sheet is not None:
        raise refuse(N_("The file is text (CSV) and has no sheet “%(sheet)s”; leave the sheet out."), sheet=sheet)
    encoding = _find_encoding(path)
    csv.field_size_limit(_LONGEST_CELL)
    separator = _find_separator(path, encoding)
    yield {"sheet": "", "merges": [], "marks": [], "rows": _count_lines(path)}
    yield from _records(path, encoding, separator, limits)


def _records(path: Path, encoding: str, separator: str, limits: Limits) -> Iterator[list[str]]:
    filled = 0
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=separator, strict=True)
        number = 0
        try:
            for number, record in enumerate(reader, 1):
                filled += len(record)
                if number > limits.rows or filled > limits.filled or len(record) > _MOST_COLUMNS:
                    raise refuse(
                        N_("The file holds more than %(rows)s rows or %(cells)s cells; split it and import the parts."),
                        rows=limits.rows,
                        cells=limits.filled,
                    )
                yield record
        except csv.Error as error:
            if "field larger" in str(error):
                raise refuse(
                    N_(
                        "A cell of record %(record)s is longer than %(limit)s characters, or a quotation mark before "
                        "it is not closed; save the ledger as .xlsx and try again."
                    ),
                    record=number + 1,
                    limit=_LONGEST_CELL,
                ) from error
            raise refuse(
                N_(
                    "The text breaks off in record %(record)s: a quotation mark is not closed, or stands inside a cell "
                    "without "
                    "being doubled; save the ledger as .xlsx and try again."
                ),
                record=number + 1,
            ) from error


def encodings_for(start: bytes) -> list[str]:
    """Return the encodings that a text beginning with `start` may be in, the likeliest first."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ["utf-16"]
    return ["utf-8-sig"] if start.startswith(codecs.BOM_UTF8) else ["utf-8", "gb18030"]


def _find_encoding(path: Path) -> str:
    with path.open("rb") as file:
        candidates = encodings_for(file.read(4))
    for encoding in candidates:
        if _decodes(path, encoding):
            return encoding
    raise refuse(
        N_(
            "The file is neither a workbook nor text in UTF-8, UTF-16 or GB18030; "
            "save the ledger as .xlsx and try again."
        )
    )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(_CHUNK):
                _refuse_controls(decoder.decode(chunk))
            _refuse_controls(decoder.decode(b"", final=True))
        except UnicodeDecodeError:
            return False
    return True


def _refuse_controls(text: str) -> None:
    found = CONTROL.search(text)
    if found and found.group() == "\x00":
        raise refuse(
            N_("The file holds NUL bytes and is no text; save the ledger as .xlsx or as CSV in UTF-8 and try again.")
        )
    if found:
        raise refuse(
            N_(
                "The file holds control characters and is no ledger; "
                "save the ledger as .xlsx or as CSV in UTF-8 and try again."
            )
        )


def _find_separator(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding, newline="") as file:
        sample = "".join(islice(file, 4 * _SAMPLE))[: 1 << 20]
    hint = re.match(r"sep=([,;\t|])\r?\n", sample)
    return hint.group(1) if hint else max(_SEPARATORS, key=lambda one: _agreement(sample, one))


def _agreement(sample: str, separator: str) -> int:
    """Score a separator: how many cells the records of the commonest width hold together."""
    lines = sample.splitlines(keepends=True)
    try:
        widths = Counter(len(record) for record in islice(csv.reader(lines, delimiter=separator), _SAMPLE))
    except csv.Error:  # with this separator the sample is no CSV at all
        return 0
    return max((width * count for width, count in widths.items() if width > 1), default=0)


def _count_lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(_CHUNK), b"")) + 1
