"""Load a ledger of 10⁴ to 10⁶ matters, ten events a matter, by plain SQL: for benches, not through the write path.

A few hundred matters are played through the real write path first. All others are copies of their course with
texts, numbers, units and keys of their own, and with commitments and hashes computed again: `bihuan verify` finds
the whole ledger unbroken. Only the files given as proof are not there, so `verify --files` says that they are missing.

Usage: BIHUAN_DATA=FOLDER big_ledger.py [MATTERS]; with BIHUAN_DATABASE_URL into that PostgreSQL.
"""

import hashlib
import os
import random
import re
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MATTERS = 100_000
TEMPLATES = 150
TOGETHER = 2_000


def main() -> None:
    matters = int(sys.argv[1]) if len(sys.argv) > 1 else MATTERS
    prepare(Path(os.environ.get("BIHUAN_DATA", "data")))
    began = time.perf_counter()
    load(matters)
    print(f"{matters:,} matters loaded in {time.perf_counter() - began:.0f} s")
    began = time.perf_counter()
    index()
    print(f"their texts indexed in {time.perf_counter() - began:.0f} s")


def prepare(data: Path) -> None:
    """Set Django up on the ledger in `data`, with its tables made."""
    import django

    data.mkdir(parents=True, exist_ok=True)
    os.environ |= {"BIHUAN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "bihuan.web.settings"}
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)


def load(matters: int) -> None:
    """Fill an empty ledger with `matters` matters of over 300 units, the templates included."""
    from big_ledger_city import build
    from big_ledger_course import play
    from django.db import connection, transaction

    from bihuan.ledger.models import Matter

    if Matter.objects.exists():
        sys.exit("this ledger is not empty")
    chance = random.Random(7)
    city = build()
    with transaction.atomic():
        play(city, TEMPLATES, chance)
    templates = [Template.of(matter) for matter in Matter.objects.order_by("pk").prefetch_related("parties", "files")]
    left = matters - TEMPLATES
    while left > 0:
        rows = Rows()
        for _ in range(min(TOGETHER, left)):
            rows.add(chance.choice(templates), *chance.choice(city.owners), chance)
        with transaction.atomic():
            rows.write()
        left -= TOGETHER
    if connection.vendor == "postgresql":  # which does so by itself, in time; nobody does it for SQLite
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def index() -> None:
    from bihuan.ledger.search_index import catch_up

    while catch_up(4_000):
        pass


@dataclass(frozen=True)
class Template:
    """A matter that was really played. Texts are cut at what each copy has of its own: `cut` finds the places."""

    cut: re.Pattern[str]
    unit: str
    number: str
    row: dict[str, Any]
    state: list[str]
    events: list[tuple[Any, ...]]
    disclosed: list[tuple[int, str, str, str, bytes]]
    parties: list[tuple[str, bool, int]]
    files: list[tuple[Any, ...]]

    @classmethod
    def of(cls, matter: Any) -> "Template":
        from bihuan.ledger.models import Disclosed, Event

        disclosed = list(Disclosed.objects.filter(matter=matter).values_list("version", "slot", "salt", "value"))
        own = [value for *_, value in disclosed if value.startswith('"')]
        unit = matter.responsible.key
        pieces = sorted({*own, unit, matter.number, str(matter.pk)}, key=len, reverse=True)
        cut = re.compile("(" + "|".join(map(re.escape, pieces)) + ")")
        columns = [each.attname for each in type(matter)._meta.concrete_fields]
        events = Event.objects.filter(matter=matter).order_by("version")
        return cls(
            cut=cut,
            unit=unit,
            number=matter.number,
            row={name: getattr(matter, name) for name in columns},
            state=cut.split(matter.state),
            events=[
                (each.version, each.kind, each.at, each.recorded_at, each.account, each.post, bytes(each.payload))
                for each in events
            ],
            disclosed=[(*each, _commitment(*each[1:])) for each in disclosed],
            parties=[(each.role, each.unit_id == matter.responsible_id, each.unit_id) for each in matter.parties.all()],
            files=[(each.sha256, each.size, each.media_type, each.given_at) for each in matter.files.all()],
        )


