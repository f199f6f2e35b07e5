"""What a mechanism is made of, after it has been read and before anything is asked of it.

Everything here is frozen and holds no behaviour beyond look-ups: `load` makes it from text, `prove` says
whether it is closed, `decide` applies it to one matter. Keys are ASCII identifiers and never shown to a
person; labels are what people read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from enum import StrEnum

from .expression import Expression
from .label import Label as Label
from .terms import Extension as Extension
from .terms import Ladder as Ladder
from .terms import Rung as Rung
from .terms import Span as Span
from .terms import Term as Term
from .terms import WholeDeadline as WholeDeadline


class FieldKind(StrEnum):
    """The closed list of kinds a field may have, with the JSON shape of its value."""

    TEXT = "text"  # str, one line
    LONG_TEXT = "long_text"  # str
    CHOICE = "choice"  # str, a choice key
    DATE = "date"  # str, ISO local day
    MONEY = "money"  # int, fen
    NUMBER = "number"  # int
    UNIT = "unit"  # str, unit key
    PERSON = "person"  # str, a name as written
    ENTRY = "entry"  # str, register entry key
    PLACE = "place"  # str
    EVIDENCE = "evidence"  # given with the command, never among its values


#: Free text can name anybody, so it is always erasable, whether or not the field is marked personal.
ERASABLE_KINDS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.PERSON, FieldKind.PLACE})


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    label: Label


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is known of a matter. `by` names the roles that may give it; `many` makes a list of it."""

    key: str
    label: Label
    kind: FieldKind
    by: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    many: bool = False
    personal: bool = False
    register: str | None = None
    group: str | None = None

    @property
    def erasable(self) -> bool:
        """Whether values enter the hashed payload as commitments only."""
        return self.personal or self.kind in ERASABLE_KINDS

    @property
    def choice_keys(self) -> frozenset[str]:
        return frozenset(choice.key for choice in self.choices)


@dataclass(frozen=True, slots=True)
class RecordGroup:
    """A repeating part of a matter: each entry holds a value for these fields."""

    key: str
    label: Label
    fields: tuple[Field, ...]

    def field(self, key: str) -> Field | None:
        return next((each for each in self.fields if each.key == key), None)


class Held(StrEnum):
    """How a post comes to hold a role on a matter."""

    UNIT = "unit"  # the post carries the role and its unit is the matter's party in that role
    SUPERVISING = "supervising"  # the post carries the role and belongs to the unit that supervises the matter
    PORTFOLIO = "portfolio"  # the post carries the role and answers for the responsible unit
    OUTSIDE = "outside"  # no post does: a firm, an applicant, a party; `entered_by` enters what it says or does


@dataclass(frozen=True, slots=True)
class Role:
    """What a post is to a matter. `top` marks the roles at which a ladder may end.

    A role held by unit names the `field` (kind unit) that holds its party; the one that owns the work has
    the field of the responsible unit. Somebody in `entered_by` may enter actions for such a unit (代录), with
    a scan of what it said. The `field` of a role held outside (kind entry, person or text) says who it is.
    """

    key: str
    label: Label
    held: Held
    top: bool = False
    field: str | None = None
    entered_by: str | None = None


class End(StrEnum):
    SUCCESS = "success"  # what was to be done is done and verified
    OTHER = "other"  # ended lawfully without it: transferred, found impossible, withdrawn


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a matter stands. An end has neither owner nor deadline; every other stage has both.

    `term` bounds the stay; `review` (for continuing work) bounds the time between two looks instead.
    """

    key: str
    label: Label
    owner: str | None = None
    term: Term | None = None
    review: Term | None = None
    ladder: str | None = None
    end: End | None = None

    @property
    def clock(self) -> Term | None:
        return self.term or self.review


class Does(StrEnum):
    """What an action does besides moving and setting fields; the closed list that the rules know."""

    STEP = "step"  # moves or adds, nothing more
    WORK = "work"  # does (or claims) the work that verification looks at
    VERIFY = "verify"  # the independent look, positive
    REJECT = "reject"  # the independent look, negative
    ASSIGN = "assign"  # names or changes the responsible unit
    CHILD = "child"  # opens a child matter
    SPREAD = "spread"  # opens a child for every unit named in a field that has none yet: a round (批次)
    RAISE = "raise"  # registers a matter of another mechanism, linked with this one and no part of it
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    REVIEW = "review"  # looks at continuing work and sets the day of the next look
    REOPEN = "reopen"  # brings an ended matter back under its number


@dataclass(frozen=True, slots=True)
class Branch:
    """One way out of an action: to `stage`, if `when` holds (always, when it is None)."""

    stage: str
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody in one of `by` may do while the matter stands in one of `stages`.

    `to` is empty for an action that leaves the matter where it is. `sets` are the fields that may come
    with it, `requires` those that must hold a value afterwards. `limit` bounds the rounds: when it is
    used up, only `beyond` (a top role) may do it. `apart_from` names actions whose doers may not do this.
    It is possible from the day after `not_before` ends (公示期), and until the day on which `not_after` ends.
    `holds` must be true of the matter with what the action brings. `over` is the field of the units that a
    round goes out to; `raises` the mechanism of what is raised.
    """

    key: str
    label: Label
    does: Does
    stages: tuple[str, ...]
    by: tuple[str, ...]
    to: tuple[Branch, ...] = ()
    guard: Expression | None = None
    sets: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    record: str | None = None
    evidence: int = 0
    reason: bool = False
    limit: int | None = None
    beyond: str | None = None
    apart_from: tuple[str, ...] = ()
    assertion: str | None = None
    recognition: str | None = None
    child: str | None = None
    over: str | None = None
    raises: str | None = None
    not_before: Term | None = None
    not_after: Term | None = None
    holds: Expression | None = None
    hint: Label | None = None

    @property
    def opens(self) -> str | None:
        """The mechanism of the matters that the action registers, if it does."""
        return self.child or self.raises


