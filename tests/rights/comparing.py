"""Comparing lines of the table with what the product answers, and counting what was compared."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from rights.asking import ALLOWED, Answer
from rights.table import SILENT, Row, whose

#: Asks one member about one line; returns (door, answer) for each door that leads there.
Ask = Callable[[Row, str], Iterable[tuple[str, Answer]]]


@dataclass
class Tally:
    """How many cells were compared, by how many doors, and what the matters were to the askers."""

    cells: int = 0
    answers: int = 0
    refused: int = 0
    relations: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def compare(self, lines: Iterable[Row], ask: Ask) -> None:
        """Compare every cell of `lines`; all that differs is told at the end, not only the first."""
        before = len(self.wrong)
        for row in lines:
            for member, expected in row.cells.items():
                if expected != SILENT:
                    self._compare(row, member, expected, list(ask(row, member)))
        assert len(self.wrong) == before, "\n" + "\n".join(self.wrong[before:])

    def _compare(self, row: Row, member: str, expected: str, answers: list[tuple[str, Answer]]) -> None:
        assert answers, f"line {row.line}, {member}: nothing was asked"
        self.cells += 1
        self.refused += expected not in ALLOWED and not expected.isdecimal()
        if row.whose in whose():
            self.relations[whose()[row.whose][member]] += 1
        for door, answer in answers:
            self.answers += 1
            where = f"expected.csv:{row.line} {row.name}, {member}, {door}"
            if answer.outcome != expected:
                self.wrong.append(f"{where}: {answer.outcome}, ought to be {expected}")
            self.wrong.extend(f"{where}: {fault}" for fault in answer.faults)

    def told(self) -> str:
        parts = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in self.relations.most_common())
        counted = f"compared {self.cells} cells, {self.refused} of them refusals, in {self.answers} answers"
        return f"{counted}; what the matter is to the asker: {parts}" if parts else counted
