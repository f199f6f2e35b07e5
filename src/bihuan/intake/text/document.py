"""One document (a notice, minutes, a report, an instruction): its title, its body, and what is printed around them."""

import re
from collections.abc import Sequence

from .articles import Draft
from .lines import Line
from .marks import COMMAS, FULL_DAY, is_closed, is_paused, item_level
from .paragraphs import build, is_cut
from .strand import NOTHING, Strand, join

_KIND = re.compile(
    r"(?:通知|意见|方案|纪要|决定|决议|通报|函|报告|办法|公告|通告|计划|要点|规定|细则|批复|"
    r"请示|清单|讲话|公报|倡议书|总结|批示|建议)"
    r"(?:[（(][^）)]{1,12}[）)])?$"
)
_LETTERHEAD = re.compile(
    r".{2,30}(?:文件|信笺)|.{0,12}[〔\[（(【]\d{4}[〕\]）)】]\s*第?\d{1,4}号|第\d{1,4}[期号]|"
    r"[（(]第?\d{1,4}[期号]?[）)]|(?:绝密|机密|秘密|内部)?[★☆].{0,8}"
    r"|特急|加急|平急|急件|\d{6}"
)
_SIGNED_DAY = re.compile(rf"(?P<who>[^，。；：\d]{{0,60}}?)[\s　]*(?:{FULL_DAY.pattern})(?:印发)?")
_AROUND = re.compile(
    r"(?:抄送|抄报|分送|主送|报送|出席|列席|缺席|请假|主持|记录|参加(?:人员)?|与会(?:人员)?|联系人|联系电话|"
    r"附件\s*\d*[:：.．]|附[:：]).*|附件\s*\d*|附表|[（(]此件.{2,12}[）)]"
)
_OPENING = re.compile(
    r".{0,200}(?:部门|单位|政府|委员会|办公室|机构|街道|公司|学校|院校|同志|委办局|党组|党委|"
    r"总支|支部)[^，。]{0,8}[:：]$"
)
_MOST_HEAD = 12
_SHORTEST_BODY = 3


def read_document(lines: Sequence[Line]) -> tuple[list[Draft], list[Strand]]:
    """Return the document (and a second one that follows its signature, such as an annexed plan), and what is aside."""
    body, tail = _part_tail(list(lines))
    title, rest, aside = _part_head(body)
    draft = Draft(rest, headline=join(line.strand for line in title) if title else NOTHING)
    draft.paragraphs = build(rest, cut=is_cut(rest))
    drafts = [draft] if rest or title else []
    aside_lines = [line.strand for line in aside]
    if sum(is_closed(line.text) for line in tail) >= _SHORTEST_BODY:
        after = _behind_signature(tail)
        aside_lines += [line.strand for line in tail[: len(tail) - len(after)]]
        more, more_aside = read_document(after)
        return drafts + more, aside_lines + more_aside
    return drafts, aside_lines + [line.strand for line in tail]


def signature_of(aside: Sequence[Strand]) -> str | None:
    """Return who signed: the name before the last full day, as 罗某 in `罗某 2026年10月19日`."""
    for strand in reversed(aside):
        found = _SIGNED_DAY.fullmatch(strand.text)
        if found and found["who"].strip():
            return "".join(found["who"].split())
    return None


