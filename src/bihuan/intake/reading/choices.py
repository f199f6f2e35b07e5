"""Status and class: a word in one column, or a tick in one of several."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bihuan.intake.reading.columns import Ticks
from bihuan.intake.reading.layout import Layout
from bihuan.intake.reading.several import read_several
from bihuan.intake.reading.writing import fold, quote
from bihuan.mechanism.sentence import N_, Sentence

_TICKS = frozenset("√✓✔☑✅●■◆1是vVyY对有") | {"TRUE", "True", "true", "yes", "Yes", "YES", "1", "☑️", "✔️"}
_BLANKS = frozenset("×✗✘✕xX□☐否0") | {"FALSE", "False", "false", "no", "No", "NO"}


@dataclass(frozen=True, slots=True)
class Choice:
    """The key that was chosen, or why none could be."""

    key: str | None = None
    fault: Sentence | None = None


_DATED = re.compile(r"(?P<word>.+?)\((?:19|20)\d{2}[年./-]\d{1,2}(?:[月./-](?:\d{1,2}日?)?)?\)")
_YES = frozenset(("是", "√", "✓", "已", "Y", "y"))


def says_only_not(text: str, *, field: str, layout: Layout) -> bool:
    """Tell whether a status says only what the matter is not (否, 未销号): no problem, and no status either."""
    return fold(text).strip("。.;、,") in layout.only_not.get(field, ())


def read_word(text: str, *, field: str, column: str, layout: Layout) -> Choice:
    """Read a status or class word; `column` is the folded name of its column (a yes means what was asked there)."""
    key = layout.choose(field, text)
    if key is None and column in layout.yes and fold(text) in _YES:
        key = layout.yes[column]
    dated = _DATED.fullmatch(fold(text)) if key is None and len(text) <= 40 else None
    if dated:
        key = layout.choose(field, dated["word"])
    if key is None and says_only_not(text, field=field, layout=layout):
        return Choice()
    if key:
        return Choice(key)
    known = "、".join(dict.fromkeys(_first_words(field, layout)))
    return Choice(
        fault=Sentence(
            N_("“%(text)s” is not one of the words known here (%(known)s); write one of them."),
            {"text": quote(text), "known": known},
        )
    )


def read_words(text: str, *, field: str, column: str, layout: Layout) -> tuple[list[str], Sentence | None]:
    """Read a cell that may name several choices; returns them, or why one of its words is none."""
    found, strange = read_several(text, lambda part: layout.choose(field, part))
    fault = read_word(strange, field=field, column=column, layout=layout).fault if strange else None
    return found, fault


def read_ticks(texts: Sequence[str], *, ticks: Ticks, field: str, layout: Layout) -> Choice:
    """Read a row's cells under `ticks`: exactly one is ticked, or none."""
    chosen = []
    for text, (_, label, key) in zip(texts, ticks.choices, strict=True):
        sign = fold(text)
        if sign in _TICKS or sign == "√" or layout.choose(field, text) == key:
            chosen.append((label, key))
        elif not layout.is_empty(text) and sign not in _BLANKS:
            return Choice(
                fault=Sentence(
                    N_("“%(text)s” under “%(label)s” is neither a tick nor blank; write √ under one of the columns."),
                    {"text": quote(text), "label": label},
                )
            )
    if len(chosen) > 1:
        labels = "、".join(label for label, _ in chosen)
        marks = "、".join(text for text in texts if text.strip())
        return Choice(
            fault=Sentence(
                N_("“%(text)s”: more than one column is ticked (%(labels)s); leave the tick under one of them."),
                {"text": quote(marks), "labels": labels},
            )
        )
    if chosen and not chosen[0][1] and not says_only_not(chosen[0][0], field=field, layout=layout):
        return Choice(
            fault=Sentence(
                N_("“%(text)s” under “%(label)s” says only what the matter is not; write its status in words."),
                {"text": quote("、".join(text for text in texts if text.strip())), "label": chosen[0][0]},
            )
        )
    return Choice(chosen[0][1] or None) if chosen else Choice()


def _first_words(field: str, layout: Layout) -> list[str]:
    first: dict[str, str] = {}
    for word, key in layout.words[field].items():
        first.setdefault(key, word)
    return list(first.values())
