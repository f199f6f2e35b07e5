"""Handing over what is open: from units that ended to those that take over, from a person to the next in the post.

Each batch is a transaction of its own. What is handed over no longer names the old unit, so a hand-over that
was cut off is taken up by the next one; see `turn_of_day`.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from bihuan.directory.models import Unit
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.hand_over import hand_over as drafted
from bihuan.mechanism.model import FieldKind, Mechanism
from bihuan.mechanism.state import State

from .days import local_day
from .fold import load_state
from .loading import Loaded
from .models import Matter, Party
from .packs import pinned
from .writing import Author, Writing

#: How many matters are handed over in one transaction; other writers wait no longer than that takes.
BATCH = 200


def named_in(units: list[int]) -> QuerySet[Matter]:
    """Return the open matters that one of `units` (ids) owns, supervises, or is a party to."""
    party = Party.objects.filter(unit__in=units).values("matter")
    return Matter.objects.filter(ended="").filter(Q(responsible__in=units) | Q(supervising__in=units) | Q(pk__in=party))


def _rounds_to(units: list[int]) -> QuerySet[Matter]:
    """Return the open matters that have a part with one of `units` (ids): whoever takes it over gets no second one."""
    parts = Matter.objects.filter(responsible__in=units, parent__isnull=False).values("parent")
    return Matter.objects.filter(ended="", pk__in=parts)


def hand_over_units(
    units: Mapping[str, str],
    *,
    reason: str,
    author: Author,
    now: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Put new units (old key → new key) in the place of the old ones in every open matter; return how many changed."""
    old = list(Unit.objects.filter(key__in=list(units)).values_list("pk", flat=True))
    chosen = named_in(old) | _rounds_to(old)
    return _handed_over(chosen, units=units, people={}, reason=reason, author=author, now=now, progress=progress)


def hand_over_people(unit: Unit, people: Mapping[str, str], *, reason: str, author: Author, now: datetime) -> int:
    """Name the new people (old name → new name) in the open matters of `unit`; return how many changed."""
    return _handed_over(named_in([unit.pk]), units={}, people=people, reason=reason, author=author, now=now)


def naming(unit: Unit, name: str) -> Iterator[Matter]:
    """Yield the open matters of `unit` in which a field names the person `name`."""
    for matter in named_in([unit.pk]).order_by("pk"):
        state = load_state(matter.state)
        for key, field in pinned(matter.mechanism_hash).fields.items():
            value = state.values.get(key) if field.kind is FieldKind.PERSON else None
            if name in (value if isinstance(value, list) else [value]):
                yield matter
                break


def successors(organisation: Organisation) -> dict[str, str]:
    """Return key → key of the unit that stands for it now, for every unit that ended and was taken over."""
    gone = {unit.pk: unit for unit in organisation.gone}
    found: dict[str, str] = {}
    for unit in gone.values():
        here, seen = unit.successor_id, {unit.pk}
        while here in gone and here not in seen:
            seen.add(here)
            here = gone[here].successor_id
        if here in organisation.by_id:
            found[unit.key] = organisation.by_id[here].key
    return found


def hand_on(writing: Writing, matter: Matter, mechanism: Mechanism, state: State) -> State:
    """Give a matter that was reopened to whoever has taken over from units that ended while it was closed."""
    units = successors(writing.organisation)
    draft = drafted(mechanism, state, units=units) if units else None
    return state if draft is None else writing.go_on(mechanism, matter, state, draft)


def _handed_over(
    chosen: QuerySet[Matter],
    *,
    units: Mapping[str, str],
    people: Mapping[str, str],
    reason: str,
    author: Author,
    now: datetime,
    progress: Callable[[int], None] = lambda done: None,
) -> int:
    done, last = 0, None
    while True:
        with transaction.atomic():
            batch = list(_locked(chosen, last))
            writing = Writing(author, local_day(now), now, now, Organisation.on(local_day(now)))
            for loaded in map(Loaded.of, batch):
                draft = drafted(loaded.mechanism, loaded.state, units=units, people=people, reason=reason)
                if draft is not None:
                    writing.go_on(loaded.mechanism, loaded.row, loaded.state, draft)
                    done += 1
            writing.flush()
        progress(done)
        if len(batch) < BATCH:
            return done
        last = batch[-1].pk


def _locked(chosen: QuerySet[Matter], last: uuid.UUID | None) -> QuerySet[Matter]:
    """Lock in the order of registration: a matter before its parts."""
    after = chosen if last is None else chosen.filter(pk__gt=last)
    return (
        Matter.objects.select_for_update()
        .filter(pk__in=list(after.order_by("pk").values_list("pk", flat=True)[:BATCH]))
        .order_by("pk")
    )
