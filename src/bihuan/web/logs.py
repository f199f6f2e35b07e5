"""Log files in the data folder. Nothing is logged to the screen: standard output belongs to the answers."""

import fcntl
import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

FILE_NAME = "bihuan.log"


class SharedLogFile(RotatingFileHandler):
    """A rotating log file that several processes write at once (server workers, the command line).

    Each line is written under a lock on a neighbour file, after looking whether another process has
    rotated meanwhile; the stock handler would go on writing into the file that was moved away.
    A data folder that does not exist is not made: a command that needs no ledger leaves no trace.
    """

    def __init__(self, filename: str, *, max_bytes: int, kept: int) -> None:
        super().__init__(filename, maxBytes=max_bytes, backupCount=kept, encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        folder = Path(self.baseFilename).parent
        if not folder.parent.is_dir():
            return
        try:
            folder.mkdir(exist_ok=True)
            with open(self.baseFilename + ".lock", "a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._follow_rotation()
                super().emit(record)
        except OSError:
            self.handleError(record)

    def _follow_rotation(self) -> None:
        if self.stream is None:
            return
        try:
            current = os.stat(self.baseFilename)
        except FileNotFoundError:
            current = None
        mine = os.fstat(self.stream.fileno())
        if current is None or (current.st_dev, current.st_ino) != (mine.st_dev, mine.st_ino):
            self.stream.close()
            # The stock handler opens a missing stream again; its stubs know the attribute as never None.
            self.stream = self._open()


def logging_configuration(*, data: Path, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything of `level` and graver into `data`/logs/bihuan.log, 10 × 10 MB."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(process)d %(message)s"}},
        "handlers": {
            "file": {
                "class": "bihuan.web.logs.SharedLogFile",
                "filename": str(data / "logs" / FILE_NAME),
                "max_bytes": 10 * 1024 * 1024,
                "kept": 9,
                "formatter": "line",
            }
        },
        "root": {"handlers": ["file"], "level": level},
        # Django's own handlers write to the screen and to administrators' mail.
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
        },
    }
