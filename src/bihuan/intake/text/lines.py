"""The lines of a text, their blanks settled, with what a page prints between its lines set aside."""

import re
from dataclasses import dataclass

from .strand import Strand

_BREAK = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_BLANK = re.compile(rf"[\s{_INVISIBLE}]")
_BLANKS = re.compile(rf"[\s{_INVISIBLE}]+")
_PAGE = re.compile(r"[-—–－‐·•~～]+\d{1,4}[-—–－‐·•~～]+|第\d{1,4}页(?:[,，/]?共\d{1,4}页)?|\d{1,3}/\d{1,3}")
_HAN = re.compile(r"[\u3400-\u9fff]")
#: So much of a line's Han characters must stand apart for it to be letter-spaced.
_SPACED = 0.7


@dataclass(frozen=True, slots=True)
class Line:
    """One line. Widths are in full-width characters. `after_blank`: an empty line stands before it."""

    strand: Strand
    indent: float
    width: float
    after_blank: bool
    spaced: bool = False
    tabbed: bool = False

    @property
    def text(self) -> str:
        return self.strand.text

    def part(self, start: int, end: int | None = None) -> "Line":
        """Return a piece of the line as a line of its own."""
        piece = self.strand.cut(start, end)
        return Line(piece, self.indent if not start else 0, measure(piece.text), self.after_blank, self.spaced)


def measure(text: str) -> float:
    """Return the width of `text` in full-width characters: Latin letters and digits take half of one."""
    return sum(0.5 if ord(c) < 0x2000 else 1.0 for c in text)


def bare(text: str) -> str:
    """Return `text` without blanks, line breaks and invisible signs."""
    return _BLANKS.sub("", text)


def split_lines(raw: str) -> tuple[list[Line], list[Strand]]:
    """Return the lines of `raw` that say something, and the page numbers that were taken out from between them."""
    lines: list[Line] = []
    aside: list[Strand] = []
    after_blank = False
    for at, text in _pieces(raw):
        line = _line(text, at, after_blank=after_blank)
        if line is None:
            after_blank = True
        elif _PAGE.fullmatch(bare(line.text)):
            aside.append(line.strand)
        else:
            lines.append(line)
            after_blank = False
    return lines, aside


def _pieces(raw: str) -> list[tuple[int, str]]:
    found, at = [], 0
    for brk in _BREAK.finditer(raw):
        found.append((at, raw[at : brk.start()]))
        at = brk.end()
    return [*found, (at, raw[at:])]


def _line(text: str, at: int, *, after_blank: bool) -> Line | None:
    size = len(text)
    first = 0
    while first < size and _BLANK.match(text[first]):
        first += 1
    if first == size:
        return None
    indent = sum(2.0 if c == "\t" else 1.0 if c == "\u3000" else 0.5 for c in text[:first] if c not in _INVISIBLE)
    spaced = _is_spaced(text)
    strand = _settle(text, first, at, spaced=spaced)
    return Line(strand, indent, measure(strand.text), after_blank, spaced, "\t" in text[first:].rstrip())


def _is_spaced(text: str) -> bool:
    """Tell a letter-spaced line, such as a headline: 市 政 府 召 开."""
    words = text.split()
    singles = sum(len(word) == 1 and bool(_HAN.match(word)) for word in words)
    han = len(_HAN.findall(text))
    return singles >= 3 and singles >= _SPACED * han


def _settle(text: str, first: int, at: int, *, spaced: bool) -> Strand:
    """Keep a blank only where it parts words: between Han characters (names, slogans), and between Latin ones."""
    kept: list[str] = []
    places: list[int] = []
    gap = -1
    for place in range(first, len(text)):
        c = text[place]
        if _BLANK.match(c):
            gap = place if gap < 0 and c not in _INVISIBLE else gap
            continue
        if gap >= 0 and kept and _parts_words(kept[-1], c, spaced=spaced):
            kept.append(" ")
            places.append(at + gap)
        gap = -1
        kept.append(c)
        places.append(at + place)
    return Strand("".join(kept), tuple(places))


def _parts_words(left: str, right: str, *, spaced: bool) -> bool:
    if _HAN.match(left) and _HAN.match(right):
        return not spaced
    if left.isascii() and right.isascii():
        return left.isalnum() and right.isalnum()
    return bool(left in "）)》”" and _HAN.match(right)) and not spaced
