"""What only one matter of a mechanism may hold: a benefit of one person, an open application for one title.

The key of a claim is a keyed digest of the values: they may be personal, and a claim outlives their erasure. It goes
when the matter ends, or takes another value.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from bihuan.mechanism.model import Mechanism, Unique
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.mechanism.state import State

from .models import Claim

_TAKEN = N_("%(what)s: matter %(number)s holds the same values.")
_TWICE = N_("%(what)s: two of those that are written together hold the same values.")
#: How many claims are looked for at once.
_TOGETHER = 500


def keys_of(mechanism: Mechanism, state: State) -> dict[str, str]:
    """Return space → key of what the matter holds; none where a value is lacking or an end has freed it."""
    held = {}
    for space, unique in _spaces(mechanism):
        values = [state.values.get(key) for key in unique.fields]
        if all(value not in (None, "", []) for value in values) and not _is_freed(unique, state):
            text = "\n".join("".join(str(value).split()).casefold() for value in values)
            held[space] = salted_hmac(space, text, algorithm="sha256").hexdigest()
    return held


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A key that a matter is to hold. One that `yields` leaves it to whoever holds it already."""

    matter: uuid.UUID
    unique: Unique
    yields: bool


@dataclass(slots=True)
class Holding:
    """Claims of matters that are written together: what they let go, and what they take."""

    _gone: dict[str, set[uuid.UUID]] = field(default_factory=lambda: defaultdict(set))
    _wanted: dict[tuple[uuid.UUID, str], tuple[str, _Wanted]] = field(default_factory=dict)

    def change(
        self, matter: uuid.UUID, mechanism: Mechanism, before: State | None, after: State, *, yields: bool = False
    ) -> None:
        """Note what the matter holds after an event, which was another thing before.

        A hand-over `yields`: two matters that it makes alike stay both, and the first of them keeps the claim.
        """
        if not mechanism.unique:
            return
        old, new = keys_of(mechanism, before) if before else {}, keys_of(mechanism, after)
        for space, unique in _spaces(mechanism):
            ends = before is not None and _is_freed(unique, after) and not _is_freed(unique, before)
            if old.get(space) == new.get(space) and not ends:
                continue
            if before is not None:
                self._gone[space].add(matter)
            earlier = self._wanted.pop((matter, space), None)
            if key := new.get(space):
                lets = yields and (earlier is None or earlier[1].yields)
                self._wanted[matter, space] = (key, _Wanted(matter, unique, lets))

    def settle(self) -> None:
        """Let go and take, all writers in the same order. Raises `Refusal` if another matter holds one."""
        for space in sorted(self._gone):
            gone = sorted(self._gone[space])
            for start in range(0, len(gone), _TOGETHER):
                Claim.objects.filter(space=space, matter__in=gone[start : start + _TOGETHER]).delete()
        spaces: dict[str, dict[str, _Wanted]] = defaultdict(dict)
        for (_, space), (key, wanted) in sorted(self._wanted.items(), key=lambda each: each[1][1].yields):
            if key not in spaces[space]:
                spaces[space][key] = wanted
            elif not wanted.yields:
                raise Refusal("claimed", _TWICE, what=wanted.unique.label, field=wanted.unique.fields[0])
        self._gone.clear()
        self._wanted.clear()
        for space in sorted(spaces):
            keys = sorted(spaces[space])
            for start in range(0, len(keys), _TOGETHER):
                _take(space, {key: spaces[space][key] for key in keys[start : start + _TOGETHER]})


def _take(space: str, wanted: Mapping[str, _Wanted]) -> None:
    left = dict(wanted)
    while left:
        held = Claim.objects.filter(space=space, key__in=left).values_list("key", "matter__number")
        for key, number in held:
            each = left.pop(key)
            if not each.yields:
                raise Refusal("claimed", _TAKEN, what=each.unique.label, number=number, field=each.unique.fields[0])
        rows = [Claim(space=space, key=key, matter_id=each.matter) for key, each in left.items()]
        try:
            with transaction.atomic():
                Claim.objects.bulk_create(rows)
                return
        except IntegrityError:
            continue  # somebody took one in between: the next look says who


def _spaces(mechanism: Mechanism) -> list[tuple[str, Unique]]:
    return [(f"only:{mechanism.key}.{unique.key}", unique) for unique in mechanism.unique.values()]


def _is_freed(unique: Unique, state: State) -> bool:
    return state.ended in (*unique.freed, "withdrawn")
