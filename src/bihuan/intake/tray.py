"""The tray 待确认: rows that wait for a person, who settles or discards them. Nothing is lost meanwhile."""

import json
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from bihuan.directory.models import Post
from bihuan.directory.viewer import Viewer
from bihuan.ledger.days import local_day
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import current
from bihuan.ledger.refused import recorded
from bihuan.ledger.register import register_matters
from bihuan.mechanism.model import Label, Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence

from .contents import cells_of, dump, dump_problems, problems_of, values_of
from .form.own import own_of
from .ground import Ground, ground_of
from .identity import apart, mapping_text, mark_of, new_salt, prints_of
from .known import Known, as_went_out, differing, look_up
from .layouts import own_layout_of
from .lock import lock_row
from .models import Intake, IntakeRow, Stage, Status
from .reading import FIELD_NAMES, Problem
from .registration import Landed
from .rights import brought_in_by

_GONE = N_(
    "Its texts were cleared when it was laid aside. Bring the file in again, or fill in what its row %(row)d says."
)
_IN_THE_FILE = N_(
    "Row %(row)d cannot be settled here: %(problem)s Correct it in the file and bring that in again, "
    "or lay the row aside."
)


def tray(viewer: Viewer) -> QuerySet[IntakeRow]:
    """Return the rows that wait for a person, out of what the viewer's posts and units brought in."""
    return pending(viewer).filter(status=Status.WAITING)


def pending(viewer: Viewer) -> QuerySet[IntakeRow]:
    """Return the rows that wait for a person or whose differences wait to be decided: what the desk counts."""
    rows = IntakeRow.objects.filter(status__in=(Status.WAITING, Status.DIFFERING), intake__stage=Stage.COMMITTED)
    return rows.filter(intake__in=_intakes(viewer)).select_related("intake").order_by("-intake__opened_at", "id")


def count(viewer: Viewer) -> int:
    """Return how many rows the desk counts."""
    return pending(viewer).count()


def settle(
    row: IntakeRow, values: Mapping[str, Any], *, post: Post, account: str, now: datetime, separate: bool = False
) -> IntakeRow:
    """Correct a waiting row and register it; return it with its new status (created, unchanged or differing).

    `values` are shaped as reading gives them (an amount is a decimal string in yuan, a unit its full name or
    key, a day ISO); None says that the field is to stay empty. Each field that the row waits for must be
    among them. With `separate` a row becomes a matter of its own although another has the same text. Raises
    `Refusal`.
    """
    with recorded(post, account, None, "settle", now), transaction.atomic():
        locked = _locked(row, post, Status.WAITING)
        ground = ground_of(locked.intake, local_day(now))
        _check_all_settled(locked, values)
        told = {**values_of(locked), **values}
        placing = ground.placings[locked.sheet_no]
        locked.cells = locked.cells or dump([""] * len(placing.columns))
        cells = cells_of(locked)
        landed, problems = ground.land(told, cells, placing)
        if landed is None:
            raise _faulty(problems[0].field, problems[0].message)
        key = ground.key(told, cells)
        if separate:
            key = apart(key, str(locked.pk))
        made = _enter(ground, locked, landed, key, dump(told), post=post, account=account, now=now)
        made.decided_by, made.decided_at = account, now
        made.save()
        return made


def discard(row: IntakeRow, reason: str, *, post: Post, account: str, now: datetime) -> None:
    """Lay a waiting row aside: it is no matter of its own. Its number in the file and the reason stay; its texts go."""
    with recorded(post, account, None, "discard", now), transaction.atomic():
        locked = _locked(row, post, Status.WAITING)
        if not reason.strip():
            raise Refusal("missing_reason", N_("Write down why this row is no matter of its own."), field="reason")
        locked.values = locked.cells = locked.problems = ""
        _decide(locked, Status.DISCARDED, reason.strip(), account, now)


def restore(row: IntakeRow, *, post: Post, account: str, now: datetime) -> None:
    """Take up again a row that was laid aside. It waits for what its file says of it: its texts are gone.

    Somebody fills them in, or brings the file in again, which is then no repetition.
    """
    with recorded(post, account, None, "restore", now), transaction.atomic():
        locked = _locked(row, post, Status.DISCARDED)
        IntakeRow.objects.filter(key=locked.key, matter=None, status=Status.UNCHANGED).update(mark="")
        locked.salt, locked.mark, locked.problems = new_salt(), "", dump_problems(_gone(locked))
        _decide(locked, Status.WAITING, "", account, now)


