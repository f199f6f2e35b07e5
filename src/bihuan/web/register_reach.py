"""Which entries of a register matters have reached in a year, and which not: schools taught, enterprises visited."""

from collections.abc import Mapping
from dataclasses import dataclass

from bihuan.directory.models import Entry, Register
from bihuan.directory.organisation import Organisation, valid_on
from bihuan.ledger.listing import Filter
from bihuan.ledger.packs import current
from bihuan.ledger.tallies import Named, named
from bihuan.mechanism.model import FieldKind, Mechanism

from .address import list_address
from .viewer import ViewerRequest


@dataclass(frozen=True, slots=True)
class Line:
    """How many matters name an entry, and where they are listed."""

    open: int
    open_list: str
    done: int
    done_list: str


@dataclass(frozen=True, slots=True)
class Reach:
    """What is counted: matters of `mechanism` (all that name the register where it is empty) done in `year`.

    `reached` entries have one that came to its successful end; `missing` are those valid today that have none.
    """

    register: Register
    year: int
    mechanism: str
    mechanisms: tuple[Mechanism, ...]
    reached: int
    missing: tuple[Entry, ...]
    _counts: Mapping[str, Named]
    _organisation: Organisation

    @property
    def total(self) -> int:
        return self.reached + len(self.missing)

    def line(self, key: str) -> Line:
        found = self._counts.get(key) or Named(key, 0, 0)
        entry = f"{self.register.key}:{key}"
        still = Filter(entry=entry, mechanism=self.mechanism, state="open")
        done = Filter(entry=entry, mechanism=self.mechanism, done_in=self.year)
        return Line(
            found.open, list_address(still, self._organisation), found.done, list_address(done, self._organisation)
        )


def reach_of(request: ViewerRequest, register: Register) -> Reach:
    """Return what the address asks to be counted; this year and every mechanism unless it says otherwise."""
    naming = tuple(each for each in current().values() if _names(each, register.key))
    asked, year = request.GET.get("mechanism", ""), request.GET.get("year", "")
    mechanism = asked if asked in {each.key for each in naming} else ""
    known = (
        int(year) if len(year) == 4 and year.isascii() and year.isdecimal() and year > "1000" else request.today.year
    )
    counts = {each.entry: each for each in named(request.viewer, register.key, known, mechanism)}
    valid = list(Entry.objects.filter(valid_on(request.today), register=register).order_by("key"))
    missing = tuple(entry for entry in valid if not (counts.get(entry.key) and counts[entry.key].done))
    return Reach(
        register, known, mechanism, naming, len(valid) - len(missing), missing, counts, request.viewer.organisation
    )


def _names(mechanism: Mechanism, register: str) -> bool:
    return any(field.kind is FieldKind.ENTRY and field.register == register for field in mechanism.fields.values())
