"""Paragraphs out of lines, whether each line is a paragraph or a column cut it every fifteen characters.

In columns a blank line means nothing (some texts have one after every line, some at the foot of a column). What tells
a paragraph's end is its last line, closed and short; or the next one's first line, short by the indent that was lost.
"""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from .lines import Line, measure
from .marks import COMMAS, FULL_DAY, is_closed, is_paused, item_level
from .strand import Strand, join

#: A column is not wider than this; longer lines are paragraphs of their own.
_WIDEST = 45
#: So many lines without an end of sentence make columns, and so large a share.
_LEAST, _SHARE = 2, 0.42
#: Where no line is longer than those without an end, this share of them, all about as long, is enough.
_EVEN = 0.5
#: A last line is shorter than its column by more than this; what is less may be a sign moved to the next line.
_SHORT = 1.5
#: What an indent of two characters takes from a first line, within a margin for half-width digits.
_INDENT = (1.2, 2.8)
#: A line without an indent of its own is taken for a heading up to this width.
_HEADING = 20.0
_LONGEST_HEADING = 42.0


def is_cut(lines: Sequence[Line]) -> bool:
    """Tell whether the lines are pieces of columns."""
    counted = [line for line in lines if line.width >= 6]
    if not counted or median(line.width for line in counted) > _WIDEST:
        return False
    broken = [line.width for line in counted if _is_broken(line)]
    if not broken:
        return False
    widest = max(broken)
    even = sum(width >= widest - _INDENT[1] for width in broken) >= _EVEN * len(broken)
    if even and max(line.width for line in counted) <= widest + _INDENT[1]:
        return True
    return len(broken) >= _LEAST and len(broken) >= _SHARE * len(counted)


def _is_broken(line: Line) -> bool:
    return not is_closed(line.text) and not is_paused(line.text) and not _is_head(line)


def _is_head(line: Line) -> bool:
    return item_level(line.text) > 0 and line.width <= _HEADING and not line.text.endswith(tuple(COMMAS))


def column_width(lines: Sequence[Line]) -> float:
    """Return the width of the column: that of lines amid a paragraph, else the widest there is."""
    amid = [
        line.width
        for before, line in pairwise(lines)
        if not is_closed(before.text) and not is_closed(line.text) and not is_paused(line.text)
    ]
    return median(sorted(amid)[len(amid) // 4 :]) if len(amid) >= 3 else max(line.width for line in lines)


def build(lines: Sequence[Line], *, cut: bool) -> list[Strand]:
    """Return the paragraphs of an article's lines; `cut` says whether its text stands in columns."""
    return [join(line.strand for line in group) for group in group_lines(lines, cut=cut)]


def group_lines(lines: Sequence[Line], *, cut: bool) -> list[list[Line]]:
    """Return the lines of each paragraph."""
    if not lines:
        return []
    breaks = _Breaks(lines, cut=cut)
    groups = [[lines[0]]]
    for line in lines[1:]:
        if breaks.is_between(groups[-1], line):
            groups.append([line])
        else:
            groups[-1].append(line)
    return groups


class _Breaks:
    """Where paragraphs of an article end."""

    def __init__(self, lines: Sequence[Line], *, cut: bool) -> None:
        self._width = column_width(lines) if cut else None
        indented = sum(line.indent >= _SHORT for line in lines)
        self._hidden = self._width is not None and _hides_indents(lines, self._width)
        self._indents = indented > 0 and (not cut or indented < 0.8 * len(lines))

    def is_between(self, group: Sequence[Line], line: Line) -> bool:
        """Tell whether a paragraph that holds `group` ends before `line`."""
        last = group[-1]
        closed, paused = is_closed(last.text), is_paused(last.text)
        if last.tabbed or line.tabbed or FULL_DAY.fullmatch(line.text) or FULL_DAY.fullmatch(last.text):
            return True
        heading = self._is_heading(group)
        if item_level(line.text) and (closed or paused or heading or (self._indents and line.indent >= _SHORT)):
            return True
        if self._indents:
            return self._is_indented_break(line, closed=closed, heading=heading)
        if self._width is None:
            return closed or paused or heading or not _is_unfinished(last)
        return heading or ((closed or paused) and self._ends_column(group, line, closed=closed))

    def _is_indented_break(self, line: Line, *, closed: bool, heading: bool) -> bool:
        if line.indent >= _SHORT:
            return True
        return heading or (self._width is None and closed)

    def _ends_column(self, group: Sequence[Line], line: Line, *, closed: bool) -> bool:
        assert self._width is not None
        last, (least, most) = group[-1], _INDENT
        if self._hidden and line.width > self._width - least:
            return False  # a first line would lack the indent
        full = self._width - (most if self._hidden and len(group) == 1 else 0)
        if last.width < full - (_SHORT if closed else 2 * _SHORT):
            return True
        return not is_closed(line.text) and self._width - most <= line.width <= self._width - least

    def _is_heading(self, group: Sequence[Line]) -> bool:
        """Tell whether the group is a whole heading: numbered, without an end of sentence, its last line short."""
        text = "".join(line.text for line in group)
        if not item_level(text) or any(c in text for c in "。；;！？") or is_paused(text):
            return False
        if text.endswith(tuple(COMMAS)) or measure(text) > _LONGEST_HEADING:
            return False
        return self._width is None or group[-1].width < self._width - 2 * _SHORT


def _hides_indents(lines: Sequence[Line], width: float) -> bool:
    """Tell whether first lines are short by an indent that was lost."""
    firsts = [
        line.width for before, line in pairwise(lines) if is_closed(before.text) and before.width < width - _INDENT[1]
    ]
    short = sum(first <= width - _INDENT[0] for first in firsts)
    return short >= 0.6 * len(firsts)  # where nothing tells, as most papers do


def _is_unfinished(line: Line) -> bool:
    """Tell whether a line of text that is not in columns goes on in the next one all the same."""
    return line.text.endswith(tuple(COMMAS)) or line.width > _HEADING
