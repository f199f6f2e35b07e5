"""A checked expression."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from functools import cached_property
from typing import Any

from .closures import Run, build
from .tree import Node, names
from .types import Type


@dataclass(frozen=True)
class Expression:
    """Equal to another by text and type; can be pickled; compiled when it is first evaluated."""

    text: str
    type: Type
    node: Node = made(compare=False, repr=False)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that it reads."""
        return names(self.node)

    def evaluate(self, values: Mapping[str, Any]) -> Any:
        """Return its value over `values` (name → JSON value; a missing name is a value not set).

        bool, int or str by `type`; None only where the value asked for is itself not set.
        """
        return self._run(values)

    @cached_property
    def _run(self) -> Run:
        return build(self.node)

    def __getstate__(self) -> dict[str, Any]:
        return {"text": self.text, "type": self.type, "node": self.node}
