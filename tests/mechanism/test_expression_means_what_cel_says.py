"""An expression of the subset has the value that CEL gives it; values that are not set follow our one rule."""

import pickle
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanism.expression import (
    BOOL,
    DATE,
    INT,
    STRING,
    Kind,
    choice,
    compile_expression,
    list_of,
)

ENV = {
    "amount": INT,
    "paid": INT,
    "kind": choice({"cash", "goods"}),
    "title": STRING,
    "due": DATE,
    "open": BOOL,
    "units": list_of(STRING),
    "kinds": list_of(choice({"cash", "goods"})),
    "interest": INT,  # begins with `in`
    "date": DATE,  # named like the function
}


def value(text, **values):
    return compile_expression(text, ENV).evaluate(values)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("-2 * 3", -6),
        ("- - 2", 2),
        ("2 - -2", 4),
        ("9223372036854775807 - 1", 9223372036854775806),
        ("1 + 1 == 2", True),
        ("1 < 2 == true", True),
        ("!true == false", True),
        ("!!true", True),
        ("true || false && false", True),
        ("(true || false) && false", False),
        ("true ? 1 : false ? 2 : 3", 1),
        ("false ? 1 : false ? 2 : 3", 3),
        ("false || true ? 1 : 2", 1),
        ("2 in [1, 2]", True),
        ("1 + 1 in [1, 2]", True),
        ("2 in [1, 3]", False),
        ('"a" in ["a", "b"]', True),
        ("'it' == \"it\"", True),
        (r'"a\"b" == "a\"b"', True),
        (r"'a\'b' != 'ab'", True),
        ('"责任单位" == "责任单位"', True),
        ('date("2026-02-28") < date("2026-03-01")', True),
        ('date("2026-02-28") == date("2026-02-28")', True),
        ("1 <= 1 && 1 >= 1 && !(1 < 1) && !(1 > 1)", True),
        ("\n 1 +\t1 ", 2),
    ],
)
def test_literals_and_operators_have_the_precedence_of_cel(text, expected):
    assert value(text) == expected
    assert type(value(text)) is type(expected)


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ('kind == "cash"', {"kind": "cash"}, True),
        ('kind in ["cash", "goods"]', {"kind": "goods"}, True),
        ('"cash" in kinds', {"kinds": ["goods", "cash"]}, True),
        ('"a" in units', {"units": ["b"]}, False),
        ("due <= date", {"due": "2026-06-30", "date": "2026-07-01"}, True),
        ('due > date("2026-06-30")', {"due": "2026-06-30"}, False),
        ("amount - paid", {"amount": 500, "paid": 200}, 300),
        ("interest + 1", {"interest": 1}, 2),
        ("open ? amount : paid", {"open": False, "paid": 7}, 7),
        ("has(title)", {"title": "a"}, True),
    ],
)
def test_names_stand_for_the_values_of_the_matter(text, values, expected):
    assert value(text, **values) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("amount + 1", 1),
        ("-amount", 0),
        ("amount * 3 == 0", True),  # a sum counts what is not set as 0 …
        ("amount == 0", False),  # … but a value that is not set equals nothing
        ("amount != 0", True),
        ("amount == paid", False),
        ("amount != amount", True),
        ("amount < 1", False),
        ("amount >= 0", False),
        ('kind == "cash"', False),
        ('kind != "cash"', True),
        ('kind in ["cash"]', False),
        ('"a" in units', False),
        ('due < date("2026-01-01")', False),
        ("open", None),
        ("!open", True),
        ("open || !has(due)", True),
        ("has(due)", False),
        ("open ? 1 : 2", 2),
    ],
)
def test_a_value_that_is_not_set_follows_one_rule(text, expected):
    assert value(text) == expected
    assert value(text, **dict.fromkeys(ENV)) == expected


