"""How an act moves the deadline of the whole matter: not at all, once the matter has left its first stage."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from .clock import whole_due
from .model import Action, Does, Mechanism
from .refusal import Refusal
from .sentence import N_
from .state import Facts, State, Value
from .values import missing

#: What moves a deadline lawfully; after that the fields alone no longer do.
_MOVERS = (Does.GRANT_EXTENSION, Does.REVIEW, Does.REOPEN)


def due_part(
    mechanism: Mechanism,
    action: Action,
    state: State,
    facts: Facts,
    *,
    values: Mapping[str, Value],
    given: Mapping[str, Value],
    moments: Mapping[str, date],
) -> dict[str, Any]:
    """Return what the event says of the whole deadline, for an act that grants no extension.

    `values` are those after the act, `given` what it brings. While the matter stands where it began, its deadline
    follows its fields; after that it is fixed, and a look at continuing work or a reopening moves it.
    """
    field = mechanism.deadline.field
    if action.does is Does.REOPEN and field in action.sets:
        _check_new_day(mechanism, given.get(field), facts.today)
    if action.does in (Does.REVIEW, Does.REOPEN) and field not in given:  # it is counted anew from today
        moments = {**moments, "registered": facts.today}
        values = {**values, **dict.fromkeys((field, *_anchor_fields(mechanism)))}
    elif state.due is not None and action.does is not Does.REOPEN and _is_fixed(mechanism, state):
        if field in given and given[field] != state.due.isoformat():
            raise Refusal(
                "deadline_fixed",
                N_("The deadline %(due)s stands; only an extension that was asked for in time can move it."),
                field=field,
                due=state.due,
            )
        return {}
    due = whole_due(mechanism, values, moments, facts.calendar)
    if due is None and state.due is not None:
        raise missing(mechanism.fields[field])
    return {"due": due.isoformat() if due else None} if due != state.due else {}


def _is_fixed(mechanism: Mechanism, state: State) -> bool:
    """Whether the matter has ever left its first stage, or its deadline was ever moved lawfully."""
    done = (mechanism.actions.get(key) for key in state.acted)
    return any(action is None or action.to or action.does in _MOVERS for action in done)


def _check_new_day(mechanism: Mechanism, given: Value, today: date) -> None:
    """A matter that is reopened gets a day of its own, and not one that has passed already."""
    field = mechanism.fields[mechanism.deadline.field]
    if given is None:
        raise missing(field)
    if date.fromisoformat(str(given)) < today:
        raise Refusal(
            "day_passed",
            N_("“%(name)s” %(day)s has passed already; name a day from today on."),
            field=field.key,
            name=field.label,
            day=given,
        )


def _anchor_fields(mechanism: Mechanism) -> list[str]:
    terms = mechanism.deadline.terms.values()
    anchors = [anchor for term in terms for anchor in term.anchors]
    return [anchor.removeprefix("field:") for anchor in anchors if anchor.startswith("field:")]
