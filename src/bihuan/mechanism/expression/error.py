"""What is wrong with an expression, and where."""

from ..sentence import N_, Sentence


class ExpressionError(Exception):
    """At `column` (1-based) of the text stands `found`; `expected` says what would be right."""

    def __init__(self, column: int, *, found: Sentence | str, expected: Sentence) -> None:
        super().__init__(column, found, expected)
        self.column = column
        self.found = found
        self.expected = expected

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            N_("column %(column)s: found %(found)s, expected %(expected)s"),
            {"column": self.column, "found": self.found, "expected": self.expected},
        )

    def __str__(self) -> str:
        return str(self.sentence)
