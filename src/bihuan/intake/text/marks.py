"""Signs of form by which a Chinese page is read: what ends a sentence, begins an item, an article, a continuation."""

import re

from bihuan.intake.reading.writing import fold, read_numeral

ENDS = "。！？!?"
CLOSERS = "”’」』）》)\"'】"
COMMAS = "，,、"

_CLOSED = re.compile(rf"(?:[{ENDS}…]|\.{{3}})[{re.escape(CLOSERS)}]*$")
_PAUSED = re.compile(rf"[：:；;][{re.escape(CLOSERS)}]*$")
_NUMERAL = "一二三四五六七八九十"
ITEM = re.compile(
    rf"(?P<first>第?[{_NUMERAL}]{{1,3}}、)|(?P<second>[（(][{_NUMERAL}]{{1,3}}[）)])"
    r"|(?P<third>\d{1,2}[.．、](?!\d))|(?P<fourth>[（(]\d{1,2}[）)]|[①-⑳])|(?P<fifth>[0-9]{1,2}\))"
)
_LEVELS = ("first", "second", "third", "fourth", "fifth")

CONTINUED = re.compile(
    r"[（(【\[]\s*(?:上接|紧接|接)\s*(?:第\s*)?(?P<page>[A-Z]?[0-9０-９]{1,3}|"
    r"[一二三四五六七八九十]{1,3}|头)\s*版[^）)】\]]{0,40}[）)】\]]"
)
GOES_ON = re.compile(r"[（(【\[]\s*(?:下转|转)\s*(?:第\s*)?[^）)】\]]{1,12}版[^）)】\]]{0,20}[）)】\]]")

_NEWS = r"本报[^，。（(]{0,14}?讯"
_WIRE = r"新华社[^，。（(]{2,14}?电"
BYLINE = re.compile(rf"(?:{_NEWS}|{_WIRE})\s*(?:[（(](?P<names>[^）)]{{1,80}})[）)])?")
_REPORTERS = r"(?:本报|见习|特约|实习)*(?:全媒体)?(?:记者|通讯员)"
BYLINE_LINE = re.compile(rf"[□■◇◆]?\s*{_REPORTERS}[\s:：/]*[\u3400-\u9fff·、\s/]{{2,40}}")
SIGNED = re.compile(rf"[（(](?P<names>{_REPORTERS}[^）)]{{1,40}})[）)]$")
START = re.compile(rf"(?:{_NEWS}|{_WIRE})(?=[\s（(\u3400-\u9fff0-9]|$)|{CONTINUED.pattern.replace('?P<page>', '?:')}")
INLINE_START = re.compile(r"(?<=\s)(?=本报(?:[^，。（(\s]{0,14})讯\s*[（(]|[（(]上接)")

FULL_DAY = re.compile(
    r"(?:19|20)\d{2}年\d{1,2}月\d{1,2}日|"
    r"二[〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)


def is_closed(text: str) -> bool:
    """Tell whether a line ends where a sentence ends."""
    return bool(_CLOSED.search(text))


def is_paused(text: str) -> bool:
    """Tell whether a line ends with a colon or semicolon."""
    return bool(_PAUSED.search(text))


def item_level(text: str) -> int:
    """Return the level of the item that `text` begins (1 for 一、, 2 for （一）, 3 for 1.); 0 for none."""
    found = ITEM.match(text)
    if not found or not found.lastgroup:
        return 0
    return _LEVELS.index(found.lastgroup) + 1


def page_of(text: str) -> int | None:
    """Return the page that a continuation comes from: 一 → 1, A03 → 3, 头 → 1."""
    written = fold(text).lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if written.isdigit():
        return int(written)
    return 1 if written == "头" else read_numeral(written)
