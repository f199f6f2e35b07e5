"""Entering rows into the ledger: registered, or found to be known, or refused by the rules and left waiting."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from bihuan.directory.models import Post
from bihuan.ledger.days import local_day
from bihuan.ledger.facts import gather
from bihuan.ledger.orders import Entering
from bihuan.ledger.register import register_many
from bihuan.mechanism.decide import register
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.state import Registration

from .collector import uncollected
from .contents import Texts, cells_of, dump, dump_problems, values_of
from .ground import Ground, ground_of
from .identity import mapping_text, prints_of
from .known import Fate, Told, fate, look_up, states_of
from .models import Intake, IntakeRow, Status
from .reading import Problem
from .registration import Landed
from .replacing import replace_looser


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does it, with which post, and when."""

    post: Post
    account: str
    now: datetime


@dataclass(frozen=True, slots=True)
class _New:
    """A row that becomes a matter. `values` are those that were read."""

    row: Texts
    values: Mapping[str, Any]
    landed: Landed
    entering: Entering


class _Read(NamedTuple):
    """A row that was understood, its texts opened once."""

    row: Texts
    values: dict[str, Any]
    cells: list[str]
    told: Told


@dataclass
class _Marks:
    """What is written on rows at the end of a step."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)

    def created(self, new: _New, matter: uuid.UUID) -> None:
        prints = dump(prints_of(new.row.salt, new.landed.given))
        salt, mark = new.row.salt, new.row.mark
        self.rows.append((Status.CREATED, Status.READY, salt, mark, prints, "", "", "", matter, new.row.pk))

    def known(self, row: Texts, found: Fate) -> None:
        texts = (row.values, row.cells) if found.kept else ("", "")
        made = (found.status, Status.READY, found.salt, found.mark, found.prints, *texts, "", found.matter, row.pk)
        self.rows.append(made)

    def waiting(self, row: Texts, problems: Sequence[Problem]) -> None:
        text = dump_problems(problems)
        made = (Status.WAITING, Status.WAITING, row.salt, row.mark, "", row.values, row.cells, text, None, row.pk)
        self.rows.append(made)

    def write(self) -> None:
        if not self.rows:
            return
        names = ("status", "read_as", "salt", "mark", "prints", "values", "cells", "problems", "matter_id")
        quote = connection.ops.quote_name
        sets = ", ".join(f"{quote(name)} = %s" for name in names)
        sql = f"UPDATE {quote(IntakeRow._meta.db_table)} SET {sets} WHERE {quote('id')} = %s"
        with connection.cursor() as cursor:
            cursor.executemany(sql, [tuple(_plain(cell) for cell in row) for row in self.rows])


def enter(intake: Intake, rows: Sequence[Texts], deed: Deed) -> None:
    """Enter `rows` of `intake` in the caller's transaction, and mark each with what became of it."""
    if rows:
        with uncollected():
            _enter(intake, rows, deed)


def _enter(intake: Intake, rows: Sequence[Texts], deed: Deed) -> None:
    ground = ground_of(intake, local_day(deed.now))
    mappings = {sheet.position: mapping_text(sheet) for sheet in intake.sheets.all()}
    marks, new = _Marks(), []
    read: list[_Read] = []
    for row in rows:
        placing, values, cells = ground.placings[row.sheet_no], values_of(row), cells_of(row)
        landed, problems = ground.land(values, cells, placing)
        if landed is None:
            marks.waiting(row, problems)
        else:
            told = ground.told(row.key, values, row.cells, mappings[row.sheet_no], placing, landed)
            read.append(_Read(row, values, cells, told))
    known = look_up(each.told.key for each in read)
    states = states_of(known, [each.told for each in read])
    for row, values, cells, each in read:
        found = fate(ground.mechanism, each, known.get(each.key), states, lambda: ground.names)
        assert each.landed is not None
        if found.status:
            marks.known(row, found)
        else:
            placing = ground.placings[row.sheet_no]
            entering = ground.entering(each.landed, row.key, cells, placing, deed.post.roles)
            new.append(_New(row, values, each.landed, entering))
    _register(ground, new, deed, marks)
    replace_looser(intake, ground, [(each.row.key, each.values) for each in new])
    marks.write()


def _register(ground: Ground, new: Sequence[_New], deed: Deed, marks: _Marks) -> None:
    try:
        made = _registered(new, deed)
    except Refusal:
        made = _apart(ground, _without_refused(ground, new, deed, marks), deed, marks)
    for each, matter in made:
        marks.created(each, matter)


def _registered(new: Sequence[_New], deed: Deed) -> list[tuple[_New, uuid.UUID]]:
    entering = [each.entering for each in new]
    matters = register_many(entering, post=deed.post, account=deed.account, now=deed.now) if new else []
    return list(zip(new, matters, strict=True))


def _apart(ground: Ground, new: Sequence[_New], deed: Deed, marks: _Marks) -> list[tuple[_New, uuid.UUID]]:
    """Register all that can be: what only the ledger refuses, as it stands with the others in it, waits by itself."""
    try:
        return _registered(new, deed)
    except Refusal as refusal:
        if len(new) == 1:
            _wait(ground, new[0], refusal, marks)
            return []
    half = len(new) // 2
    return [*_apart(ground, new[:half], deed, marks), *_apart(ground, new[half:], deed, marks)]


def _without_refused(ground: Ground, new: Sequence[_New], deed: Deed, marks: _Marks) -> list[_New]:
    """Leave those waiting that the rules refuse one by one, with the sentence; return the others."""
    allowed = []
    for each in new:
        if refusal := _refusal(ground, each.entering, deed):
            _wait(ground, each, refusal, marks)
        else:
            allowed.append(each)
    return allowed


def _wait(ground: Ground, new: _New, refusal: Refusal, marks: _Marks) -> None:
    name = refusal.field or ground.mechanism.index.title
    label = ground.placings[new.row.sheet_no].labels.get(name, "")
    marks.waiting(new.row, [Problem(name, label, refusal.sentence)])


def _refusal(ground: Ground, entering: Entering, deed: Deed) -> Refusal | None:
    mechanism = ground.mechanism
    facts = gather(
        mechanism.fields,
        entering.values,
        roles=frozenset(deed.post.roles),
        today=local_day(deed.now),
        organisation=ground.organisation,
    )
    asked = Registration(
        matter=str(uuid.UUID(int=0)),
        account=deed.account,
        values=entering.values,
        assertion=entering.assertion,
        source=entering.source,
    )
    try:
        register(mechanism, asked, facts)
    except Refusal as refusal:
        return refusal
    return None


def _plain(cell: Any) -> Any:
    """SQLite keeps UUIDs as hex; status keys are plain texts on both."""
    if isinstance(cell, uuid.UUID) and not connection.features.has_native_uuid_field:
        return cell.hex
    return str(cell) if isinstance(cell, Status) else cell
