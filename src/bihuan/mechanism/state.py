"""One matter as its events have made it, and what comes in and goes out of a decision about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .calendar import Calendar

Value = str | int | list[str] | None


@dataclass(frozen=True, slots=True)
class Private:
    """A value that must stay erasable: the hashed payload holds a commitment in its place."""

    value: Any


@dataclass(frozen=True, slots=True)
class Proof:
    """A piece of evidence: what the store knows of it. `sha256` is its address within the matter.

    `origin` tells the paper that the matter was registered from: it proves nothing of the work.
    """

    sha256: str
    name: str
    size: int
    media_type: str
    origin: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """An extension that was asked for and not yet answered."""

    until: date
    by: str


@dataclass(frozen=True, slots=True)
class State:
    """A matter folded from its events. `parties` maps a unit role to the keys of its units.

    `due` is the whole deadline as it stands, `original_due` as it first stood; `stage_due` is that of the
    stage. `ended` is empty while the matter is open, else `success`, `other` or `withdrawn`. `doers` are
    the accounts that did work on the matter or on a child of it; `acted` the accounts behind each action.
    `source` are the columns of the ledger it came from that no field took up, in their order. `urged` is how
    often its unit was urged (催办), `urged_on` when last. `children` is how many parts it ever had, `spread` the
    units that a round went out to, `raised` how many matters were raised here; `raised_from` is where it was.
    """

    matter: str
    mechanism: str
    mechanism_hash: str
    version: int
    stage: str
    registered_on: date
    entered_on: date
    number: str = ""
    parent: str | None = None
    ended: str = ""
    ended_on: date | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    parties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    supervising: str | None = None
    records: Mapping[str, Mapping[str, Mapping[str, Value]]] = field(default_factory=dict)
    evidence: tuple[Proof, ...] = ()
    due: date | None = None
    original_due: date | None = None
    stage_due: date | None = None
    asking: Asking | None = None
    extensions: int = 0
    assertion: str = ""
    recognition: str = ""
    rounds: Mapping[str, int] = field(default_factory=dict)
    doers: frozenset[str] = frozenset()
    acted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    moments: Mapping[str, date] = field(default_factory=dict)
    open_children: int = 0
    source: tuple[tuple[str, str | None], ...] = ()
    redacted: frozenset[str] = frozenset()
    urged: int = 0
    urged_on: date | None = None
    children: int = 0
    spread: tuple[str, ...] = ()
    raised: int = 0
    raised_from: str | None = None

    @property
    def is_open(self) -> bool:
        return not self.ended


@dataclass(frozen=True, slots=True)
class Command:
    """An action asked for by `account`. `person` is the account of the post's holder where that is another one.

    `values` are JSON shaped (see `FieldKind`); a key with `None` empties the field.

    `record` is the entry to add to the action's record group, or, with `entry`, its correction. `behalf` is
    the key of the unit that the action is entered for by somebody else (代录). `opened` are the keys for the
    matters that the action registers, one for each.
    """

    action: str
    account: str
    person: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    record: Mapping[str, Value] = field(default_factory=dict)
    entry: str | None = None
    evidence: tuple[Proof, ...] = ()
    reason: str = ""
    behalf: str | None = None
    opened: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """The account whose work this is."""
        return self.person or self.account


@dataclass(frozen=True, slots=True)
class Registration:
    """A matter asked for: its id, its first values, and the unit that will supervise it (if any).

    `evidence` are the papers that it comes from.
    """

    matter: str
    account: str
    values: Mapping[str, Value]
    number: str = ""
    supervising: str | None = None
    parent: str | None = None
    raised_from: str | None = None
    assertion: str = ""
    source: tuple[tuple[str, str], ...] = ()
    evidence: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need from outside the matter. `roles` are those the acting post holds on it.

    `own_units` are the keys of the units in which the person holds any post. `units` are the keys of the units
    that exist on `today` among those the command names; `entries` the (register, entry) likewise.
    """

    today: date
    calendar: Calendar
    roles: frozenset[str] = frozenset()
    own_units: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    entries: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that was decided and is not written yet. Erasable leaves of `body` are `Private`."""

    kind: str
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as `evolve` reads it: `body` with its private values opened; a redacted one is `None`."""

    kind: str
    version: int
    on: date
    account: str
    body: Mapping[str, Any]


def opened(body: Any) -> Any:
    """Return `body` with every `Private` leaf replaced by its value."""
    kind = type(body)  # exact types: a registration asks this some thirty times, and there are imports of 100,000
    if kind is Private:
        return body.value
    if kind is dict:
        return {key: value if type(value) is str else opened(value) for key, value in body.items()}
    return [opened(value) for value in body] if kind is list else body
