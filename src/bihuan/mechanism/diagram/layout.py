"""A mechanism laid out: the column of its stages, the lanes beside it, the legend under it."""

from ..model import Mechanism
from .column import Column
from .lanes import assign_lanes
from .legend import draw_legend, meanings, write_whole_deadline
from .route import Order, Way, arrange, ways
from .shapes import CARD_WIDTH, NOTE, SPINE, TITLE, Arrow, Drawing
from .wording import Wording


def lay_out(mechanism: Mechanism, *, language: str, current: str | None, visited: frozenset[str]) -> Drawing:
    """Return the drawing of `mechanism`; the same arguments always give the same one."""
    wording, order, all_ways = Wording(mechanism, language), arrange(mechanism), ways(mechanism)
    column = Column(wording, beyond=len({way.action.beyond for way in all_ways if way.action.beyond}) > 1)
    _head(column, mechanism)
    _stages(column, mechanism, order, all_ways, current=current, visited=visited)
    write_whole_deadline(column)
    samples = draw_legend(column, meanings(column, all_ways, mechanism))
    place = {key: index for index, key in enumerate(order.all)}
    ports = {key: card.port for key, card in column.cards.items()}
    back = [(way.target, y) for way, y in column.exits if place[way.target] <= place[way.stage]]
    ahead = [(way.target, y) for way, y in column.exits if place[way.target] > place[way.stage]]
    return Drawing(
        title=wording.say(mechanism.title),
        description=_description(wording, order, current),
        language=language,
        height=column.y + 6,
        cards=tuple(column.cards.values()),
        texts=tuple(column.texts),
        arrows=tuple(column.arrows),
        left=assign_lanes(back, ports),
        right=assign_lanes(ahead, ports),
        samples=samples,
    )


def _head(column: Column, mechanism: Mechanism) -> None:
    wording = column.wording
    column.y = 8
    column.write(wording.say(mechanism.title), x=0, width=CARD_WIDTH, size=TITLE, look="title")
    column.y += 10
    top = column.y
    begin = " · ".join(filter(None, (wording.word("register"), wording.roles(mechanism.register_by))))
    column.write(begin, x=SPINE + 16, width=CARD_WIDTH - SPINE - 16, size=NOTE, look="note")
    column.y += 10
    column.arrows.append(Arrow(top + 8, column.y, main=True))


def _stages(
    column: Column,
    mechanism: Mechanism,
    order: Order,
    all_ways: tuple[Way, ...],
    *,
    current: str | None,
    visited: frozenset[str],
) -> None:
    """Place each stage with the ways that leave it: down to its neighbour, the others at the side."""
    for line, is_main in ((order.main, True), (order.beside, False)):
        if line and not is_main:
            column.write(column.wording.word("beside"), x=0, width=CARD_WIDTH, size=NOTE, look="heading")
            column.y += 6
        for key, below in zip(line, (*line[1:], None), strict=False):
            stage, here = mechanism.stages[key], key == current
            leaving = [way for way in all_ways if way.stage == key]
            rows = tuple(way for way in leaving if way.target != below)
            column.card(stage, rows, current=here, visited=key in visited and not here)
            down = tuple(way for way in leaving if way.target == below)
            column.gap(down, owner=stage.owner, main=is_main)


def _description(wording: Wording, order: Order, current: str | None) -> str:
    """Say the main line in words, for those who do not see the picture, and where the matter stands."""
    stages = wording.mechanism.stages
    line = " → ".join(wording.say(stages[key].label) for key in order.main)
    said = f"{wording.word('main')}: {line}"
    if stage := stages.get(current or ""):
        said += f" · {wording.word('here')}: {wording.say(stage.label)}"
    return said
