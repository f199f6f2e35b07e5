"""Days as ledgers name them: `2026.6.30`, `2026年6月底前`, `6月底`, `2026年上半年`, `46203`.

A period that closes a term (a month, a quarter, a half-year, a year) names its last day: what must be done
within it may still be done on that day. A period followed by 前 could end before it begins or when it ends, and names
none. 以前 and 前 after a day include it (民法典 art. 1259).
"""

import calendar
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from bihuan.intake.reading.writing import fold_dashes, read_numeral

FIRST_YEAR, LAST_YEAR = 1990, 2199
_LONGEST = 300
_SERIAL_ZERO = date(1899, 12, 30)
_FIRST_SERIAL = 32_874  # 1990-01-01 in Excel's count; five digits reach to 2173
_SHIFT = {"今": 0, "本": 0, "当": 0, "明": 1, "后": 2, "去": -1}
_NUMERAL = re.compile(r"[〇○零一二两三四五六七八九十百]+(?=个?工作日|个|[年月日号天周]|季|星期)")
_WEEKDAY = re.compile(r"\((?:星期|周|礼拜)[一二三四五六日天]\)|(?:星期|周|礼拜)[一二三四五六日天]$")
_CLOCK = re.compile(r"(\d{1,2}[-/.月]\d{1,2}日?)[ T]+\d{1,2}[::]\d{2}(?:[::]\d{2}(?:\.\d+)?)?\s*$")
_HOUR = re.compile(r"(\d[日号])(?:2[0-4]|1\d|[1-9])[时点](?:整|\d{1,2}分)?")
_LEAD = (
    r"(?:时限|期限|拟|计划|预计|定|力争|争取|确保|务必|必须|须|应当|应|要求|请|最迟|最晚|不迟|不晚"
    r"|原则上|截止|截至|日期?|时间?|于|在|到|至|:)*?"
)
_DONE = r"(?:全部|全面|完成|整改|到位|办结|完毕|销号|落实|结束|任务|工作|上报|报送|反馈|并|,)*"
_YEAR = r"(?:(?P<y>\d{4})年?度?|(?P<yy>\d{2})年|(?P<rel>[今本当明后去])年度?)的?"
_BEFORE = r"(?P<before>之前|以前|前|止|为止)?"
_WITHIN = r"(?:之内|以内|内|期间|份)?"


class Unclear(Exception):
    """The text has the form of a day, but names none, or could name two."""


def prepare(text: str) -> str:
    """Return `text` folded for reading: no time of day, no weekday, Chinese numerals before a unit in digits."""
    folded = fold_dashes(_CLOCK.sub(r"\1", text.strip()))
    folded = _NUMERAL.sub(
        lambda m: str(read_numeral(m.group())) if read_numeral(m.group()) is not None else m.group(), folded
    )
    return _HOUR.sub(r"\1", _WEEKDAY.sub("", folded))


@lru_cache(maxsize=8192)
def read_day(text: str, *, year: int) -> date | None:
    """Return the one day that `text` names, or None when it does not have the form of a day.

    `year` stands in where no year is written. Raises `Unclear` for a day that does not exist (30 February),
    or a text with two readings (`3/4/2026`, `2026年6月前`).
    """
    if len(text) > _LONGEST:
        raise Unclear
    return read_prepared(prepare(text), year)


def read_full_day(text: str, *, year: int) -> date | None:
    """Return the day that `text` names as a day; None for a month, a quarter or the like, whose day is not known.

    Raises `Unclear` as `read_day` does.
    """
    if len(text) > _LONGEST:
        raise Unclear
    return read_prepared(prepare(text), year, _FORMS[:_DAYS])


def read_prepared(folded: str, year: int, forms: "_Forms | None" = None) -> date | None:
    """Return what `read_day` does, of a text that `prepare` has folded."""
    for pattern, settle in _FORMS if forms is None else forms:
        found = pattern.fullmatch(folded)
        if found:
            return _within_reason(settle(found, year))
    return None


def last_of(year: int, month: int) -> date:
    """Return the last day of a month."""
    return _day(year, month, calendar.monthrange(_within_years(year), month)[1] if 1 <= month <= 12 else 1)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise Unclear from error


