"""Keeping the index of texts in step with the matters.

Writers only note which matters they wrote. `catch_up` brings those into the index, a bounded number at a time;
`search` reads the ones that still wait by itself, so a list is right at every moment. Erasing does not wait.

Lock protocol: whoever writes the index takes its one lock first and reads the matters after that, so that no
text that was read before can be written later.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from threading import Event

import orjson
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import F, Max

from .membership import OneOf
from .models import Matter, SearchPending, SearchPosting, SearchText
from .packs import pinned
from .postings import Changes
from .search_text import grams, text_of
from .writing import insert

#: How many rows of the queue are taken in one transaction: a writer waits no longer than this takes.
TOGETHER = 500

#: How many where thousands wait: a block of the index is then written twice, not eight times.
MANY = 2_000

_logger = logging.getLogger(__name__)

_LOCK = 0x6269_6875_616E  # "bihuan", PostgreSQL's advisory locks being numbers


def catch_up(limit: int = TOGETHER) -> int:
    """Index what was written, at most `limit` rows of the queue; return how many rows there were."""
    if not SearchPending.objects.exists():
        return 0
    with transaction.atomic():
        _lock()
        waiting = dict(SearchPending.objects.order_by("pk")[:limit].values_list("pk", "matter"))
        # Whoever erases holds the matter while waiting for the index: who holds the index must not wait for matters.
        free = Matter.objects.select_for_update(skip_locked=True).filter(OneOf(F("pk"), list(waiting.values())))
        taken = set(free.values_list("pk", flat=True))
        index(sorted(taken))
        # Not all up to the last: on PostgreSQL a smaller key may become visible later.
        done = [pk for pk, matter in waiting.items() if matter in taken]
        SearchPending.objects.filter(OneOf(F("pk"), done)).delete()
    return len(done)


def finish(progress: Callable[[int, int], None] | None = None) -> None:
    """Index all that waits; `progress` is told how many rows of the queue are done, and of how many."""
    done, total = 0, SearchPending.objects.count()
    while taken := catch_up(MANY):
        done += taken
        if progress:
            progress(done, max(done, total))


def keep_up(stop: Event, *, every: float = 1.0) -> None:
    """Catch up again and again until `stop` is set, looking every so many seconds; for a thread of its own."""
    pause = 0.0
    while not stop.wait(pause):
        pause = 0.0 if _caught_up() else every


def _caught_up() -> int:
    """Catch up once. A database that is away or locked for long is noted and tried again later."""
    try:
        return catch_up()
    except DatabaseError:
        _logger.exception("the index of texts could not be brought up to date; trying again")
        return 0
    finally:
        close_old_connections()


def rebuild() -> int:
    """Empty the index and put every matter into the queue; `finish` makes it again. Returns how many there are."""
    with transaction.atomic():
        _lock()
        SearchPosting.objects.all().delete()
        SearchText.objects.all().delete()
        SearchPending.objects.all().delete()
        Matter.objects.update(text_place=None)
        waiting = list(Matter.objects.order_by("pk").values_list("pk"))
        insert(SearchPending, ("matter",), waiting)
    return len(waiting)


def index(matters: Sequence[uuid.UUID]) -> None:
    """Bring the texts of `matters` as they stand now into the index. Within a transaction of the caller."""
    _lock()
    known = {
        matter: (place, text)
        for place, matter, text in SearchText.objects.filter(OneOf(F("matter"), matters)).values_list(
            "place", "matter", "text"
        )
    }
    last = SearchText.objects.aggregate(last=Max("place"))["last"]
    free = 0 if last is None else last + 1
    added, changes = [], Changes()
    rows = Matter.objects.filter(OneOf(F("pk"), matters)).order_by("pk")
    for matter, mechanism_hash, state in rows.values_list("pk", "mechanism_hash", "state"):
        text = text_of(pinned(mechanism_hash), orjson.loads(state))
        place, before = known.get(matter, (free, ""))
        if matter not in known:
            added.append((place, matter, text))
            free += 1
        elif text != before:
            SearchText.objects.filter(pk=place).update(text=text)
        else:
            continue
        old, new = grams(before), grams(text)
        changes.add(place, gained=new - old, lost=old - new)
    insert(SearchText, ("place", "matter_id", "text"), added)
    _note_places([(place, matter) for place, matter, _ in added])
    changes.write()


def _note_places(placed: Sequence[tuple[int, uuid.UUID]]) -> None:
    """Write each matter's place into its row, where lists look."""
    key = Matter._meta.pk
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE ledger_matter SET text_place = %s WHERE id = %s",
            [(place, key.get_db_prep_value(matter, connection)) for place, matter in placed],
        )


def _lock() -> None:
    """Wait for the index, until the transaction ends. On SQLite every writing transaction has the file anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
