"""What the rows of one ledger are measured by: the mechanism, its layout, and the units of the day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from bihuan.directory.organisation import Organisation
from bihuan.ledger.orders import Entering
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import Value

from .form.columns import NUMBER_HEAD, STANDING, VERSION
from .form.names import Names
from .form.own import NUMBER, key_of_number, own_of
from .identity import SPACE, key_of
from .known import Told
from .layouts import has_layout, own_landing_of, own_layout_of
from .models import Intake
from .placing import Placing, place
from .reading import Problem
from .reading.wanted import DUE_RULE
from .registration import Landed, Units, registration

_NONE_NEW = N_(
    "“%(mechanism)s” is opened from the matter that it belongs to, so a list registers none; name one of this ledger "
    "by its number, or open it on that matter's page."
)


@dataclass
class Ground:
    """`reference_day` supplies a year that is not written."""

    mechanism: Mechanism
    organisation: Organisation
    reference_day: date
    placings: dict[int, Placing] = field(default_factory=dict)
    _given: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.layout, self.landing = own_layout_of(self.mechanism.key), own_landing_of(self.mechanism.key)
        opened = {action.child for each in current().values() for action in each.actions.values()}
        self.registers = has_layout(self.mechanism.key) or self.mechanism.key not in opened
        self.units = Units(self.organisation)

    def add_sheet(self, number: int, sheet: Any) -> Placing:
        """Find the places of the columns of `sheet` (an IntakeSheet or a SheetReading)."""
        self.placings[number] = place(sheet, self.mechanism, self.layout, self.landing, self.reference_day)
        return self.placings[number]

    @cached_property
    def names(self) -> Names:
        """What units and entries are called in the ledger's own form."""
        return Names.of(self.organisation, [self.mechanism])

    def key(self, values: Mapping[str, Any], cells: Sequence[str] = ()) -> str:
        """Return what a row is known by: the matter that it names, else what it says of a finding."""
        if number := values.get(NUMBER):
            return key_of_number(number)
        return key_of(self.mechanism, self.landing.same, values, cells)

    def land(
        self, values: Mapping[str, Any], cells: Sequence[str], placing: Placing
    ) -> tuple[Landed | None, tuple[Problem, ...]]:
        """Return the row as a matter would hold it, or the problems that it waits for."""
        if not self.registers and not values.get(NUMBER):
            label = placing.labels.get(NUMBER, NUMBER_HEAD)
            return None, (Problem(NUMBER, label, Sentence(_NONE_NEW, {"mechanism": self.mechanism.title})),)
        landed = registration(
            values, self.mechanism, self.units, self.landing, placing.labels, guesses=not placing.is_own
        )
        if isinstance(landed, tuple):
            return None, landed
        unclear = None if values.get("due") else placing.unclear_day(cells)
        return (None, (unclear,)) if unclear else (landed, ())

    def entering(
        self, landed: Landed, key: str, cells: Sequence[str], placing: Placing, roles: Collection[str]
    ) -> Entering:
        """Return what somebody in `roles` asks of the ledger for a row."""
        values, source, assertion = landed.values, placing.source(cells), landed.assertion
        if placing.is_own:
            assertion, stood = self._stood(cells, placing)
            source = (*stood, *source)
        values, told = self._divided(values, cells, placing, roles)
        source = (*told, *self._rule(values, cells, placing), *source)
        return Entering(
            mechanism=self.mechanism.key,
            values=values,
            assertion=assertion,
            source=source,
            claims=((SPACE, key),),
        )

    def told(
        self, key: str, values: Mapping[str, Any], cells: str, mapping: str, placing: Placing, landed: Landed | None
    ) -> Told:
        """Return what a row says, as it is compared with what is known of its key; `cells` are JSON."""
        return Told(key, cells, mapping, landed, own_of(values, placing.fields))

    def _givable(self, roles: frozenset[str]) -> frozenset[str]:
        """Return the fields that may be given at registration by somebody in `roles`."""
        if roles not in self._given:
            by = roles.intersection(self.mechanism.register_by)
            fields = self.mechanism.fields.values()
            self._given[roles] = frozenset(field.key for field in fields if not by.isdisjoint(field.by))
        return self._given[roles]

    def _stood(self, cells: Sequence[str], placing: Placing) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return what the unit said of a matter that comes from another ledger, and how the matter stood there.

        An end in success is a claim here, as in any old ledger; nothing is recognised that nobody recognised here.
        """
        place = {key: placing.columns.index(label) for key, label in placing.labels.items() if label in placing.columns}
        texts = {key: cells[place[key]] for key in (NUMBER, *STANDING) if key in place and cells[place[key]].strip()}
        if NUMBER not in texts:  # a row that somebody wrote or copied: it tells of no matter
            return "", ()
        said = {label.zh: key for key, label in self.mechanism.assertions.items()}
        ends = {stage.label.zh for stage in self.mechanism.stages.values() if stage.end == "success"}
        assertion = said.get(texts.get("assertion:", ""), "")
        if texts.get("stage:") in ends and self.landing.assertion:
            claim = self.layout.choose(self.landing.assertion, texts["stage:"])
            assertion = claim if claim and claim in self.mechanism.assertions else assertion
        kept = [key for key in texts if key not in (NUMBER, VERSION, "days_left:")]
        return assertion, tuple((placing.labels[key], texts[key]) for key in kept)

    def _rule(self, values: Mapping[str, Value], cells: Sequence[str], placing: Placing) -> tuple[tuple[str, str], ...]:
        """Return the deadline's cell where it is a rule that no field holds: it is kept as it was written."""
        until = self.mechanism.deadline.field
        label = placing.labels.get(until, "")
        if placing.is_own or values.get(until) or DUE_RULE in self.mechanism.fields or label not in placing.columns:
            return ()
        text = cells[placing.columns.index(label)]
        return ((label, text),) if not self.layout.is_empty(text) else ()

    def _divided(
        self, values: Mapping[str, Value], cells: Sequence[str], placing: Placing, roles: Collection[str]
    ) -> tuple[Mapping[str, Value], tuple[tuple[str, str], ...]]:
        """Keep beside a new matter what it tells of work that no registration by `roles` may claim to be done."""
        mine = self._givable(frozenset(roles))
        others = [key for key in values if key not in mine]
        if not others:
            return values, ()
        columns = {key: placing.labels[key] for key in others if placing.labels.get(key) in placing.columns}
        told = tuple((label, cells[placing.columns.index(label)]) for label in columns.values())
        return {key: value for key, value in values.items() if key not in columns}, told


def ground_of(intake: Intake, today: date) -> Ground:
    """Return what the rows of a stored intake are measured by, with the mechanism in force and today's units."""
    ground = Ground(current()[intake.mechanism], Organisation.on(today), intake.reference_day or today)
    for sheet in intake.sheets.all():
        ground.add_sheet(sheet.position, sheet)
    return ground
