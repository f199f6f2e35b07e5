"""The forms in which a text names a day by which something must be done, and those that only look like one."""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bihuan.intake.reading.days import read_day
from bihuan.intake.reading.terms import CountWorkingDays, add_months
from bihuan.intake.reading.writing import read_numeral
from bihuan.mechanism.sentence import N_


@dataclass(frozen=True, slots=True)
class Clock:
    """What terms count from: the day of the text, and the working days after it."""

    today: date | None
    count_working_days: CountWorkingDays | None

    def start(self) -> date:
        """Return the day of the text. Raises `NoTextDay` where it is not known."""
        if self.today is None:
            raise NoTextDay
        return self.today


class NoTextDay(Exception):
    """The words count from the day of the text, which is not known."""


Settled = tuple[date | None, tuple[str, ...]]
Settle = Callable[[re.Match[str], Clock], Settled]

_YEAR = r"(?:(?:20\d{2}|今|本|当|明|后|次)年(?:的)?)?"
_WEEKDAY = r"(?:\((?:周|星期|礼拜)[一二三四五六日天]\))?"
_DAY = rf"{_YEAR}\d{{1,2}}月(?:份)?\d{{1,2}}[日号]{_WEEKDAY}"
_TIME = r"(?:(?:上午|下午|晚上?|中午)?(?:\d{1,2}[时点](?:\d{1,2}分)?)?(?:下班)?)"
_BEFORE = r"(?:之前|以前|前|止|为止)"
_NUM = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3}|半)"
_TERM = rf"{_NUM}(?:个)?(?:工作日|日|天|周|月|年)(?:之内|以内|内)"
_DONE = r"(?:完成|报送|上报|提交|办结|竣工|完工|通车|投用|交付|开工)"
_EVENT_WORDS = (
    r"(?:开学|放假|主?汛期|雨季|冬季|入冬|供暖季?|采暖季?|春节|元旦|国庆节?|中秋节?|五一|节|两会|高考|中考|开工|复工"
    r"|会议?|春耕|封冻|霜冻|换届|验收|投产|通车|竣工)(?:来临|到来|结束)?"
)
_EVENT = rf"(?:[春秋]季学期|[春秋]季)?{_EVENT_WORDS}(?:之前|以前|前)"
_HAPPENED = r"(?:结束|之日|印发|下发|收到|接到|批准|完成|开工|完善|验收)"
_AFTER_EVENT = rf"[\u3400-\u9fff]{{0,2}}{_HAPPENED}[\u3400-\u9fff]{{0,6}}?(?:之日)?[起后][,，]?{_TERM}"
_RECURRING = (
    rf"每(?:半)?(?:个)?(?:月|周|季度?|年|旬|日|天)(?:的)?(?:\d{{1,2}}[日号]|底|末|周?[一二三四五六日])?{_BEFORE}?"
)
_STRETCH = (
    rf"(?<!即日起)(?:从|自)?{_DAY}(?:起)?(?:至|到|-+){_YEAR}(?:\d{{1,2}}月)?\d{{1,2}}[日号]{_WEEKDAY}"
    r"(?![日号月]*(?:前|止))"
)
_AS_OF = rf"(?:截至|截止到?目前|持续到|延续到|预计)[^,，。;；]{{0,8}}?{_YEAR}\d{{1,2}}月(?:底|末|\d{{1,2}}[日号])?"

_RECURS = N_("no deadline in the text: “%(words)s” recurs and is no single day")
_IS_EVENT = N_("no deadline in the text: “%(words)s” names an event and no day")
_IS_STRETCH = N_("no deadline in the text: “%(words)s” is a stretch of days")

#: What is no deadline: pattern, rule, note. These go first, so that no day is read inside them.
NO_DAYS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), rule, note)
    for pattern, rule, note in (
        (_RECURRING, "due.recurring", _RECURS),
        (_AFTER_EVENT, "due.event", _IS_EVENT),
        (_EVENT, "due.event", _IS_EVENT),
        (_STRETCH, "due.range", _IS_STRETCH),
        (rf"(?:从|自)?{_DAY}(?:起|开始)", "due.range", _IS_STRETCH),
        (_AS_OF, "due.range", _IS_STRETCH),
    )
)
VAGUE = re.compile(r"尽快|尽早|抓紧(?=时间)|近期|近日内|早日|及早|限期|按期|如期|按时|适时|短期内")


def _dated(text: str, clock: Clock, rule: str) -> Settled:
    """Read a day, or the end of a month, quarter or year, whose year may be that of the text."""
    text = re.sub(r"^([今本当明后]年)的", r"\1", re.sub(r"^次年", "明年", text))
    written = bool(re.match(r"20\d{2}", text))
    day = read_day(text, year=1990 if written else clock.start().year)
    said = written or re.match(r"[今本当明后]年", text)
    return day, (rule,) if said else (rule, "due.year_of_text")


def _bare(text: str) -> str:
    return re.sub(rf"{_BEFORE}$", "", text)


def _full_day(found: re.Match[str], clock: Clock) -> Settled:
    return _dated(re.sub(_WEEKDAY, "", _bare(found["day"])), clock, "due.day")


def _month_end(found: re.Match[str], clock: Clock) -> Settled:
    return _dated(_bare(found["day"]), clock, "due.month_end")


def _month(found: re.Match[str], clock: Clock) -> Settled:
    """Read 6月前, which `read_day` refuses: it could mean before that month or by its end."""
    return _dated(found["day"], clock, "due.month_end")


