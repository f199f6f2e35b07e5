"""The parsed expression. Nodes compare by what they say, not by where they stand."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as made

from .types import Type


@dataclass(frozen=True, slots=True)
class Literal:
    value: bool | int | str
    type: Type
    column: int = made(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    column: int = made(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Has:
    name: str
    column: int = made(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Items:
    """A list written out."""

    items: "tuple[Node, ...]"
    column: int = made(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`op` is `!` or `-`."""

    op: str
    operand: "Node"
    column: int = made(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """`op` is one of `== != < <= > >= in && || + - *`."""

    op: str
    left: "Node"
    right: "Node"
    column: int = made(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class Ternary:
    condition: "Node"
    yes: "Node"
    no: "Node"
    column: int = made(default=1, compare=False)


Node = Literal | Name | Has | Items | Unary | Binary | Ternary


def parts(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly below `node`."""
    match node:
        case Items(items=items):
            return items
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Ternary(condition=condition, yes=yes, no=no):
            return (condition, yes, no)
    return ()


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Yield every node with its depth (1 for `node` itself), without recursion."""
    waiting = [(node, 1)]
    while waiting:
        current, depth = waiting.pop()
        yield current, depth
        waiting.extend((part, depth + 1) for part in parts(current))


def names(node: Node) -> frozenset[str]:
    """Return the names that `node` reads."""
    return frozenset(each.name for each, _ in walk(node) if isinstance(each, Name | Has))
