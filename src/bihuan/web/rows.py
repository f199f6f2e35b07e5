"""A matter as a row of a list: its columns in words, the four axes kept apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bihuan.directory.models import Entry
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import pinned
from bihuan.mechanism.model import Field, FieldKind, Label, Mechanism
from bihuan.mechanism.sentence import N_, Sentence

from .lateness import Clock, Lateness
from .money import column_wan


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of a matter. `asking` is the day to which an extension is asked for.

    `project` and `category` are in words: the label of a choice, the name of a register entry.
    """

    matter: Matter
    mechanism: Label
    stage: Label | Sentence
    klass: Label | None
    project: Label | str
    category: Label | str
    amount: str
    assertion: Label | None
    recognition: Label | None
    late: Lateness | None
    stage_late: Lateness | None
    asking: date | None


def rows(matters: Iterable[Matter], clock: Clock) -> list[Row]:
    found = [(matter, pinned(matter.mechanism_hash)) for matter in matters]
    entries = _entries(found)
    return [_row(matter, mechanism, clock, entries) for matter, mechanism in found]


def _entries(found: Iterable[tuple[Matter, Mechanism]]) -> Mapping[tuple[str, str], str]:
    """Return (register, key) → name of the entries that stand in the columns, in one query at most."""
    wanted = {
        (str(field.register), value)
        for matter, mechanism in found
        for key, value in ((mechanism.index.project, matter.project), (mechanism.index.category, matter.category))
        if value and (field := mechanism.fields.get(key or "")) and field.kind is FieldKind.ENTRY
    }
    if not wanted:
        return {}
    registers, keys = {register for register, _ in wanted}, {key for _, key in wanted}
    rows = Entry.objects.filter(register__key__in=registers, key__in=keys)
    return {(register, key): name for register, key, name in rows.values_list("register__key", "key", "name")}


def _named(field: Field | None, value: str, entries: Mapping[tuple[str, str], str]) -> Label | str:
    """Return what stands in a column of the index, in words."""
    if field is None or not value:
        return value
    if field.kind is FieldKind.ENTRY:
        return entries.get((str(field.register), value), value)
    return _choice(field, value) or value


def _row(matter: Matter, mechanism: Mechanism, clock: Clock, entries: Mapping[tuple[str, str], str]) -> Row:
    running = None if matter.ended else clock.of(matter.stage_due)
    return Row(
        matter=matter,
        mechanism=mechanism.title,
        stage=stage_word(matter, mechanism),
        klass=_choice(mechanism.fields.get(mechanism.index.klass or ""), matter.klass),
        project=_named(mechanism.fields.get(mechanism.index.project or ""), matter.project, entries),
        category=_named(mechanism.fields.get(mechanism.index.category or ""), matter.category, entries),
        amount="" if matter.amount is None else column_wan(matter.amount),
        assertion=mechanism.assertions.get(matter.assertion),
        recognition=mechanism.recognitions.get(matter.recognition),
        late=clock.of(matter.due, matter.ended, matter.ended_on),
        stage_late=running if running and running.tone == "late" else None,
        asking=matter.asking if not matter.ended else None,
    )


def stage_word(matter: Matter, mechanism: Mechanism) -> Label | Sentence:
    """Return where the matter stands, in words."""
    if matter.ended == "withdrawn":
        return Sentence(N_("withdrawn"))
    return mechanism.stages[matter.stage].label


def _choice(field: Field | None, key: str) -> Label | None:
    choices = field.choices if field else ()
    return next((choice.label for choice in choices if choice.key == key), None)
