"""The articles of a newspaper page: where each begins, its byline and headline, and what lies between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .headlines import Kinship
from .lines import Line, bare
from .marks import BYLINE, BYLINE_LINE, CONTINUED, GOES_ON, INLINE_START, SIGNED, START, is_closed, item_level, page_of
from .masthead import is_masthead
from .paragraphs import build, column_width, is_cut
from .strand import NOTHING, Strand, join

_MOST_HEAD_LINES = 5
_LONGEST_HEAD = 60
#: A headline inside the columns of another article is shorter than they are by more than this.
_SHORTER = 3.5


@dataclass
class Draft:
    """An article as it is put together. `signs` are texts of form taken out of it: （上接一版）, 本报讯（…）."""

    lines: list[Line]
    headline: Strand = NOTHING
    byline: str | None = None
    continued_from: int | None = None
    is_continuation: bool = False
    signs: list[Strand] = field(default_factory=list)
    paragraphs: list[Strand] = field(default_factory=list)

    @property
    def body(self) -> str:
        return "".join(line.text for line in self.lines)


def has_articles(lines: Sequence[Line]) -> bool:
    """Tell whether the text is a page of articles rather than one document."""
    return any(START.match(line.text) or INLINE_START.search(line.text) or _is_byline(line) for line in lines)


def read_page(lines: Sequence[Line]) -> tuple[list[Draft], list[Strand]]:
    """Return the articles in the order of their bodies, and what was set aside (the masthead, signatures)."""
    aside = [line.strand for line in lines if is_masthead(line.text)]
    cut = is_cut(lines)
    lines = _split_inline([line for line in lines if not is_masthead(line.text)])
    drafts, gaps = _divide(lines, cut=cut)
    _place_headlines(drafts, gaps, _take_inner(drafts) if cut else [])
    for draft in drafts:
        _finish(draft, cut=cut)
    return drafts, aside


def _split_inline(lines: Sequence[Line]) -> list[Line]:
    """Part a headline from the article that begins on its line."""
    parted: list[Line] = []
    for line in lines:
        found = INLINE_START.search(line.text)
        if found and not START.match(line.text) and not is_closed(line.text[: found.start()].rstrip()):
            parted += [line.part(0, found.start()), line.part(found.start())]
        else:
            parted.append(line)
    return parted


def _divide(lines: Sequence[Line], *, cut: bool) -> tuple[list[Draft], list[list[Line]]]:
    """Return the drafts, and the headline lines before each of them and behind the last."""
    starts = [place for place, line in enumerate(lines) if START.match(line.text) or _is_byline(line)]
    starts = sorted({*starts, *(place + 1 for place, line in enumerate(lines[:-1]) if _is_signed(line))})
    drafts: list[Draft] = []
    gaps: list[list[Line]] = []
    opening = list(lines[: starts[0]]) if starts else list(lines)
    if any(is_closed(line.text) for line in opening):
        head, rest = _leading_head(opening, cut=cut)
        body, gap = _trailing_head(rest)
        gaps.append(head)
        drafts.append(Draft(body))
    else:
        gap = opening
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        section = list(lines[start:stop])
        if START.match(section[0].text) or _is_byline(section[0]):
            gaps.append(gap)
        else:
            head, section = _leading_head(section, cut=cut)
            if not section:
                gap = [*gap, *head]
                continue
            gaps.append([*gap, *head])
        body, gap = _trailing_head(section)
        drafts.append(Draft(body))
    return drafts, [*gaps, gap]


def _leading_head(lines: list[Line], *, cut: bool) -> tuple[list[Line], list[Line]]:
    """Part the headline from a text that begins with it: lines without a sign at their end, short ones in columns."""
    limit = column_width(lines) - 1.5 if cut and len(lines) > 2 else 60.0
    count = 0
    while count < len(lines) - 1 and count < _MOST_HEAD_LINES and _is_head_line(lines[count], limit):
        count += 1
    return lines[:count], lines[count:]


def _is_head_line(line: Line, limit: float) -> bool:
    ends_open = line.text[-1] not in "，,、。；;：:！？"
    return ends_open and (line.width <= limit or line.spaced) and not item_level(line.text)


def _trailing_head(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Part the lines behind the last end of a sentence: they are headlines, of this article or another."""
    last = len(lines)
    while last > 0 and not (is_closed(lines[last - 1].text) or _ends_by_sign(lines[last - 1].text)):
        last -= 1
    gap = lines[last:]
    if last == 0 or len(gap) > _MOST_HEAD_LINES * 2 or any(line.width > _LONGEST_HEAD for line in gap):
        return lines, []
    return lines[:last], gap


def _ends_by_sign(text: str) -> bool:
    found = list(GOES_ON.finditer(text))
    return bool(SIGNED.search(text)) or bool(found and found[-1].end() == len(text))


