"""Whether evidence may be added to a matter by itself, without any other action, and the note that it was."""

from collections.abc import Sequence

from .model import Action, Does, Mechanism
from .permit import lent
from .refusal import Refusal
from .sentence import N_, Listed
from .state import Draft, Facts, Private, Proof, State


def give_evidence(
    mechanism: Mechanism,
    state: State,
    facts: Facts,
    proofs: Sequence[Proof],
    *,
    behalf: str | None = None,
    person: str = "",
) -> Draft:
    """Return the note that `proofs` were given for an open matter. Raises `Refusal`.

    They are given by whoever does the work, or entered for that unit (`behalf`, its key) by whoever may enter
    actions for it. Giving proof is part of the work: who did it does not verify the matter afterwards. `person`
    is the account of the post's holder, where that is not the one on record.
    """
    held = facts.roles if behalf is None else lent(mechanism, state, facts, behalf)
    if not held & mechanism.work_roles:
        doing = [mechanism.roles[key] for key in sorted(mechanism.work_roles)]
        entering = [mechanism.roles[role.entered_by] for role in doing if role.entered_by]
        raise Refusal(
            "not_role",
            N_("Evidence is added by: %(roles)s; or entered for the unit by: %(others)s."),
            roles=Listed.of(role.label for role in doing),
            others=Listed.of(dict.fromkeys(role.label for role in entering)) if entering else "—",
        )
    if state.ended:
        raise Refusal("ended", N_("This matter has ended; evidence is added to it once it has been reopened."))
    if not proofs:
        raise Refusal("missing_evidence", N_("No file was given; choose the file that proves it."), field="evidence")
    there = {proof.sha256 for proof in state.evidence}
    for proof in proofs:
        if proof.sha256 in there:
            raise Refusal(
                "given_already", N_("“%(name)s” is among the evidence of this matter already."), name=proof.name
            )
        there.add(proof.sha256)
    body = {
        "evidence": [
            {
                "sha256": each.sha256,
                "name": Private(each.name),
                "size": each.size,
                "media_type": each.media_type,
            }
            for each in proofs
        ],
        "worked": True,
    }
    return Draft("evidence", body | ({"behalf": behalf} if behalf else {}) | ({"person": person} if person else {}))


def evidence_action(mechanism: Mechanism, state: State) -> Action | None:
    """Return the mechanism's own action for handing in evidence as things stand, if it has one.

    That is one which asks for evidence and for nothing else that is not there, and leaves the matter where it is.
    """
    for action in mechanism.actions_at(state.stage):
        quiet = not action.to and action.does in (Does.STEP, Does.WORK)
        bare = action.evidence > 0 and not action.reason and not action.record and action.limit is None
        whole = all(state.values.get(key) is not None for key in action.requires)
        if quiet and bare and whole and set(action.by) & mechanism.work_roles:
            return action
    return None
