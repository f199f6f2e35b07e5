"""Whole numbers as ledgers write them: 12, 1,200, 12人, 每年4次, 2026年度."""

import re

from bihuan.intake.reading.writing import fold_dashes, read_numeral

_WORDS = "人次|人|户|家|次|年度|年|个月|个|名|件|所|场|份|天|日|条|台|套|项|分|%"
_COUNT = re.compile(rf"(?:每年度?|全年|共计?|合计)?(?P<digits>-?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.0+)?)(?:{_WORDS})?")
_WRITTEN = re.compile(rf"(?:每年度?|全年|共计?|合计)?(?P<digits>[零〇一二三四五六七八九十百千两]+)(?:{_WORDS})")
_LONGEST = 24


def read_count(text: str) -> int | None:
    """Return the one whole number that a cell says, else None: `约12`, `3—5人` and `2.5` are none."""
    folded = fold_dashes(text)
    if len(folded) > _LONGEST:
        return None
    if found := _COUNT.fullmatch(folded):
        return int(found["digits"].replace(",", "").split(".")[0])
    written = _WRITTEN.fullmatch(folded)
    return read_numeral(written["digits"]) if written else None
