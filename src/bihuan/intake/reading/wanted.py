"""What the rows of one mechanism's ledgers are to say: which fields, of which kind, and what no row may be without."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from bihuan.mechanism.model import Field, FieldKind, Held, Label, Mechanism

#: The rule of a deadline as it was written (立行立改), where a mechanism has a field for it.
DUE_RULE = "due_rule"
#: Where the person goes who stands in one cell with the responsible unit.
PERSON = "responsible_person"


@dataclass(frozen=True)
class Wanted:
    """The fields that columns may hold, in the order of a pack's `[columns]`, and what some of them are.

    `assertion` is the value that holds the unit's own word and is no field. `required` are the fields without which
    no row becomes a matter.
    """

    mechanism: Mechanism
    keys: tuple[str, ...]
    assertion: str | None = None
    _fields: Mapping[str, Field] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Mapping[str, Any], mechanism: Mechanism, assertion: str | None) -> "Wanted":
        """Return what ledgers with these `[columns]` say of matters of `mechanism`; other columns are left alone."""
        fields = {key: each for key, each in mechanism.fields.items() if each.kind is not FieldKind.EVIDENCE}
        keys = tuple(key for key in columns if key in fields or key == assertion)
        return cls(mechanism, keys, assertion, fields)

    @property
    def title(self) -> str:
        return self.mechanism.index.title

    @property
    def body(self) -> str | None:
        return self.mechanism.index.body

    @property
    def number(self) -> str | None:
        return self.mechanism.index.number

    @property
    def responsible(self) -> str:
        return self.mechanism.index.responsible

    @property
    def due(self) -> str:
        return self.mechanism.deadline.field

    @cached_property
    def assisting(self) -> str | None:
        """The field of the units that help, which may stand in one cell with the responsible one."""
        role = self.mechanism.roles.get("assisting")
        key = role.field if role and role.held is Held.UNIT else None
        return key if key in self.keys and self.is_many(str(key)) else None

    @property
    def has_rule(self) -> bool:
        """Whether a deadline may be a rule: then every row has a day or a rule."""
        return DUE_RULE in self.keys

    @cached_property
    def has_either(self) -> bool:
        """Whether a title or a description is enough."""
        return bool(self.body) and self.title not in self.mechanism.register_requires

    @cached_property
    def required(self) -> tuple[str, ...]:
        """The fields that every row must have; the responsible unit is one of them."""
        named = dict.fromkeys((*self.mechanism.register_requires, self.responsible))
        return tuple(key for key in named if not (key == self.due and self.has_rule))

    @cached_property
    def what(self) -> frozenset[str]:
        """The fields that say what a matter is about: one of them makes a ledger of a sheet."""
        ours = {self.title, self.body or self.title, *self.mechanism.register_requires}
        return frozenset(ours & set(self.keys)) - {self.responsible, self.due}

    @cached_property
    def whose(self) -> frozenset[str]:
        """The fields that say whose it is or by when, or what is done: another sign of a ledger."""
        more = {self.due, self.responsible, "audited_unit", "measures"}
        units = {key for key in self.keys if self.kind(key) in (FieldKind.UNIT, FieldKind.ENTRY)}
        return frozenset((units | more) & set(self.keys)) - self.what

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """The values that are one of a list of words: the unit's own word first."""
        ours = [key for key in self.keys if key != self.assertion and self.kind(key) is FieldKind.CHOICE]
        return ((self.assertion,) if self.assertion in self.keys else ()) + tuple(ours)

    @cached_property
    def empty(self) -> Mapping[str, Any]:
        """The values of a row that says nothing."""
        return {key: [] if self.is_many(key) else None for key in self.keys}

    def kind(self, key: str) -> FieldKind:
        return FieldKind.CHOICE if key == self.assertion else self._fields[key].kind

    def is_many(self, key: str) -> bool:
        return key != self.assertion and self._fields[key].many

    def register(self, key: str) -> str:
        return self._fields[key].register or ""

    def label(self, key: str) -> Label | str:
        """Return what the field is called."""
        return self._fields[key].label if key in self._fields else key

    def label_zh(self, key: str) -> str:
        """Return the name that the field's column should carry."""
        return self._fields[key].label.zh if key in self._fields else key

    def words(self, key: str) -> Mapping[str, Label]:
        """Return choice → label of what may be chosen for `key`."""
        if key == self.assertion:
            return self.mechanism.assertions
        return {choice.key: choice.label for choice in self._fields[key].choices}
