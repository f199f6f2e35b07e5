"""Limit this process, sniff what the file is, and write it out as JSON lines."""

import csv
import json
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, PasswordError

from bihuan.intake.reading.extract.delimited import read_delimited
from bihuan.intake.reading.extract.workbook import read_xls, read_xlsx
from bihuan.intake.reading.refusal import DAMAGED, EMPTY, ENCRYPTED, TOO_MUCH, Limits, Refusal, refuse
from bihuan.mechanism.sentence import N_

_BROKEN = (
    CalamineError,
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    SyntaxError,
    ValueError,
    LookupError,
    RuntimeError,
    NotImplementedError,
    OSError,
    csv.Error,
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def main(path: str, request: str) -> None:
    """Write the file at `path` to stdout; `request` is JSON: {"sheet": name or null, "limits": {…}}."""
    wanted = json.loads(request)
    limits = Limits(**wanted["limits"])
    _limit(limits)
    write = sys.stdout.write
    try:
        for line in _read(Path(path), wanted["sheet"], limits):
            write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        write('{"end":true}\n')
    except Refusal as refusal:
        _report(refusal.sentence.pattern, dict(refusal.sentence.values))
    except PasswordError:
        _report(ENCRYPTED, {})
    except MemoryError:
        _report(TOO_MUCH, {})
    except _BROKEN as error:
        _report(DAMAGED, {}, detail=f"{type(error).__name__}: {error}")
    sys.stdout.flush()


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _report(pattern: str, values: dict[str, Any], *, detail: str = "") -> None:
    sys.stdout.write(json.dumps({"refuse": pattern, "values": values, "detail": detail[:500]}) + "\n")


def _read(path: Path, sheet: str | None, limits: Limits) -> Iterator[Any]:
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK"):
        return read_xlsx(path, sheet=sheet, limits=limits)
    if start.startswith(_OLE):
        return read_xls(path, sheet=sheet, limits=limits)
    if not start.strip():
        raise refuse(EMPTY)
    _refuse_others(start)
    return read_delimited(path, sheet=sheet, limits=limits)


def _refuse_others(start: bytes) -> None:
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head")):
        raise refuse(
            N_(
                "The file is a web page or XML text under a workbook's name; open it in Excel or WPS, "
                "save it as .xlsx and try again."
            )
        )
    if text.startswith(
        (
            b"%pdf",
            b"\x89png",
            b"\xff\xd8\xff",
            b"gif8",
            b"rar!",
            b"7z\xbc\xaf",
            b"\x1f\x8b",
            b"{\\rtf",
            b"\x09\x08",
            b"\x7felf",
        )
    ):
        raise refuse(N_("The file is no workbook and no CSV text; choose an .xlsx, .xls or .csv file."))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
