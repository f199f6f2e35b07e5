"""Who is speaking in a sentence, in what post, and whether what is said can be a demand."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from .marks import CONTINUED
from .people import People, split_person

Strength = Literal["none", "states", "demands", "public"]

_DEMANDS = "强调|要求|部署|提出|决定|议定|明确|责成|责令|确定|审议通过|批示|指示"
_STATES = "指出|表示|认为|介绍|谈到|坦言|告诉记者|透露|说|讲|坦承|提醒|呼吁|倡议|希望|建议"
_AGAIN = r"(?:还|又|也|并|同时|一并|进一步|再次|特别|着重|郑重|一致|最后|反复|明确|就此)*"
_WHERE = r"(?:(?:在|于)[^，,：:]{1,24}?(?:时|中|上|后|期间|现场))?"
_SAYS = re.compile(
    rf"(?P<who>[^，。；,;：:“”]{{0,40}}?){_WHERE}{_AGAIN}(?P<verb>{_DEMANDS}|{_STATES})(?:了|"
    r"道|指出|要求|说|强调|以下事项|如下|事项)*"
)
_ORDERS = re.compile(
    r"(?P<who>[^，。；,;：:“”]{1,14}?)(?:对|就|为|针对)[^，。；：:]{1,24}(?:作出|作了|"
    r"提出)(?:了)?(?:明确|具体)?(?:说明|安排|部署|批示|指示|要求)"
)
_ASKS = re.compile(
    rf"(?P<who>[^，。；,;：:“”]{{0,30}}?){_AGAIN}(?<![的照按作体量准制标高新])(?:要求|责成|"
    rf"责令|叮嘱)(?P<what>[\u3400-\u9fff“].{{4,}})"
)
_PUBLIC = re.compile(
    r"居民|市民|村民|群众|老人|游客|读者|同学|学生|家长|阿婆|大爷|大妈|专家|消费者|网友|业主|乘客|商户|先生|女士"
)
_SOFT = re.compile(r"提醒|呼吁|倡议|希望|建议")
_LEADING = re.compile(
    r"^(?:会上|座谈会上|会议期间|调研中|期间|随后|最后|其间|同时|此外|另外|为此|对此|就此|据悉|据了解)[，,]?"
)
_HEADWORD = re.compile(
    r"^(?P<who>[\u3400-\u9fff]{2,8}?)(?:还|就|向|对|在|并|也|又|先后|一行|走进|听取|详细|通过|" r"结合)"
)
_MEETING = re.compile(
    r"(?:[^，。]{0,20})(?:会议|全会|大会|例会|座谈会|推进会|专题会|常务会|调度会|部署会|现场会|协调会|联席会)$"
)
_SEPARATOR = re.compile(r"[，,；;：:]")
_NARRATION = re.compile(r"^(?:据(?:了解|悉|介绍|统计)|记者(?:了解|获悉|从)|截至|近年来|近日|下一步，)")


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks. `at` is where, in the sentence, what they say begins; `rules` say how it is known."""

    speaker: str | None = None
    post: str | None = None
    strength: Strength = "none"
    at: int = 0
    asked: bool = False
    opens_list: bool = False
    rules: tuple[str, ...] = ()

    def going_on(self, rule: str) -> "Voice":
        """Return the voice as it goes on in a later sentence."""
        kept = tuple(each for each in self.rules if each.startswith("post."))
        heard = (rule,) if self.speaker else ()
        return replace(self, at=0, asked=False, opens_list=False, rules=(*heard, *kept))


SILENT = Voice()


def hear(text: str, people: People, *, place: int, before: str, present: Voice) -> Voice | None:
    """Return whose voice the sentence `text` brings in, or None where it brings in none.

    `place` is where it stands in its article, `before` what its paragraph says before it.
    """
    start = len(text) - len(text.lstrip())
    for clause, end, mark in _clauses(text):
        told = _LEADING.sub("", clause[0]) if clause[1] == start else clause[0]
        found = _SAYS.fullmatch(told) if mark else None
        if not found and mark in ("：", ":"):
            found = _ORDERS.fullmatch(told)
        if (found and found["who"].strip()) or (found and mark in ("：", ":") and clause[1] > start):
            verb = found.groupdict().get("verb") or "要求"
            voice = _speaking(found["who"], people, place + clause[1], before + text[: clause[1]], present)
            if voice is None:
                continue
            return _with_verb(voice, verb, text, end, found["who"])
    return _asking(text, people, place, before, present)


