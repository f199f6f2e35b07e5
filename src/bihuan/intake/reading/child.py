"""A process of its own for opening a file that anybody may have made, killed when it takes too long."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import bihuan


class Clock:
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


@contextmanager
def running(module: str, path: Path, request: dict[str, Any], *, seconds: float) -> Iterator[tuple[IO[str], Clock]]:
    """Run `python -m module PATH REQUEST` and give its output with the clock that kills it after `seconds`."""
    child = _start(module, path, json.dumps(request))
    clock = Clock(child, seconds)
    try:
        assert child.stdout is not None
        yield child.stdout, clock
    finally:
        clock.stop()
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


def _start(module: str, path: Path, request: str) -> subprocess.Popen[str]:
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
        [sys.executable, "-P", "-m", module, str(path.absolute()), request],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        encoding="utf-8",
        errors="surrogatepass",
    )
