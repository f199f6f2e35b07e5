"""What an edited ledger says anew of matters that are there: proposed one by one, done only by the rules.

What differs is what the file changed since the last import, wherever the matter now holds something else.
Work done here in the meantime is no difference.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.directory.viewer import Viewer
from bihuan.ledger.days import local_day
from bihuan.ledger.execute import changes_since, execute
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.next_steps import refusal_of
from bihuan.ledger.orders import Conflict, Order
from bihuan.ledger.packs import pinned
from bihuan.ledger.refused import recorded
from bihuan.ledger.roles import roles_on
from bihuan.mechanism.model import Action, Does, Label, Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Listed, Sentence
from bihuan.mechanism.state import Command, Facts, State, Value

from .contents import cells_of, dump, values_of
from .ground import Ground, ground_of
from .identity import prints_of
from .known import differing as differing_names
from .known import present
from .lock import lock_row
from .models import IntakeRow, Stage, Status
from .registration import ASSERTION, Landed
from .tray import pending

#: What may be done because a file says so: nothing that moves a matter, opens a child or answers a request.
_FITTING = (Does.STEP, Does.ASSIGN, Does.WORK)


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that the file says anew. `old` and `new` are JSON-shaped as the matter holds them.

    `version` is that of the matter which `old` was read from; `accept` wants it, so that nothing newer is lost.
    `action` is what would set it, for the post at hand; without one, `why` says what stands in the way.
    """

    name: str
    label: Label | Sentence
    column: str
    version: int
    old: Value
    new: Value
    action: Action | None
    why: Sentence | None = None


@dataclass(frozen=True, slots=True)
class _Case:
    """A row with differences, what it says, and its matter as it stands."""

    row: IntakeRow
    ground: Ground
    landed: Landed
    matter: Matter
    mechanism: Mechanism
    state: State


def differing(viewer: Viewer) -> QuerySet[IntakeRow]:
    """Return the rows whose differences wait to be decided, out of what the viewer's posts and units brought in."""
    return pending(viewer).filter(status=Status.DIFFERING).select_related("intake", "matter__responsible")


def differences(row: IntakeRow, *, post: Post, now: datetime) -> list[Difference]:
    """Return what the row says anew, each with the action by which `post` could let it be so now."""
    case = _case(row, now)
    return _differences(case, post, now)


def accept(
    row: IntakeRow,
    names: Collection[str],
    *,
    reason: str,
    version: int,
    post: Post,
    account: str,
    now: datetime,
) -> list[Difference]:
    """Let the matter say what the file says under `names`, by the actions that may set it.

    `version` is that of the matter which the person had before their eyes; if it has changed since, `Conflict`.
    Everything that can be done is done together or, if a rule refuses it, not at all (`Refusal`). Returns what
    cannot be applied now, with the reason; while something of it is left the row stays in the list.
    """
    with recorded(post, account, row.matter_id, "accept", now), transaction.atomic():
        case = _case(_locked(row, post), now)
        if case.matter.version != version:
            raise Conflict(changes_since(case.matter, version))
        wanted = [each for each in _differences(case, post, now) if each.name in names]
        for action in dict.fromkeys(each.action for each in wanted if each.action):
            values = {each.name: each.new for each in wanted if each.action == action and each.name != ASSERTION}
            command = Command(action.key, account, values=values, reason=reason)
            version = execute(Order(case.matter.pk, command, post, version), now=now).version
        case = _case(case.row, now)
        left = _differences(case, post, now)
        if not left:
            _close(case, account, now)
        return [each for each in left if each.name in names]


def keep(row: IntakeRow, *, post: Post, account: str, now: datetime) -> None:
    """Leave the matter as it is. The file's values count as told: they are no difference the next time."""
    with recorded(post, account, row.matter_id, "keep", now), transaction.atomic():
        _close(_case(_locked(row, post), now), account, now)


def _case(row: IntakeRow, now: datetime) -> _Case:
    ground = ground_of(row.intake, local_day(now))
    matter = Matter.objects.get(pk=row.matter_id or uuid.UUID(int=0))
    landed, problems = ground.land(values_of(row), cells_of(row), ground.placings[row.sheet_no])
    if landed is None:
        refusal = Refusal("bad_value", problems[0].message.pattern, field=problems[0].field)
        refusal.sentence = problems[0].message
        raise refusal
    return _Case(row, ground, landed, matter, pinned(matter.mechanism_hash), load_state(matter.state))


def _differences(case: _Case, post: Post, now: datetime) -> list[Difference]:
    row, given = case.row, case.landed.given
    names = differing_names(case.mechanism, case.landed, row.salt, row.prints, case.state)
    return [_difference(case, name, given.get(name), post, now) for name in names]


def _difference(case: _Case, name: str, new: Value, post: Post, now: datetime) -> Difference:
    action, why = _fitting(case, name, new, post, now)
    asserting = name == ASSERTION
    field = case.ground.landing.assertion or "" if asserting else name
    label = Sentence(N_("the unit's own report")) if asserting else case.mechanism.fields[name].label
    return Difference(
        name=name,
        label=label,
        column=case.ground.placings[case.row.sheet_no].labels.get(field, ""),
        version=case.matter.version,
        old=present(case.mechanism, case.state, name)[0],
        new=new,
        action=action,
        why=why,
    )


def _fitting(case: _Case, name: str, new: Value, post: Post, now: datetime) -> tuple[Action | None, Sentence | None]:
    """Return the action by which `post` could set the value now, or why there is none."""
    mechanism, state = case.mechanism, case.state
    setting = [action for action in mechanism.actions.values() if _sets(action, name, new)]
    quiet = [action for action in setting if not action.to and action.does in _FITTING]
    facts = _facts(case, post, now)
    refused = None
    for action in sorted(quiet, key=lambda each: _FITTING.index(each.does)):
        refusal = refusal_of(mechanism, action, state, post, facts)
        if refusal is None:
            return action, None
        refused = refused or refusal
    if refused is not None:
        return None, refused.sentence
    if setting:
        names = Listed.of(action.label for action in setting)
        return None, Sentence(N_("Only a step of the matter itself sets this: %(actions)s."), {"actions": names})
    return None, Sentence(N_("No step of this matter sets this."))


def _sets(action: Action, name: str, new: Value) -> bool:
    return action.assertion == new and new is not None if name == ASSERTION else name in action.sets


def _facts(case: _Case, post: Post, now: datetime) -> Facts:
    organisation: Organisation = case.ground.organisation
    roles = roles_on(post, case.mechanism, case.state, organisation)
    return Facts(local_day(now), load_calendar(), roles)


def _locked(row: IntakeRow, post: Post) -> IntakeRow:
    found = lock_row(row, post)
    if found.status != Status.DIFFERING or found.intake.stage != Stage.COMMITTED:
        raise Refusal("decided", N_("Somebody has decided on this row already; look at the list again."))
    return found


def _close(case: _Case, account: str, now: datetime) -> None:
    row = case.row
    row.status, row.prints = Status.DECIDED, dump(prints_of(row.salt, case.landed.given))
    row.values = row.cells = row.problems = ""
    row.decided_by, row.decided_at = account, now
    row.save()
