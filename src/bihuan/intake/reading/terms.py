"""Terms: the text of a deadline cell is a day, a rule, or a rule that its anchor day turns into a day.

A rule counts from an event (`收到报告之日起60日内`) or never ends by itself (`立行立改`, `长期坚持`). The event's day
is not counted, and a term in months ends on the same day of the month, or on its last (民法典 art. 201, 202).
"""

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bihuan.intake.reading.days import Unclear, prepare, read_day, read_prepared
from bihuan.intake.reading.writing import quote
from bihuan.mechanism.sentence import N_, Sentence

CountWorkingDays = Callable[[date, int], date]
_LONGEST = 300
_COUNTED = re.compile(
    r"(?P<pre>[^\d]*?(?:\((?P<from1>[\d年月日./-]+)\)[^\d]*?)?)(?P<n>\d+|半)(?P<ge>个?)(?P<unit>工作日|自然日|日历日|日|天|月|周|星期|年)(?P<half>半)?"
    r"(?P<within>之内|以内|内|前)?(?:全部|完成|整改|到位|办结|完毕|销号|落实|上报|报送|反馈|任务|工作|并|,)*"
)
_FROM_DAY = re.compile(
    r"(?:自|从)?(?P<day>\d{4}(?:年|[-./])\d{1,2}(?:月|[-./])\d{1,2}日?)(?:之日)?(?:起|后)(?P<rest>.+)"
)
_EVENT = re.compile(r"[^\d]{2,40}?(?:之前|以前|前|之后|以后|后|时|期间)(?:全部|完成|整改|到位|办结|完毕|落实)*")
_NO_EVENT = re.compile(r"[月旬号]|季度?[末底初前]|年[底末初内前]|[本下上]周|近期|日前")
_CLAUSES = re.compile(r"[,;。、()\n]+")
_DOCUMENTS = ("报告", "通知", "决定", "意见书")
_BRACKETED = re.compile(r"(?P<before>[^()]+)\((?P<inside>[^()]+)\)(?P<after>完成|完成整改|整改到位)?")
_BATCH = re.compile(r"第[一二三四五六七八九十\d]+批|首批")
_UNIT_DAYS = {"日": 1, "天": 1, "自然日": 1, "日历日": 1, "周": 7, "星期": 7}


@dataclass(frozen=True, slots=True)
class Rule:
    """A counted term: `count` of `unit` (day, month, working_day) from the event `anchor` or the day `start`.

    `document` is what the event happens to (报告, 通知, 决定), when the rule names it.
    """

    count: int
    unit: str
    anchor: str | None
    start: date | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """What a deadline cell says. `rule_text` is the cell's own text when it is, or holds, a rule."""

    day: date | None = None
    rule: Rule | None = None
    rule_text: str | None = None
    fault: Sentence | None = None


@dataclass(frozen=True, slots=True)
class TermWords:
    """The words of a layout that say when: standing rules, and the events that a term counts from."""

    standing: tuple[str, ...]
    anchors: Mapping[str, tuple[str, ...]]


def read_term(text: str, *, year: int, words: TermWords) -> Term:
    """Read one non-empty deadline cell; `year` stands in where no year is written."""
    if len(text) > _LONGEST:
        return _refuse(text)
    try:
        return (
            _read_whole(text, year, words)
            or _read_bracketed(text, year, words)
            or _read_clauses(text, year, words)
            or _refuse(text)
        )
    except Unclear:
        return _refuse(text)


def name_document(text: str) -> str | None:
    """Return the one document that a rule or a column's label names (报告, 通知, 决定 …), else None."""
    found = {name for name in _DOCUMENTS if name in text}
    return found.pop() if len(found) == 1 else ("、".join(sorted(found)) or None)


def settle(rule: Rule, *, anchors: Mapping[str, date], count_working_days: CountWorkingDays | None) -> date | None:
    """Return the last day of a counted term, or None while its anchor day or a calendar is wanting."""
    start = rule.start or (anchors.get(rule.anchor) if rule.anchor else None)
    if start is None:
        return None
    try:
        if rule.unit == "working_day":
            return count_working_days(start, rule.count) if count_working_days else None
        return add_months(start, rule.count) if rule.unit == "month" else start + timedelta(days=rule.count)
    except (OverflowError, ValueError):
        return None


