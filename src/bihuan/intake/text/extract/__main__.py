"""Limit this process, look through the zip, and write the document's paragraphs out as JSON lines."""

import json
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from bihuan.intake.reading.extract.parts import Parts
from bihuan.intake.reading.refusal import ENCRYPTED, Limits, Refusal, refuse
from bihuan.intake.text.refusals import DAMAGED, LOCKED, NO_DOCUMENT, TOO_MUCH, WORKBOOK

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ElementTree.ParseError,
    ValueError,
    LookupError,
    RuntimeError,
    NotImplementedError,
    OSError,
)
_WORD = re.compile(r"word/document\d*\.xml")
_TEXT, _TAB, _BREAKS = "t", "tab", ("br", "cr")
#: A second rendering of what stands beside it, for older programs.
_FALLBACK = "Fallback"


def main(path: str, request: str) -> None:
    """Write the paragraphs of the document at `path` to stdout; `request` is JSON: {"limits": {…}}."""
    limits = Limits(**json.loads(request)["limits"])
    _limit(limits)
    try:
        for text in _paragraphs(Path(path), limits):
            sys.stdout.write(json.dumps(text, ensure_ascii=False) + "\n")
        sys.stdout.write('{"end":true}\n')
    except Refusal as refusal:
        _report(_in_words_of_texts(refusal.sentence.pattern))
    except MemoryError:
        _report(TOO_MUCH)
    except _BROKEN:
        _report(DAMAGED)
    sys.stdout.flush()


def _limit(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _report(pattern: str) -> None:
    sys.stdout.write(json.dumps({"refuse": pattern}) + "\n")


def _in_words_of_texts(pattern: str) -> str:
    """Return what to say where looking through the zip has refused it in words about ledgers."""
    if pattern in (DAMAGED, LOCKED, NO_DOCUMENT, TOO_MUCH, WORKBOOK):
        return pattern
    return LOCKED if pattern == ENCRYPTED else TOO_MUCH if "MB" in pattern or "%(parts)s" in pattern else DAMAGED


def _paragraphs(path: Path, limits: Limits) -> Iterator[str]:
    parts = Parts(path, limits)
    names = parts.names()
    document = next((name for name in names if _WORD.fullmatch(name)), None)
    if document is None:
        raise refuse(WORKBOOK if "xl/workbook.xml" in names else NO_DOCUMENT)
    parts.look_through({})
    root = ElementTree.fromstring(Parts(path, limits).text(document), parser=ElementTree.XMLParser())
    yield from _walk(root)


def _walk(root: ElementTree.Element) -> Iterator[str]:
    """Give the text of each paragraph in order; one inside another (a text box) comes after it.

    Without recursion: a document may nest deeper than Python calls may.
    """
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if _kind(element) == "p":
            pieces: list[str] = []
            inner: list[ElementTree.Element] = []
            _gather(element, pieces, inner)
            yield from "".join(pieces).split("\n")
            waiting.extend(reversed(inner))
        elif _kind(element) != _FALLBACK:
            waiting.extend(reversed(element))


def _gather(paragraph: ElementTree.Element, pieces: list[str], inner: list[ElementTree.Element]) -> None:
    waiting = list(reversed(paragraph))
    while waiting:
        element = waiting.pop()
        kind = _kind(element)
        if kind == "p":
            inner.append(element)
        elif kind == _TEXT:
            pieces.append((element.text or "").replace("\n", " "))
        elif kind == _TAB:
            pieces.append("\t")
        elif kind in _BREAKS:
            pieces.append("\n")
        elif kind != _FALLBACK and kind not in ("rPr", "pPr"):
            waiting.extend(reversed(element))


def _kind(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
