"""The matters that rows of the ledger's own form name by their number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.directory.viewer import Viewer
from bihuan.ledger.models import Matter
from bihuan.ledger.visible import visible_to
from bihuan.mechanism.sentence import N_, Sentence

from .form.columns import NUMBER_HEAD
from .form.own import NUMBER, UNTOLD
from .placing import Placing
from .reading import Problem

_AT_ONCE = 900
_UNKNOWN = N_(
    "There is no matter “%(number)s” among those that you may open; write the number as it went out, or empty it "
    "for a finding that is new."
)
_OTHER = N_("The matter “%(number)s” is of another kind; bring its list in as that kind.")
_CUT = N_(
    "The text was too long for a cell when the workbook was made, so the file does not hold it; copy it from the "
    "other ledger."
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Number → why no row may name it ('' where one may), for those numbers of a file that this ledger knows."""

    known: Mapping[str, str]

    def checked(self, values: dict[str, Any], placing: Placing) -> tuple[dict[str, Any], tuple[Problem, ...]]:
        """Return the row's values, with its number only if that is one of this ledger, and what is wrong with it.

        A file of which this ledger knows no number came from another one: its rows are new here.
        """
        number = values.get(NUMBER)
        if not number:
            return values, ()
        if why := self.known.get(number, _UNKNOWN if self.known else None):
            return values, (
                Problem(NUMBER, placing.labels.get(NUMBER, NUMBER_HEAD), Sentence(why, {"number": number})),
            )
        if number in self.known:
            return values, ()
        cut = [Problem(key, placing.labels[key], Sentence(_CUT)) for key in values.get(UNTOLD, ())]
        return {key: value for key, value in values.items() if key != NUMBER}, tuple(cut)


def look_up_numbers(numbers: Iterable[str], mechanism: str, viewer: Viewer) -> Numbers:
    """Return what this ledger knows of the numbers of a file with matters of `mechanism`."""
    wanted = list(dict.fromkeys(numbers))
    known: dict[str, str] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        known |= dict.fromkeys(Matter.objects.filter(number__in=part).values_list("number", flat=True), _UNKNOWN)
        seen = Matter.objects.filter(visible_to(viewer), number__in=part).values_list("number", "mechanism")
        known |= {number: "" if kind == mechanism else _OTHER for number, kind in seen}
    return Numbers(known)
