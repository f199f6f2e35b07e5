"""Asking for more time and answering it: the deadline moves only by somebody else's written yes."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from .deadline import is_overdue
from .model import Action, Does, Extension, Mechanism
from .refusal import Refusal
from .sentence import N_
from .state import Facts, State, Value


def extension_part(
    mechanism: Mechanism, action: Action, account: str, state: State, given: Mapping[str, Value], facts: Facts
) -> dict[str, Any]:
    """Return what the event says of an extension, for the actions that ask for, grant or refuse one."""
    if mechanism.extension is None:
        return {}
    if action.does is Does.ASK_EXTENSION:
        until = _asked(mechanism.extension, state, given, facts.today)
        return {"asking": {"until": until.isoformat()}}
    if action.does not in (Does.GRANT_EXTENSION, Does.REFUSE_EXTENSION):
        return {}
    if state.asking is None:
        raise Refusal("nothing_asked", N_("No extension has been asked for."))
    if action.does is Does.REFUSE_EXTENSION:
        return {"asking": None}
    if state.asking.by == account:
        raise Refusal("same_person", N_("You asked for this extension; somebody else must answer it."))
    if state.due is not None and state.asking.until <= state.due:
        raise Refusal("extension_length", N_("The deadline has moved past the day that was asked for; refuse it."))
    return {"asking": None, "due": state.asking.until.isoformat(), "extensions": state.extensions + 1}


def _asked(rule: Extension, state: State, given: Mapping[str, Value], today: date) -> date:
    if not (wanted := given.get(rule.field)):
        raise Refusal("missing_field", N_("Say to which day the deadline should be extended."), field=rule.field)
    until = date.fromisoformat(str(wanted))
    if state.asking is not None:
        raise Refusal("already_asked", N_("An extension is already asked for and waits for its answer."))
    if state.due is None:
        raise Refusal("no_deadline", N_("This matter has no deadline yet that could be extended."))
    if is_overdue(state.due, today):
        raise Refusal(
            "extension_late",
            N_("The deadline %(due)s has passed; an extension must be asked for before it does."),
            due=state.due,
        )
    if state.extensions >= rule.limit:
        raise Refusal(
            "extension_limit",
            N_("It has been extended %(limit)d time(s), which is the limit."),
            limit=rule.limit,
        )
    if not 0 < (until - state.due).days <= rule.max_days:
        raise Refusal(
            "extension_length",
            N_("An extension runs to a day after %(due)s, at most %(days)d days later; %(until)s is not."),
            field=rule.field,
            due=state.due,
            days=rule.max_days,
            until=until,
        )
    return until
