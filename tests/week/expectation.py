"""What the ledger must hold after the week, worked out from the rows and from what people did alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from . import edits, material

#: What the clerk does by hand: findings given to another unit, the day set where none was, the unit and amount named.
MOVED_TO = 1
NAMED_UNIT = 2
NAMED_AMOUNT = 350_000_000
SET_DUE = timedelta(days=45)
#: Of the workbook of the one unit the clerk leaves the first row as it was, of the other's every row.
LEFT_ROW, LEFT_WHOLE = 1, 7
#: The evidence of each claim, and the one picture that came for two of them.
VOUCHER, SHARED = "{} 缴款凭证.txt", "同一张.txt"
#: What is kept of a workbook with each finding of which something was taken over.
EXTRACT = "反馈原表摘录 {}.xlsx"


@dataclass
class Held:
    """What one finding holds: `amount` in fen, `files` the names of its evidence in their order."""

    unit: str
    title: str
    amount: int
    due: date
    stage: str = "rectifying"
    recognition: str = ""
    progress: str | None = None
    result: str | None = None
    files: list[str] = field(default_factory=list)


def moved(size: material.Size) -> tuple[str, ...]:
    """Return the numbers that the clerk gives to another unit, the first three of the first bureau."""
    return tuple(f"CC-{1 + size.bureaus * n:03d}" for n in range(3))


def expected(size: material.Size, today: date) -> dict[str, Held]:
    """Return what each finding must hold, by its number."""
    held = {each.number: _settled(size, n, each, today) for n, each in enumerate(material.findings(size, today), 1)}
    for index in set(range(size.bureaus)) - edits.SILENT:
        mine = sorted(number for number, each in held.items() if each.unit == material.unit_name(index))
        for number in _reported(index, mine):
            held[number].progress = edits.PROGRESS
            held[number].files = [EXTRACT.format(number)]
        for number in mine[:5] if index % 6 == edits.CLAIMS else ():
            held[number].result, held[number].stage, held[number].recognition = edits.RESULT, "struck_off", "approved"
            held[number].files = [EXTRACT.format(number), VOUCHER.format(number)]
    for number in claimed(held)[:2]:
        held[number].files.append(SHARED)
    return held


def claimed(held: dict[str, Held]) -> list[str]:
    """Return the numbers that the units say are done, in order."""
    return sorted(number for number, each in held.items() if each.result)


def late(held: dict[str, Held], today: date) -> dict[str, set[str]]:
    """Return the numbers that are late and not struck off, by the unit that owes them."""
    found: dict[str, set[str]] = {}
    for number, each in held.items():
        if each.due < today and each.stage != "struck_off":
            found.setdefault(each.unit, set()).add(number)
    return found


def _settled(size: material.Size, n: int, each: material.Finding, today: date) -> Held:
    unit = material.unit_name(NAMED_UNIT) if n in size.unknown_unit else each.unit
    unit = material.unit_name(MOVED_TO) if each.number in moved(size) else unit
    amount = NAMED_AMOUNT if n in size.no_amount else each.amount
    return Held(unit, each.title, amount, each.due or today + SET_DUE)


def _reported(index: int, mine: Sequence[str]) -> Sequence[str]:
    """Return those of a unit's findings of which a progress was taken over."""
    if index % 6 == edits.TAMPERS:
        return mine[1:2]
    if index % 6 not in (edits.WRITES, edits.TURNS, edits.TITLES) or index == LEFT_WHOLE:
        return ()
    return mine[1:5] if index == LEFT_ROW else mine[:5]