@dataclass(frozen=True, slots=True)
class Index:
    """Which fields fill the columns that every list, search and count can use, whatever the mechanism.

    `responsible` is the unit field that names the one owner; `body` stands in where a title is empty.
    `supervising` names the unit that supervises; where it is empty, the unit that registers does.
    """

    title: str
    responsible: str
    body: str | None = None
    number: str | None = None
    project: str | None = None
    category: str | None = None
    klass: str | None = None
    amount: str | None = None
    supervising: str | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """What a successful end demands beside verification: field values and pieces of evidence."""

    requires: tuple[str, ...] = ()
    evidence: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    key: str
    label: Label
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A named count, amount (`field`) or rate over the matters for which `when` holds."""

    key: str
    label: Label
    measure: str
    when: Expression | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """A value that follows from fields; never given, never stored by hand."""

    key: str
    label: Label
    value: Expression


class Measure(StrEnum):
    COUNT = "count"  # how many entries
    SUM = "sum"  # of a money or number field over them


@dataclass(frozen=True, slots=True)
class Total:
    """A whole number over the entries of one record of the matter: fen where `field` is money."""

    key: str
    label: Label
    record: str
    measure: Measure
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """Where the money stands that is counted by budget year and source: in the entries of `record`, or in fields."""

    year: str
    source: str
    amount: str
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Unique:
    """No two matters may hold the same values in `fields`, until an end in `freed` frees them; `label` says of what."""

    key: str
    label: Label
    fields: tuple[str, ...]
    freed: tuple[End, ...] = (End.OTHER,)


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal or local source of the rules, and how far somebody has checked it."""

    title: Label
    source: str
    review_status: str


@dataclass(frozen=True, slots=True)
class Mechanism:
    """The declared loop of one kind of matter."""

    key: str
    version: str
    title: Label
    summary: Label
    review_status: str
    basis: tuple[Basis, ...]
    start: str
    roles: Mapping[str, Role]
    fields: Mapping[str, Field]
    groups: Mapping[str, Label]
    records: Mapping[str, RecordGroup]
    stages: Mapping[str, Stage]
    actions: Mapping[str, Action]
    ladders: Mapping[str, Ladder]
    deadline: WholeDeadline
    extension: Extension | None
    closing: Closing
    index: Index
    letters: Mapping[str, Letter] = made(default_factory=dict)
    indicators: Mapping[str, Indicator] = made(default_factory=dict)
    computed: Mapping[str, Computed] = made(default_factory=dict)
    totals: Mapping[str, Total] = made(default_factory=dict)
    budget: Budget | None = None
    unique: Mapping[str, Unique] = made(default_factory=dict)
    register_by: tuple[str, ...] = ()
    register_requires: tuple[str, ...] = ()
    assertions: Mapping[str, Label] = made(default_factory=dict)
    recognitions: Mapping[str, Label] = made(default_factory=dict)
    text_hash: str = ""

    def actions_at(self, stage: str) -> Iterator[Action]:
        """Yield the actions that are open while a matter stands in `stage`, in the order declared."""
        return (action for action in self.actions.values() if stage in action.stages)

    @property
    def ends(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.stages.values() if stage.end)

    @property
    def work_roles(self) -> frozenset[str]:
        """The roles that do what verification looks at."""
        return frozenset(role for action in self.actions.values() if action.does is Does.WORK for role in action.by)
