"""Text that knows where each of its characters stands in the original."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strand:
    """`text`, and for each of its characters the offset of that character in the original; offsets only grow.

    A blank that replaces a line break or several blanks has the offset of the first of them.
    """

    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str, at: int = 0) -> "Strand":
        """Return a stretch of the original that begins at offset `at`."""
        return cls(text, tuple(range(at, at + len(text))))

    @property
    def start(self) -> int:
        """The offset of the first character."""
        return self.places[0]

    @property
    def end(self) -> int:
        """The offset behind the last character."""
        return self.places[-1] + 1

    def cut(self, start: int, end: int | None = None) -> "Strand":
        """Return the part from character `start` to before `end`, without blanks at either end."""
        part = self.text[start:end]
        left = start + len(part) - len(part.lstrip())
        right = left + len(part.strip())
        return Strand(self.text[left:right], self.places[left:right])

    def __bool__(self) -> bool:
        return bool(self.text)


NOTHING = Strand("", ())


def join(parts: Iterable[Strand]) -> Strand:
    """Return the parts as one; only between two Latin letters does a line break stand for a blank."""
    text: list[str] = []
    places: list[int] = []
    for part in parts:
        if not part:
            continue
        if text and _is_letter(text[-1][-1]) and _is_letter(part.text[0]):
            text.append(" ")
            places.append(places[-1] + 1)
        text.append(part.text)
        places.extend(part.places)
    return Strand("".join(text), tuple(places))


def _is_letter(c: str) -> bool:
    return c.isascii() and c.isalpha()
