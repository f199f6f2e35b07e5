"""Names and free text of the directory's history, kept beside it so that they can be erased and nothing else can.

An alteration holds `{"~": commitment}` in place of such a value: the hash of a salt, its place (`slot`) and the
value, as in the ledger. Without salt and value there is nothing left to guess from.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bihuan.mechanism.sentence import N_, Sentence

from .models import Alteration, AlterationValue

#: Under this key of a value's place stands its commitment.
MARK = "~"
#: The kind of alteration that says what was erased.
ERASED = "values_erased"
_STEP = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """A value that was taken out of an alteration, with what its commitment was made of."""

    slot: str
    salt: str
    value: str


def commitment(slot: str, salt: str, value: str) -> str:
    return hashlib.sha256(f"{salt}\n{slot}\n{value}".encode()).hexdigest()


def taken_out(body: Mapping[str, Any], slots: Iterable[str]) -> tuple[dict[str, Any], list[Kept]]:
    """Return `body` with commitments at `slots`, and the values that stood there; empty ones stay where they are."""
    sealed, kept = dict(body), []
    for slot in slots:
        if value := sealed.get(slot):
            secret = Kept(slot, os.urandom(16).hex(), str(value))
            kept.append(secret)
            sealed[slot] = {MARK: commitment(secret.slot, secret.salt, secret.value)}
    return sealed, kept


def committed(body: Mapping[str, Any]) -> dict[str, str]:
    """Return slot → commitment."""
    return {slot: value[MARK] for slot, value in body.items() if isinstance(value, dict) and MARK in value}


def values_of(entries: Iterable[int]) -> dict[int, dict[str, str]]:
    """Return alteration → slot → value for what has not been erased."""
    found: dict[int, dict[str, str]] = {}
    rows = AlterationValue.objects.filter(alteration__in=list(entries)).values_list("alteration_id", "slot", "value")
    for entry, slot, value in rows:
        found.setdefault(entry, {})[slot] = value
    return found


def erasures(entries: Iterable[int]) -> dict[tuple[int, str], Alteration]:
    """Return (alteration, slot) → the alteration that says that it was erased."""
    rows = Alteration.objects.filter(kind=ERASED, body__entry__in=list(entries)).order_by("id")
    return {(row.body["entry"], slot): row for row in rows for slot in row.body["slots"]}


def broken() -> Iterator[tuple[int, Sentence]]:
    """Yield (alteration, what is wrong) for each value that was changed, or is gone and was not erased."""
    last = 0
    while page := list(Alteration.objects.filter(pk__gt=last).order_by("pk")[:_STEP]):
        last = page[-1].pk
        kept: dict[int, dict[str, AlterationValue]] = {}
        for value in AlterationValue.objects.filter(alteration__in=[row.pk for row in page]):
            kept.setdefault(value.alteration_id, {})[value.slot] = value
        lacking = [row.pk for row in page if committed(row.body).keys() - kept.get(row.pk, {}).keys()]
        lawful = erasures(lacking) if lacking else {}
        for row in page:
            if wrong := _wrong(row, kept.get(row.pk, {}), lawful):
                yield row.pk, wrong


def _wrong(
    row: Alteration, kept: Mapping[str, AlterationValue], lawful: Mapping[tuple[int, str], Alteration]
) -> Sentence | None:
    promised = committed(row.body)
    for slot, value in kept.items():
        if promised.get(slot) != commitment(slot, value.salt, value.value):
            return Sentence(N_("the value at “%(slot)s” was changed"), {"slot": slot})
    for slot in promised.keys() - kept.keys():
        if (row.pk, slot) not in lawful:
            return Sentence(N_("the value at “%(slot)s” is gone and was not erased"), {"slot": slot})
    return None
