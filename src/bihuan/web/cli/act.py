"""`bihuan act`: one action on one matter, through the same write path as the pages."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.timezone import localtime

from bihuan.directory.calendars import load_calendar
from bihuan.ledger.days import local_day
from bihuan.ledger.execute import execute
from bihuan.ledger.facts import standing
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.ledger.orders import Conflict, Order
from bihuan.ledger.packs import pinned
from bihuan.ledger.store import keep_file
from bihuan.mechanism.model import Action
from bihuan.mechanism.permit import permit
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.state import Command, Value

from .actor import Actor, acting, find_matter, named_unit
from .failure import Failure
from .output import note, write, write_json
from .rows import Describing
from .values import fields_of, read_values
from .words import _, say


def run(
    *, matter: str, action: str, as_: str, given: Sequence[str], evidence: Sequence[Path], reason: str, behalf: str,
    entry: str, version: int | None, as_json: bool,
) -> int:  # fmt: skip
    now = timezone.now()
    actor = acting(as_, local_day(now))
    found = find_matter(matter, actor.viewer)
    mechanism = pinned(found.mechanism_hash)
    declared = mechanism.actions.get(action)
    values = read_values(given, fields_of(mechanism, declared), actor.viewer.organisation)
    unit = named_unit(behalf, actor.viewer).key if behalf else None
    for path in evidence:
        if not path.is_file():
            raise Failure(_("There is no file “%(path)s” to give as evidence.") % {"path": path})
    try:
        proofs = tuple(keep_file(found.pk, path) for path in evidence) if _may(found, declared, actor, unit) else ()
        values, record = _parted(declared, values)
        command = Command(
            action,
            actor.account,
            values=values,
            record=record,
            entry=entry or None,
            evidence=proofs,
            reason=reason,
            behalf=unit,
        )
        done = execute(Order(found.pk, command, actor.post, version), now=now)
    except Refusal as refusal:
        return refused(refusal, as_json)
    _tell(done, as_json, Describing.on(local_day(now)))
    return 0


def _may(matter: Matter, action: Action | None, actor: Actor, behalf: str | None) -> bool:
    """Whether the post may do this at all: no file is kept for an act that will be refused whatever it carries."""
    if action is None:
        return False
    mechanism, state = pinned(matter.mechanism_hash), load_state(matter.state)
    organisation = actor.viewer.organisation
    day = local_day(timezone.now())
    facts = standing(actor.post, mechanism, state, organisation, today=day, calendar=load_calendar())
    try:
        permit(mechanism, action.key, actor.post.account.account, state, facts, behalf=behalf)
    except Refusal:
        return False
    return True


def _parted(declared: Action | None, values: dict[str, Value]) -> tuple[dict[str, Value], dict[str, Value]]:
    """Part the values between the matter and the entry of the record group that the action adds to."""
    if declared is None or not declared.record:
        return values, {}
    own = {key: value for key, value in values.items() if key in declared.sets}
    return own, {key: value for key, value in values.items() if key not in declared.sets}


def refused(refusal: Refusal, as_json: bool) -> int:
    """Say which rule refused and why; the exit code is 3."""
    message = say(refusal.sentence)
    if as_json:
        told: dict[str, Any] = {"rule": refusal.rule, "message": message, "field": refusal.field}
        if isinstance(refusal, Conflict):
            told["changes"] = [
                {
                    "version": each.version,
                    "kind": each.kind,
                    "action": each.action,
                    "account": each.account,
                    "at": localtime(each.at),
                }
                for each in refusal.changes
            ]
        write_json({"refused": told})
        return 3
    note(_("Refused (%(rule)s): %(message)s") % {"rule": refusal.rule, "message": message})
    if isinstance(refusal, Conflict):
        for each in refusal.changes:
            note(f"  {each.version}  {localtime(each.at):%Y-%m-%d %H:%M}  {each.account}  {each.action or each.kind}")
    return 3


def _tell(matter: Matter, as_json: bool, describing: Describing) -> None:
    row = describing.row(matter)
    if as_json:
        write_json({"matter": row})
        return
    due = row["due"] or "—"
    write(_("%(number)s: %(stage)s, deadline %(due)s, version %(version)d") % {
        "number": matter.number, "stage": row["stage_label"], "due": due, "version": matter.version,
    })  # fmt: skip
