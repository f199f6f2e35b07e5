"""How much room a text takes, estimated without a font and rather too wide than too narrow."""

from collections.abc import Sequence
from functools import cache
from unicodedata import category, east_asian_width

LINE_EM = 1.4
DOT = " · "
#: Widths in em of what is clearly narrower or wider than an ordinary letter (0.6 em), for bold sans-serif.
_LATIN_EM = {
    **dict.fromkeys("iljI.,:;'|!", 0.36),
    **dict.fromkeys("ftr()-[]{}/ ", 0.42),
    **dict.fromkeys("mwMW%@", 1.0),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", 0.74),
}


def text_width(text: str, size: float) -> float:
    """Return the width of one line of `text` at font `size`: 1 em for a CJK character, else about 0.6 em."""
    return sum(_em(char) for char in text) * size


def line_height(size: float) -> float:
    return size * LINE_EM


def wrap(text: str, *, size: float, width: float) -> tuple[str, ...]:
    """Break `text` into lines of at most `width`: between words or CJK characters, in a word only at need."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if not line or text_width((line + piece).rstrip(), size) <= width:
            line += piece
        else:
            lines.append(line.rstrip())
            line = piece.lstrip()
        while text_width(line.rstrip(), size) > width and len(line) > 1:
            cut = _fitting(line, size, width)
            lines.append(line[:cut])
            line = line[cut:]
    return (*lines, line.rstrip()) if line.strip() or not lines else tuple(lines)


def wrap_parts(parts: Sequence[str], *, size: float, width: float) -> tuple[str, ...]:
    """Set `parts` in a row with dots between; a part that no longer fits goes to the next line as a whole."""
    lines: list[str] = []
    for part in parts:
        if lines and text_width(lines[-1] + DOT + part, size) <= width:
            lines[-1] += DOT + part
        else:
            lines.extend(wrap(part, size=size, width=width))
    return tuple(lines)


@cache
def _em(char: str) -> float:
    if category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 1 if east_asian_width(char) in "WFA" else _LATIN_EM.get(char, 0.6)


def _pieces(text: str) -> list[str]:
    """Cut into what stays together: words with the space after them, CJK characters with closing marks."""
    pieces: list[str] = []
    for before, char in zip(" " + text, text, strict=False):
        sticks = char == " " or char in "，。、；：）》”？！,.;:)" or before in "（《“(≤"
        latin = _em(char) < 1 and _em(before) < 1 and before != " "
        if pieces and (sticks or latin):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _fitting(line: str, size: float, width: float) -> int:
    """Return how many characters of `line` fit, at least one."""
    cut = 1
    while cut < len(line) and text_width(line[: cut + 1], size) <= width:
        cut += 1
    return cut
