"""A drawing as SVG text. Classes are for the page's style sheet; the colours beside them hold without one."""

from collections.abc import Callable, Iterator
from html import escape

from ..model import End
from .shapes import CARD_WIDTH, LANE, PAD, SPINE, Arrow, Box, Card, Drawing, Lane, Text

FONTS = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"
INK, GREY, BLUE, AMBER, SLATE, GREEN = "#1b2430", "#4d5663", "#1a56b8", "#a34a00", "#5b6778", "#17703a"
ROUND = 7.0
HEAD = 8.0  # length of an arrow's head

_TEXT = {
    "title": f'fill="{INK}" font-weight="700"',
    "stage": f'fill="{INK}" font-weight="700"',
    "heading": f'fill="{INK}" font-weight="700"',
    "down": f'fill="{BLUE}" font-weight="600"',
    "row": f'fill="{INK}"',
    "back": f'fill="{AMBER}"',
    "note": f'fill="{GREY}"',
    "badge": 'fill="#ffffff" font-weight="600" text-anchor="middle"',
    "tag": f'fill="{GREEN}" font-weight="600" text-anchor="middle"',
}
_PILL = {"badge": f'fill="{BLUE}"', "tag": f'fill="#ffffff" stroke="{GREEN}"'}
_LINE = {
    "main": f'stroke="{BLUE}" stroke-width="3" fill="none"',
    "down": f'stroke="{SLATE}" stroke-width="1.5" fill="none"',
    "ahead": f'stroke="{SLATE}" stroke-width="1.5" fill="none"',
    "back": f'stroke="{AMBER}" stroke-width="1.8" stroke-dasharray="5 3" fill="none"',
}
_HEAD_FILL = {"main": BLUE, "down": SLATE, "ahead": SLATE, "back": AMBER}


def render(drawing: Drawing, *, ids: str) -> str:
    """Return the `<svg>` element of `drawing`, its title and description named with `ids`."""
    frame, name = drawing.frame, _clean(ids)
    box = f"{_n(frame.x)} {_n(frame.y)} {_n(frame.width)} {_n(frame.height)}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="loop" viewBox="{box}" width="{_n(frame.width)}"'
        f' height="{_n(frame.height)}" style="max-width:100%;height:auto" role="img" lang="{_lang(drawing)}"'
        f' aria-labelledby="{name}-title {name}-desc" font-family="{FONTS}">',
        f'<title id="{name}-title">{_clean(drawing.title)}</title>',
        f'<desc id="{name}-desc">{_clean(drawing.description)}</desc>',
        *(part for lane in drawing.left for part in _lane(lane, "back")),
        *(part for lane in drawing.right for part in _lane(lane, "ahead")),
        *(part for card in drawing.cards for part in _card(card)),
        *(part for arrow in drawing.arrows for part in _arrow(arrow)),
        *(part for look, box_ in drawing.samples for part in _sample(look, box_)),
        *(part for text in drawing.texts for part in _text(text)),
        "</svg>",
    ]
    return "\n".join(lines)


def _lang(drawing: Drawing) -> str:
    return "en" if drawing.language.startswith("en") else "zh-Hans"


def _clean(text: str) -> str:
    """Escape `text`, without the control characters that XML cannot hold."""
    return escape("".join(char for char in text if char >= " "))


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _text(text: Text) -> Iterator[str]:
    box = text.box
    if text.look in _PILL:
        yield (
            f'<rect class="loop-{text.look}-back" x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}"'
            f' height="{_n(box.height)}" rx="4" {_PILL[text.look]}/>'
        )
    x = box.x + box.width / 2 if text.look in _PILL else box.x
    baseline = box.middle + text.size * 0.36
    yield (
        f'<text class="loop-{text.look}" x="{_n(x)}" y="{_n(baseline)}" font-size="{_n(text.size)}"'
        f" {_TEXT[text.look]}>{_clean(text.text)}</text>"
    )


