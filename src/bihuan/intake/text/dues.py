"""The day by which something must be done, if the sentence names one. Nothing is ever made up.

What counts from the day of the text (年底前, 一周内) needs that day. A stretch of days, an event, a vague word
and what recurs are no deadline; the note says so.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bihuan.intake.reading.days import Unclear
from bihuan.intake.reading.terms import CountWorkingDays
from bihuan.mechanism.sentence import N_, Sentence

from .due_forms import DAYS, NO_DAYS, VAGUE, Clock, NoTextDay, Settle
from .fold import narrow

NO_DEADLINE = Sentence(N_("no deadline in the text"))
_IS_VAGUE = N_("no deadline in the text: “%(words)s” is none")
_UNKNOWN_DAY = N_("no deadline in the text: “%(words)s” counts from its day, which is not known")
_UNCLEAR = N_("no deadline in the text: “%(words)s” names no single day")
_BEFORE_TEXT = N_("no deadline in the text: “%(words)s” would lie before the day of the text")


@dataclass(frozen=True, slots=True)
class Due:
    """A day or None, why, and by which rules. `spans` are the stretches of the sentence that say when."""

    day: date | None
    note: Sentence
    rules: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    at: int
    day: date | None
    rules: tuple[str, ...]
    note: Sentence


def find_due(text: str, *, today: date | None, count_working_days: CountWorkingDays | None) -> Due:
    """Return the day by which the sentence `text` wants something done. `today` is the day of the text."""
    folded = narrow(text)
    shut: list[tuple[int, int]] = []
    no_days = list(_find_no_days(text, folded, shut))
    said = list(_find_days(text, folded, Clock(today, count_working_days), shut))
    spans = tuple(shut)
    days = sorted({one.day for one in said if one.day})
    if days:
        return _settled(days[-1], said, several=len(days) > 1, spans=spans)
    if said or no_days:
        first = (said or no_days)[0]
        return Due(None, first.note, first.rules, spans)
    vague = VAGUE.search(folded)
    if vague:
        return Due(None, Sentence(_IS_VAGUE, {"words": vague.group()}), ("due.vague",), spans)
    return Due(None, NO_DEADLINE, (), spans)


def _find_no_days(text: str, folded: str, shut: list[tuple[int, int]]) -> Iterator[_Said]:
    for pattern, rule, note in NO_DAYS:
        for found in _fresh(pattern, folded, shut):
            yield _Said(found.start(), None, (rule,), Sentence(note, {"words": _words(text, found)}))


def _find_days(text: str, folded: str, clock: Clock, shut: list[tuple[int, int]]) -> Iterator[_Said]:
    for pattern, settle, rule in DAYS:
        for found in _fresh(pattern, folded, shut):
            yield _read(found, settle, rule, clock, _words(text, found))


def _fresh(pattern: re.Pattern[str], folded: str, shut: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Yield what is found outside the stretches that were read before, and shut each."""
    for found in pattern.finditer(folded):
        start, end = found.span()
        if not any(first < end and start < last for first, last in shut):
            shut.append((start, end))
            yield found


def _read(found: re.Match[str], settle: Settle, rule: str, clock: Clock, words: str) -> _Said:
    at, told = found.start(), {"words": words}
    try:
        day, rules = settle(found, clock)
    except NoTextDay:
        return _Said(at, None, ("due.no_text_day",), Sentence(_UNKNOWN_DAY, told))
    except (Unclear, OverflowError, ValueError):
        day, rules = None, ()
    if day is None:
        return _Said(at, None, ("due.unclear",), Sentence(_UNCLEAR, told))
    if clock.today and day < clock.today and "due.year_of_text" in rules:
        return _Said(at, None, ("due.before_text",), Sentence(_BEFORE_TEXT, told))
    return _Said(at, day, (rule, *rules) if rule else rules, Sentence(N_("“%(words)s” in the text"), told))


def _settled(day: date, said: list[_Said], *, several: bool, spans: tuple[tuple[int, int], ...]) -> Due:
    one = next(each for each in said if each.day == day)
    if not several:
        return Due(day, one.note, one.rules, spans)
    words = "、".join(str(each.note.values["words"]) for each in sorted(said, key=lambda each: each.at) if each.day)
    note = Sentence(N_("the last of several days in the text: “%(words)s”"), {"words": words})
    return Due(day, note, (*one.rules, "due.last"), spans)


def _words(text: str, found: re.Match[str]) -> str:
    return text[found.start() : found.end()].strip("，,")