def test_an_empty_list_or_text_is_not_there():
    assert not value("has(units)", units=[])
    assert not value("has(title)", title="")
    assert value("has(amount)", amount=0)


def test_the_type_is_known_before_any_value_is():
    assert compile_expression("amount + paid", ENV).type == INT
    assert compile_expression("open", ENV).type == BOOL
    assert compile_expression("open ? due : date", ENV).type == DATE
    assert compile_expression('open ? "a" : title', ENV).type == STRING
    assert compile_expression("units", ENV).type.kind is Kind.LIST


def test_an_expression_tells_the_names_it_reads():
    assert compile_expression('has(due) && kind in ["cash"] || amount > 1', ENV).names == {
        "due",
        "kind",
        "amount",
    }


def test_expressions_are_equal_by_text_and_type_and_survive_pickling():
    one, same = compile_expression("amount > 1", ENV), compile_expression("amount > 1", ENV)
    assert one.evaluate({"amount": 2})  # compiled closures must not stand in the way
    assert one == same
    assert hash(one) == hash(same)
    assert one != compile_expression("amount > 2", ENV)
    again = pickle.loads(pickle.dumps(one))
    assert again == one
    assert again.evaluate({"amount": 2})
    with pytest.raises(AttributeError):
        one.text = "other"


def test_importing_expressions_does_not_build_a_parser():
    code = "import sys, bihuan.mechanism.expression; assert 'lark' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


# The same tree is written twice: for CEL with as few brackets as its precedence allows, and for Python with
# all of them. Both must have the same value; Python's integers and booleans are the independent reference.

LEVELS = {"?": 1, "||": 2, "&&": 3, "==": 4, "<": 4, "<=": 4, "!=": 4, "+": 5, "-": 5, "*": 6, "!": 7, "neg": 7}

numbers = st.one_of(st.integers(0, 9).map(lambda n: (8, str(n), str(n))), st.just((8, "amount", "amount")))
truths = st.sampled_from([(8, "true", "True"), (8, "false", "False"), (8, "open", "open_")])


def bracketed(part, level):
    return part[1] if part[0] >= level else f"({part[1]})"


def joined(op, left, right):
    level = LEVELS[op]
    python = {"&&": "and", "||": "or"}.get(op, op)
    cel = f"{bracketed(left, level)} {op} {bracketed(right, level + 1)}"
    return level, cel, f"({left[2]} {python} {right[2]})"


def choosing(test, yes, no):
    cel = f"{bracketed(test, 2)} ? {bracketed(yes, 2)} : {bracketed(no, 1)}"
    return 1, cel, f"({yes[2]} if {test[2]} else {no[2]})"


def turned(op, part, python):
    return LEVELS[op], f"{'-' if op == 'neg' else op}{bracketed(part, 8)}", f"({python} {part[2]})"


def deeper_numbers(inner):
    return st.one_of(
        st.builds(joined, st.sampled_from(["+", "-", "*"]), inner, inner),
        st.builds(turned, st.just("neg"), inner, st.just("-")),
        st.builds(choosing, truths, inner, inner),
    )


sums = st.recursive(numbers, deeper_numbers, max_leaves=8)


def deeper_truths(inner):
    return st.one_of(
        st.builds(joined, st.sampled_from(["&&", "||", "==", "!="]), inner, inner),
        st.builds(turned, st.just("!"), inner, st.just("not")),
        st.builds(choosing, inner, inner, inner),
    )


conditions = st.recursive(
    st.one_of(truths, st.builds(joined, st.sampled_from(["<", "<=", "==", "!="]), sums, sums)),
    deeper_truths,
    max_leaves=8,
)


@given(st.one_of(sums, conditions), st.integers(-9, 9), st.booleans())
def test_every_tree_has_the_value_that_full_brackets_give_it(tree, amount, is_open):
    expected = eval(tree[2], {}, {"amount": amount, "open_": is_open})
    assert value(tree[1], amount=amount, open=is_open) == expected
