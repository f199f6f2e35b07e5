"""Official text out of a file that anybody may have made: .txt in the usual encodings, or .docx."""

import json
from dataclasses import asdict
from pathlib import Path

from bihuan.intake.reading.child import running
from bihuan.intake.reading.extract.controls import CONTROL
from bihuan.intake.reading.extract.delimited import encodings_for
from bihuan.intake.reading.refusal import refuse

from . import refusals as say

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"RIFF")
_MARKUP = (b"<html", b"<!doctype", b"<?xml", b"<head", b"<meta", b"<table", b"{\\rtf", b"%!ps")
_ARCHIVES = (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\x7fELF")


def read_file(path: Path) -> str:
    """Return the text of the file, its paragraphs or lines parted by line breaks. Raises `Refusal`.

    Of a .txt it is the whole content, without a byte-order mark.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise refuse(say.NO_FILE, file=path.name)
        if size > say.LIMITS.file_size:
            raise refuse(say.TOO_LARGE, size=size >> 20, limit=say.LIMITS.file_size >> 20)
        with path.open("rb") as file:
            start = file.read(4096)
            content = start if start.startswith(b"PK") else start + file.read()
    except OSError as error:
        raise refuse(say.UNREADABLE, file=path.name, error=error.strerror or "") from error
    _refuse_others(start)
    return check(_read_docx(path) if start.startswith(b"PK\x03\x04") else decode(content))


def check(text: str) -> str:
    """Return `text` if it can be read: neither blank, nor too long, nor with control characters. Raises `Refusal`."""
    if not text.strip("\ufeff \t\r\n\u3000"):
        raise refuse(say.NOTHING)
    if len(text) > say.LONGEST:
        raise refuse(say.TOO_LONG, size=len(text), limit=say.LONGEST)
    if CONTROL.search(text):
        raise refuse(say.CONTROLS)
    return text


def decode(content: bytes) -> str:
    """Return the text of a plain file in UTF-8, UTF-16 or GB18030. Raises `Refusal`."""
    for encoding in encodings_for(content[:4]):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse(say.NO_TEXT)


def _refuse_others(start: bytes) -> None:
    plain = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not plain:
        raise refuse(say.NOTHING)
    if plain.startswith(b"%PDF"):
        raise refuse(say.PDF)
    if start.startswith(_OLE):
        raise refuse(say.OLD_WORD)
    if start.startswith(_PICTURES):
        raise refuse(say.PICTURE)
    if plain.lower().startswith(_MARKUP):
        raise refuse(say.MARKUP)
    if start.startswith(_ARCHIVES):
        raise refuse(say.NO_DOCUMENT)


def _read_docx(path: Path) -> str:
    paragraphs: list[str] = []
    size = 0
    request = {"limits": asdict(say.LIMITS)}
    with running("bihuan.intake.text.extract", path, request, seconds=say.LIMITS.wall_seconds) as (lines, _clock):
        for line in lines:
            try:
                message = json.loads(line)
            except ValueError:  # the last line of a process that died in the middle of it
                break
            if isinstance(message, str):
                paragraphs.append(message)
                size += len(message) + 1
                if size > say.LONGEST:
                    raise refuse(say.TOO_LONG, size=size, limit=say.LONGEST)
            elif "refuse" in message:
                raise refuse(message["refuse"])
            else:
                return "\n".join(paragraphs)
    raise refuse(say.TOO_MUCH)
