"""Fold one event into a matter. Events carry outcomes, so nothing here ever reads a mechanism."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from .state import Asking, Happened, Proof, State

Body = Mapping[str, Any]


def evolve(state: State | None, event: Happened) -> State:
    """Return the matter after `event`. `state` is None for the first one only.

    Raises ValueError when the event does not follow on the state's version, or its kind is unknown.
    """
    version = state.version if state else 0
    if event.version != version + 1:
        raise ValueError(f"event {event.version} does not follow version {version}")
    if state is None:
        if event.kind != "registered":
            raise ValueError(f"a matter cannot begin with {event.kind}")
        return _registered(event)
    fold = _FOLDS.get(event.kind)
    if fold is None:
        raise ValueError(f"unknown event kind {event.kind}")
    return replace(fold(state, event), version=event.version)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _registered(event: Happened) -> State:
    body = event.body
    return State(
        matter=body["matter"],
        mechanism=body["mechanism"],
        mechanism_hash=body["mechanism_hash"],
        version=event.version,
        stage=body["stage"],
        registered_on=event.on,
        entered_on=event.on,
        number=body.get("number", ""),
        parent=body.get("parent"),
        values=dict(body["set"]),
        parties={role: tuple(units) for role, units in body["parties"].items()},
        supervising=body.get("supervising"),
        due=_day(body.get("due")),
        original_due=_day(body.get("due")),
        stage_due=_day(body.get("stage_due")),
        assertion=body.get("assertion", ""),
        moments={"registered": event.on, "entered": event.on},
        source=tuple((label, text) for label, text in body.get("source", ())),
        raised_from=body.get("raised_from"),
        evidence=_given(body.get("evidence", ())),
    )


def _acted(state: State, event: Happened) -> State:
    body = event.body
    action = body["action"]
    changes: dict[str, Any] = {
        "acted": {**state.acted, action: _with(state.acted.get(action, ()), _who(event))},
        "moments": {**state.moments, f"action:{action}": event.on},
    }
    for key, fold in _PARTS.items():
        if key in body:
            changes.update(fold(state, event, body[key]))
    if "moved" in body:  # after the parts, so that the moment of entering joins the one of the action
        changes["moments"] = {**changes["moments"], "entered": event.on}
    return replace(state, **changes)


def _who(event: Happened) -> str:
    """The account whose act it was; the account on record may be the ledger's own."""
    return str(event.body.get("person") or event.account)


def _with(accounts: tuple[str, ...], account: str) -> tuple[str, ...]:
    return accounts if account in accounts else (*accounts, account)


def _moved(state: State, event: Happened, part: Body) -> dict[str, Any]:
    ended = part.get("ended", "")
    answered = {"asking": None} if ended else {}
    return answered | {
        "stage": part["to"],
        "entered_on": event.on,
        "stage_due": _day(part.get("stage_due")),
        "ended": ended,
        "ended_on": event.on if ended else None,
    }


def _record(state: State, event: Happened, part: Body) -> dict[str, Any]:
    group = state.records.get(part["group"], {})
    entry = part.get("entry") or str(event.version)
    merged = {**group.get(entry, {}), **part["set"]}
    return {"records": {**state.records, part["group"]: {**group, entry: merged}}}


def _due(state: State, event: Happened, part: str | None) -> dict[str, Any]:
    due = _day(part)
    return {"due": due, "original_due": state.original_due or due}


def _proofs(state: State, event: Happened, part: list[Body]) -> dict[str, Any]:
    return {"evidence": state.evidence + _given(part)}


def _given(part: Iterable[Body]) -> tuple[Proof, ...]:
    return tuple(Proof(**{**each, "name": each["name"] or ""}) for each in part)


def _parts_opened(state: State, count: int) -> dict[str, Any]:
    return {"open_children": state.open_children + count, "children": state.children + count}


def _asking(state: State, event: Happened, part: Body | None) -> dict[str, Any]:
    until = _day(part["until"]) if part else None
    return {"asking": Asking(until, _who(event)) if until else None}


_PARTS: Mapping[str, Callable[[State, Happened, Any], dict[str, Any]]] = {
    "set": lambda state, event, part: {"values": {**state.values, **part}},
    "moved": _moved,
    "record": _record,
    "evidence": _proofs,
    "parties": lambda state, event, part: {"parties": {role: tuple(units) for role, units in part.items()}},
    "due": _due,
    "stage_due": lambda state, event, part: {"stage_due": _day(part)},
    "asking": _asking,
    "extensions": lambda state, event, part: {"extensions": part},
    "assertion": lambda state, event, part: {"assertion": part},
    "recognition": lambda state, event, part: {"recognition": part},
    "round": lambda state, event, part: {"rounds": {**state.rounds, event.body["action"]: part}},
    "worked": lambda state, event, part: {"doers": state.doers | {_who(event)}},
    "child": lambda state, event, part: _parts_opened(state, 1),
    "spread": lambda state, event, part: (
        _parts_opened(state, len(part)) | {"spread": (*state.spread, *(unit for unit, _ in part))}
    ),
    "raised": lambda state, event, part: {"raised": state.raised + 1},
}


def _child(state: State, event: Happened) -> State:
    """A child ended or was reopened; whoever did its work has done work on the parent too."""
    step = 1 if event.body["change"] == "reopened" else -1
    return replace(
        state,
        open_children=state.open_children + step,
        doers=state.doers | frozenset(event.body.get("doers", ())),
    )


def _withdrawn(state: State, event: Happened) -> State:
    return replace(state, ended="withdrawn", ended_on=event.on, stage_due=None)


def _urged(state: State, event: Happened) -> State:
    """Urging changes nothing but that it was done: no deadline, no stage, nobody's work."""
    return replace(state, urged=state.urged + 1, urged_on=event.on)


def _evidence(state: State, event: Happened) -> State:
    """Evidence that was given by itself; whoever gave it has done work on the matter."""
    given = _proofs(state, event, event.body["evidence"])
    return replace(state, doers=state.doers | {_who(event)}, **given)


def _handed_over(state: State, event: Happened) -> State:
    """Other units or people stand where the old ones stood; stage, deadlines and who did the work stay."""
    body = event.body
    changes: dict[str, Any] = {}
    if "set" in body:
        changes["values"] = {**state.values, **body["set"]}
    if "parties" in body:
        changes["parties"] = {role: tuple(units) for role, units in body["parties"].items()}
    if "supervising" in body:
        changes["supervising"] = body["supervising"]
    if units := body.get("units"):  # whoever took over has the part of the unit that a round went out to
        changes["spread"] = tuple(dict.fromkeys(units.get(unit, unit) for unit in state.spread))
    return replace(state, **changes)


def _redacted(state: State, event: Happened) -> State:
    return replace(state, redacted=state.redacted | frozenset(event.body["slots"]))


_FOLDS: Mapping[str, Callable[[State, Happened], State]] = {
    "acted": _acted,
    "child": _child,
    "withdrawn": _withdrawn,
    "redacted": _redacted,
    "handed_over": _handed_over,
    "linked": lambda state, event: state,
    "evidence": _evidence,
    "urged": _urged,
}
