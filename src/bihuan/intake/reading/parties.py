"""Cells that name units: one, or several of which one is marked as the lead.

Several names without a mark do not say who answers for the matter, so they name no responsible unit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bihuan.intake.reading.units import UnitIndex, UnitName
from bihuan.intake.reading.writing import fold, quote
from bihuan.mechanism.sentence import N_, Sentence

_LEAD = "牵头责任单位|牵头单位|牵头部门|主办单位|主办部门|主责单位|主责|主办|牵头|责任单位|责任部门"
_HELP = "配合责任单位|配合单位|配合部门|协办单位|协办部门|协助单位|协同单位|参与单位|配合|协办|协助|协同|参与"
_MARKED = re.compile(rf"(?P<name>.+?)[(\[【](?:(?P<lead>{_LEAD})|(?P<help>{_HELP}))[)\]】]")
_AFTER_MARK = re.compile(rf"[(\[【](?:{_LEAD}|{_HELP})[)\]】](?=[^、,;/|\\。和及与暨以])")
_LED = re.compile(r"由?(?P<name>.+?)(?:(?P<lead>牵头|主办|牵头负责)|(?P<help>配合|协办|协助|参与))")
_OPENED = re.compile(rf"(?:(?P<lead>{_LEAD})|(?P<help>{_HELP})):")
_BREAKS = re.compile(r"[、,;/|\\。]+")
_JOINS = re.compile(r"以及|[、,;/|\\。]|和|及|与|暨")
_MOST_JOINS = 12
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Parties:
    """Units named in a cell. `loose` were named without a mark; faults say what was not understood."""

    lead: UnitName | None = None
    assisting: tuple[UnitName, ...] = ()
    lead_fault: Sentence | None = None
    assisting_fault: Sentence | None = None


@dataclass(frozen=True, slots=True)
class _Named:
    text: str
    role: str  # lead, help, or "" when unmarked
    unit: UnitName | None


def read_parties(text: str, units: UnitIndex) -> Parties:
    """Read a cell of responsible units."""
    whole = units.find(text)
    if whole.unit:
        return Parties(lead=whole.unit)
    named = _name_all(text, units) if len(text) <= _LONGEST else [_Named(text, "", None)]
    leads = [one for one in named if one.role == "lead"]
    loose = [one for one in named if not one.role]
    if not leads and len(loose) == 1:
        leads, loose = loose, []
    if len(leads) != 1 or (not leads[0].unit):
        return _without_lead(text, leads, loose, named, units)
    others = [one for one in named if one is not leads[0]]
    assisting, fault = _assist(others, leads[0].unit, units, text)
    return Parties(leads[0].unit, assisting, assisting_fault=fault)


def read_assisting(text: str, units: UnitIndex) -> Parties:
    """Read a cell of assisting units; marks make no difference there."""
    whole = units.find(text)
    if whole.unit:
        return Parties(assisting=(whole.unit,))
    named = _name_all(text, units) if len(text) <= _LONGEST else [_Named(text, "", None)]
    assisting, fault = _assist(named, None, units, text)
    return Parties(assisting=assisting, assisting_fault=fault)


def _without_lead(
    text: str, leads: list[_Named], loose: list[_Named], named: list[_Named], units: UnitIndex
) -> Parties:
    unknown = [one for one in (leads or loose) if not one.unit]
    if unknown and (len(leads) == 1 or len(named) == 1 or not leads):
        fault = _explain(unknown[0], text, units)
    elif len(leads) > 1:
        fault = Sentence(
            N_("“%(text)s” marks more than one lead; mark exactly one unit with （牵头）."), {"text": quote(text)}
        )
    else:
        fault = Sentence(
            N_("“%(text)s” names several units and marks no lead; mark the responsible one with （牵头）."),
            {"text": quote(text)},
        )
    helpers, helper_fault = _assist([one for one in named if one.role == "help"], None, units, text)
    return Parties(None, helpers, fault, helper_fault)


def _assist(
    named: list[_Named], lead: UnitName | None, units: UnitIndex, text: str
) -> tuple[tuple[UnitName, ...], Sentence | None]:
    for one in named:
        if not one.unit:
            return (), _explain(one, text, units)
    found = dict.fromkeys(one.unit for one in named if one.unit and one.unit != lead)
    return tuple(found), None


def _explain(one: _Named, text: str, units: UnitIndex) -> Sentence:
    reason = units.explain(one.text)
    if fold(one.text) == fold(text):
        return units.explain(text)
    return Sentence(N_("In “%(text)s”: %(reason)s"), {"text": quote(text), "reason": reason})


def _name_all(text: str, units: UnitIndex) -> list[_Named]:
    lines = re.sub(r"[\r\n]+", "、", text.strip())
    spaced = lines if units.find(lines).unit else _break_at_blanks(lines, units)
    folded = fold(spaced)
    named: list[_Named] = []
    role = ""
    for opened, body in _sections(folded):
        role = opened or ""
        named += [_Named(one.text, one.role or role, one.unit) for one in _name_section(body, units)]
    return named


def _break_at_blanks(text: str, units: UnitIndex) -> str:
    """Take blanks for separators only where every piece between them is then a known unit."""
    pieces = text.split()
    if len(pieces) > 1 and all(_name_one(fold(piece), units).unit for piece in pieces):
        return "、".join(pieces)
    return text


def _sections(folded: str) -> Iterator[tuple[str, str]]:
    """Split `牵头单位:A;配合单位:B、C` at its openings; text before the first has no role."""
    marks = list(_OPENED.finditer(folded))
    if not marks or marks[0].start():
        yield "", folded[: marks[0].start()] if marks else folded
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(folded)
        yield ("lead" if mark["lead"] else "help"), folded[mark.end() : end]


def _name_section(body: str, units: UnitIndex) -> list[_Named]:
    if not body.strip("、,;/|\\。"):
        return []
    whole = _name_one(body, units)
    if whole.unit:
        return [whole]
    body = _AFTER_MARK.sub(r"\g<0>、", body)
    best = _segment(body, units)
    if best:
        return best
    return [_name_one(piece, units) for piece in _BREAKS.split(body) if piece]


def _segment(body: str, units: UnitIndex) -> list[_Named] | None:
    """Return the division of `body` into the fewest known names, or None when there is none.

    Separators may stand inside a name (住房和城乡建设局), so every run between two of them is tried.
    """
    joins = [(m.start(), m.end()) for m in _JOINS.finditer(body)]
    if not joins or len(joins) > _MOST_JOINS:
        return None
    starts, ends = [0, *(end for _, end in joins)], [*(start for start, _ in joins), len(body)]
    best: list[list[_Named] | None] = [None] * len(starts)
    for last in range(len(ends)):
        for first in range(last + 1):
            before = [] if first == 0 else best[first - 1]
            piece = body[starts[first] : ends[last]]
            if before is None:
                continue
            one = _name_one(piece, units) if piece else None
            if one and not one.unit:
                continue
            found = [*before, *([one] if one else [])]
            if best[last] is None or len(found) < len(best[last] or ()):
                best[last] = found
    return best[-1]


def _name_one(piece: str, units: UnitIndex) -> _Named:
    unit = units.find(piece).unit
    if unit:
        return _Named(piece, "", unit)
    for form in (_MARKED, _LED):
        found = form.fullmatch(piece)
        if found:
            return _Named(found["name"], "lead" if found["lead"] else "help", units.find(found["name"]).unit)
    return _Named(piece, "", None)
