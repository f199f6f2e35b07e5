"""A matter's state as JSON, and the columns that lists and searches use, from a state."""

from datetime import date
from typing import Any

import orjson

from bihuan.mechanism.model import Action, Mechanism
from bihuan.mechanism.permit import openings
from bihuan.mechanism.state import Asking, Proof, State, Value

_DAYS = ("registered_on", "entered_on", "ended_on", "due", "original_due", "stage_due")


def dump_state(state: State) -> str:
    """Return `state` as JSON text that `load_state` reads back equal."""
    return orjson.dumps(state, default=sorted, option=orjson.OPT_SORT_KEYS).decode()


def load_state(text: str) -> State:
    """Return the state that `dump_state` wrote."""
    made = orjson.loads(text)
    for key in _DAYS:
        made[key] = _day(made[key])
    for key in ("parties", "acted"):
        made[key] = {name: tuple(each) for name, each in made[key].items()}
    for key in ("doers", "redacted"):
        made[key] = frozenset(made[key])
    made["evidence"] = tuple(Proof(**each) for each in made["evidence"])
    made["source"] = tuple((label, text) for label, text in made["source"])
    made["moments"] = {name: date.fromisoformat(day) for name, day in made["moments"].items()}
    made["urged_on"] = _day(made.get("urged_on"))
    if "spread" in made:  # which the state of a matter written by an earlier version has not
        made["spread"] = tuple(made["spread"])
    if asking := made["asking"]:
        made["asking"] = Asking(date.fromisoformat(asking["until"]), asking["by"])
    return State(**made)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def columns(mechanism: Mechanism, state: State) -> dict[str, Any]:
    """Return the values of the folded columns of `Matter`, apart from its keys and its units."""
    index, values = mechanism.index, state.values
    return {
        "version": state.version,
        "stage": state.stage,
        "ended": state.ended,
        "due": state.due,
        "original_due": state.original_due,
        "stage_due": state.stage_due,
        "registered_on": state.registered_on,
        "entered_on": state.entered_on,
        "ended_on": state.ended_on,
        "title": _text(values, index.title) or _text(values, index.body),
        "finding_no": _text(values, index.number)[:200],
        "project": _text(values, index.project),
        "category": _text(values, index.category),
        "klass": _text(values, index.klass),
        "amount": values.get(index.amount) if index.amount else None,
        "assertion": state.assertion,
        "recognition": state.recognition,
        "asking": state.asking.until if state.asking else None,
        "returned": was_returned(mechanism, state),
        "beyond": beyond(mechanism, state),
        "state": dump_state(state),
    }


def was_returned(mechanism: Mechanism, state: State) -> bool:
    """Whether the matter was sent back to the stage where it stands, and nobody has moved it since."""
    backwards = (
        state.moments.get(f"action:{action.key}")
        for action in mechanism.actions.values()
        if action.limit is not None and any(branch.stage == state.stage for branch in action.to)
    )
    return bool(state.is_open and any(day == state.entered_on for day in backwards if day))


def beyond(mechanism: Mechanism, state: State) -> str | None:
    """Return the roles above to which a step of the stage is left, its rounds being used up; None where there is none.

    Keys in their order, joined by blanks: nearly always one.
    """
    if not state.is_open or not state.rounds:
        return None
    left = {action.beyond for action in openings(mechanism, state) if action.beyond and is_used_up(action, state)}
    return " ".join(sorted(left)) or None


def is_used_up(action: Action, state: State) -> bool:
    """Whether the rounds of `action` are used up, so that it is left to the role above."""
    return action.limit is not None and state.rounds.get(action.key, 0) >= action.limit


def _text(values: Any, key: str | None) -> str:
    value: Value = values.get(key) if key else None
    return value if isinstance(value, str) else ""
