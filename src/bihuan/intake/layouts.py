"""How the ledgers of a mechanism are read, and how their rows become matters: the pack's `intake.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bihuan.ledger.packs import beside, current
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .reading import Layout
from .reading.layout import class_named
from .reading.writing import fold

_FILE = "intake.toml"
#: What stands for it where a pack has none: the words of every ledger.
_NO_WORDS = """
openings = []
by_content = []
columns = {}
anchors = {}
groups = {}
yes = {}
words = { empty = ["", "-", "--", "/", "无"], claimed_status = {}, rectify_type = {} }
terms = { standing = [] }
[rows]
totals = ["小计", "合计", "总计", "累计", "共计"]
notes = ["注:", "备注:", "说明:", "填表人", "制表人", "以下空白"]
"""


@dataclass(frozen=True, slots=True)
class Landing:
    """How a row's values become those of a matter; the table [landing] of the pack's `intake.toml`.

    `mechanism` is the one that such ledgers are of, for a pack may hold several.
    `assertion` is the value that is the unit's own word and no field; `same` are the values by which a row
    without project and number is known again; `classes` are the words of a rule of the deadline that say the
    class where none is written.
    """

    mechanism: str
    assertion: str | None
    same: tuple[str, ...]
    classes: Mapping[str, str]

    def class_of(self, rule: str) -> str | None:
        """Return the one class that the words of `rule` name, else None."""
        return class_named(rule, self.classes)


def has_layout(mechanism: str) -> bool:
    """Whether ledgers of `mechanism` can be brought in."""
    text = beside(mechanism, _FILE)
    return text is not None and _landing(text).mechanism == mechanism


def layout_of(mechanism: str) -> Layout:
    """Return how ledgers of `mechanism` are read. Raises `Refusal` if its pack does not say."""
    return _layout(_text(mechanism), mechanism)


def landing_of(mechanism: str) -> Landing:
    """Return how rows become matters of `mechanism`. Raises `Refusal` if its pack does not say."""
    return _landing(_text(mechanism))


def own_layout_of(mechanism: str) -> Layout:
    """Return how lists that the ledger itself wrote of `mechanism` are read: their rows need only the pack's words."""
    return _layout(beside(mechanism, _FILE) or _NO_WORDS, mechanism)


def own_landing_of(mechanism: str) -> Landing:
    """Return how rows of such lists become matters; nothing is known again there but by its number."""
    return landing_of(mechanism) if has_layout(mechanism) else Landing(mechanism, None, (), {})


def _text(mechanism: str) -> str:
    text = beside(mechanism, _FILE)
    if text is None or _landing(text).mechanism != mechanism:
        pattern = N_("“%(key)s” has no ledgers that could be brought in; its pack holds no intake.toml for them.")
        raise Refusal("no_layout", pattern, key=mechanism)
    return text


def _layout(text: str, mechanism: str) -> Layout:
    declared = current()[mechanism]
    key = text, mechanism, declared.text_hash
    if key not in _LAYOUTS:
        _LAYOUTS[key] = Layout.of(tomllib.loads(text), declared)
    return _LAYOUTS[key]


#: (text of the file, mechanism, its hash) → its layout: a mechanism that was read anew has another hash.
_LAYOUTS: dict[tuple[str, str, str], Layout] = {}


@cache
def _landing(text: str) -> Landing:
    landing = tomllib.loads(text).get("landing", {})
    classes = {fold(word): key for key, words in landing.get("classes", {}).items() for word in words}
    return Landing(
        mechanism=landing.get("mechanism", ""),
        assertion=landing.get("assertion"),
        same=tuple(landing.get("same", ())),
        classes=classes,
    )
