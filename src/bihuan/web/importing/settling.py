"""The form in which a person settles a waiting row: each field as it was read, why it waits, what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.dateparse import parse_date

from bihuan.directory.organisation import Organisation
from bihuan.intake.contents import cells_of, problems_of, values_of
from bihuan.intake.entry_names import entry_index
from bihuan.intake.layouts import own_layout_of
from bihuan.intake.models import IntakeRow, IntakeSheet
from bihuan.intake.reading.amounts import read_amount
from bihuan.intake.reading.counts import read_count
from bihuan.intake.reading.entries import EntryIndex
from bihuan.intake.reading.several import read_several
from bihuan.ledger.packs import current
from bihuan.mechanism.model import FieldKind, Label, Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Listed, Named, Sentence

from ..money import YUAN
from ..units import UnitProblem, find_unit
from .columns import field_name, labels_of


@dataclass(frozen=True, slots=True)
class Line:
    """A field of the form. `kind` is text, long, money, number, date, unit, units, choice, entry or list.

    `cell` is what stands in the file, `problems` why the row waits for it, `fault` what is wrong with what was
    typed. `typed` is the value, or for `units` the list of them; several entries or words stand in one text.
    `may_be_empty` says whether a matter can be without it. `register` is the one that an entry is of.
    """

    key: str
    name: Sentence | Named
    kind: str
    column: str
    cell: str
    typed: Any
    problems: tuple[Sentence, ...] = ()
    options: tuple[tuple[str, Label], ...] = ()
    unit: str = "yuan"
    may_be_empty: bool = True
    empty: bool = False
    fault: Sentence | None = None
    register: str = ""

    @property
    def asked(self) -> bool:
        """Whether the row waits for this field."""
        return bool(self.problems)


def form(row: IntakeRow, sheet: IntakeSheet, sent: QueryDict | None = None) -> list[Line]:
    """Return the lines of the form, those that the row waits for first; with `sent`, as they were typed."""
    mechanism = current()[row.intake.mechanism]
    values, cells = values_of(row), cells_of(row)
    labels = labels_of(sheet)
    lines = []
    for key in own_layout_of(mechanism.key).wanted.keys:
        column = labels.get(key, "")
        place = sheet.columns.index(column) if column in sheet.columns else -1
        line = Line(
            key=key,
            name=field_name(key, mechanism.key),
            kind=_kind(key, mechanism),
            column=column,
            cell=cells[place] if 0 <= place < len(cells) else "",
            typed=_shown(key, values.get(key), mechanism),
            problems=tuple(each.message for each in problems_of(row) if each.field == key),
            options=_options(key, mechanism),
            may_be_empty=key not in mechanism.register_requires,
            register=_register(key, mechanism),
        )
        lines.append(_typed(line, sent) if sent is not None else line)
    return sorted(lines, key=lambda line: not line.asked)


def corrected(
    lines: list[Line], row: IntakeRow, organisation: Organisation, day: date
) -> tuple[dict[str, Any], dict[str, Sentence]]:
    """Return what the form says anew, shaped as `tray.settle` wants it, and what is wrong by field.

    A field that the row waits for may stay empty only where the person says so: overlooked is not decided.
    """
    read, mechanism = values_of(row), current()[row.intake.mechanism]
    known = Known(organisation, entry_index(mechanism, day), mechanism)
    values: dict[str, Any] = {}
    faults: dict[str, Sentence] = {}
    ruled = any(line.key == "due_rule" and line.typed for line in lines)
    for line in lines:
        try:
            value = _value(line, known)
        except (UnitProblem, _Fault) as wrong:
            faults[line.key] = wrong.sentence
            continue
        blank = value in (None, [])
        if line.asked and blank and not line.empty and not (line.key == mechanism.deadline.field and ruled):
            faults[line.key] = _lacking(line)
        elif line.asked or line.typed != _shown(line.key, read.get(line.key), mechanism):
            values[line.key] = None if blank else value
    return values, faults


def with_faults(lines: list[Line], faults: Mapping[str, Sentence]) -> list[Line]:
    return [replace(line, fault=faults.get(line.key)) for line in lines]


def refused_at(refusal: Refusal) -> dict[str, Sentence]:
    """Return the fault of the field that the refusal names, if it names one."""
    return {refusal.field: refusal.sentence} if refusal.field else {}


def _lacking(line: Line) -> Sentence:
    if line.may_be_empty:
        return Sentence(N_("Fill this in, or say that it is to stay empty."))
    return Sentence(N_("Fill this in: no matter is without it."))


class _Fault(Exception):
    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.pattern)
        self.sentence = sentence


_KINDS = {
    FieldKind.LONG_TEXT: "long",
    FieldKind.MONEY: "money",
    FieldKind.NUMBER: "number",
    FieldKind.DATE: "date",
    FieldKind.UNIT: "unit",
    FieldKind.CHOICE: "choice",
    FieldKind.ENTRY: "entry",
}


def _kind(key: str, mechanism: Mechanism) -> str:
    field = mechanism.fields.get(key)
    if field is None:
        return "choice"  # the unit's own word
    if field.many and field.kind is not FieldKind.ENTRY:
        return "units" if field.kind is FieldKind.UNIT else "list"
    return "long" if key == mechanism.index.title else _KINDS.get(field.kind, "text")


def _register(key: str, mechanism: Mechanism) -> str:
    return (mechanism.fields[key].register or "") if key in mechanism.fields else ""


def _options(key: str, mechanism: Mechanism) -> tuple[tuple[str, Label], ...]:
    if key in mechanism.fields:
        return tuple((choice.key, choice.label) for choice in mechanism.fields[key].choices)
    return tuple(mechanism.assertions.items())


def _shown(key: str, value: Any, mechanism: Mechanism) -> Any:
    if _kind(key, mechanism) == "units":
        return list(value or [])
    return "、".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _typed(line: Line, sent: QueryDict) -> Line:
    name = f"value-{line.key}"
    if name not in sent:
        return line
    texts = [text.strip() for text in sent.getlist(name)]
    typed = [text for text in texts if text] if line.kind == "units" else texts[-1]
    return replace(line, typed=typed, unit=sent.get(f"unit-{line.key}", "yuan"), empty=f"empty-{line.key}" in sent)


@dataclass(frozen=True, slots=True)
class Known:
    """The units and entries that may be named in a form."""

    organisation: Organisation
    entries: EntryIndex
    mechanism: Mechanism


def _value(line: Line, known: Known) -> Any:
    if not line.typed:
        return [] if line.kind == "units" else None
    match line.kind:
        case "money":
            return _yuan(line)
        case "number":
            return _number(line)
        case "date":
            return _day(line)
        case "unit":
            return find_unit(line.typed, known.organisation).key
        case "units":
            return [find_unit(text, known.organisation).key for text in line.typed]
        case "entry":
            return _entry(line, known)
        case "list":
            return _list(line)
    return line.typed


def _number(line: Line) -> str:
    if (number := read_count(line.typed)) is None:
        raise _Fault(Sentence(N_("“%(text)s” is not a whole number; write one such as 12."), {"text": line.typed}))
    return str(number)


def _entry(line: Line, known: Known) -> Any:
    many = known.mechanism.fields[line.key].many
    found, strange = known.entries.read(line.register, line.typed, many=many)
    if strange:
        raise _Fault(known.entries.explain(line.register, strange))
    return found if many else found[0]


def _list(line: Line) -> list[str]:
    """Several words of one list, or several names."""
    words = {text: key for key, label in line.options for text in (label.zh, label.en, key)}
    found, strange = read_several(line.typed, words.get if line.options else str)
    if strange:
        names = Listed.of(label for _, label in line.options)
        pattern = N_("“%(text)s” cannot be chosen here; what can: %(known)s.")
        raise _Fault(Sentence(pattern, {"text": strange, "known": names}))
    return found


def _yuan(line: Line) -> str:
    amount = read_amount(line.typed, unit=YUAN.get(line.unit, 1))
    if amount.yuan is None:
        raise _Fault(amount.fault or Sentence(N_("“%(text)s” is not an amount of money."), {"text": line.typed}))
    return amount.yuan


def _day(line: Line) -> str:
    try:
        day = parse_date(line.typed)
    except ValueError:
        day = None
    if day is None:
        raise _Fault(Sentence(N_("“%(text)s” is not a day; write it like 2026-06-30."), {"text": line.typed}))
    return day.isoformat()
