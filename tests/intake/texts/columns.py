"""Cutting paragraphs into columns as a page does, and what can be told from the cut."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from bihuan.intake.text.lines import measure

_INDENT = 2


def cut(paragraphs: Sequence[str], *, width: int, indent: str = "", blank: bool = False) -> str:
    """Cut paragraphs into lines of `width` full-width characters; first lines are shorter by an indent of two."""
    lines = [line for paragraph in paragraphs for line in _lines(paragraph, width, indent)]
    return ("\n\n" if blank else "\n").join(lines) + "\n"


def _lines(paragraph: str, width: int, indent: str) -> Iterator[str]:
    start, room = 0, width - _INDENT
    while start < len(paragraph):
        end = start
        while end < len(paragraph) and measure(paragraph[start : end + 1]) <= room:
            end += 1
        yield (indent if not start else "") + paragraph[start:end]
        start, room = end, width


def is_decidable(paragraphs: Sequence[str], *, width: int) -> bool:
    """Tell whether the cut still shows where each paragraph ends: by a short last line, or a short first line.

    Its width must be seen too: some paragraph has a line that is neither its first nor its last.
    """
    if sum(len(list(_lines(paragraph, width, ""))) > 2 for paragraph in paragraphs) < 1:
        return False
    for paragraph, following in pairwise(paragraphs):
        last = measure(list(_lines(paragraph, width, ""))[-1])
        alone = measure(paragraph) <= width - _INDENT
        full = width - (_INDENT if alone else 0)
        first = next(_lines(following, width, ""))
        if last >= full - 3 and (measure(following) <= width or first[-1] in "。！？"):
            return False
    return True
