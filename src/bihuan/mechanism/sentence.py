"""Sentences for people, kept apart from the language they will be read in.

A pure rule cannot know who will read its answer, so it returns the English pattern and the values that
fill it; the edge (page, command line) looks the pattern up in the reader's catalogue and fills it then.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable


def N_(pattern: str) -> str:
    """Mark `pattern` for the translation catalogues; returns it unchanged."""
    return pattern


@runtime_checkable
class Named(Protocol):
    """Anything that has a name in both languages, such as the label of a stage."""

    def text(self, language: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Listed:
    """Several names in a row, joined as the language joins them."""

    names: tuple[Named | str, ...]

    @classmethod
    def of(cls, names: Iterable[Named | str]) -> "Listed":
        return cls(tuple(names))

    def text(self, language: str) -> str:
        joint = ", " if language.startswith("en") else "、"
        return joint.join(each.text(language) if isinstance(each, Named) else each for each in self.names)


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English pattern with named places (`%(name)s`) and what goes into them.

    A value may itself be a `Sentence` or something `Named`; it is rendered for the same reader.
    """

    pattern: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def render(self, translate: Callable[[str], str] = str, language: str = "en") -> str:
        """Return the sentence as `translate` and `language` have it (English when neither is given)."""
        pattern = translate(self.pattern)
        if not self.values:
            return pattern.replace("%%", "%")
        return pattern % {key: self._fill(value, translate, language) for key, value in self.values.items()}

    @staticmethod
    def _fill(value: Any, translate: Callable[[str], str], language: str) -> Any:
        if isinstance(value, Sentence):
            return value.render(translate, language)
        return value.text(language) if isinstance(value, Named) else value

    def __str__(self) -> str:
        return self.render()
