"""Opening a file in a process of its own, so that a hostile one costs that process and nothing else."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from bihuan.intake.reading.child import running
from bihuan.intake.reading.grid import Grid
from bihuan.intake.reading.refusal import EMPTY, TOO_MUCH, Limits, Refusal, refuse
from bihuan.mechanism.sentence import N_, Sentence

Progress = Callable[[int, int], None]
_log = logging.getLogger(__name__)
_STEP = 2_000


def open_sheets(path: Path, *, sheet: str | None, limits: Limits, progress: Progress | None = None) -> Iterator[Grid]:
    """Give each sheet of the file (only `sheet`, when one is named). Raises `Refusal`.

    `progress(done, total)` is told rows read of the sheet at hand; `total` is an estimate for text files.
    """
    _check_size(path, limits)
    request = {"sheet": sheet, "limits": asdict(limits)}
    with running("bihuan.intake.reading.extract", path, request, seconds=limits.wall_seconds) as (lines, clock):
        for grid in _listen(lines, limits, progress):
            clock.stop()  # what the caller does with a sheet is not the file's fault
            yield grid
            clock.start()


def _check_size(path: Path, limits: Limits) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise refuse(
            N_("The file %(file)s cannot be opened: %(error)s."), file=path.name, error=error.strerror or ""
        ) from error
    if not path.is_file():
        raise refuse(N_("%(file)s is not a file; choose an .xlsx, .xls or .csv file."), file=path.name)
    if size == 0:
        raise refuse(EMPTY)
    if size > limits.file_size:
        raise refuse(
            N_(
                "The file has %(size)s MB; a ledger may have %(limit)s MB at most. Save the ledger sheet alone, "
                "without "
                "pictures, and try again."
            ),
            size=size >> 20,
            limit=limits.file_size >> 20,
        )


def _listen(lines: IO[str], limits: Limits, progress: Progress | None) -> Iterator[Grid]:
    kept: dict[str, str] = {}
    grid: Grid | None = None
    total = filled = rows = 0
    for line in lines:
        message = _parse(line)
        if isinstance(message, list):
            assert grid is not None
            grid.rows.append([kept.setdefault(text, text) for text in message])
            rows, filled = rows + 1, filled + len(message)
            if rows > limits.rows or filled > limits.filled * 2:
                raise refuse(
                    N_("The file holds more than %(rows)s rows or %(cells)s cells; split it and import the parts."),
                    rows=limits.rows,
                    cells=limits.filled,
                )
            if progress and len(grid.rows) % _STEP == 0:
                progress(len(grid.rows), max(total, len(grid.rows)))
            continue
        if grid is not None:
            yield _trim(grid)
        if "refuse" in message:
            _log.info("refused: %s %s", message["refuse"], message.get("detail", ""))
            raise Refusal(Sentence(message["refuse"], message["values"]))
        if "end" in message:
            return
        grid, total = _begin(message), message["rows"]
    raise refuse(TOO_MUCH)  # the process died: out of memory, out of time, or aborted by the reader


def _parse(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        raise refuse(TOO_MUCH) from None  # the last line of a process that died in the middle of it


def _begin(message: dict[str, Any]) -> Grid:
    return Grid(
        name=message["sheet"],
        rows=[],
        merges=tuple(tuple(area) for area in message["merges"]),
        marks=frozenset((row, column) for row, column in message["marks"]),
    )


def _trim(grid: Grid) -> Grid:
    while grid.rows and not any(text and not text.isspace() for text in grid.rows[-1]):
        grid.rows.pop()
    return grid
