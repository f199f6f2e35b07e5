"""The database refuses to change what happened; what gets past it is found and named."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.ledger.execute import link
from bihuan.ledger.models import Disclosed, Event, Evidence, Link, Matter
from bihuan.ledger.verify import verify
from city import City
from triggers import without_triggers


def _all_broken() -> list[tuple[str, int]]:
    return [(broken.number, broken.version) for broken in verify()]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_event SET account = 'nobody'",
        "DELETE FROM ledger_event",
        "UPDATE ledger_disclosed SET value = '\"other\"'",
        "DELETE FROM ledger_mechanismtext",
        "UPDATE ledger_mechanismtext SET text = ''",
    ],
)
def test_the_database_refuses(city: City, statement: str) -> None:
    city.rectifying()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert _all_broken() == []


@pytest.mark.postgresql
def test_postgresql_refuses_to_empty_the_table(city: City) -> None:
    city.rectifying()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE ledger_event CASCADE")


def test_one_changed_byte_is_found_in_its_event(city: City) -> None:
    city.rectifying()
    matter = city.rectifying()
    event = Event.objects.get(matter=matter, version=2)
    changed = bytes(event.payload).replace(b"dispatch", b"dispatcH", 1)
    with without_triggers():
        Event.objects.filter(matter=matter, version=2).update(payload=changed)
    assert _all_broken() == [(matter.number, 2)]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("account", "somebody"),
        ("post", "x"),
        ("at", "2020-01-01T00:00:00+08:00"),
        ("kind", "child"),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_column_of_an_event_is_found(city: City, column: str, value: str) -> None:
    matter = city.rectifying()
    with without_triggers():
        Event.objects.filter(matter=matter, version=2).update(**{column: value})
    assert _all_broken() == [(matter.number, 2)]


def test_a_removed_event_is_found_in_the_middle_and_at_the_end(city: City) -> None:
    first, last = city.rectifying(), city.rectifying()
    with without_triggers():
        Event.objects.filter(matter=first, version=2).delete()
        Event.objects.filter(matter=last, version=3).delete()
    assert _all_broken() == [(first.number, 2), (last.number, 3)]


def test_a_value_that_was_exchanged_or_taken_away_is_found(city: City) -> None:
    exchanged, gone = city.register(), city.register()
    with without_triggers():
        Disclosed.objects.filter(matter=exchanged, slot="set.title").update(value='"另一个标题"')
        Disclosed.objects.filter(matter=gone, slot="set.title").delete()
    assert _all_broken() == [(exchanged.number, 1), (gone.number, 1)]


def test_two_values_that_changed_places_are_found(city: City) -> None:
    matter = city.register(description="描述")
    rows: dict[str, Any] = {row.slot: row for row in Disclosed.objects.filter(matter=matter)}
    title, text = rows["set.title"], rows["set.description"]
    with without_triggers():
        for row, other in ((title, text), (text, title)):
            Disclosed.objects.filter(matter=matter, slot=row.slot).update(salt=other.salt, value=other.value)
    assert _all_broken() == [(matter.number, 1)]


def test_a_row_that_is_not_what_its_events_make_is_found(city: City) -> None:
    matter = city.register()
    Matter.objects.filter(pk=matter.pk).update(due="2030-01-01")
    assert _all_broken() == [(matter.number, 0)]
    other = city.register()
    Matter.objects.filter(pk=other.pk).update(responsible=city.units["finance"])
    assert _all_broken() == [(matter.number, 0), (other.number, 0)]


def test_an_untouched_ledger_is_clean_and_progress_is_told(city: City) -> None:
    for _ in range(3):
        city.rectifying()
    told: list[tuple[int, int]] = []
    assert list(verify(progress=lambda done, total: told.append((done, total)))) == []
    assert told[-1] == (3, 3)


@pytest.mark.sqlite
def test_sqlite_refuses_to_replace_an_event(city: City) -> None:
    city.rectifying()
    names = "matter_id, version, kind, at, recorded_at, account, post, payload, previous, hash"
    values = names.replace("account", "'nobody'")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT OR REPLACE INTO ledger_event ({names}) SELECT {values} FROM ledger_event")


def test_exchanged_numbers_removed_links_and_removed_files_are_found(city: City) -> None:
    one, two, three = city.claimed(), city.claimed(), city.claimed()
    clerk = city.posts["clerk"]
    link(two.pk, three.pk, note="同一笔资金", post=clerk, account="clerk", now=city.now)
    assert _all_broken() == []
    Matter.objects.filter(pk=one.pk).update(number="XXXX-XXXX")
    Link.objects.filter(matter=two).delete()
    Evidence.objects.filter(matter=three).delete()
    assert _all_broken() == [("XXXX-XXXX", 0), (two.number, 0), (three.number, 0)]


def test_a_row_that_cannot_be_read_is_found_and_the_walk_goes_on(city: City) -> None:
    one, two = city.register(), city.register()
    Matter.objects.filter(pk=one.pk).update(state="garbage")
    Matter.objects.filter(pk=two.pk).update(state="{}")
    assert _all_broken() == [(one.number, 0), (two.number, 0)]
