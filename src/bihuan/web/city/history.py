"""The directory's own history as the pages show it: roles by what they are called, not by their keys."""

import re
from collections.abc import Iterable
from dataclasses import replace

from bihuan.directory.alterations import Told, tell
from bihuan.directory.models import Alteration
from bihuan.mechanism.sentence import Sentence

from ..reach_words import role_labels
from ..speaking import say

_KEY = re.compile(r"[a-z][a-z_]+")
#: The values of an alteration in which roles stand by their keys.
_WITH_ROLES = ("roles", "what")


def told(rows: Iterable[Alteration]) -> list[Told]:
    """Return the alterations in words, in their order."""
    labels = role_labels()

    def named(text: object) -> str:
        return _KEY.sub(lambda key: say(labels.get(key[0], key[0])), str(text))

    def one(each: Told) -> Told:
        values = {name: named(value) if name in _WITH_ROLES else value for name, value in each.sentence.values.items()}
        return replace(each, sentence=Sentence(each.sentence.pattern, values))

    return [one(each) for each in tell(rows)]
