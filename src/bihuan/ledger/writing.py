"""Putting decided events into the tables: sealed, chained and folded, in the caller's transaction.

Rows are many and alike, so they go in by `executemany`; the ORM costs three to eight times as much.
"""

import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, models

from bihuan.directory.models import Unit
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.evolve import evolve
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.state import Draft, Happened, State, opened

from .chain import START, Header, event_hash, seal
from .days import local
from .fold import columns
from .kept_once import Holding
from .mentioned import mentions_of, spending_of
from .models import Disclosed, Event, Link, Matter, Mention, Party, SearchPending, Spending

#: Crockford's letters: no I, L, O, U to be misread over the telephone.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Author:
    """Who an event is by: the account that is on record, and the post it acted with."""

    account: str
    post: str


@dataclass(slots=True)
class Writing:
    """Events being written together. `at` is when they happened, `recorded_at` when they were taken down."""

    author: Author
    on: date
    at: datetime
    recorded_at: datetime
    organisation: Organisation
    _at: str = ""
    _recorded_at: str = ""
    _events: list[tuple[Any, ...]] = field(default_factory=list)
    _disclosed: list[tuple[Any, ...]] = field(default_factory=list)
    _matters: list[tuple[Any, ...]] = field(default_factory=list)
    _parties: list[tuple[Any, ...]] = field(default_factory=list)
    _searched: list[tuple[Any, ...]] = field(default_factory=list)
    _spending: list[tuple[Any, ...]] = field(default_factory=list)
    _mentions: list[tuple[Any, ...]] = field(default_factory=list)
    _links: list[tuple[Any, ...]] = field(default_factory=list)
    _holding: Holding = field(default_factory=Holding)

    def __post_init__(self) -> None:
        self._at, self._recorded_at = local(self.at).isoformat(), local(self.recorded_at).isoformat()

    def begin(self, mechanism: Mechanism, draft: Draft) -> uuid.UUID:
        """Add a matter by its first event and return its key; the row is written by `flush`."""
        matter = uuid.UUID(draft.body["matter"])
        state, head = self._append(None, START, matter, draft)
        row = {"id": matter, "number": state.number, "head": head, **self._columns(mechanism, state)}
        row |= {"mechanism": state.mechanism, "mechanism_hash": state.mechanism_hash}
        row |= {"parent_id": uuid.UUID(state.parent) if state.parent else None, "text_place": None}
        self._matters.append(tuple(row[name] for name in _MATTER))
        self._searched.append((matter,))
        self._parties.extend(self._party_rows(matter, state))
        self._spending.extend((matter, *row) for row in spending_of(mechanism, state))
        self._mentions.extend((matter, *row) for row in mentions_of(mechanism, state))
        self._holding.change(matter, mechanism, None, state)
        return matter

    def link(self, matter: uuid.UUID, other: uuid.UUID) -> None:
        """Note of two matters, one of which may be new, that they have to do with each other."""
        self._links += [(matter, other), (other, matter)]

    def go_on(self, mechanism: Mechanism, matter: Matter, state: State, draft: Draft) -> State:
        """Add an event to a matter that is there, and its row's new values. Returns the state after it."""
        after, head = self._append(state, matter.head, matter.pk, draft)
        folded = self._columns(mechanism, after)
        Matter.objects.filter(pk=matter.pk).update(head=head, **folded)
        self._searched.append((matter.pk,))
        if after.parties != state.parties:
            Party.objects.filter(matter=matter.pk).delete()
            self._parties.extend(self._party_rows(matter.pk, after))
        for model, rows, of in ((Spending, self._spending, spending_of), (Mention, self._mentions, mentions_of)):
            now_so = of(mechanism, after)
            if draft.kind == "redacted" or now_so != of(mechanism, state):  # the state before lacks the values too
                model.objects.filter(matter=matter.pk).delete()
                rows.extend((matter.pk, *row) for row in now_so)
        self._holding.change(matter.pk, mechanism, state, after, yields=draft.kind == "handed_over")
        for key, value in {"head": head, **folded}.items():
            setattr(matter, key, value)
        return after

    def flush(self) -> None:
        """Write what was added."""
        insert(Matter, _MATTER, self._matters)
        insert(Event, _EVENT, self._events)
        insert(Disclosed, _DISCLOSED, self._disclosed)
        insert(Party, _PARTY, self._parties)
        insert(SearchPending, ("matter",), self._searched)
        insert(Spending, _SPENDING, self._spending)
        insert(Mention, _MENTION, self._mentions)
        insert(Link, ("matter_id", "other_id"), self._links)
        self._holding.settle()
        for rows in (self._matters, self._events, self._disclosed, self._parties, self._searched):
            rows.clear()
        for rows in (self._spending, self._mentions, self._links):
            rows.clear()

    def _append(self, state: State | None, previous: str, matter: uuid.UUID, draft: Draft) -> tuple[State, str]:
        version = state.version + 1 if state else 1
        header = Header(
            matter=str(matter),
            version=version,
            kind=draft.kind,
            at=self._at,
            recorded_at=self._recorded_at,
            account=self.author.account,
            post=self.author.post,
        )
        payload, taken = seal(draft.body)
        hashed = event_hash(previous, header, payload)
        row = (matter, version, header.kind, header.at, header.recorded_at, header.account, header.post)
        self._events.append((*row, payload, previous, hashed))
        self._disclosed.extend((matter, version, each.slot, each.salt, each.value) for each in taken)
        happened = Happened(draft.kind, version, self.on, self.author.account, opened(draft.body))
        return evolve(state, happened), hashed

    def _columns(self, mechanism: Mechanism, state: State) -> dict[str, Any]:
        return {
            **columns(mechanism, state),
            "responsible_id": self._unit(str(state.values[mechanism.index.responsible])),
            "supervising_id": self._unit(state.supervising) if state.supervising else None,
        }

    def _party_rows(self, matter: uuid.UUID, state: State) -> list[tuple[Any, ...]]:
        return [(matter, role, self._unit(key)) for role, keys in state.parties.items() for key in dict.fromkeys(keys)]

    def _unit(self, key: str) -> int:
        """Return the id of a unit; one that has ended still owns what it owned until that is handed over."""
        unit = self.organisation.by_key.get(key)
        return unit.pk if unit else Unit.objects.values_list("pk", flat=True).get(key=key)


