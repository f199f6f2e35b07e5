"""What a look at the installation found."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bihuan.mechanism.sentence import Sentence


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """`check` is the key of the look; `sentence` says what is, and what would be right where it is not."""

    check: str
    level: Level
    sentence: Sentence


def ok(check: str, text: str, **values: Any) -> Finding:
    return Finding(check, Level.OK, Sentence(text, values))


def warn(check: str, text: str, **values: Any) -> Finding:
    return Finding(check, Level.WARN, Sentence(text, values))


def bad(check: str, text: str, **values: Any) -> Finding:
    return Finding(check, Level.BAD, Sentence(text, values))
