"""What the rows of one ledger are measured by: the mechanism, its layout, and the units of the day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bihuan.directory.organisation import Organisation
from bihuan.ledger.orders import Entering
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Mechanism

from .identity import SPACE, key_of
from .layouts import landing_of, layout_of
from .models import Intake
from .placing import Placing, place
from .reading import Problem
from .registration import Landed, Units, registration


@dataclass
class Ground:
    """`reference_day` supplies a year that is not written."""

    mechanism: Mechanism
    organisation: Organisation
    reference_day: date
    placings: dict[int, Placing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.layout, self.landing = layout_of(self.mechanism.key), landing_of(self.mechanism.key)
        self.units = Units(self.organisation)

    def add_sheet(self, number: int, sheet: Any) -> Placing:
        """Find the places of the columns of `sheet` (an IntakeSheet or a SheetReading)."""
        self.placings[number] = place(sheet, self.mechanism, self.layout, self.landing, self.reference_day)
        return self.placings[number]

    def key(self, values: Mapping[str, Any], cells: Sequence[str] = ()) -> str:
        return key_of(self.mechanism, self.landing.same, values, cells)

    def land(
        self, values: Mapping[str, Any], cells: Sequence[str], placing: Placing
    ) -> tuple[Landed | None, tuple[Problem, ...]]:
        """Return the row as a matter would hold it, or the problems that it waits for."""
        landed = registration(values, self.mechanism, self.units, self.landing, placing.labels)
        if isinstance(landed, tuple):
            return None, landed
        unclear = None if values.get("due") else placing.unclear_day(cells)
        return (None, (unclear,)) if unclear else (landed, ())

    def entering(self, landed: Landed, key: str, cells: Sequence[str], placing: Placing) -> Entering:
        """Return what is asked of the ledger for a row."""
        return Entering(
            mechanism=self.mechanism.key,
            values=landed.values,
            assertion=landed.assertion,
            source=placing.source(cells),
            claims=((SPACE, key),),
        )


def ground_of(intake: Intake, today: date) -> Ground:
    """Return what the rows of a stored intake are measured by, with the mechanism in force and today's units."""
    ground = Ground(current()[intake.mechanism], Organisation.on(today), intake.reference_day or today)
    for sheet in intake.sheets.all():
        ground.add_sheet(sheet.position, sheet)
    return ground
