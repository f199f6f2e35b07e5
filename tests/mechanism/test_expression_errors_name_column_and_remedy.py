"""What is not in the subset, or does not fit the fields, is refused with its column and what would be right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bihuan.mechanism.expression import BOOL, DATE, INT, STRING, ExpressionError, choice, compile_expression, list_of

ENV = {
    "amount": INT,
    "kind": choice({"cash", "goods"}),
    "way": choice({"paper", "on_site"}),
    "title": STRING,
    "due": DATE,
    "open": BOOL,
    "units": list_of(STRING),
}


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ('kind == "cush"', 6, "one of the keys cash, goods"),
        ('kind in ["cash", "x"]', 18, "one of the keys cash, goods"),
        ('(open ? "cash" : "x") == kind', 23, "one of the keys cash, goods"),
        ("kind == title", 6, "one of its keys"),
        ("kind == way", 6, "choices that can be equal"),
        ("amonut > 1", 1, "perhaps amount"),
        ("has(amonut)", 5, "perhaps amount"),
        ("zzz == 1", 1, "one of amount, due, kind"),
        ('due < "2026-01-01"', 7, "whole numbers or dates"),
        ('due == "2026-01-01"', 5, 'date("2026-12-31")'),
        ('date("2026-02-30") < due', 6, "a day of the calendar"),
        ('date("20260230") < due', 6, "a day of the calendar"),
        ("date(title) < due", 1, "there are no other functions"),
        ("size(units) > 1", 1, "there are no other functions"),
        ("has(1)", 1, "there are no other functions"),
        ("title < title", 1, "whole numbers or dates"),
        ("amount < due", 8, "two values of the same type"),
        ("open + 1", 1, "a whole number"),
        ("amount && open", 1, "true or false"),
        ("!amount", 2, "true or false"),
        ("-open", 2, "a whole number"),
        ("open ? 1 : title", 12, "a whole number"),
        ("amount ? 1 : 2", 1, "true or false"),
        ("amount in kind", 11, "a list after"),
        ("amount in units", 8, "same type"),
        ("units == units", 7, "single value"),
        ('[1, "a"]', 5, "a whole number"),
        ("1 in []", 6, "at least one value"),
        ("amount / 2 > 1", 8, "no division"),
        ("amount % 2 > 1", 8, "no division"),
        ("amount > 1.5", 11, "fen"),
        ("amount = 2", 8, "== to compare"),
        ("open and open", 6, "&&"),
        ("open & open", 6, "&&"),
        ("open or open", 6, "||"),
        ("not open", 5, "an operator"),
        ("kind == null", 9, "has(name)"),
        ('title == ""', 10, "has(name)"),
        ("(amount > 1", 12, "closing bracket )"),
        ("1 in [1, 2", 11, "closing bracket ]"),
        ("open ? 1", 9, ": and what holds otherwise"),
        ("", 1, "a value"),
        ("amount >", 9, "a value"),
        ('"open', 1, "two quotation marks"),
        ("amount > 1 @", 12, "an operator such as"),
        ("负责 == 1", 1, "a value"),
        ("1u == 1", 2, "an operator"),
        ("0x1F == 31", 2, "an operator"),
        ('r"raw" == title', 2, "an operator"),
        ("amount.size", 7, "plain names"),
        ("9223372036854775808 > 1", 1, "up to 9223372036854775807"),
        ("amount < 1 < 2", 8, "whole numbers or dates"),
    ],
)
def test_it_is_refused_where_it_goes_wrong(text, column, expected):
    with pytest.raises(ExpressionError) as caught:
        compile_expression(text, ENV)
    assert caught.value.column == column
    assert expected in str(caught.value.sentence)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 499 + "1" + ")" * 499,  # brackets leave no nodes behind, so this one is only long
        "1" + " + 1" * 240,
        "!" * 990 + "open",
        "open" + " ? open" * 120,
        "a" * 5_000,
        "[" * 900,
        "9" * 999,
        "\x00",
        "\ud800",
    ],
)
def test_hostile_texts_end_in_an_error_or_a_value_and_never_in_a_crash(text):
    try:
        compile_expression(text, ENV)
    except ExpressionError as error:
        assert len(str(error)) < 400


def test_long_and_deep_texts_are_refused():
    for text, remedy in [("1 +" * 400 + "1", "at most 1000"), ("1" + "+1" * 100, "a computed value")]:
        with pytest.raises(ExpressionError, match=remedy):
            compile_expression(text, ENV)


@given(st.text(alphabet=st.sampled_from("abo1 ()[]!&|=<>+-*?:,.\"'\\\n有"), max_size=40))
def test_any_text_is_an_expression_or_a_readable_error(text):
    try:
        compile_expression(text, ENV)
    except ExpressionError as error:
        assert error.column >= 1
        assert "expected" in str(error)
