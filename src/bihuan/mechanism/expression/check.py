"""What type an expression has, or why it has none."""

from collections.abc import Mapping
from difflib import get_close_matches

from ..sentence import N_, Sentence
from .error import ExpressionError
from .tree import Binary, Has, Items, Literal, Name, Node, Ternary, Unary
from .types import BOOL, INT, Kind, Type, list_of

Env = Mapping[str, Type]


def infer(node: Node, env: Env) -> Type:
    """Return the type of `node`; raises ExpressionError where the parts do not fit together."""
    match node:
        case Literal(type=kind):
            return kind
        case Name(name=name, column=column):
            return _known(name, column, env)
        case Has(name=name, column=column):
            _known(name, column, env)
            return BOOL
        case Items(items=items):
            return _list(items, env)
        case Unary(op=op, operand=operand):
            return _want(operand, BOOL if op == "!" else INT, env)
        case Ternary(condition=condition, yes=yes, no=no):
            _want(condition, BOOL, env)
            return _join(infer(yes, env), infer(no, env), no.column)
        case Binary():
            return _binary(node, env)


def _known(name: str, column: int, env: Env) -> Type:
    if name in env:
        return env[name]
    near = get_close_matches(name, env, n=1)
    expected = (
        Sentence(N_("a declared name, perhaps %(near)s"), {"near": near[0]})
        if near
        else Sentence(N_("a declared name: one of %(names)s"), {"names": ", ".join(sorted(env))})
    )
    raise ExpressionError(column, found=name[:40], expected=expected)


def _binary(node: Binary, env: Env) -> Type:
    match node.op:
        case "&&" | "||":
            _want(node.left, BOOL, env)
            return _want(node.right, BOOL, env)
        case "+" | "-" | "*":
            _want(node.left, INT, env)
            return _want(node.right, INT, env)
        case "in":
            return _membership(node, env)
        case "==" | "!=":
            _comparable(infer(node.left, env), infer(node.right, env), node.column)
            return BOOL
    left, right = infer(node.left, env), infer(node.right, env)
    for side, operand in ((left, node.left), (right, node.right)):
        if side.kind not in (Kind.INT, Kind.DATE):
            raise ExpressionError(
                operand.column,
                found=side.sentence,
                expected=Sentence(N_("whole numbers or dates on both sides of %(op)s"), {"op": node.op}),
            )
    _comparable(left, right, node.column)
    return BOOL


def _membership(node: Binary, env: Env) -> Type:
    left = infer(node.left, env)
    if isinstance(node.right, Items):
        for item in node.right.items:
            _comparable(left, infer(item, env), item.column)
        return BOOL
    right = infer(node.right, env)
    if right.kind is not Kind.LIST or right.item is None:
        raise ExpressionError(
            node.right.column,
            found=right.sentence,
            expected=Sentence(N_('a list after “in”, such as ["a", "b"] or a field of many values')),
        )
    _comparable(left, right.item, node.column)
    return BOOL


def _list(items: tuple[Node, ...], env: Env) -> Type:
    joined = infer(items[0], env)
    for item in items[1:]:
        joined = _join(joined, infer(item, env), item.column)
    return list_of(joined)


def _want(node: Node, wanted: Type, env: Env) -> Type:
    got = infer(node, env)
    if got.kind is not wanted.kind:
        raise ExpressionError(node.column, found=got.sentence, expected=wanted.sentence)
    return got


def _join(one: Type, other: Type, column: int) -> Type:
    """Return the type of something that may be either."""
    if one.kind is not other.kind:
        raise ExpressionError(column, found=other.sentence, expected=one.sentence)
    if one.keys is None or other.keys is None:
        return Type(one.kind, item=one.item)
    return Type(one.kind, keys=one.keys | other.keys, item=one.item)


def _comparable(left: Type, right: Type, column: int) -> None:
    for one, other in ((left, right), (right, left)):
        if one.kind is Kind.CHOICE and other.kind is Kind.STRING and other.keys is not None:
            _only_known_keys(one, other, column)
            return
    if left.kind is not right.kind or left.kind is Kind.LIST:
        raise ExpressionError(column, found=_both(left, right), expected=_alike(left, right))
    if left.kind is Kind.CHOICE and not (left.keys or frozenset()) & (right.keys or frozenset()):
        raise ExpressionError(
            column,
            found=Sentence(N_("two choices that share no key")),
            expected=Sentence(N_("choices that can be equal")),
        )


def _only_known_keys(kind: Type, text: Type, column: int) -> None:
    known = kind.keys or frozenset()
    unknown = sorted((text.keys or frozenset()) - known)
    if unknown:
        raise ExpressionError(
            column,
            found=f'"{unknown[0][:40]}"',
            expected=Sentence(N_("one of the keys %(keys)s"), {"keys": ", ".join(sorted(known))}),
        )


def _both(left: Type, right: Type) -> Sentence:
    return Sentence(N_("%(left)s compared with %(right)s"), {"left": left.sentence, "right": right.sentence})


def _alike(left: Type, right: Type) -> Sentence:
    kinds = {left.kind, right.kind}
    if kinds == {Kind.DATE, Kind.STRING}:
        return Sentence(N_('a date written as date("2026-12-31")'))
    if kinds == {Kind.CHOICE, Kind.STRING}:
        return Sentence(N_("a choice compared with one of its keys in quotation marks"))
    if Kind.LIST in kinds:
        return Sentence(N_("a single value on each side; to look into a list, write: value in list"))
    return Sentence(N_("two values of the same type"))