def _is_signed(line: Line) -> bool:
    return bool(SIGNED.search(line.text)) and not START.match(line.text)


def _is_byline(line: Line) -> bool:
    return bool(BYLINE_LINE.fullmatch(line.text)) and line.width <= 30


def _take_inner(drafts: list[Draft]) -> list[tuple[Draft, list[Line]]]:
    """Find headlines that columns have carried into the middle of another article; they stay where they are."""
    found: list[tuple[Draft, list[Line]]] = []
    for draft in drafts:
        if len(draft.lines) < 6:
            continue
        limit = column_width(draft.lines) - _SHORTER
        block: list[Line] = []
        closed = False
        for line in draft.lines:
            open_end = line.text[-1] not in "，,、。；;：:！？”）"
            if open_end and (line.width < limit or line.spaced) and (closed or block) and not item_level(line.text):
                block.append(line)
                continue
            if block:
                found.append((draft, block))
            block, closed = [], is_closed(line.text)
    return found


def _place_headlines(drafts: list[Draft], gaps: list[list[Line]], inner: list[tuple[Draft, list[Line]]]) -> None:
    kinship = Kinship([draft.body for draft in drafts])
    free = {place: True for place in range(len(drafts))}
    waiting: list[tuple[int, list[Line]]] = []
    for place, gap in enumerate(gaps):
        for block in _blocks(gap, kinship, free):
            owner = kinship.clear(_text(block), free)
            if owner is None:
                waiting.append((place, block))
            else:
                _give(drafts, free, owner, block)
    for home, block in inner:
        owner = kinship.clear(_text(block), free)
        if owner is not None and drafts[owner] is not home:
            home.lines = [line for line in home.lines if line not in block]
            _give(drafts, free, owner, block)
    for place, block in waiting:
        near = [owner for owner in (place, place - 1) if free.get(owner)]
        if near:
            _give(drafts, free, near[0], block)
        elif drafts:
            drafts[max(place - 1, 0)].lines += block


def _give(drafts: list[Draft], free: dict[int, bool], owner: int, block: list[Line]) -> None:
    drafts[owner].headline = join(line.strand for line in block)
    free[owner] = False


def _blocks(gap: list[Line], kinship: Kinship, free: dict[int, bool]) -> list[list[Line]]:
    """Divide the lines of a gap into headlines: neighbours that lean to different articles are two of them."""
    blocks: list[list[Line]] = []
    leaning: int | None = None
    for line in gap:
        mine = kinship.clear(line.text, free)
        if blocks and (mine is None or leaning is None or mine == leaning):
            blocks[-1].append(line)
        else:
            blocks.append([line])
        leaning = mine if mine is not None else leaning
    return blocks


def _text(block: Sequence[Line]) -> str:
    return "".join(bare(line.text) for line in block)


def _finish(draft: Draft, *, cut: bool) -> None:
    """Read the signs at the article's beginning and end, and build its paragraphs."""
    lines = draft.lines
    if lines and _is_byline(lines[0]):
        draft.byline = _names(lines[0].text)
        draft.signs.append(lines[0].strand)
        lines = lines[1:]
    draft.paragraphs = build(lines, cut=cut)
    if draft.paragraphs:
        draft.paragraphs[0] = _without_opening(draft, draft.paragraphs[0])
        draft.paragraphs[-1] = _without_ending(draft, draft.paragraphs[-1])
        draft.paragraphs = [paragraph for paragraph in draft.paragraphs if paragraph]


def _without_opening(draft: Draft, first: Strand) -> Strand:
    found = CONTINUED.match(first.text)
    if found:
        draft.continued_from, draft.is_continuation = page_of(found["page"]), True
        draft.signs.append(first.cut(0, found.end()))
        first = first.cut(found.end())
    found = BYLINE.match(first.text)
    if found:
        draft.byline = _names(found["names"] or found.group())
        draft.signs.append(first.cut(0, found.end()))
        first = first.cut(found.end())
    return first


def _without_ending(draft: Draft, last: Strand) -> Strand:
    for found in reversed(list(GOES_ON.finditer(last.text))):
        if found.end() == len(last.text):
            draft.signs.append(last.cut(found.start()))
            last = last.cut(0, found.start())
    signed = SIGNED.search(last.text)
    if signed and not draft.byline:
        draft.byline = _names(signed["names"])
        draft.signs.append(last.cut(signed.start()))
        last = last.cut(0, signed.start())
    return last


def _names(text: str) -> str:
    spaced = re.sub(r"\s*(通讯员|记者)\s*", r" \1 ", text)
    return " ".join(re.sub(r"(本报|见习|特约|实习|全媒体) 记者", r"\1记者", spaced).split()).lstrip("□■◇◆ ")
