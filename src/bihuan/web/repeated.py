"""Telling whether a form that was sent again has been done already: its first answer was lost on the way.

Nothing is stored for it. The history says what was done right after the version that the form was opened on;
if that is this person's same action with the same content, it is this form.
"""

import uuid
from collections.abc import Mapping
from typing import Any

from bihuan.ledger.fold import load_state
from bihuan.ledger.history import Told, folded, history
from bihuan.ledger.models import Matter
from bihuan.mechanism.state import Command

from .forms import changed, judged
from .scene import Scene


def done_already(place: Scene, command: Command, version: int, files: frozenset[str]) -> bool:
    """Whether the event after `version` is `command`, with its `files` (hashes).

    `command.values` are all values as they stood in the form, those included that were left alone.
    """
    told = history(place.matter.pk)
    event = next((each for each in told if each.version == version + 1), None)
    if event is None or not _same_act(event, command):
        return False
    given = {str(proof["sha256"]) for proof in event.body.get("evidence", ())}
    if not files <= given or (event.body.get("reason") or "") != command.reason.strip():
        return False
    if child := event.body.get("child"):
        return _holds(_child_values(uuid.UUID(child)), command.values)
    base = folded(each for each in told if each.version <= version).values
    action = place.mechanism.actions[command.action]
    asked = changed(command.values, base, judged(place.mechanism, action))
    record = event.body.get("record", {})
    return _holds(event.body.get("set", {}), asked) and _holds(record.get("set", {}), command.record)


def _same_act(event: Told, command: Command) -> bool:
    body = event.body
    return (
        event.kind == "acted"
        and event.account == command.account
        and body.get("action") == command.action
        and body.get("behalf") == command.behalf
        and body.get("record", {}).get("entry") == command.entry
    )


def _holds(written: Mapping[str, Any], asked: Mapping[str, Any]) -> bool:
    return all(written.get(key) == value for key, value in asked.items())


def _child_values(pk: uuid.UUID) -> Mapping[str, Any]:
    row = Matter.objects.filter(pk=pk).first()
    return load_state(row.state).values if row else {}
