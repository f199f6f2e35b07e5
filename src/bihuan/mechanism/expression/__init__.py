"""Conditions and computed values of a mechanism: a listed subset of CEL, checked against the declared fields.

    >>> env = {"amount": INT, "kind": choice({"cash", "goods"})}
    >>> condition = compile_expression('kind == "cash" && amount > 100', env)
    >>> condition.evaluate({"kind": "cash", "amount": 250})
    True

Language: https://github.com/google/cel-spec. The subset, and the one rule that is ours (values that are not
set yet), are told in docs/reference/mechanism.md and docs/decisions/0001-expressions.md.
"""

from collections.abc import Mapping

from .check import infer
from .error import ExpressionError
from .model import Expression
from .parse import parse
from .types import BOOL, DATE, INT, STRING, Kind, Type, choice, list_of


def compile_expression(text: str, env: Mapping[str, Type]) -> Expression:
    """Return the checked expression that `text` writes over the names of `env`.

    Raises ExpressionError with the column, what was found there and what would be right.
    """
    node = parse(text)
    return Expression(text=text, type=infer(node, env), node=node)


__all__ = [
    "BOOL",
    "DATE",
    "INT",
    "STRING",
    "Expression",
    "ExpressionError",
    "Kind",
    "Type",
    "choice",
    "compile_expression",
    "list_of",
]
