"""No error vanishes without a trace."""

import ast

import pytest

from tree import python_files, shown

WIDE = {"Exception", "BaseException"}


def _swallows(node: ast.AST) -> bool:
    if isinstance(node, ast.ExceptHandler):
        return node.type is None or all(_says_nothing(line) for line in node.body)
    if isinstance(node, ast.Call) and ast.unparse(node.func) in {"suppress", "contextlib.suppress"}:
        return any(ast.unparse(argument) in WIDE for argument in node.args)
    return False


def _says_nothing(line: ast.stmt) -> bool:
    return isinstance(line, ast.Pass) or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))


def _places(source: str) -> list[int]:
    return [node.lineno for node in ast.walk(ast.parse(source)) if _swallows(node)]  # type: ignore[attr-defined]


def test_no_error_is_swallowed() -> None:
    found = [f"{shown(path)}:{line}" for path in python_files() for line in _places(path.read_text())]
    assert found == []


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("try:\n    f()\nexcept ValueError:\n    pass\n", 1),
        ("try:\n    f()\nexcept:\n    g()\n", 1),
        ("with suppress(Exception):\n    f()\n", 1),
        ("with suppress(FileNotFoundError):\n    f()\n", 0),
        ("try:\n    f()\nexcept ValueError:\n    g()\n", 0),
    ],
)
def test_the_check_tells_a_swallowed_error_from_a_handled_one(source: str, count: int) -> None:
    assert len(_places(source)) == count
