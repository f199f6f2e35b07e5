"""Does at least one of several conditions hold, whatever the values are?

Conditions over choices are tried with every key (and with no value, unless one is certain). Anything else,
such as an amount above a limit, may be true or false as it likes; only the same comparison, or its exact
opposite, is recognised again. So "yes" is always right, and "no" errs on the side of refusing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as made
from itertools import product
from typing import Any

from ..expression import BOOL, Kind, Type
from ..expression.closures import build
from ..expression.tree import Binary, Has, Items, Literal, Name, Node, Ternary, Unary, names

MOST_CASES = 20_000
TRUE = Literal(True, BOOL)


@dataclass(frozen=True, slots=True)
class World:
    """What is known of the values: their `types`, which are `certain` to be set, and which are `fixed`."""

    types: Mapping[str, Type]
    certain: frozenset[str] = frozenset()
    fixed: Mapping[str, Any] = made(default_factory=dict)


def uncovered(conditions: list[Node], world: World) -> dict[str, Any] | None:
    """Return values for which none of `conditions` holds; None if one of them always does."""
    atoms: dict[Node, str] = {}
    plain = [_plain(condition, world, atoms) for condition in conditions]
    used = sorted(frozenset().union(*(names(each) for each in plain)))
    domains = [_domain(name, world) for name in used]
    runs = [build(each) for each in plain]
    for count, values in enumerate(product(*domains)):
        case = dict(zip(used, values, strict=True))
        if count >= MOST_CASES or not any(run(case) for run in runs):
            return {
                name.partition("@")[0]: value
                for name, value in case.items()
                if name in world.types and name not in world.fixed
            }
    return None


def _domain(name: str, world: World) -> list[Any]:
    if name in world.fixed:
        return [world.fixed[name]]
    kind = world.types.get(name, BOOL)
    if kind.kind is not Kind.CHOICE:
        return [False, True]
    keys: list[Any] = sorted(kind.keys or ())
    return keys if name in world.certain else [*keys, None]


def _plain(node: Node, world: World, atoms: dict[Node, str]) -> Node:
    """Return `node` over choices and yes-or-no names only; what is neither becomes such a name."""
    match node:
        case Unary(op="!", operand=operand):
            return Unary("!", _plain(operand, world, atoms))
        case Binary(op="&&" | "||" as op, left=left, right=right):
            return Binary(op, _plain(left, world, atoms), _plain(right, world, atoms))
        case Ternary(condition=condition, yes=yes, no=no):
            return Ternary(_plain(condition, world, atoms), _plain(yes, world, atoms), _plain(no, world, atoms))
        case Has(name=name) if name in world.certain:
            return TRUE
    if all(world.types[name].kind in (Kind.CHOICE, Kind.BOOL) for name in names(node)):
        return node
    return _atom(node, world, atoms)


def _atom(node: Node, world: World, atoms: dict[Node, str]) -> Node:
    flip, node = _canonical(node, world)
    atom = Name(atoms.setdefault(node, f"?{len(atoms)}"))
    return Unary("!", atom) if flip else atom


def _canonical(node: Node, world: World) -> tuple[bool, Node]:
    """Return one form for a comparison and its opposite, and whether `node` is the opposite."""
    if not isinstance(node, Binary):
        return False, node
    if node.op == "!=":
        return True, Binary("==", node.left, node.right)
    if names(node) <= world.certain:  # with a value missing, neither `a < b` nor `a >= b` holds
        match node.op:
            case ">":
                return False, Binary("<", node.right, node.left)
            case ">=":
                return True, Binary("<", node.left, node.right)
            case "<=":
                return True, Binary("<", node.right, node.left)
    return False, node


def renamed(node: Node, suffix: str, only: frozenset[str]) -> Node:
    """Return `node` with the names in `only` renamed: the values that an action leaves behind it."""
    match node:
        case Name(name=name) if name in only:
            return Name(name + suffix)
        case Has(name=name) if name in only:
            return Has(name + suffix)
        case Unary(op=op, operand=operand):
            return Unary(op, renamed(operand, suffix, only))
        case Items(items=items):
            return Items(tuple(renamed(item, suffix, only) for item in items))
        case Binary(op=op, left=left, right=right):
            return Binary(op, renamed(left, suffix, only), renamed(right, suffix, only))
        case Ternary(condition=condition, yes=yes, no=no):
            return Ternary(renamed(condition, suffix, only), renamed(yes, suffix, only), renamed(no, suffix, only))
    return node


def told(case: Mapping[str, Any]) -> str:
    """Return `case` in the words of the file; `—` is a value that is not set."""
    return ", ".join(f"{name} = {'—' if value is None else value}" for name, value in case.items())
