"""Sentences of a paragraph: up to 。！？, and up to a semicolon that parts two of them."""

from collections.abc import Iterator
from dataclasses import dataclass

from .marks import CLOSERS, ENDS, ITEM
from .strand import Strand

_OPEN, _SHUT = "《（(〈【[", "》）)〉】]"
_HALVES = "；;"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a half of one: `half` counts from 0 within what 。 ends. `first` opens its paragraph."""

    strand: Strand
    half: int
    first: bool
    alone: bool

    @property
    def text(self) -> str:
        return self.strand.text


def split_sentences(paragraph: Strand) -> list[Sentence]:
    """Return the sentences in order; numbers at a paragraph's front stay with the first."""
    spans = list(_spans(paragraph.text))
    found: list[Sentence] = []
    half = 0
    for start, end, is_half in spans:
        strand = paragraph.cut(start, end)
        if strand:
            found.append(Sentence(strand, half, not found, len(spans) == 1))
        half = half + 1 if is_half else 0
    return found


def item_end(text: str) -> int:
    """Return where the text behind an item's number begins."""
    found = ITEM.match(text)
    return found.end() if found else 0


def _spans(text: str) -> Iterator[tuple[int, int, bool]]:
    start = depth = place = 0
    while place < len(text):
        c = text[place]
        depth = max(0, depth + (c in _OPEN) - (c in _SHUT))
        if c in ENDS or (c in _HALVES and not depth):
            end = place + 1
            while end < len(text) and text[end] in CLOSERS + ENDS and c in ENDS:
                end += 1
            yield start, end, c in _HALVES
            start = place = end
            depth = 0
            continue
        place += 1
    if start < len(text):
        yield start, len(text), False
