"""How Chinese office writing is folded so that it can be understood, and never how it is kept.

Nothing here changes what a cell says: a folded text is compared and parsed, then thrown away.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST_QUOTE = 200
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
_SPACE = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff\u00ad]+")
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億貳參陸", "一二三四五六七八九十百千万亿二三六")
_STEPS = {"十": 10, "百": 100, "千": 1000}


def fold(text: str) -> str:
    """Return `text` with full-width forms made narrow and every blank, break and invisible sign removed."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def fold_dashes(text: str) -> str:
    """Return folded `text` with every kind of dash and minus written as `-`."""
    return fold(text).translate(_DASHES)


def quote(text: str) -> str:
    """Return `text` on one line, cut only where a message would become unreadable."""
    if "\n" in text or "\r" in text:
        text = " ".join(text.split())
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"


@lru_cache(maxsize=4096)
def read_numeral(text: str) -> int | None:
    """Return the whole number that Chinese digits write (`二〇二六`, `三十一`, `叁佰贰拾`), else None.

    Numbers reach up to 9,999: what is larger is written with 万 and 亿, which are units of an amount.
    """
    text = text.translate(_CAPITALS)
    if not text:
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text)) if len(text) <= 4 else None
    return _read_steps(text)


def _read_steps(text: str) -> int | None:
    total, digit, last = 0, None, 10_000
    for place, c in enumerate(text):
        if c in _STEPS:
            step = _STEPS[c]
            if step >= last or (digit is None and not (step == 10 and place == 0)):
                return None
            total, digit, last = total + (1 if digit is None else digit) * step, None, step
        elif c in "零〇":
            if digit is not None or place == 0:
                return None
        elif c in _DIGITS and digit is None:
            digit = _DIGITS[c]
        else:
            return None
    if digit is not None and last > 10 and text[-2] not in "零〇":
        return None  # 三百二 is 320 in speech and 302 to some eyes
    return total + (digit or 0)