_MATTER = tuple(each.attname for each in Matter._meta.concrete_fields)
_EVENT = (
    "matter_id",
    "version",
    "kind",
    "at",
    "recorded_at",
    "account",
    "post",
    "payload",
    "previous",
    "hash",
)
_DISCLOSED = ("matter_id", "version", "slot", "salt", "value")
_PARTY = ("matter_id", "role", "unit_id")
_SPENDING = ("matter_id", "place", "year", "source", "amount")
_MENTION = ("matter_id", "field", "register", "entry")


def new_number() -> str:
    """Return a short name for a matter that can be read out: eight letters, 40 bits of chance."""
    chance = secrets.randbits(40)
    letters = "".join(_LETTERS[chance >> shift & 31] for shift in range(0, 40, 5))
    return f"{letters[:4]}-{letters[4:]}"


def insert(model: type[models.Model], names: Iterable[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert `rows` (column values in the order of `names`) into the table of `model`."""
    if not rows:
        return
    quote = connection.ops.quote_name
    columns_ = ", ".join(quote(name) for name in names)
    places = ", ".join(["%s"] * len(rows[0]))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns_}) VALUES ({places})"
    if not connection.features.has_native_uuid_field:
        rows = list(zip(*map(_plain, zip(*rows, strict=True)), strict=True))
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _plain(cells: Sequence[Any]) -> Sequence[Any]:
    """SQLite keeps UUIDs as hex and days as ISO text; whole columns at once, since most hold neither."""
    kinds = set(map(type, cells))
    if any(issubclass(kind, uuid.UUID) for kind in kinds):
        return [cell.hex if isinstance(cell, uuid.UUID) else cell for cell in cells]
    if any(issubclass(kind, date) for kind in kinds):
        return [cell.isoformat() if isinstance(cell, date) else cell for cell in cells]
    return cells
