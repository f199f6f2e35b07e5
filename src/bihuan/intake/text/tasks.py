"""Whether a sentence asks for something to be done, by which rule, and the words that say what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .mentions import Mention
from .verbs import ATTITUDE, find_must, find_request, is_past, is_work
from .voices import Voice

_CLAUSE = re.compile(r"[，,；;：:。！？!?]")
_SOFT = re.compile(r"(?:提醒|呼吁|倡议|引导|希望|鼓励|勉励|号召|寄语|祝愿)[^，。；]{0,16}$")
_LEADS = re.compile(r"(?:等(?:部门|单位))?(?:牵头|负责|会同|主办|配合|协助|按照职责)")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sentence asks for: where the task's words stand in it, and the rules that say so."""

    start: int
    end: int
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a sentence before it is judged. `firm` are the places of figures to be reached and of days."""

    text: str
    begin: int
    voice: Voice
    units: Sequence[Mention]
    firm: Sequence[int]
    planned: bool
    follows: bool


def find_task(heard: Heard) -> Asked | None:
    """Return what the sentence asks for; None for reports, descriptions and mere attitude."""
    if heard.voice.strength == "public":
        return None
    begin = max(heard.begin, heard.voice.at)
    must = find_must(heard.text, begin)
    if must >= 0 and _SOFT.search(heard.text[:must]):
        return None
    rules = _grounds(heard, must, begin)
    if not rules:
        return None
    return _phrase(heard, begin, must, rules)


def _grounds(heard: Heard, must: int, begin: int) -> list[str]:
    """Return the rules by which the sentence is a demand at all."""
    rules = ["task.asked"] if heard.voice.asked else []
    if must >= 0:
        rules.append("task.must")
    if any(_is_led(heard.text, unit) for unit in heard.units):
        rules.append("task.led")
    if find_request(heard.text[begin - 1 if begin else 0 :]) >= 0 or heard.text.startswith("请", begin):
        rules += ["task.request"] if find_request("，" + heard.text[begin:]) >= 0 else []
    if heard.voice.strength == "demands" and not heard.voice.asked:
        rules.append("task.plan" if heard.planned else "task.voice")
    if heard.follows:
        rules.append("task.half")
    return rules


def _is_led(text: str, unit: Mention) -> bool:
    return text[: unit.start].endswith(("由", "责成")) or bool(_LEADS.match(text, unit.end))


def _phrase(heard: Heard, begin: int, must: int, rules: list[str]) -> Asked | None:
    """Find the first and last clause of work; a clause that only reports counts where no word of duty stands in it."""
    first = last = -1
    loose = "task.must" in rules and heard.voice.strength != "demands" and not {"task.led", "task.request"} & set(rules)
    for start, end in _clauses(heard.text, begin):
        if loose and end <= must:
            continue
        duty = find_must(heard.text[:end], start)
        inside = duty if duty >= 0 else start
        clause = heard.text[inside:end]
        if not clause.strip() or (is_past(clause) and not _is_firm(heard, start, end)):
            continue
        at = _work_in(heard, clause, start, end, had_duty=duty >= 0)
        if at < 0:
            continue
        if first < 0:
            first = inside + (at if heard.voice.asked and duty < 0 else 0)
        last = end
    return Asked(first, last, tuple(rules)) if first >= 0 else None


def _work_in(heard: Heard, clause: str, start: int, end: int, *, had_duty: bool) -> int:
    firm = _is_firm(heard, start, end)
    at = is_work(clause, firm=firm)
    if at >= 0:
        return at
    led = any(start <= unit.start < end and _is_led(heard.text, unit) for unit in heard.units)
    return 0 if (firm or led) and not ATTITUDE.search(clause) else -1


def _is_firm(heard: Heard, start: int, end: int) -> bool:
    return any(start <= place < end for place in heard.firm)


def _clauses(text: str, begin: int) -> list[tuple[int, int]]:
    found, at = [], begin
    for mark in _CLAUSE.finditer(text, begin):
        found.append((at, mark.start()))
        at = mark.end()
    if at < len(text):
        found.append((at, len(text)))
    return found