def _intakes(viewer: Viewer) -> QuerySet[Any]:
    return Intake.objects.filter(brought_in_by(viewer)).values("pk")


def _locked(row: IntakeRow, post: Post, status: Status) -> IntakeRow:
    found = lock_row(row, post)
    if found.intake.stage not in (Stage.COMMITTED, Stage.WITHDRAWN):
        pattern = N_("This import is not committed; commit it first, then its rows can be settled.")
        raise Refusal("not_committed", pattern)
    if found.status != status or found.intake.stage != Stage.COMMITTED:
        raise Refusal("decided", N_("Somebody has decided on this row already; look at the list again."))
    return found


def _gone(row: IntakeRow) -> list[Problem]:
    """Return what a row without texts waits for: everything that a matter cannot be without, and its title."""
    mechanism, labels = current()[row.intake.mechanism], row.intake.sheets.get(position=row.sheet_no).mapping
    why = Sentence(_GONE, {"row": row.row})
    names = dict.fromkeys((mechanism.index.title, mechanism.index.responsible, *mechanism.register_requires))
    return [Problem(name, labels.get(name, ""), why) for name in names]


def _check_all_settled(row: IntakeRow, values: Mapping[str, Any]) -> None:
    mechanism = current()[row.intake.mechanism]
    known = own_layout_of(mechanism.key).wanted.keys
    for problem in problems_of(row):
        if problem.field not in known:
            raise Refusal("unsettled", _IN_THE_FILE, row=row.row, problem=problem.message)
        if problem.field not in values:
            raise Refusal(
                "unsettled",
                N_("Row %(row)d also waits for the %(name)s: %(problem)s"),
                field=problem.field,
                row=row.row,
                name=_name(problem.field, mechanism),
                problem=problem.message,
            )


def _name(field: str, mechanism: Mechanism) -> Sentence | Label:
    if field in mechanism.fields:
        return mechanism.fields[field].label
    return Sentence(FIELD_NAMES.get(field, field))


def _enter(
    ground: Ground, row: IntakeRow, landed: Landed, key: str, values: str, *, post: Post, account: str, now: datetime
) -> IntakeRow:
    known = look_up([key]).get(key)
    if known is not None and known.matter is not None:
        return _compare(ground, row, landed, values, known)
    entering = ground.entering(landed, key, cells_of(row), ground.placings[row.sheet_no], post.roles)
    try:
        matter = register_matters([entering], post=post, account=account, now=now)[0]
    except IntegrityError:
        pattern = N_("The same finding was registered in this very moment; look at the list again.")
        raise Refusal("claimed", pattern) from None
    row.status, row.matter, row.prints = Status.CREATED, matter, dump(prints_of(row.salt, landed.given))
    row.values = row.cells = row.problems = ""
    return row


def _compare(ground: Ground, row: IntakeRow, landed: Landed, values: str, known: Known) -> IntakeRow:
    """Let the row say of its matter what it says anew; against what the last import said, if one did."""
    before = next((each for each in known.rows if each.prints), None)
    salt, prints = (before.salt, before.prints) if before else (row.salt, "")
    matter = Matter.objects.get(pk=known.matter or uuid.UUID(int=0))
    state = load_state(matter.state)
    row.matter, row.problems = matter, ""
    if state.redacted:
        row.status = Status.UNCHANGED
        row.salt = row.mark = row.prints = row.values = row.cells = ""
        return row
    sheet = row.intake.sheets.get(position=row.sheet_no)
    row.salt, row.mark = salt, mark_of(salt, row.cells, mapping_text(sheet))
    if own := own_of(json.loads(values), ground.placings[row.sheet_no].fields):
        prints = as_went_out(ground.mechanism, own, matter.pk, state, salt, ground.names)
    if differing(ground.mechanism, landed, salt, prints, state):
        row.status, row.prints, row.values = Status.DIFFERING, prints, values
        return row
    row.status, row.prints = Status.UNCHANGED, dump(prints_of(salt, landed.given))
    row.values = row.cells = ""
    return row


def _faulty(field: str, message: Sentence) -> Refusal:
    refusal = Refusal("bad_value", message.pattern, field=field)
    refusal.sentence = message
    return refusal


def _decide(row: IntakeRow, status: Status, reason: str, account: str, now: datetime) -> None:
    row.status, row.reason, row.decided_by, row.decided_at = status, reason, account, now
    row.save()
