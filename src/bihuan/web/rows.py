"""A matter as a row of a list: its columns in words, the four axes kept apart."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bihuan.ledger.models import Matter
from bihuan.ledger.packs import pinned
from bihuan.mechanism.model import Field, Label, Mechanism
from bihuan.mechanism.sentence import N_, Sentence

from .lateness import Clock, Lateness
from .money import column_wan


@dataclass(frozen=True, slots=True)
class Row:
    """What a list shows of a matter. `asking` is the day to which an extension is asked for."""

    matter: Matter
    mechanism: Label
    stage: Label | Sentence
    klass: Label | None
    amount: str
    assertion: Label | None
    recognition: Label | None
    late: Lateness | None
    stage_late: Lateness | None
    asking: date | None


def rows(matters: Iterable[Matter], clock: Clock) -> list[Row]:
    return [_row(matter, pinned(matter.mechanism_hash), clock) for matter in matters]


def _row(matter: Matter, mechanism: Mechanism, clock: Clock) -> Row:
    running = None if matter.ended else clock.of(matter.stage_due)
    return Row(
        matter=matter,
        mechanism=mechanism.title,
        stage=stage_word(matter, mechanism),
        klass=_choice(mechanism.fields.get(mechanism.index.klass or ""), matter.klass),
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