def _clauses(text: str) -> list[tuple[tuple[str, int], int, str]]:
    """Return (clause, its place), where its mark ends, and the mark; the last clause has none."""
    found, at = [], 0
    for mark in _SEPARATOR.finditer(text):
        found.append(((text[at : mark.start()], at), mark.end(), mark.group()))
        at = mark.end()
    return [*found, ((text[at:], at), len(text), "")]


def _with_verb(voice: Voice, verb: str, text: str, end: int, who: str) -> Voice:
    strength: Strength = "demands" if re.fullmatch(_DEMANDS, verb) else "states"
    if _PUBLIC.search(who) or _SOFT.search(verb):
        strength = "public"
    opens = text.rstrip().endswith(("：", ":"))
    return replace(voice, strength=strength, at=end, opens_list=opens)


def _asking(text: str, people: People, place: int, before: str, present: Voice) -> Voice | None:
    """Hear a demand in the middle of a report: 他要求有关部门…, 并要求…."""
    for (clause, at), _end, _mark in _clauses(text):
        found = _ASKS.match(clause)
        if not found:
            continue
        who = found["who"].strip() or _subject(text[:at], people) or ""
        voice = _speaking(who, people, place + at, before + text[:at], present) if who else SILENT
        asked = at + found.start("what")
        return replace(voice or SILENT, strength="demands", at=asked, asked=True)
    return None


def _subject(text: str, people: People) -> str | None:
    """Return whom the clauses before a demand are about: known people who open one of them, or their first noun."""
    best = None
    for (clause, _), _end, _mark in _clauses(text):
        told = _LEADING.sub("", clause)
        names = re.match(
            r"(?:[\u3400-\u9fff]{2,4}、)*[\u3400-\u9fff]{2,4}?(?=对|到|在|走|听|详|来|一|深|先|实|赴|率)", told
        )
        if names and all(people.knows(name) for name in names.group().split("、")):
            best = names.group()
    if best:
        return best
    found = _HEADWORD.match(_LEADING.sub("", text.lstrip()))
    return found["who"] if found else None


def _speaking(who: str, people: People, place: int, before: str, present: Voice) -> Voice | None:
    told = _LEADING.sub("", who.strip())
    if told in ("他", "她"):
        name = people.last_in(before) or (
            present.speaker if present.speaker and people.knows(present.speaker) else None
        )
        if name is None:
            return Voice(rules=())
        return _person(name, None, people, place, ("speaker.pronoun",))
    persons = [split_person(part) for part in re.split(r"[、和]", told)] if told else []
    if len(persons) == 1 and persons[0]:
        return _person(persons[0][1], persons[0][0], people, place, ("speaker.said",))
    whole = split_person(told) if told else None
    if whole:
        return _person(whole[1], whole[0], people, place, ("speaker.said",))
    if persons and all(persons):
        for person in persons:
            people.meet(person[1] if person else "")
        return Voice("、".join(person[1] for person in persons if person), None, rules=("speaker.said",))
    if _MEETING.fullmatch(told):
        return Voice("会议", None, rules=("speaker.said",))
    if not told:
        return Voice(rules=())
    return Voice(told, None, rules=("speaker.said",)) if len(told) <= 14 else None


def _person(name: str, post: str | None, people: People, place: int, rules: tuple[str, ...]) -> Voice:
    people.meet(name)
    if post:
        return Voice(name, post, rules=(*rules, "post.here"))
    earlier = people.post(name, place)
    return Voice(name, earlier, rules=(*rules, "post.earlier") if earlier else rules)


def is_narration(text: str) -> bool:
    """Tell whether a sentence is the reporter's own, so that nobody's speech goes on in it."""
    return bool(_NARRATION.match(text)) or bool(CONTINUED.match(text))
