"""Finding matters by words: in their number, their texts and the entries of their records, and in the unit's name.

Every word must occur, as it is, anywhere: two Chinese characters find, and so does a piece of a number. What the
index leads to is compared with the text itself, and what is not indexed yet is read; so the answer is exactly
that of reading everything.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import and_

import orjson
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from bihuan.directory.models import Unit, UnitForm

from .membership import Marked, OneOf, Scanned, not_by_ended
from .models import Matter, SearchPending, SearchText
from .packs import pinned
from .postings import marks, places, places_with
from .search_index import MANY, catch_up
from .search_text import grams_of, normalised, text_of, words

#: How many matters that are not indexed yet a search reads by itself; before more of them it catches up.
READ = 300

#: Up to how many matters are named one by one. Where there are more, lists meet them soon by walking in order.
FETCHED = 2_000
#: PostgreSQL takes so many times as many: it would read the rows of all matters to find what one in fifty has.
_FETCHED_TIMES = {"postgresql": 5}

#: Where one matter in so many is led to, walking in order meets fifty of them soon.
OFTEN = 50

#: The matters of so many units are looked up by unit.
FEW_UNITS = 3


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The matters that are not indexed yet, with their texts."""

    texts: dict[uuid.UUID, str]

    def with_all(self, wanted: Sequence[str]) -> set[uuid.UUID]:
        return {matter for matter, text in self.texts.items() if all(word in text for word in wanted)}


@dataclass(frozen=True, slots=True)
class _Found:
    """A filter on `Matter`, and whether it is better met on the way than after narrowing by what is open."""

    condition: Q
    on_the_way: bool


def among(chosen: Q, asked: str) -> Q:
    """Return the filter `chosen` for those in which every word of `asked` occurs, so that it is quick."""
    parts = list(_parts(words(asked)))
    if any(part.on_the_way for part in parts):
        chosen = not_by_ended(chosen)
    # Words first: few matters have them, and databases ask in the order in which it is written.
    return reduce(and_, [*(part.condition for part in parts), chosen], Q())


def mentions(asked: str) -> Q:
    """Return the filter on `Matter` for those in which every word of `asked` occurs."""
    return among(Q(), asked)


def _parts(wanted: Sequence[str]) -> Iterator[_Found]:
    if not wanted:
        return
    waiting = _waiting()
    units = {word: _units_named(word) for word in wanted}
    if plain := [word for word in wanted if not units[word]]:
        yield _in_texts(plain, waiting)
    for word in wanted:
        if named := units[word]:
            # The matters of a few units are looked up by unit; those of more are met on the way.
            responsible = F("responsible") if len(named) <= FEW_UNITS else Scanned(F("responsible"))
            found = _in_texts([word], waiting)
            yield _Found(Q(OneOf(responsible, named)) | found.condition, len(named) > FEW_UNITS)


def _in_texts(wanted: Sequence[str], waiting: _Waiting) -> _Found:
    """Return the filter for the matters that have all of `wanted` in their texts."""
    end = (SearchText.objects.aggregate(last=Max("place"))["last"] or 0) + 1
    blocks = list(places_with({gram for word in wanted for gram in grams_of(word)}, end=end))
    count = sum(bits.bit_count() for _, bits in blocks)
    # One pair of characters is found by the index alone; of longer words it knows the pairs, not their order.
    longer = [word for word in wanted if len(word) > 2]
    unread = waiting.with_all(wanted)
    if count <= FETCHED * _FETCHED_TIMES.get(connection.vendor, 1):
        led_to = [place for each in blocks for place in places(*each)]
        read = _holding(longer).filter(OneOf(F("place"), led_to)).values_list("matter", flat=True)
        return _Found(Q(OneOf(F("pk"), sorted(set(read) - waiting.texts.keys() | unread))), on_the_way=True)
    led_to_by_place = Q(Marked(F("text_place"), marks(blocks, end=end))) & ~Q(pk__in=list(waiting.texts))
    if longer:
        led_to_by_place &= Q(_holds(longer))
    # Reading a text costs as much as passing ten matters by: where texts must be read, it shall be few of them.
    return _Found(led_to_by_place | Q(pk__in=unread), on_the_way=bool(longer) and count * OFTEN > end)


def _holding(wanted: Iterable[str]) -> QuerySet[SearchText]:
    """Return the indexed texts that hold all of `wanted`."""
    chosen = SearchText.objects.all()
    for word in wanted:
        chosen = chosen.filter(_within(word))
    return chosen


def _holds(wanted: Iterable[str]) -> Subquery:
    """Return whether a matter's own text holds all of `wanted`.

    Not as `Exists`, which PostgreSQL turns into a join and then reads the texts of all matters first.
    """
    own = SearchText.objects.filter(place=OuterRef("text_place"))
    held = ExpressionWrapper(Q(*map(_within, wanted)), output_field=BooleanField())
    return Subquery(own.values_list(held), output_field=BooleanField())


def _within(word: str) -> GreaterThan:
    return GreaterThan(StrIndex(F("text"), Value(word)), 0)


def _units_named(word: str) -> list[int]:
    """Return the units that have `word` in a name or a short name that they have or had."""
    named = chain(
        Unit.objects.values_list("pk", "name", "short_names"),
        UnitForm.objects.values_list("unit", "name", "short_names"),
    )
    return sorted({pk for pk, name, short in named if any(word in normalised(each) for each in (name, *short))})


def _waiting() -> _Waiting:
    while len(waiting := _first_waiting()) > READ:
        catch_up(MANY)
    rows = Matter.objects.filter(pk__in=waiting).values_list("pk", "mechanism_hash", "state")
    return _Waiting({pk: text_of(pinned(text_hash), orjson.loads(state)) for pk, text_hash, state in rows})


def _first_waiting() -> list[uuid.UUID]:
    return list(SearchPending.objects.order_by("pk").values_list("matter", flat=True)[: READ + 1])
