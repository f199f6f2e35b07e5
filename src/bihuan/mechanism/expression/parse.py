"""From text to tree."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from ..sentence import N_, Sentence
from .error import ExpressionError
from .tree import Binary, Has, Items, Literal, Name, Node, Ternary, Unary, walk
from .types import BOOL, DATE, INT, Kind, Type

LONGEST = 1_000  # characters
DEEPEST = 60  # nodes above each other
LARGEST = 2**63 - 1  # CEL's int is 64 bits wide

#: What CEL keeps for itself; none of them can name a field.
RESERVED = frozenset(
    {
        "as",
        "break",
        "const",
        "continue",
        "else",
        "false",
        "for",
        "function",
        "if",
        "import",
        "in",
        "let",
        "loop",
        "namespace",
        "null",
        "package",
        "return",
        "true",
        "var",
        "void",
        "while",
    }
)


def parse(text: str) -> Node:
    """Return the tree of `text`; raises ExpressionError."""
    if len(text) > LONGEST:
        raise ExpressionError(
            LONGEST + 1,
            found=Sentence(N_("%(count)s characters"), {"count": len(text)}),
            expected=Sentence(N_("at most %(count)s characters"), {"count": LONGEST}),
        )
    node = _read(text)
    for each, depth in walk(node):
        if depth > DEEPEST:
            raise ExpressionError(
                each.column,
                found=Sentence(N_("an expression nested more than %(count)s deep"), {"count": DEEPEST}),
                expected=Sentence(N_("a shorter expression, or a part of it as a computed value")),
            )
    return node


def _read(text: str) -> Node:
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken

    try:
        return _reader().parse(text)  # type: ignore[no-any-return]
    except UnexpectedCharacters as error:
        raise _unexpected(error.char, error.column, {"NAME"} & (error.allowed or set())) from None
    except UnexpectedToken as error:
        at_end = error.token.type == "$END"
        column = len(text) + 1 if at_end else error.token.column or 1
        raise _unexpected("" if at_end else str(error.token), column, error.accepts) from None


@cache
def _reader() -> Any:
    """Build the parser once, when the first expression is read: starting the program must not wait for it."""
    from lark import Lark

    grammar = files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", transformer=_Builder(), maybe_placeholders=False)


class _Builder:
    """Makes the nodes while the text is read, so that no depth of nesting can exhaust the stack."""

    def ternary(self, parts: list[Any]) -> Node:
        condition, yes, no = parts
        return Ternary(condition, yes, no, condition.column)

    def binary(self, parts: list[Any]) -> Node:
        left, op, right = parts
        return Binary(str(op), left, right, op.column)

    def unary(self, parts: list[Any]) -> Node:
        op, operand = parts
        return Unary(str(op), operand, op.column)

    def true(self, parts: list[Any]) -> Node:
        return Literal(True, BOOL, parts[0].column)

    def false(self, parts: list[Any]) -> Node:
        return Literal(False, BOOL, parts[0].column)

    def integer(self, parts: list[Any]) -> Node:
        (token,) = parts
        if len(token) > 19 or int(token) > LARGEST:
            raise ExpressionError(
                token.column,
                found=str(token)[:30],
                expected=Sentence(N_("a whole number up to %(largest)s"), {"largest": LARGEST}),
            )
        return Literal(int(token), INT, token.column)

    def string(self, parts: list[Any]) -> Node:
        (token,) = parts
        value = re.sub(r"\\(.)", lambda found: {"n": "\n", "t": "\t"}.get(found[1], found[1]), token[1:-1])
        if not value:
            raise ExpressionError(
                token.column,
                found=Sentence(N_("an empty text")),
                expected=Sentence(N_("a text; to ask whether a value is there, write has(name)")),
            )
        return Literal(value, Type(Kind.STRING, keys=frozenset({value})), token.column)

    def items(self, parts: list[Any]) -> Node:
        bracket, *items = parts
        if not items:
            raise ExpressionError(
                bracket.column,
                found=Sentence(N_("an empty list")),
                expected=Sentence(N_("a list with at least one value in it")),
            )
        return Items(tuple(items), bracket.column)

    def name(self, parts: list[Any]) -> Node:
        (token,) = parts
        if token in RESERVED:
            raise ExpressionError(
                token.column,
                found=str(token),
                expected=Sentence(N_("a value; to ask whether a value is there, write has(name)")),
            )
        return Name(str(token), token.column)

    def call(self, parts: list[Any]) -> Node:
        function, *arguments = parts
        match str(function), arguments:
            case "has", [Name(name=name, column=column)]:
                return Has(name, column)
            case "date", [Literal(type=Type(kind=Kind.STRING), value=str(day), column=column)]:
                return Literal(_day(day, column), DATE, function.column)
        raise ExpressionError(
            function.column,
            found=f"{function}(…)",
            expected=Sentence(N_('has(name) or date("2026-12-31"); there are no other functions')),
        )


def _day(text: str, column: int) -> str:
    if not _is_day(text):
        raise ExpressionError(
            column,
            found=text[:30],
            expected=Sentence(N_("a day of the calendar, written like 2026-12-31")),
        )
    return text


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) and date.fromisoformat(text))
    except ValueError:
        return False


_HINTS = {
    '"': N_("a text between two quotation marks of one kind, on one line"),
    "'": N_("a text between two quotation marks of one kind, on one line"),
    "=": N_("== to compare"),
    "&": N_("&& for “and”"),
    "|": N_("|| for “or”"),
    "and": N_("&& for “and”"),
    "or": N_("|| for “or”"),
    ".": N_("whole numbers and plain names: money is counted in fen, ratios in basis points"),
    "/": N_("no division: multiply the other side instead"),
    "%": N_("no division: multiply the other side instead"),
}


def _unexpected(found: str, column: int, allowed: Iterable[str]) -> ExpressionError:
    return ExpressionError(
        column,
        found=found[:30] or Sentence(N_("the end")),
        expected=Sentence(_HINTS.get(found) or _wanted(set(allowed))),
    )


def _wanted(allowed: set[str]) -> str:
    if "NAME" in allowed:
        return N_("a value: a name, a number, a text in quotation marks, true or false")
    if "COLON" in allowed:
        return N_("an operator, or : and what holds otherwise")
    if "RPAR" in allowed:
        return N_("an operator or a closing bracket )")
    if "RSQB" in allowed:
        return N_("an operator, a comma or a closing bracket ]")
    return N_("an operator such as == or &&, or the end")