def _within_years(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unclear
    return year


def _within_reason(day: date) -> date:
    _within_years(day.year)
    return day


def _year_of(found: re.Match[str], year: int) -> int:
    named = found.groupdict()
    if named.get("y"):
        return int(named["y"])
    if named.get("yy"):
        return 2000 + int(named["yy"])
    return year + _SHIFT[named["rel"]] if named.get("rel") else year


def _refuse_before(found: re.Match[str]) -> None:
    if found.group("before") and "止" not in found.group("before"):
        raise Unclear


def _full_day(found: re.Match[str], year: int) -> date:
    return _day(_year_of(found, year), int(found["m"]), int(found["d"]))


def _slashed_day(found: re.Match[str], _: int) -> date:
    first, second, year = int(found["a"]), int(found["b"]), int(found["y"])
    readings = set(_possible(year, first, second)) | set(_possible(year, second, first))
    if len(readings) != 1:
        raise Unclear
    return readings.pop()


def _possible(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _serial_day(found: re.Match[str], _: int) -> date:
    serial = int(found["serial"])
    if serial < _FIRST_SERIAL:
        raise Unclear
    return _SERIAL_ZERO + timedelta(days=serial)


def _month_end(found: re.Match[str], year: int) -> date:
    return last_of(_year_of(found, year), int(found["m"]))


def _month(found: re.Match[str], year: int) -> date:
    _refuse_before(found)
    return _month_end(found, year)


def _dotted_month(found: re.Match[str], year: int) -> date:
    if found["m"] == "1" and found["sep"] == ".":
        raise Unclear  # 2026.1 is what a workbook makes of 2026.10
    return _month_end(found, year)


def _third_of_month(found: re.Match[str], year: int) -> date:
    if found["third"] == "下":
        return _month(found, year)
    _refuse_before(found)
    return _day(_year_of(found, year), int(found["m"]), {"上": 10, "中": 20}[found["third"]])


def _quarter(found: re.Match[str], year: int) -> date:
    if not found["end"]:
        _refuse_before(found)
    return last_of(_year_of(found, year), int(found["q"] or found["q2"]) * 3)


def _half(found: re.Match[str], year: int) -> date:
    if not found["end"]:
        _refuse_before(found)
    return last_of(_year_of(found, year), 6 if found["half"] == "上" else 12)


def _year_end(found: re.Match[str], year: int) -> date:
    return last_of(_year_of(found, year), 12)


def _whole_year(found: re.Match[str], year: int) -> date:
    _refuse_before(found)
    return _year_end(found, year)


def _unclear(found: re.Match[str], _: int) -> date:
    raise Unclear


_Settle = Callable[[re.Match[str], int], date]
_Forms = tuple[tuple[re.Pattern[str], _Settle], ...]
_DAYS = 5
"""So many forms, the first ones, name a full day."""
_FORMS: _Forms = tuple(
    (re.compile(_LEAD + pattern + _DONE), settle)
    for pattern, settle in (
        (rf"(?P<y>\d{{4}})(?P<s>[-./])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})[日号]?{_BEFORE}", _full_day),
        (rf"(?P<y>\d{{4}})(?P<m>\d{{2}})(?P<d>\d{{2}})日?{_BEFORE}", _full_day),
        (rf"(?:{_YEAR})?(?P<m>\d{{1,2}})月(?:份)?(?P<d>\d{{1,2}})[日号]?{_BEFORE}", _full_day),
        (rf"(?P<a>\d{{1,2}})(?P<s>[-./])(?P<b>\d{{1,2}})(?P=s)(?P<y>\d{{4}}){_BEFORE}", _slashed_day),
        (r"(?P<serial>\d{5})(?:\.\d+)?", _serial_day),
        (rf"(?:{_YEAR})?(?P<m>\d{{1,2}})月(?:份)?(?:月?[底末])(?:之前|以前|前|止|为止)?", _month_end),
        (rf"(?:{_YEAR})?(?P<m>\d{{1,2}})月(?:份)?(?P<third>[上中下])旬(?:[底末])?{_BEFORE}{_WITHIN}", _third_of_month),
        (rf"(?:{_YEAR})(?P<m>\d{{1,2}})月{_WITHIN}{_BEFORE}", _month),
        (rf"(?P<m>\d{{1,2}})月(?:份|内|之内|以内)(?:内|以内)?{_BEFORE}", _month),
        (r"(?P<y>\d{4})(?P<sep>[-./])(?P<m>\d{1,2})月?", _dotted_month),
        (r"(?P<y>(?:19|20|21)\d{2})(?P<m>0[1-9]|1[0-2])", _month_end),
        (rf"(?:{_YEAR})?(?:第?(?P<q>[1-4])季度?|[qQ](?P<q2>[1-4]))(?P<end>[底末])?{_WITHIN}{_BEFORE}", _quarter),
        (rf"(?:{_YEAR})?(?P<half>[上下])半年度?(?P<end>[底末])?{_WITHIN}{_BEFORE}", _half),
        (
            r"(?:(?P<y>\d{4})年?|(?P<yy>\d{2})年|(?P<rel>[今本当明后去])年?)?年?度?年?[底末终](?:之前|以前|前|止|为止)?",
            _year_end,
        ),
        (rf"(?:(?P<y>\d{{4}})年|(?P<rel>[今本当明后去])年)度?{_WITHIN}{_BEFORE}", _whole_year),
        (r"(?:\d{1,4}[-./])?\d{1,4}[-./]\d{1,4}(?:[-./]\d{1,4})*(?:之前|以前|前)?", _unclear),
        (r"\d+(?:\.\d+)?", _unclear),
    )
)


def full_day_or_none(text: str, year: int) -> date | None:
    """Return the day that `text` names in full, or None where it names none clearly."""
    try:
        return read_full_day(text, year=year)
    except Unclear:
        return None
