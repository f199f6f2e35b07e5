"""From a checked tree to a function of the values.

A value that is not set (None, or an empty list) follows one rule: it counts as 0 in arithmetic, equals
nothing (so `!=` holds), is neither smaller nor larger than anything, is in no list, and does not hold as a
condition.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from .tree import Binary, Has, Items, Literal, Name, Node, Ternary, Unary

Run = Callable[[Mapping[str, Any]], Any]

_ARITHMETIC: dict[str, Callable[[int, int], int]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def build(node: Node) -> Run:
    """Return the function that computes `node`; dates are ISO days, whose texts sort as the days do."""
    match node:
        case Literal(value=value):
            return lambda values: value
        case Name(name=name):
            return lambda values: values.get(name)
        case Has(name=name):
            return lambda values: values.get(name) not in (None, "", [], ())
        case Items(items=items):
            runs = [build(item) for item in items]
            return lambda values: [run(values) for run in runs]
        case Unary(op=op, operand=operand):
            return _unary(op, build(operand))
        case Ternary(condition=condition, yes=yes, no=no):
            test, then, otherwise = build(condition), build(yes), build(no)
            return lambda values: then(values) if test(values) else otherwise(values)
        case Binary(op=op, left=left, right=right):
            return _binary(op, build(left), build(right))


def _unary(op: str, run: Run) -> Run:
    if op == "!":
        return lambda values: not run(values)
    return lambda values: -(run(values) or 0)


def _binary(op: str, left: Run, right: Run) -> Run:
    if op == "&&":
        return lambda values: bool(left(values)) and bool(right(values))
    if op == "||":
        return lambda values: bool(left(values)) or bool(right(values))
    if op == "==":
        return lambda values: _equal(left(values), right(values))
    if op == "!=":
        return lambda values: not _equal(left(values), right(values))
    if op == "in":
        return lambda values: _contains(left(values), right(values))
    if op in _ARITHMETIC:
        compute = _ARITHMETIC[op]
        return lambda values: compute(left(values) or 0, right(values) or 0)
    return _ordered(_ORDER[op], left, right)


def _ordered(compare: Callable[[Any, Any], bool], left: Run, right: Run) -> Run:
    def run(values: Mapping[str, Any]) -> bool:
        one, other = left(values), right(values)
        return one is not None and other is not None and compare(one, other)

    return run


def _equal(one: Any, other: Any) -> bool:
    return one is not None and other is not None and one == other


def _contains(one: Any, many: Any) -> bool:
    return one is not None and one in (many or ())
