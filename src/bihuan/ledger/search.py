"""Finding matters by words: in their number, their texts and the entries of their records, and in the unit's name.

Every word must occur, as it is, anywhere: two Chinese characters find, and so does a piece of a number. What the
index leads to is compared with the text itself, and what is not indexed yet is read; so the answer is exactly
that of reading everything.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import and_

import orjson
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from bihuan.directory.models import Unit, UnitForm

from .membership import Marked, OneOf
from .models import Matter, SearchPending, SearchText
from .packs import pinned
from .postings import marks, places, places_with
from .search_index import catch_up
from .search_text import grams_of, normalised, text_of, words

#: How many matters that are not indexed yet a search reads by itself; before more of them it catches up.
READ = 300

#: Up to how many matters are named one by one. Where there are more, lists meet them soon by walking in order.
FETCHED = 2_000


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The matters that are not indexed yet, with their texts."""

    texts: dict[uuid.UUID, str]

    def with_all(self, wanted: Sequence[str]) -> set[uuid.UUID]:
        return {matter for matter, text in self.texts.items() if all(word in text for word in wanted)}


def mentions(asked: str) -> Q:
    """Return the filter on `Matter` for those in which every word of `asked` occurs."""
    wanted = words(asked)
    if not wanted:
        return Q()
    waiting = _waiting()
    units = {word: _units_named(word) for word in wanted}
    plain = [word for word in wanted if not units[word]]
    parts = [_in_texts(plain, waiting)] if plain else []
    parts += [Q(responsible__in=units[word]) | _in_texts([word], waiting) for word in wanted if units[word]]
    return reduce(and_, parts)


def _in_texts(wanted: Sequence[str], waiting: _Waiting) -> Q:
    """Return the filter for the matters that have all of `wanted` in their texts."""
    end = (SearchText.objects.aggregate(last=Max("place"))["last"] or 0) + 1
    blocks = list(places_with({gram for word in wanted for gram in grams_of(word)}, end=end))
    count = sum(bits.bit_count() for _, bits in blocks)
    # One pair of characters is found by the index alone; of longer words it knows the pairs, not their order.
    longer = [word for word in wanted if len(word) > 2]
    unread = waiting.with_all(wanted)
    if count <= FETCHED:
        led_to = [place for each in blocks for place in places(*each)]
        read = _holding(longer).filter(OneOf(F("place"), led_to)).values_list("matter", flat=True)
        return Q(OneOf(F("pk"), sorted(set(read) - waiting.texts.keys() | unread)))
    led_to_by_place = Q(Marked(F("text_place"), marks(blocks, end=end))) & ~Q(pk__in=list(waiting.texts))
    if longer:
        led_to_by_place &= Q(Exists(_holding(longer).filter(matter=OuterRef("pk"))))
    return led_to_by_place | Q(pk__in=unread)


def _holding(wanted: Iterable[str]) -> QuerySet[SearchText]:
    """Return the indexed texts that hold all of `wanted`."""
    chosen = SearchText.objects.all()
    for word in wanted:
        chosen = chosen.filter(GreaterThan(StrIndex(F("text"), Value(word)), 0))
    return chosen


def _units_named(word: str) -> list[int]:
    """Return the units that have `word` in a name or a short name that they have or had."""
    named = chain(
        Unit.objects.values_list("pk", "name", "short_names"),
        UnitForm.objects.values_list("unit", "name", "short_names"),
    )
    return sorted({pk for pk, name, short in named if any(word in normalised(each) for each in (name, *short))})


def _waiting() -> _Waiting:
    while len(waiting := _first_waiting()) > READ:
        catch_up()
    rows = Matter.objects.filter(pk__in=waiting).values_list("pk", "mechanism_hash", "state")
    return _Waiting({pk: text_of(pinned(text_hash), orjson.loads(state)) for pk, text_hash, state in rows})


def _first_waiting() -> list[uuid.UUID]:
    return list(SearchPending.objects.order_by("pk").values_list("matter", flat=True)[: READ + 1])
