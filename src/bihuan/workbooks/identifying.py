"""Which matter a row of a returned workbook is of: by its number, else by what was found, among what went out."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bihuan.intake.form.columns import NUMBER
from bihuan.intake.reading.writing import fold, quote
from bihuan.ledger.models import Matter
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.sentence import N_, Sentence

from .returned import Row

_MISREAD = str.maketrans("OIL", "011")
_SEVERAL = N_("Several matters fit this row (%(numbers)s); write the 事项编号 of the right one.")
_CROSSED = N_(
    "The 事项编号 says %(number)s, and the finding is that of %(other)s; "
    "perhaps one column alone was sorted. Put the right number beside it."
)
_CROSSED_ROW = N_(
    "By “%(field)s” this row is %(number)s, by its title %(other)s; which of the two is meant is not guessed. "
    "Write the 事项编号 beside it."
)
_ADDED = N_("This row is none of the matters that were handed out; a new matter is registered by the supervising unit.")
_UNKNOWN = N_("There is no matter “%(number)s” among those that you may open, and nothing else tells which one it is.")


@dataclass(frozen=True, slots=True)
class Found:
    """The matter of a row, or why there is none. `is_added` says that it is a row of the unit's own.

    `crossed` are the two matters between which a row contradicts itself, first the one that `field` names.
    """

    matter: Matter | None = None
    why: Sentence | None = None
    is_added: bool = False
    has_other_number: bool = False
    crossed: tuple[Matter, Matter] | None = None
    field: str = ""


def tidy_number(text: str) -> str:
    """Return a matter's number as it is kept, however it was typed; '' where the text is none."""
    letters = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper()).translate(_MISREAD)
    return f"{letters[:4]}-{letters[4:]}" if len(letters) == 8 else ""


def numbers_in(rows: Iterable[Row]) -> set[str]:
    return {number for row in rows if (number := tidy_number(row.texts.get(NUMBER, "")))}


class Finder:
    """Finds the matters of rows: `by_number` among all that may be opened, by text among `pool`."""

    def __init__(self, mechanism: Mechanism, by_number: Mapping[str, Matter], pool: Iterable[Matter]) -> None:
        index = mechanism.index
        self._by_number = by_number
        self._pool = list(pool)
        self._keys = {"finding_no": index.number, "project": index.project, "title": index.title}
        self._body = index.body
        self._label = mechanism.fields[index.number].label if index.number else ""

    def find(self, row: Row) -> Found:
        written = row.texts.get(NUMBER, "").strip()
        named = self._by_number.get(tidy_number(written))
        alike = self._alike(row)
        if named is not None:
            if len(alike) == 1 and alike[0].pk != named.pk and not self._resembles(row, named):
                why = Sentence(_CROSSED, {"number": named.number, "other": alike[0].number})
                return Found(why=why, crossed=(named, alike[0]), field=NUMBER)
            return Found(named)
        if crossed := self._contradiction(row):
            return crossed
        if len(alike) == 1:
            return Found(alike[0], has_other_number=bool(written))
        if alike:
            numbers = "、".join(each.number for each in alike[:5])
            return Found(why=Sentence(_SEVERAL, {"numbers": numbers}))
        if written:
            return Found(why=Sentence(_UNKNOWN, {"number": quote(written)[:40]}), is_added=True)
        return Found(why=Sentence(_ADDED), is_added=True)

    def _alike(self, row: Row) -> list[Matter]:
        """Return the matters that agree with the row in everything it says of what was found."""
        said = dict(self._said(row))
        if not said.keys() & {"finding_no", "title"}:
            return []
        whole = [each for each in self._pool if all(_text(each, name) == text for name, text in said.items())]
        if whole:
            return whole
        for name in ("finding_no", "title"):
            # One of the two may have been edited; the other still tells, if it tells one matter alone.
            if name in said and (found := self._with(said, name)):
                return found
        return []

    def _contradiction(self, row: Row) -> Found | None:
        """Return that the finding's number is one matter's and its title another's, where it is so."""
        said = dict(self._said(row))
        key = self._keys["finding_no"]
        if not key or not {"finding_no", "title"} <= said.keys():
            return None
        by_number, by_title = (self._with(said, name) for name in ("finding_no", "title"))
        if not by_number or not by_title or {each.pk for each in by_number} & {each.pk for each in by_title}:
            return None
        number, other = by_number[0], by_title[0]
        told = {"field": self._label, "number": number.number, "other": other.number}
        return Found(why=Sentence(_CROSSED_ROW, told), crossed=(number, other), field=key)

    def _with(self, said: Mapping[str, str], name: str) -> list[Matter]:
        """Return the matters with what is said under `name`, in the project that is said."""
        narrow = {key: said[key] for key in (name, "project") if key in said}
        return [each for each in self._pool if all(_text(each, key) == text for key, text in narrow.items())]

    def _said(self, row: Row) -> Iterator[tuple[str, str]]:
        for name, key in self._keys.items():
            text = fold(row.texts.get(key or "", ""))
            if not text and name == "title" and self._body:
                text = fold(row.texts.get(self._body, ""))
            if text:
                yield name, text

    def _resembles(self, row: Row, matter: Matter) -> bool:
        said = dict(self._said(row))
        return any(_text(matter, name) == said[name] for name in ("finding_no", "title") if name in said)


def _text(matter: Matter, name: str) -> str:
    return fold(str(getattr(matter, name)))
