"""What reading an official text gives."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from bihuan.mechanism.sentence import Sentence as Told

from .strand import Strand

Kind = Literal["achieved", "to_do"]
Number = int | float


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity: as the text writes it, its number in single units (money in yuan, `%` in points), and what it is."""

    text: str
    value: Number
    unit: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Proposal:
    """A sentence that asks for something.

    `start` and `end` are offsets into the original text. What is left of `original[start:end]` without blanks, line
    breaks and the stretches in `Reading.aside` is `sentence` without blanks. `task` is a stretch of `sentence`. `units`
    are keys. `due_note` says where the day comes from, or why there is none. `rules` are keys of `rules.RULES`.
    """

    sentence: str
    start: int
    end: int
    speaker: str | None
    post: str | None
    task: str
    units: tuple[str, ...]
    figures: tuple[Figure, ...]
    due: date | None
    due_note: Told
    mechanism: str | None
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """One article or document. `continued_from` is the page before, where the text says which."""

    headline: str | None
    byline: str | None
    continued_from: int | None
    paragraphs: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """The articles in the order of their bodies.

    `aside` are stretches of the original that belong to no article: page numbers, the masthead, letterhead, signature.
    `day` is the day of the text, given or found.
    """

    articles: tuple[Article, ...]
    aside: tuple[Strand, ...] = ()
    day: date | None = None
