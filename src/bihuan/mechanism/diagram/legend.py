"""What stands under the column: the deadline of the whole matter, and what the lines mean."""

from ..model import Does, End, Mechanism
from .column import Column
from .measure import line_height, text_width
from .route import Way
from .shapes import CARD_WIDTH, NOTE, Box, Text

SAMPLE_WIDTH = 36.0
SAMPLE_GAP = 8.0
ITEM_GAP = 18.0
ROW_GAP = 6.0


def write_whole_deadline(column: Column) -> None:
    """Write how long the whole matter may take; nothing if the mechanism does not say."""
    lines = column.wording.whole()
    if not lines:
        return
    column.write(column.wording.word("whole"), x=0, width=CARD_WIDTH, size=NOTE, look="heading")
    for line in lines:
        column.write(line, x=0, width=CARD_WIDTH, size=NOTE, look="note")
    column.y += 10


def draw_legend(column: Column, used: list[tuple[str, str]]) -> tuple[tuple[str, Box], ...]:
    """Place a sample of each look in `used` (look, meaning), its meaning behind it; return the samples."""
    samples: list[tuple[str, Box]] = []
    x, top = 0.0, column.y
    for look, meaning in used:
        sample = _sample_width(column, look)
        width = sample + SAMPLE_GAP + text_width(meaning, NOTE)
        if x and x + width > CARD_WIDTH:
            x, top = 0.0, column.y + ROW_GAP
        box = Box(x, top, sample, line_height(NOTE))
        if look == "tag":
            column.texts.append(Text(box, column.wording.word("verify"), NOTE, "tag"))
        else:
            samples.append((look, box))
        column.y = top
        behind = box.right + SAMPLE_GAP
        column.write(meaning, x=behind, width=CARD_WIDTH - behind, size=NOTE, look="note")
        x += width + ITEM_GAP
    return tuple(samples)


def meanings(column: Column, ways: tuple[Way, ...], mechanism: Mechanism) -> list[tuple[str, str]]:
    """List the looks that occur in this drawing, with what they mean."""
    word = column.wording.word
    ends = {stage.end for stage in mechanism.stages.values()}
    place = {key: index for index, key in enumerate(column.cards)}
    found = [("main", word("main"))] if any(arrow.main for arrow in column.arrows) else []
    if any(place[way.target] > place[way.stage] for way, _ in column.exits):
        found.append(("ahead", word("ahead")))
    if any(place[way.target] <= place[way.stage] for way, _ in column.exits):
        found.append(("back", column.wording.back(ways, beyond=not column.beyond)))
    found += [(end.value, word(end.value)) for end in End if end in ends]
    if any(way.action.does is Does.VERIFY for way in ways):
        found.append(("tag", word("check")))
    if any(card.visited for card in column.cards.values()):
        found.append(("been", word("been")))
    return found


def _sample_width(column: Column, look: str) -> float:
    return max(SAMPLE_WIDTH, text_width(column.wording.word("verify"), NOTE) + 10) if look == "tag" else SAMPLE_WIDTH