def _quarter_end(found: re.Match[str], clock: Clock) -> Settled:
    text = re.sub(r"[一二三四](?=季)", lambda m: str("一二三四".index(m.group()) + 1), _bare(found["day"]))
    return _dated(text, clock, "due.quarter_end")


def _this_quarter(found: re.Match[str], clock: Clock) -> Settled:
    today = clock.start()
    month = (today.month + 2) // 3 * 3
    return date(today.year, month, calendar.monthrange(today.year, month)[1]), ("due.quarter_end",)


def _year_end(found: re.Match[str], clock: Clock) -> Settled:
    written = re.match(r"20\d{2}", found["day"])
    later = {"明": 1, "次": 1, "后": 2}.get(found["day"][0], 0)
    return date(int(written.group()) if written else clock.start().year + later, 12, 31), ("due.year_end",)


def _half_end(found: re.Match[str], clock: Clock) -> Settled:
    return _dated(re.sub(rf"[底末]?(?:结束)?{_BEFORE}?$", "", found["day"]), clock, "due.month_end")


def _this_month(found: re.Match[str], clock: Clock) -> Settled:
    first = clock.start().replace(day=1)
    if (found["which"] or "").startswith("下"):
        first = add_months(first, 1)
    last = calendar.monthrange(first.year, first.month)[1]
    number = int(found["n"] or last)
    return (
        (first.replace(day=number), ("due.day" if found["n"] else "due.month_end",)) if number <= last else (None, ())
    )


def _this_week(found: re.Match[str], clock: Clock) -> Settled:
    today = clock.start()
    later = 7 if found["which"].startswith("下") else 0
    weekday = "一二三四五六日".find((found["n"] or "日").replace("天", "日").replace("末", "日"))
    return today + timedelta(days=weekday + later - today.weekday()), ("due.week",)


def _within(found: re.Match[str], clock: Clock) -> Settled:
    start, unit = clock.start(), found["unit"]
    if found["n"] == "半":
        ends = {"年": add_months(start, 6), "月": start + timedelta(days=15)}
        return ends.get(unit), ("due.within",)
    number = int(found["n"]) if found["n"].isdigit() else read_numeral(found["n"]) or 0
    if unit == "工作日":
        count = clock.count_working_days
        return (count(start, number) if count and number else None), ("due.working_days",)
    if unit in ("月", "年"):
        return add_months(start, number * (12 if unit == "年" else 1)), ("due.within",)
    return start + timedelta(days=number * (7 if unit in ("周", "星期") else 1)), ("due.within",)


_YEARS = r"(?:20\d{2}年?|[今本当明后次]年?)"
_MONTH_END = rf"{_YEAR}\d{{1,2}}月(?:份)?月?[底末]"
_LATEST = r"最迟|最晚|不迟于|不晚于|不得迟于|截止(?:日期|时间)?(?:到|至|为)?|(?:时间|时限|期限|日期)为"
_IN_YEAR = r"(?:20\d{2}|[本今当])年内|(?<![半一二两三四五六七八九十\d])年内"

#: Deadlines: pattern, how it is settled, and a rule of its own.
DAYS: tuple[tuple[re.Pattern[str], Settle, str], ...] = tuple(
    (re.compile(pattern), settle, rule)
    for pattern, settle, rule in (
        (rf"即日起[,，]?(?:至|到)(?P<day>{_DAY})(?:止)?", _full_day, "due.until"),
        (rf"即日起[,，]?(?:至|到)(?P<day>{_MONTH_END})", _month_end, "due.until"),
        (rf"(?P<day>{_DAY}){_TIME}{_BEFORE}", _full_day, ""),
        (rf"(?:{_LATEST})(?P<day>{_DAY})", _full_day, ""),
        (rf"[于在](?P<day>{_DAY}){_TIME}(?={_DONE}|将[^,，。]{{2,20}}(?:报|送))", _full_day, ""),
        (rf"(?P<day>{_MONTH_END}{_BEFORE}?)", _month_end, ""),
        (rf"(?P<day>{_YEAR}\d{{1,2}}月(?:份)?(?:[上中下]旬)?{_BEFORE})", _month, ""),
        (rf"(?P<day>{_YEAR}(?:第)?[一二三四1-4]季度?[底末]{_BEFORE}?)", _quarter_end, ""),
        (rf"(?:本|当)?季度?[底末]{_BEFORE}?", _this_quarter, ""),
        (rf"(?P<day>{_YEAR}上半年(?:[底末]?(?:结束)?{_BEFORE}|[底末]))", _half_end, ""),
        (rf"(?P<day>{_YEARS}?年[底末终]{_BEFORE}?|{_YEARS}[底末]{_BEFORE}?|{_IN_YEAR})", _year_end, ""),
        (rf"(?P<which>本月|当月|下个?月)(?P<n>\d{{1,2}})[日号]{_BEFORE}", _this_month, ""),
        (rf"(?P<which>本月|当月|下个?月)?(?:月?[底末]{_BEFORE}|(?<=[本当]月)(?:[底末]|内))(?P<n>)", _this_month, ""),
        (
            rf"(?P<which>[本这下]?周|星期)(?P<n>[一二三四五六日天末])?(?:{_TIME}{_BEFORE}|(?<=[本这下]周)内)",
            _this_week,
            "",
        ),
        (rf"(?P<n>{_NUM})(?:个)?(?P<unit>工作日|日|天|周|星期|月|年)(?:之内|以内|内)", _within, ""),
    )
)