def _part_tail(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Part the signature with its day and all that follows; without one, the lists of who attended and who receives."""
    first = len(lines)
    for place in range(len(lines) - 1, 0, -1):
        if _SIGNED_DAY.fullmatch(lines[place].text) and any(is_closed(line.text) for line in lines[:place]):
            first = place
    while first > 1 and _is_signature(lines[first - 1], lines[first - 2]) and first < len(lines):
        first -= 1
    while first > 1 and _AROUND.fullmatch(lines[first - 1].text):
        first -= 1
    for place in range(1, first):
        if _AROUND.fullmatch(lines[place].text) and _only_around(lines[place:first]):
            first = place
            break
    return lines[:first], lines[first:]


def _is_signature(line: Line, before: Line) -> bool:
    ended = is_closed(before.text) or _AROUND.fullmatch(before.text) is not None or before.width <= 24
    return (
        ended and line.width <= 24 and not any(c in line.text for c in "，。；：、！？") and not item_level(line.text)
    )


def _only_around(lines: Sequence[Line]) -> bool:
    """Tell whether the lines are lists of people and receivers, which may run over several lines."""
    return sum(is_closed(line.text) for line in lines) <= sum(bool(_AROUND.fullmatch(line.text)) for line in lines)


def _behind_signature(tail: list[Line]) -> list[Line]:
    """Return what follows the day and the marks below it."""
    place = next(n for n, line in enumerate(tail) if _SIGNED_DAY.fullmatch(line.text) or n == len(tail) - 1)
    rest = tail[place + 1 :]
    while rest and _AROUND.fullmatch(rest[0].text):
        rest = rest[1:]
    return rest


def _part_head(lines: list[Line]) -> tuple[list[Line], list[Line], list[Line]]:
    """Return the title's lines, the body, and the letterhead, subtitle and addressees."""
    stop = next((n for n, line in enumerate(lines) if _begins_body(line)), len(lines))
    head = lines[: min(stop, _MOST_HEAD)]
    ends = [n for n, line in enumerate(head) if _KIND.search(line.text) and not _LETTERHEAD.fullmatch(line.text)]
    if ends:
        first = ends[0]
        while first > 0 and not _parts_title(head[first - 1], head[first], lines):
            first -= 1
        title, aside, rest = head[first : ends[0] + 1], head[:first], lines[ends[0] + 1 :]
        more, rest = _part_opening(rest)
        return title, rest, aside + more
    title = []
    for line in head:
        if (
            line.text.endswith(tuple(COMMAS))
            or line.width > 40
            or item_level(line.text)
            or line.indent >= 1.5 < line.width - 20
        ):
            break
        title.append(line)
    if len(title) > 4 or len(title) == len(lines) or (title and is_cut(lines) and not _stands_apart(title, lines)):
        title = []
    aside = [line for line in title if _is_around_title(line)]
    return [line for line in title if line not in aside], lines[len(title) :], aside


def _begins_body(line: Line) -> bool:
    return is_closed(line.text) or is_paused(line.text) or item_level(line.text) > 0 or "。" in line.text


def _parts_title(before: Line, line: Line, lines: Sequence[Line]) -> bool:
    """Tell whether the title begins below `before`."""
    every = all(each.after_blank for each in lines[1:])
    return (line.after_blank and not every) or _is_around_title(before)


def _is_around_title(line: Line) -> bool:
    return bool(_LETTERHEAD.fullmatch(line.text) or _SIGNED_DAY.fullmatch(line.text))


def _part_opening(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Part the lines between title and body: number, day, subtitle, the speaker's post and name, addressees."""
    count = 0
    while count < len(lines) - 1 and count < _MOST_HEAD:
        line = lines[count]
        if not (
            _is_around_title(line) or line.text.startswith(("—", "─", "（", "(")) or _is_name(line, lines[count + 1])
        ):
            break
        count += 1
    together = ""
    for place in range(count, min(count + 6, len(lines) - 1)):
        if is_closed(lines[place].text) or "。" in lines[place].text or item_level(lines[place].text):
            break
        together += lines[place].text
        if _OPENING.fullmatch(together) and "如下" not in together:
            count = place + 1
            break
    return lines[:count], lines[count:]


def _is_name(line: Line, below: Line) -> bool:
    """Tell a line of post and name below a title: a blank parts them, or the next line is indented and it is not."""
    return line.width <= 24 and " " in line.text and not any(c in line.text for c in "，。；：、")


def _stands_apart(title: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Tell whether lines at the top of a column are a title: shorter than it, letter-spaced, or parted by a blank."""
    below = lines[len(title)]
    every = sum(line.after_blank for line in lines) > 0.6 * len(lines)
    return (below.after_blank and not every) or all(line.spaced or line.width < 12 for line in title)
