"""Reading the rows of one sheet: every mapped cell is understood, or stands as a problem and the row waits."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any

from bihuan.intake.reading import faults
from bihuan.intake.reading.amounts import Amount, read_amount
from bihuan.intake.reading.choices import Choice, read_ticks, read_word, read_words
from bihuan.intake.reading.columns import Plan
from bihuan.intake.reading.counts import read_count
from bihuan.intake.reading.days import full_day_or_none
from bihuan.intake.reading.entries import EntryIndex
from bihuan.intake.reading.grid import Grid
from bihuan.intake.reading.header import Column
from bihuan.intake.reading.kinds import ABOVE, Sorter
from bihuan.intake.reading.layout import Layout, name_column
from bihuan.intake.reading.model import Problem, RowReading
from bihuan.intake.reading.money_unit import find_unit
from bihuan.intake.reading.parties import Parties, read_assisting, read_parties
from bihuan.intake.reading.persons import divide, names_person_too
from bihuan.intake.reading.several import split_several
from bihuan.intake.reading.terms import CountWorkingDays, Rule, Term, name_document, read_term, settle
from bihuan.intake.reading.units import UnitIndex, UnitName
from bihuan.intake.reading.wanted import DUE_RULE, PERSON
from bihuan.intake.reading.writing import fold, quote
from bihuan.mechanism.model import FieldKind
from bihuan.mechanism.sentence import N_, Sentence

_PLAIN = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.PERSON, FieldKind.PLACE})


@dataclass
class RowReader:
    """Reads the rows of a sheet by its plan. Each text of a kind is understood once and remembered."""

    grid: Grid
    plan: Plan
    layout: Layout
    units: UnitIndex
    reference_day: date
    count_working_days: CountWorkingDays | None = None
    entries: EntryIndex = field(default_factory=EntryIndex)
    _memory: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._places = {key: column.place for key, column in self.plan.places.items()}
        self._labels = {key: self.plan.label(key) for key in self.plan.keys}
        self._wanted = wanted = self.layout.wanted
        self._whose, self._until, self._helping = wanted.responsible, wanted.due, wanted.assisting
        parties = {self._whose, self._helping, self._until, DUE_RULE}
        kinds = {key: wanted.kind(key) for key in wanted.keys if key in self._places and key not in parties}
        money = [key for key, kind in kinds.items() if kind is FieldKind.MONEY]
        amounts = [column for key in money for column in (self.plan.places[key], *self.plan.rivals.get(key, ()))]
        self._units = {column.place: find_unit(self.grid, self.plan.header, column) for column in amounts}
        self._plain = [key for key, kind in kinds.items() if kind in _PLAIN and not wanted.is_many(key)]
        self._choices = [key for key in wanted.choices if key in kinds or key in self.plan.ticks]
        readers = {
            FieldKind.MONEY: self._read_amount,
            FieldKind.NUMBER: self._read_number,
            FieldKind.DATE: self._read_date,
            FieldKind.UNIT: self._read_unit,
            FieldKind.ENTRY: self._read_entry,
        }
        self._others = [
            (key, readers.get(kind, self._read_list))
            for key, kind in kinds.items()
            if key not in self._plain and key not in self._choices
        ]

    def read_all(self) -> Iterator[RowReading]:
        """Give every row of the sheet but those of its header, from the first to the last that holds something."""
        sorter = Sorter(self.grid, self.plan, self.layout, self.units)
        header = self.plan.header.rows
        for row in range(len(self.grid.rows)):
            if row in header:
                continue
            cells = self._cells(row)
            kept = tuple(cells[column.place] for column in self.plan.header.columns)
            note = ABOVE if row < header[0] else sorter.why_skipped(row, cells)
            if note:
                yield RowReading(row + 1, "skipped", self._wanted.empty, cells=kept, note=note)
            else:
                yield self._read(row + 1, cells, kept)

    def _cells(self, row: int) -> list[str]:
        cells = self.grid.rows[row]
        cells = cells + [""] * (self.grid.width - len(cells))
        if row > self.plan.header.rows[-1]:
            for place, top in self.grid.fills.get(row, ()):
                if top > self.plan.header.rows[-1] and place < len(cells) and not cells[place]:
                    cells[place] = self.grid.text(top, place)
        return cells

    def _read(self, row: int, cells: list[str], kept: tuple[str, ...]) -> RowReading:
        values: dict[str, Any] = dict(self._wanted.empty)
        problems: list[Problem] = []
        if self.grid.marks:
            cells = self._report_marks(row - 1, cells, problems)
        for key in self._plain:
            text = self._text(cells, key)
            values[key] = text or None
        for key, reader in self._others:
            reader(key, cells, values, problems)
        self._read_choices(cells, values, problems)
        self._read_units(cells, values, problems)
        self._read_due(cells, values, problems)
        self._compare_rivals(cells, values, problems)
        self._require(values, problems)
        return RowReading(row, "waiting" if problems else "ready", values, tuple(problems), kept)

    def _report_marks(self, row: int, cells: list[str], problems: list[Problem]) -> list[str]:
        """Report mapped cells that hold an error or a formula without a value; return the cells without them."""
        tops = dict(self.grid.fills.get(row, ()))
        marked = [p for p in range(len(cells)) if (row, p) in self.grid.marks or (tops.get(p), p) in self.grid.marks]
        for key in self._wanted.keys:
            if self._places.get(key) in marked:
                text = cells[self._places[key]]
                self._add(
                    problems,
                    key,
                    Sentence(
                        N_(
                            "“%(text)s” is a formula without a value, or an error; open the file in Excel or WPS, "
                            "write the value "
                            "itself and save it."
                        ),
                        {"text": quote(text)},
                    ),
                )
        return [("" if place in marked else text) for place, text in enumerate(cells)] if marked else cells

    def _text(self, cells: list[str], key: str) -> str:
        column = self._column(cells, key)
        return self._filled(cells, column) if column else ""

    def _filled(self, cells: list[str], column: Column) -> str:
        text = cells[column.place]
        return "" if not text or text.isspace() or self.layout.is_empty(text) else text

    def _column(self, cells: list[str], key: str) -> Column | None:
        """Return the column of a field: its own, unless that is empty in this row and a rival's cell is not."""
        own = self.plan.places.get(key)
        if own is None or key not in self.plan.rivals or self._filled(cells, own):
            return own
        return next((column for column in self.plan.rivals[key] if self._filled(cells, column)), own)

    def _compare_rivals(self, cells: list[str], values: dict[str, Any], problems: list[Problem]) -> None:
        """Let a row wait in which two columns name one field differently: neither can be preferred."""
        for key, columns in self.plan.rivals.items():
            own = self._column(cells, key)
            if own is None or not (text := self._filled(cells, own)):
                continue
            for column in columns:
                other = self._filled(cells, column)
                if column is own or not other or self._agree(key, (text, own), (other, column)):
                    continue
                values[key] = None
                if key == self._until:
                    values[DUE_RULE] = None
                message = N_(
                    "“%(text)s” under “%(column)s” and “%(other)s” under “%(rival)s” differ; leave the one that holds."
                )
                said = {"text": quote(text), "column": own.label, "other": quote(other), "rival": column.label}
                self._add(problems, key, Sentence(message, said), own.label)
                break

    def _agree(self, key: str, *cells: tuple[str, Column]) -> bool:
        found: list[object]
        if key == self._until:
            terms = [self._term(text) for text, _ in cells]
            found = [term.day or (term.rule_text and fold(term.rule_text)) for term in terms]
        elif key == self._whose:
            found = [self._parties(text).lead for text, _ in cells]
        elif self._wanted.kind(key) is FieldKind.MONEY:
            found = [self._amount(text, column.place).yuan for text, column in cells]
        else:
            found = [fold(text) for text, _ in cells]
        return found[0] == found[1] and found[0] is not None

    def _add(self, problems: list[Problem], key: str, message: Sentence, column: str | None = None) -> None:
        label = self._labels.get(key, "") if column is None else column
        problems.append(Problem(key, label, message))

    def _remembered(self, kind: str, text: str, read: Callable[[], Any]) -> Any:
        known = self._memory.setdefault(kind, {})
        if text not in known:
            known[text] = read()
        return known[text]

    def _read_amount(self, key: str, cells: list[str], values: dict[str, Any], problems: list[Problem]) -> None:
        text = self._text(cells, key)
        if not text or text.strip() in ("不涉及", "不涉及金额", "无金额"):
            return
        column = self._column(cells, key)
        assert column is not None
        amount = self._amount(text, column.place)
        values[key] = amount.yuan
        if amount.fault:
            self._add(problems, key, amount.fault, column.label)

    def _read_number(self, key: str, cells: list[str], values: dict[str, Any], problems: list[Problem]) -> None:
        if text := self._text(cells, key):
            values[key] = read_count(text)
            if values[key] is None:
                self._fault(problems, key, faults.NOT_WHOLE, text)

    def _read_date(self, key: str, cells: list[str], values: dict[str, Any], problems: list[Problem]) -> None:
        if text := self._text(cells, key):
            day = self._remembered("day", text, partial(full_day_or_none, text, self.reference_day.year))
            values[key] = day.isoformat() if day else None
            if day is None:
                self._fault(problems, key, faults.NOT_A_DAY, text)

    def _read_unit(self, key: str, cells: list[str], values: dict[str, Any], problems: list[Problem]) -> None:
        """Read a unit field that is neither the responsible one nor that of those who help."""
        if not (text := self._text(cells, key)):
            return
        if self._wanted.is_many(key):
            found = self._remembered("assisting", text, lambda: read_assisting(text, self.units))
            values[key] = [unit.name for unit in found.assisting]
            if found.assisting_fault:
                self._add(problems, key, found.assisting_fault)
        elif unit := self.units.find(text).unit:
            values[key] = unit.name
        else:
            self._add(problems, key, self.units.explain(text))

    def _read_entry(self, key: str, cells: list[str], values: dict[str, Any], problems: list[Problem]) -> None:
        """Read a reference to a register: by the name that an entry has there, or its key."""
        if not (text := self._text(cells, key)):
            return
        register, many = self._wanted.register(key), self._wanted.is_many(key)
        found, strange = self._remembered(register, text, lambda: self.entries.read(register, text, many=many))
        values[key] = found if many else next(iter(found), None)
        if strange:
            self._add(problems, key, self.entries.explain(register, strange))

    def _read_list(self, key: str, cells: list[str], values: dict[str, Any], problems: list[Problem]) -> None:
        values[key] = split_several(self._text(cells, key))

    def _fault(self, problems: list[Problem], key: str, pattern: str, text: str) -> None:
        self._add(problems, key, Sentence(pattern, {"text": quote(text)}))

    def _amount(self, text: str, place: int) -> Amount:
        unit = self._units[place]
        amount: Amount = self._remembered(f"amount in {unit}", text, lambda: read_amount(text, unit=unit))
        return amount

    def _read_choices(self, cells: list[str], values: dict[str, Any], problems: list[Problem]) -> None:
        for key in self._choices:
            ticks = self.plan.ticks.get(key)
            if ticks:
                choice = read_ticks(
                    [cells[place] for place, _, _ in ticks.choices], ticks=ticks, field=key, layout=self.layout
                )
            else:
                text = self._text(cells, key)
                if not text:
                    continue
                if self._wanted.is_many(key):
                    self._read_words(key, text, values, problems)
                    continue
                choice = self._remembered(key, text, partial(self._read_word, key, text))
            values[key] = choice.key
            if choice.fault:
                self._add(problems, key, choice.fault)

    def _read_words(self, key: str, text: str, values: dict[str, Any], problems: list[Problem]) -> None:
        column = name_column(self._labels[key])
        read = partial(read_words, text, field=key, column=column, layout=self.layout)
        values[key], fault = self._remembered(key, text, read)
        if fault:
            self._add(problems, key, fault)

    def _read_word(self, key: str, text: str) -> Choice:
        return read_word(text, field=key, column=name_column(self._labels[key]), layout=self.layout)

    def _read_units(self, cells: list[str], values: dict[str, Any], problems: list[Problem]) -> None:
        whose, helping = self._whose, self._helping
        text, helpers = self._text(cells, whose), self._text(cells, helping) if helping else ""
        parties, others = Parties(), Parties()
        if text:
            parties = self._parties(text)
            if parties.lead_fault and (lead := self._divide(text, cells, values)):
                parties = Parties(lead=lead)
        if helpers:
            others = self._remembered("assisting", helpers, lambda: read_assisting(helpers, self.units))
        values[whose] = parties.lead.name if parties.lead else None
        column = self._column(cells, whose)
        label = column.label if column else ""
        if parties.lead_fault:
            self._add(problems, whose, parties.lead_fault, label)
        if helping is None:
            if parties.assisting or parties.assisting_fault:
                self._fault(problems, whose, faults.ONE_UNIT, text)
            return
        names = dict.fromkeys(u.name for u in (*parties.assisting, *others.assisting) if u != parties.lead)
        has_fault = parties.assisting_fault or others.assisting_fault
        values[helping] = None if has_fault else list(names)
        if parties.assisting_fault:
            self._add(problems, helping, parties.assisting_fault, label)
        if others.assisting_fault:
            self._add(problems, helping, others.assisting_fault)

    def _parties(self, text: str) -> Parties:
        parties: Parties = self._remembered("responsible", text, lambda: read_parties(text, self.units))
        return parties

    def _divide(self, text: str, cells: list[str], values: dict[str, Any]) -> UnitName | None:
        """Take a unit and its person out of a cell whose header names both; the person goes where none stands."""
        column = self._column(cells, self._whose)
        if PERSON not in values or column is None or not names_person_too(name_column(column.path[-1])):
            return None
        found = divide(text, self.units)
        if found is None:
            return None
        values[PERSON] = values[PERSON] or found[1]
        return found[0]

    def _read_due(self, cells: list[str], values: dict[str, Any], problems: list[Problem]) -> None:
        until = self._until
        key = until if self._text(cells, until) else DUE_RULE
        text = self._text(cells, key)
        term = self._term(text) if text else Term()
        day, rule = term.day, term.rule_text
        if term.fault:
            column = self._column(cells, key)
            self._add(problems, until, term.fault, column.label if column else "")
        if key == until and (spoken := self._text(cells, DUE_RULE)):
            rule = spoken
        if term.rule:
            anchors = self._anchors(cells, term.rule, problems)
            day = term.day or settle(term.rule, anchors=anchors, count_working_days=self.count_working_days)
        if until in values:
            values[until] = day.isoformat() if day else None
        if rule or DUE_RULE in values:
            values[DUE_RULE] = rule

    def _term(self, text: str) -> Term:
        year, words = self.reference_day.year, self.layout.term_words
        term: Term = self._remembered("term", text, lambda: read_term(text, year=year, words=words))
        return term

    def _anchors(self, cells: list[str], rule: Rule, problems: list[Problem]) -> Mapping[str, date]:
        anchor = rule.anchor if self._is_of(rule) else None
        text = self._text(cells, anchor) if anchor else ""
        if not anchor or not text:
            return {}
        if day := full_day_or_none(text, year=self.reference_day.year):
            return {anchor: day}
        self._add(
            problems,
            self._until,
            Sentence(faults.NO_BEGINNING, {"text": quote(text)}),
            self._labels[anchor],
        )
        return {}

    def _is_of(self, rule: Rule) -> bool:
        """Tell whether the anchor's column can hold the rule's event: a notice's day is not a report's.

        A column that names no document (送达日期) is taken for the report's.
        """
        column = self.plan.places.get(rule.anchor or "")
        held = name_document("".join(column.path)) if column else None
        return rule.document is None or rule.document == (held or "报告")

    def _require(self, values: dict[str, Any], problems: list[Problem]) -> None:
        wanted, faulty = self._wanted, {problem.field for problem in problems}
        if wanted.has_either and not values.get(wanted.title) and not values.get(wanted.body or ""):
            key = wanted.title if wanted.title in self._labels else str(wanted.body)
            message = Sentence(N_("The row has neither a title nor a description; write what was found."))
            self._add(problems, key, message, self._label(key))
        for key in wanted.required:
            if not values.get(key) and key not in faulty and not self._is_told_by_rule(key, values):
                self._add(problems, key, self._missing(key, values), self._label(key))
        if wanted.has_rule and not values[self._until] and not values[DUE_RULE] and self._until not in faulty:
            message = Sentence(N_("The row has no deadline; write a day, or a rule such as 立行立改."))
            self._add(problems, self._until, message, self._label(self._until))

    def _is_told_by_rule(self, key: str, values: dict[str, Any]) -> bool:
        """Whether the words of the deadline say the class that no column does (立行立改)."""
        rule = values.get(DUE_RULE)
        return key == self._wanted.mechanism.deadline.by_class and bool(rule and self.layout.class_of(rule))

    def _missing(self, key: str, values: dict[str, Any]) -> Sentence:
        if key == self._whose:
            return Sentence(N_("The row names no responsible unit; write the unit that answers for it."))
        if key == self._until and values.get(DUE_RULE):
            return Sentence(faults.NO_RULE, {"text": quote(values[DUE_RULE])})
        return Sentence(N_("“%(name)s” is missing; fill it in."), {"name": self._wanted.label(key)})

    def _label(self, key: str) -> str:
        """Return the label of a field's column or, when the sheet has none, the name that it should carry."""
        names = self.layout.columns.get(key)
        return self._labels.get(key) or (names[0] if names else "")