class Rows:
    """Copies waiting to be written together."""

    def __init__(self) -> None:
        self.matters: list[tuple[Any, ...]] = []
        self.events: list[tuple[Any, ...]] = []
        self.disclosed: list[tuple[Any, ...]] = []
        self.parties: list[tuple[Any, ...]] = []
        self.files: list[tuple[Any, ...]] = []
        self.pending: list[tuple[Any, ...]] = []

    def add(self, template: Template, unit: str, unit_id: int, chance: random.Random) -> None:
        import uuid6
        from big_ledger_course import text_for

        from bihuan.ledger.writing import new_number

        key = uuid6.uuid7()
        own = {template.unit: unit, template.number: new_number(), str(template.row["id"]): str(key)}
        values: dict[str, str] = {}
        swaps: dict[int, list[tuple[bytes, bytes]]] = {}
        for version, slot, salt, value, commitment in template.disclosed:
            if value not in values:
                values[value] = text_for(slot, value, chance)
            self.disclosed.append((key, version, slot, salt, values[value]))
            swaps.setdefault(version, []).append((commitment, _commitment(slot, salt, values[value])))
        head = self._chain(template, key, own, swaps)
        own |= values
        row = {**template.row, "id": key, "number": own[template.number], "head": head, "responsible_id": unit_id}
        row["state"] = "".join(own.get(piece, piece) for piece in template.state)
        for name in ("title", "finding_no", "project", "category"):
            row[name] = values.get(f'"{row[name]}"', f'"{row[name]}"')[1:-1]
        self.matters.append(tuple(row.values()))
        self.parties += [(key, role, unit_id if mine else other) for role, mine, other in template.parties]
        self.files += [(key, *file) for file in template.files]
        self.pending.append((key,))

    def _chain(
        self, template: Template, key: uuid.UUID, own: dict[str, str], swaps: dict[int, list[tuple[bytes, bytes]]]
    ) -> str:
        """Add the events, each with its new payload and hash; return the hash of the last."""
        from bihuan.ledger.chain import START, Header, event_hash

        previous = START
        for version, kind, at, recorded_at, account, post, payload in template.events:
            for before, after in swaps.get(version, ()):
                payload = payload.replace(before, after)
            for before_text, after_text in own.items():
                payload = payload.replace(before_text.encode(), after_text.encode())
            account, post = (
                account.replace(template.unit, own[template.unit]),
                post.replace(template.unit, own[template.unit]),
            )
            hashed = event_hash(previous, Header(str(key), version, kind, at, recorded_at, account, post), payload)
            self.events.append((key, version, kind, at, recorded_at, account, post, payload, previous, hashed))
            previous = hashed
        return previous

    def write(self) -> None:
        from bihuan.ledger import models

        matter = [each.attname for each in models.Matter._meta.concrete_fields]
        event = ("matter_id", "version", "kind", "at", "recorded_at", "account", "post", "payload", "previous", "hash")
        _put(models.Matter, matter, self.matters)
        _put(models.Event, event, self.events)
        _put(models.Disclosed, ("matter_id", "version", "slot", "salt", "value"), self.disclosed)
        _put(models.Party, ("matter_id", "role", "unit_id"), self.parties)
        _put(models.Evidence, ("matter_id", "sha256", "size", "media_type", "given_at"), self.files)
        _put(models.SearchPending, ("matter",), self.pending)


def _put(model: Any, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    from django.db import connection

    from bihuan.ledger.writing import insert

    if connection.vendor != "postgresql":
        insert(model, names, rows)
        return
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _commitment(slot: str, salt: str, value: str) -> bytes:
    return hashlib.sha256(f"{salt}\n{slot}\n{value}".encode()).hexdigest().encode()


def numbers(prefix: str, count: int) -> Iterator[str]:
    return (f"{prefix}{number:04d}" for number in range(count))


if __name__ == "__main__":
    main()
