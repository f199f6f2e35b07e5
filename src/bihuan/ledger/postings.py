"""The index of texts: for every character and pair of characters, the matters that have it, block by block.

A block is 4,096 matters and a row one gram in it: a bitmap, or a list while that is shorter. Blocks lie together
in the table, so that adding matters writes where it wrote last; a matter can be taken out without a trace, which
the full-text engines of the databases do not promise (see the decision record on search).
"""

import struct
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db import connection
from django.db.models import F

from .membership import OneOf
from .models import SearchPosting

BLOCK = 4096
_BYTES = BLOCK // 8
#: Longer lists of two-byte numbers are no shorter than the bitmap.
_LISTED = _BYTES // 2 - 1

_DIGITS = bytes.maketrans(b"01", b"\x00\x01")

_SQLITE = """
INSERT INTO ledger_searchposting (block, gram, bits) VALUES (%s, %s, %s)
ON CONFLICT (block, gram) DO UPDATE SET bits = excluded.bits
"""
_POSTGRESQL = """
INSERT INTO ledger_searchposting (block, gram, bits)
SELECT * FROM unnest(%s::int[], %s::text[], %s::bytea[])
ON CONFLICT (block, gram) DO UPDATE SET bits = excluded.bits
"""


class Changes:
    """Grams that matters gained or lost, gathered to be written together."""

    def __init__(self) -> None:
        self._gained: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        self._lost: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(self, place: int, *, gained: Iterable[str], lost: Iterable[str]) -> None:
        block, bit = place // BLOCK, 1 << place % BLOCK
        for changed, grams in ((self._gained, gained), (self._lost, lost)):
            bits = changed[block]
            for gram in grams:
                bits[gram] |= bit

    def write(self) -> None:
        """Write the rows that change; one that holds nobody any more is deleted."""
        for block in sorted({*self._gained, *self._lost}):
            gained, lost = self._gained[block], self._lost[block]
            bits = _read(block, [*{*gained, *lost}])
            for gram, more in gained.items():
                bits[gram] = bits.get(gram, 0) | more
            for gram, gone in lost.items():
                bits[gram] = bits.get(gram, 0) & ~gone
            _write(block, {gram: _encode(each) for gram, each in bits.items() if each})
            if empty := [gram for gram, each in bits.items() if not each]:
                SearchPosting.objects.filter(OneOf(F("gram"), empty), block=block).delete()


def places_with(grams: Iterable[str], *, end: int) -> Iterator[tuple[int, int]]:
    """Yield (block, bitmap) of the places before `end` that have all of `grams`; blocks without any are left out."""
    wanted = list(grams)
    blocks = list(range(-(-end // BLOCK)))
    rows = SearchPosting.objects.filter(OneOf(F("block"), blocks), gram__in=wanted)
    found: dict[int, list[bytes]] = defaultdict(list)
    for block, bits in rows.values_list("block", "bits"):
        found[block].append(bytes(bits))
    for block, each in sorted(found.items()):
        if len(each) == len(wanted):
            common = _decode(each[0])
            for bits in each[1:]:
                common &= _decode(bits)
            if common:
                yield block, common


def marks(blocks: Iterable[tuple[int, int]], *, end: int) -> bytes:
    """Return a byte for every place before `end`: 1 where it is set in one of `blocks`, else 0."""
    made = bytearray(end)
    for block, bits in blocks:
        written = f"{bits:0{BLOCK}b}"[::-1].encode().translate(_DIGITS)
        made[block * BLOCK : (block + 1) * BLOCK] = written[: max(0, end - block * BLOCK)]
    return bytes(made)


def places(block: int, bits: int) -> Iterator[int]:
    """Yield the places that are set in a block's bitmap."""
    start = block * BLOCK
    while bits:
        low = bits & -bits
        yield start + low.bit_length() - 1
        bits ^= low


def _read(block: int, grams: Sequence[str]) -> dict[str, int]:
    rows = SearchPosting.objects.filter(OneOf(F("gram"), grams), block=block).values_list("gram", "bits")
    return {gram: _decode(bytes(bits)) for gram, bits in rows}


def _write(block: int, bits: Mapping[str, bytes]) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_POSTGRESQL, [[block] * len(bits), list(bits), list(bits.values())])
        else:
            cursor.executemany(_SQLITE, [(block, gram, each) for gram, each in sorted(bits.items())])


def _encode(bits: int) -> bytes:
    count = bits.bit_count()
    if count > _LISTED:
        return bits.to_bytes(_BYTES, "little")
    return struct.pack(f"<{count}H", *places(0, bits))


def _decode(stored: bytes) -> int:
    if len(stored) == _BYTES:
        return int.from_bytes(stored, "little")
    bits = 0
    for place in struct.unpack(f"<{len(stored) // 2}H", stored):
        bits |= 1 << place
    return bits
