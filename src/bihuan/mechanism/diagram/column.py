"""The column of cards, grown from top to bottom so that nothing can come to lie over anything else."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..model import Does, Stage
from .measure import DOT, line_height, text_width, wrap, wrap_parts
from .route import Way
from .shapes import ACTION, CARD_WIDTH, INNER, LABEL, NOTE, PAD, SPINE, Arrow, Box, Card, Text
from .wording import Wording

GAP = 30.0
MARK_WIDTH = 22.0


@dataclass(slots=True)
class Column:
    """What has been placed so far, down to the height `y`. Side lanes leave from the rows in `exits`."""

    wording: Wording
    beyond: bool  # whether rows say who decides when the rounds are used up
    y: float = 0.0
    cards: dict[str, Card] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)
    arrows: list[Arrow] = field(default_factory=list)
    exits: list[tuple[Way, float]] = field(default_factory=list)

    def write(self, text: str, *, x: float, width: float, size: float, look: str) -> None:
        """Write `text` from `y` on in as many lines as it takes."""
        self._lines(wrap(text, size=size, width=width), x=x, size=size, look=look)

    def note(self, parts: tuple[str, ...], *, x: float, width: float) -> None:
        """Write small print, part by part."""
        self._lines(wrap_parts(parts, size=NOTE, width=width), x=x, size=NOTE, look="note")

    def _lines(self, lines: Iterable[str], *, x: float, size: float, look: str) -> None:
        for line in lines:
            self.texts.append(_line(line, x=x, y=self.y, size=size, look=look))
            self.y += line_height(size)

    def card(self, stage: Stage, rows: tuple[Way, ...], *, current: bool, visited: bool) -> None:
        """Place a stage: its name, who and until when, and a row for every way that leaves at the side."""
        top = self.y
        self.y += 9
        port = self.y + line_height(LABEL) / 2
        room = INNER - self._mark(current=current, visited=visited)
        self.write(self.wording.say(stage.label), x=PAD, width=room, size=LABEL, look="stage")
        self.note(self.wording.stage_note(stage), x=PAD, width=INNER)
        for line in filter(None, (self.wording.summit(stage.ladder), self.wording.meanwhile(stage))):
            self.write(line, x=PAD, width=INNER, size=NOTE, look="note")
        rule = self._rows(rows, stage)
        self.y += 9
        box = Box(0, top, CARD_WIDTH, self.y - top)
        self.cards[stage.key] = Card(stage, box, port, rule, current, visited)

    def gap(self, down: tuple[Way, ...], *, owner: str | None, main: bool) -> None:
        """Leave the space under a card; with an arrow to the next and its actions, if any leads there."""
        top = self.y
        self.y += 6
        for way in down:
            text, look = self.wording.say(way.action.label), "down" if main else "row"
            self._way(way, text, owner, x=SPINE + 16, width=INNER - SPINE, look=look)
        self.y = max(self.y + 8, top + GAP)
        if down:
            self.arrows.append(Arrow(top, self.y, main))

    def _mark(self, *, current: bool, visited: bool) -> float:
        """Put the badge of the current stage into the corner; return the width that the corner takes."""
        if not current:
            return MARK_WIDTH if visited else 0
        text = self.wording.word("here")
        width = text_width(text, NOTE) + 16
        self.texts.append(Text(Box(CARD_WIDTH - 8 - width, self.y, width, 22), text, NOTE, "badge"))
        return width

    def _rows(self, ways: tuple[Way, ...], stage: Stage) -> float | None:
        if not ways:
            return None
        rule = self.y + 6
        self.y += 11
        for way in ways:
            target = self.wording.mechanism.stages[way.target].label
            text = f"{self.wording.say(way.action.label)} → {self.wording.say(target)}"
            middle = self.y + line_height(ACTION) / 2
            look = "back" if self._leads_back(way) else "row"
            self._way(way, text, stage.owner, x=PAD, width=INNER, look=look)
            self.exits.append((way, middle))
            self.y += 2
        return rule

    def _leads_back(self, way: Way) -> bool:
        return way.target in self.cards or way.target == way.stage

    def _way(self, way: Way, text: str, owner: str | None, *, x: float, width: float, look: str) -> None:
        """Write an action and, behind it or below, who may do it, when and how often."""
        right = x + width
        if way.action.does is Does.VERIFY:
            x += self._tag(x) + 6
        self.write(text, x=x, width=right - x, size=ACTION, look=look)
        note = self.wording.way_note(way, owner=owner, beyond=self.beyond)
        last = self.texts[-1].box
        if note and text_width(DOT.join(note), NOTE) <= right - last.right - 8:
            self.texts.append(_line(DOT.join(note), x=last.right + 8, y=last.y + 1.5, size=NOTE, look="note"))
        else:
            self.note(note, x=x, width=right - x)

    def _tag(self, x: float) -> float:
        text = self.wording.word("verify")
        width = text_width(text, NOTE) + 10
        self.texts.append(Text(Box(x, self.y + 1, width, line_height(ACTION) - 2), text, NOTE, "tag"))
        return width


def _line(text: str, *, x: float, y: float, size: float, look: str) -> Text:
    return Text(Box(x, y, text_width(text, size), line_height(size)), text, size, look)
