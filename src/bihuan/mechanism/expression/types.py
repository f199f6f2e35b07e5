"""The types of expressions. No floats: money is whole fen, ratios are whole basis points."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ..sentence import N_, Sentence


class Kind(StrEnum):
    BOOL = "bool"
    INT = "int"  # money (fen), numbers, counts
    STRING = "string"
    DATE = "date"  # an ISO local day, compared as a day
    CHOICE = "choice"  # a string that is one of `keys`
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Type:
    """`keys` are the keys of a choice (or the texts a string can be, when they are all written down)."""

    kind: Kind
    keys: frozenset[str] | None = None
    item: "Type | None" = None

    @property
    def sentence(self) -> Sentence:
        """The type in words."""
        return Sentence(_WORDS[self.kind])


_WORDS = {
    Kind.BOOL: N_("a condition (true or false)"),
    Kind.INT: N_("a whole number"),
    Kind.STRING: N_("a text"),
    Kind.DATE: N_("a date"),
    Kind.CHOICE: N_("a choice"),
    Kind.LIST: N_("a list"),
}

BOOL = Type(Kind.BOOL)
INT = Type(Kind.INT)
STRING = Type(Kind.STRING)
DATE = Type(Kind.DATE)


def choice(keys: Iterable[str]) -> Type:
    return Type(Kind.CHOICE, keys=frozenset(keys))


def list_of(item: Type) -> Type:
    return Type(Kind.LIST, item=item)
