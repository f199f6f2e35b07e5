"""The loop drawn from its declaration, as an SVG that a person can read."""

from ..model import Mechanism
from .layout import lay_out
from .svg import render

__all__ = ["draw"]


def draw(
    mechanism: Mechanism,
    *,
    language: str = "zh",
    current: str | None = None,
    visited: frozenset[str] = frozenset(),
    ids: str = "loop",
) -> str:
    """Return one `<svg>` element that shows the stages of `mechanism` in one column, readable down to 360 px.

    The main line to a successful end runs down the middle; what goes back leaves on the left (dashed, with
    the number of rounds), what skips ahead or aside on the right. `current` (a stage key) is marked as the
    place where a matter stands, `visited` are tinted. `ids` starts the element ids and must differ between
    the drawings of one page. The same arguments always give the same text. Where a page forbids inline
    styles, its style sheet gives `max-width: 100%; height: auto` to the class `loop`.
    """
    return render(lay_out(mechanism, language=language, current=current, visited=visited), ids=ids)
