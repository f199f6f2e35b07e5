"""What a proof found."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..model import Label, Mechanism
from ..sentence import Sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a mechanism is not closed. `proof` is 1 to 7 (docs/reference/mechanism.md).

    `path` shows why, in keys: stage, action, stage, action … as a matter would go; or the one thing at fault.
    """

    proof: int
    sentence: Sentence
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trail:
    """A path as people read it, with the names of its stages and actions."""

    labels: tuple[Label, ...]

    def text(self, language: str) -> str:
        names = [label.text(language) for label in self.labels]
        arrows = [f" —{action}→ {stage}" for action, stage in zip(names[1::2], names[2::2], strict=False)]
        rest = f" —{names[-1]}" if len(names) % 2 == 0 else ""
        return names[0] + "".join(arrows) + rest if names else ""


def trail(mechanism: Mechanism, path: Iterable[str]) -> Trail:
    """Return the names along `path`, which goes stage, action, stage …"""
    tables: tuple[Any, Any] = (mechanism.stages, mechanism.actions)
    return Trail(tuple(tables[index % 2][key].label for index, key in enumerate(path)))


def finding(proof: int, pattern: str, path: Iterable[str] = (), **values: Any) -> Finding:
    return Finding(proof, Sentence(pattern, values), tuple(path))
