"""Opening a file in a process of its own, so that a hostile one costs that process and nothing else."""

import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import bihuan
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
    child = _start(path, sheet, limits)
    clock = _Clock(child, limits.wall_seconds)
    try:
        assert child.stdout is not None
        for grid in _listen(child.stdout, limits, progress):
            clock.stop()  # what the caller does with a sheet is not the file's fault
            yield grid
            clock.start()
    finally:
        clock.stop()
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


class _Clock:
    """Kills a process once it has been waited for longer than `seconds` altogether."""

    def __init__(self, child: subprocess.Popen[str], seconds: float) -> None:
        self._child, self._left = child, seconds
        self.start()

    def start(self) -> None:
        self._since = time.monotonic()
        self._timer = threading.Timer(max(self._left, 0), self._child.kill)
        self._timer.daemon = True
        self._timer.start()

    def stop(self) -> None:
        self._timer.cancel()
        self._left -= time.monotonic() - self._since


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


def _start(path: Path, sheet: str | None, limits: Limits) -> subprocess.Popen[str]:
    request = json.dumps({"sheet": sheet, "limits": asdict(limits)})
    roots = [
        str(Path(bihuan.__file__).parent.parent),
        *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)),
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(roots),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "bihuan.intake.reading.extract", str(path.absolute()), request],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        encoding="utf-8",
        errors="surrogatepass",
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