def add_months(start: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day (民法典 art. 202)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def _read_whole(text: str, year: int, words: TermWords) -> Term | None:
    day = read_day(text, year=year)
    if day:
        return Term(day=day)
    return _read_rule(text, prepare(text), words)


def _read_rule(text: str, folded: str, words: TermWords) -> Term | None:
    if _is_standing(folded, words):
        return Term(rule_text=text)
    rule = _read_counted(folded, words)
    if rule:
        return Term(rule=rule, rule_text=text)
    if _EVENT.fullmatch(folded) and not _NO_EVENT.search(folded):
        return Term(rule_text=text)
    return None


def _read_bracketed(text: str, year: int, words: TermWords) -> Term | None:
    """Read `收到报告之日起60日内（2026年5月15日前）`, a rule with the day that it comes to, and `6月底（第一批）`."""
    found = _BRACKETED.fullmatch(prepare(text))
    if not found:
        return None
    before, inside = found["before"], found["inside"]
    if _BATCH.fullmatch(inside):
        day = read_prepared(before, year)
        return Term(day=day) if day else None
    for rule, day_text in ((before, inside), (inside, before)):
        if _read_counted(rule, words):
            day = read_prepared(day_text, year)
            return Term(day=day, rule_text=text) if day else None
    return None


def _read_clauses(text: str, year: int, words: TermWords) -> Term | None:
    """Read `立行立改，2026年6月30日前完成`: one day, and rules that never end by themselves."""
    days: list[date] = []
    for clause in filter(None, _CLAUSES.split(prepare(text.replace("\n", "，")))):
        rest = _without_standing(clause, words)
        if not rest:
            continue
        day = read_prepared(rest, year)
        if day is None:
            return None
        days.append(day)
    if len(days) != 1:
        return None
    return Term(day=days[0], rule_text=text if _names_standing(text, words) else None)


def _read_counted(folded: str, words: TermWords) -> Rule | None:
    opened = _FROM_DAY.fullmatch(folded)
    start = read_day(opened["day"], year=1) if opened else None
    found = _COUNTED.fullmatch(opened["rest"] if opened else folded)
    if not found:
        return None
    if found["from1"]:
        start = read_day(found["from1"], year=1)
    pre, anchored = found["pre"], start is not None
    if not (anchored or found["within"] or re.search(r"[起后]", pre) or _is_long(found)):
        return None
    if found["n"] == "半" and found["unit"] not in ("年", "月"):
        return None
    if found["within"] == "前" and not re.search(r"[起后]", pre):
        return None
    count, unit = _measure(found)
    return Rule(count, unit, _anchor_of(pre, words), start, name_document(pre)) if count else None


def _is_long(found: re.Match[str]) -> bool:
    """Tell whether a bare `60日` or `1个月` can only be a length: no month has so many days, and 1月 is none."""
    return (
        found["unit"] in ("工作日", "天")
        or (found["unit"] == "月" and found["ge"] == "个")
        or (found["unit"] == "日" and found["n"].isdigit() and int(found["n"]) > 31)
    )


def _measure(found: re.Match[str]) -> tuple[int, str]:
    unit, half = found["unit"], found["n"] == "半"
    number = 0 if half else int(found["n"])
    if found["half"]:
        return (number * 12 + 6, "month") if unit == "年" and not half else (0, "")
    if unit == "年":
        return (6 if half else number * 12), "month"
    if unit == "月":
        return (15, "day") if half else (number, "month")
    return (number, "working_day") if unit == "工作日" else (number * _UNIT_DAYS[unit], "day")


def _anchor_of(pre: str, words: TermWords) -> str | None:
    for anchor, events in words.anchors.items():
        if any(event in pre for event in events):
            return anchor
    return None


def _is_standing(folded: str, words: TermWords) -> bool:
    return bool(folded) and not _without_standing(folded, words)


def _without_standing(clause: str, words: TermWords) -> str:
    for word in words.standing:
        clause = clause.replace(word, "")
    return re.sub(r"^[并和及且,;。、()]+|[并和及且,;。、()]+$", "", clause)


def _names_standing(text: str, words: TermWords) -> bool:
    folded = prepare(text)
    return any(word in folded for word in words.standing)


def _refuse(text: str) -> Term:
    return Term(
        fault=Sentence(
            N_(
                "“%(text)s” names no single day and no rule that can be counted; write a day such as 2026-06-30, "
                "or a rule such as 收到报告之日起60日内."
            ),
            {"text": quote(text)},
        )
    )
