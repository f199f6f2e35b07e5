"""Amounts that can hardly be meant: written in yuan, it seems, where the column counts in ten thousands of yuan."""

from collections.abc import Mapping
from decimal import Decimal

from bihuan.mechanism.model import FieldKind, Mechanism
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import Value

#: So many times the matter's own amount is more than any result of it comes to.
_FACTOR = 100
_FEN_IN_WAN = 1_000_000
_FAR = N_(
    "%(new)s (in 10,000 yuan) is written, far beyond “%(field)s” of %(known)s; perhaps it was written in yuan. "
    "It is taken over only if it is ticked by itself."
)


def doubt(mechanism: Mechanism, values: Mapping[str, Value], key: str, new: Value) -> Sentence | None:
    """Return why `new` (fen) can hardly be what is meant for the field `key`; None where nothing speaks against it."""
    field, measure = mechanism.fields.get(key), mechanism.index.amount
    if field is None or field.kind is not FieldKind.MONEY or measure is None or key == measure:
        return None
    known = values.get(measure)
    if not _is_fen(new) or not _is_fen(known) or known == 0 or abs(new) < _FACTOR * abs(known):  # type: ignore[arg-type]
        return None
    label = mechanism.fields[measure].label
    return Sentence(_FAR, {"new": _wan(new), "field": label, "known": _wan(known)})  # type: ignore[arg-type]


def is_doubt(sentence: Sentence | None) -> bool:
    """Tell whether this is what `doubt` says."""
    return sentence is not None and sentence.pattern == _FAR


def _is_fen(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _wan(fen: int) -> str:
    text = f"{Decimal(fen) / _FEN_IN_WAN:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
