"""Times as a mechanism declares them: terms, ladders, the deadline of the whole matter and how far it may be moved."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from enum import StrEnum

from .label import Label


class Span(StrEnum):
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Term:
    """So long after a named moment. The day of the moment is not counted (民法典 art. 201).

    An anchor is `registered`, `entered` (the stage was entered), `action:KEY` (last done) or `field:KEY`
    (a date field); of several, the first that has happened counts. A term none of whose anchors has
    happened yet gives no day.
    """

    anchors: tuple[str, ...]
    length: int
    span: Span


@dataclass(frozen=True, slots=True)
class Rung:
    """`at` days relative to the deadline (negative: before) the `to` roles are told, with a letter or without."""

    at: int
    to: tuple[str, ...]
    letter: str | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    key: str
    label: Label
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Extension:
    """How often, and how far each time (calendar days), the whole deadline may be moved.

    `field` is the date field that holds the day asked for.
    """

    field: str
    limit: int
    max_days: int


@dataclass(frozen=True, slots=True)
class WholeDeadline:
    """When the whole matter must end.

    The day given in `field`; else the term of the class that the choice field `by_class` holds; else `term`.
    A class in `reviews` is continuing work: its term gives the day of the next look instead of an end.
    """

    field: str
    ladder: str
    term: Term | None = None
    by_class: str | None = None
    terms: Mapping[str, Term] = made(default_factory=dict)
    reviews: frozenset[str] = frozenset()
