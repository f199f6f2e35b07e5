"""Lines that a newspaper prints around its articles: its name, the day, the page, who made it up."""

import re

_MASTHEAD = re.compile(
    r"(?:责任编辑|责编|版式|美编|校对|组版|值班编委|编辑|审读|投稿|电子邮箱|E-?mail|"
    r"国内统一(?:连续出版物)?刊?号|邮发代号|新闻热线|广告热线)[\s:：/]"
    r"|(?:星期|周)[一二三四五六日天](?:\s|$)|^第?\s*[0-9一二三四五六七八九十]{1,2}\s*版\s*$|"
    r"^[A-Z]?\d{1,2}\s*版?\s*[:：]?\s*(?:要闻|综合|时政|本地|民生|社会|经济|公告|专题)\s*$"
    r"|^(?:要闻|综合新闻|本地新闻|时政)\s*[·/]?\s*\d{0,2}\s*版?$"
)
_OPEN = re.compile(r"[。！？；，]")


def is_masthead(text: str) -> bool:
    """Tell whether a line belongs to the page and to none of its articles."""
    return bool(_MASTHEAD.search(text)) and not _OPEN.search(text)
