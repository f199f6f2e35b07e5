"""What text a matter is found by, in the form in which texts are compared."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from bihuan.mechanism.model import ERASABLE_KINDS, Field, FieldKind, Mechanism

#: Parts are kept apart by what no word and no part can hold, so that nothing is found across two of them.
SEPARATOR = "\n"

#: White space, control characters and marks without width: nobody types them on purpose, every paste brings some.
_UNSEEN = re.compile(
    r"[\s\x00-\x1f\x7f-\xa0\u00ad\u061c\u115f\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff\ufeff]+"
)


def normalised(text: str) -> str:
    """Return `text` as it is compared: full and half width, case and white space make no difference."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _UNSEEN.sub("", folded)


def words(asked: str) -> list[str]:
    """Return the words of what a person typed, normalised; every one of them must occur."""
    return list(dict.fromkeys(filter(None, map(normalised, asked.split()))))


def grams(text: str) -> set[str]:
    """Return the characters of `text` and its pairs of neighbours, within each of its parts."""
    found = set(text)
    found.update(map("".join, pairwise(text)))
    return {gram for gram in found if SEPARATOR not in gram}


def grams_of(word: str) -> set[str]:
    """Return what a text must have to hold `word`; for a word of one or two characters that is enough."""
    return {word} if len(word) == 1 else set(map("".join, pairwise(word)))


def text_of(mechanism: Mechanism, state: Mapping[str, Any]) -> str:
    """Return the text by which a matter is found, from its state as `Matter.state` holds it (read as JSON)."""
    return SEPARATOR.join(dict.fromkeys(filter(None, map(normalised, _parts(mechanism, state)))))


def _parts(mechanism: Mechanism, state: Mapping[str, Any]) -> Iterator[str]:
    yield state["number"]
    yield state["number"].replace("-", "")  # as it is said over the telephone
    yield from _texts(mechanism.fields.values(), state["values"])
    yield from _category(mechanism, state["values"])
    for key, entries in state["records"].items():
        for entry in entries.values():
            yield from _texts(mechanism.records[key].fields, entry)
    yield from (proof["name"] for proof in state["evidence"] if proof["name"])
    yield from (text for _, text in state["source"] if text)


def _texts(fields: Iterable[Field], values: Mapping[str, Any]) -> Iterator[str]:
    for field in fields:
        value = values.get(field.key)
        if value and field.kind in ERASABLE_KINDS:
            yield from value if isinstance(value, list) else [str(value)]


def _category(mechanism: Mechanism, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the words of a category that is chosen from a list and not written."""
    field = mechanism.fields.get(mechanism.index.category or "")
    if field and field.kind is FieldKind.CHOICE:
        for choice in field.choices:
            if choice.key == values.get(field.key):
                yield from (choice.label.zh, choice.label.en)
