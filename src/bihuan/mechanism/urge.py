"""Whether a unit may be urged (催办) about a matter now, and the note that it was."""

from .model import Held, Mechanism
from .refusal import Refusal
from .sentence import N_, Listed
from .state import Draft, Facts, Private, State
from .values import check_reason


def urge(mechanism: Mechanism, state: State, facts: Facts, *, unit: str, text: str) -> Draft:
    """Return the note that `unit` was urged about an open matter, in these words. Raises `Refusal`.

    Whoever supervises a matter or has it in their portfolio may urge; what waits for the unit is what it is urged
    about, so the unit is a party whose role owns the stage.
    """
    urging = [role for role in mechanism.roles.values() if role.held is not Held.UNIT]
    if not facts.roles & {role.key for role in urging}:
        raise Refusal(
            "not_role",
            N_("A unit is urged by: %(roles)s."),
            roles=Listed.of(role.label for role in urging),
        )
    if state.ended:
        raise Refusal("ended", N_("This matter has ended; there is nothing to urge."))
    owner = mechanism.stages[state.stage].owner
    if unit not in state.parties.get(owner or "", ()):
        raise Refusal(
            "not_waiting",
            N_("This matter stands at “%(stage)s” and does not wait for the unit."),
            stage=mechanism.stages[state.stage].label,
        )
    check_reason(text)
    if not text.strip():
        raise Refusal("missing_text", N_("Nothing is noted without the words that were sent; write them down."))
    return Draft("urged", {"unit": unit, "text": Private(text.strip())})
