"""What a drawing is made of, in units of the viewBox: y grows downwards, x = 0 is the cards' left edge."""

from dataclasses import dataclass

from ..model import Stage

CARD_WIDTH = 340.0
PAD = 14.0
INNER = CARD_WIDTH - 2 * PAD
#: How far inside the cards' left edge the arrow of the main line runs.
SPINE = 26.0
#: From one lane to the next, and from the card to the first.
LANE = 14.0
MARGIN = 12.0
TITLE, LABEL, ACTION, NOTE = 19.0, 17.0, 15.0, 13.0


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text and the room it is sure to fit in. `look` names how it is drawn."""

    box: Box
    text: str
    size: float
    look: str


@dataclass(frozen=True, slots=True)
class Card:
    """A stage. Side arrows enter at the height `port`; `rule` is the line under its head, if it has rows."""

    stage: Stage
    box: Box
    port: float
    rule: float | None
    current: bool
    visited: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """A straight arrow down the column into the next card."""

    top: float
    bottom: float
    main: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A vertical track, `index` places away from the cards, that gathers all ways of one side to one target.

    It comes from the rows at the heights `sources` and enters the target's card at `port`.
    """

    index: int
    sources: tuple[float, ...]
    port: float

    @property
    def top(self) -> float:
        return min(self.port, *self.sources)

    @property
    def bottom(self) -> float:
        return max(self.port, *self.sources)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished layout; `left` are the lanes of ways back, `right` those of ways ahead and aside."""

    title: str
    description: str
    language: str
    height: float
    cards: tuple[Card, ...]
    texts: tuple[Text, ...]
    arrows: tuple[Arrow, ...]
    left: tuple[Lane, ...]
    right: tuple[Lane, ...]
    samples: tuple[tuple[str, Box], ...]

    @property
    def frame(self) -> Box:
        """The whole picture, margins included."""
        left, right = (MARGIN + LANE * count(lanes) for lanes in (self.left, self.right))
        return Box(-left, 0, left + CARD_WIDTH + right, self.height)


def count(lanes: tuple[Lane, ...]) -> int:
    """Return how many tracks the lanes take side by side."""
    return max((lane.index + 1 for lane in lanes), default=0)