def _card(card: Card) -> Iterator[str]:
    end = card.stage.end
    look = "current" if card.current else "visited" if card.visited else "stage"
    colours = {
        "current": f'fill="#dbe8ff" stroke="{BLUE}" stroke-width="3"',
        "visited": 'fill="#eef4ff" stroke="#7c9bd0" stroke-width="1.5"',
        "stage": 'fill="#ffffff" stroke="#8592a3" stroke-width="1.5"',
    }
    yield _rect(card.box, f"loop-{look}", colours[look] if not end or card.current else _end_colours(end))
    if end:
        inner = Box(card.box.x + 4, card.box.y + 4, card.box.width - 8, card.box.height - 8)
        yield _rect(inner, f"loop-end-{end.value}", f'fill="none" stroke="{_end_stroke(end)}"')
    if card.rule is not None:
        yield (
            f'<line class="loop-rule" x1="{_n(card.box.x + PAD)}" x2="{_n(card.box.right - PAD)}"'
            f' y1="{_n(card.rule)}" y2="{_n(card.rule)}" stroke="#d5dbe3"/>'
        )
    if card.visited:
        yield _tick(card.box.right - 26, card.port)


def _end_stroke(end: End) -> str:
    return GREEN if end is End.SUCCESS else GREY


def _end_colours(end: End) -> str:
    fill = "#ecf8f0" if end is End.SUCCESS else "#f3f4f6"
    return f'fill="{fill}" stroke="{_end_stroke(end)}" stroke-width="1.5"'


def _rect(box: Box, look: str, colours: str) -> str:
    return (
        f'<rect class="{look}" x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}"'
        f' height="{_n(box.height)}" rx="8" {colours}/>'
    )


def _tick(x: float, y: float) -> str:
    return (
        f'<path class="loop-tick" d="M{_n(x)} {_n(y)}l4 5l9 -10" fill="none" stroke="{BLUE}"'
        ' stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _arrow(arrow: Arrow) -> Iterator[str]:
    look = "main" if arrow.main else "down"
    yield _path(look, f"M{_n(SPINE)} {_n(arrow.top)}V{_n(arrow.bottom - HEAD)}")
    yield _head(look, f"M{_n(SPINE)} {_n(arrow.bottom - 1)}l-5 -{_n(HEAD)}h10z")


def _path(look: str, d: str) -> str:
    return f'<path class="loop-{look}" d="{d}" {_LINE[look]}/>'


def _head(look: str, d: str) -> str:
    return f'<path class="loop-{look}-head" d="{d}" fill="{_HEAD_FILL[look]}"/>'


def _lane(lane: Lane, look: str) -> Iterator[str]:
    """Draw the trunk once, from the farthest row to the card, and a short feeder for every other row."""
    out = -1 if look == "back" else 1
    edge = 0.0 if look == "back" else CARD_WIDTH
    track = edge + out * LANE * (lane.index + 1)
    far = max(lane.sources, key=lambda y: abs(y - lane.port))
    towards = -1 if lane.port < far else 1
    turn = f"Q{_n(track)} {{y}} {_n(track)} {{to}}"
    for y in lane.sources:
        bend = turn.format(y=_n(y), to=_n(y + towards * ROUND))
        d = f"M{_n(edge)} {_n(y)}H{_n(track - out * ROUND)}{bend}"
        if y == far:
            d += f"V{_n(lane.port - towards * ROUND)}Q{_n(track)} {_n(lane.port)} {_n(track - out * ROUND)}"
            d += f" {_n(lane.port)}H{_n(edge + out * (HEAD - 1))}"
        yield _path(look, d)
    yield _head(look, f"M{_n(edge + out)} {_n(lane.port)}l{_n(out * HEAD)} -5v10z")


def _sample(look: str, box: Box) -> Iterator[str]:
    """Draw the sample of a look in the legend."""
    if look in _LINE:
        yield _path(look, f"M{_n(box.x)} {_n(box.middle)}H{_n(box.right - HEAD)}")
        yield _head(look, f"M{_n(box.right)} {_n(box.middle)}l-{_n(HEAD)} -5v10z")
        return
    yield from _SAMPLES[look](box)


def _end_sample(end: End) -> Callable[[Box], Iterator[str]]:
    def draw(box: Box) -> Iterator[str]:
        yield _rect(box, f"loop-end-{end.value}", _end_colours(end))
        inner = Box(box.x + 3, box.y + 3, box.width - 6, box.height - 6)
        yield _rect(inner, f"loop-end-{end.value}", f'fill="none" stroke="{_end_stroke(end)}"')

    return draw


def _been_sample(box: Box) -> Iterator[str]:
    yield _tick(box.x + 6, box.middle)


_SAMPLES: dict[str, Callable[[Box], Iterator[str]]] = {
    End.SUCCESS.value: _end_sample(End.SUCCESS),
    End.OTHER.value: _end_sample(End.OTHER),
    "been": _been_sample,
}
