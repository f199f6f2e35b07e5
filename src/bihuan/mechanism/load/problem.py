"""What is wrong with a mechanism file, and where."""

from dataclasses import dataclass

from ..sentence import N_, Named, Sentence

Part = str | int
Path = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `key` is the path of keys to it, such as ``actions.sign.to[2].when``."""

    file: str
    line: int | None
    key: str
    found: Sentence | Named | str
    expected: Sentence

    @property
    def where(self) -> str:
        """``file:line key``, as far as they are known."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} {self.key}".strip()

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            N_("%(where)s: found %(found)s, expected %(expected)s."),
            {"where": self.where, "found": self.found, "expected": self.expected},
        )


class MechanismError(Exception):
    """A text that is not a mechanism. `problems` are all that were found (the first 100), by line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem.sentence) for problem in self.problems)


def written(path: Path) -> str:
    """Return `path` as people write it; items of a list are counted from 1."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")
