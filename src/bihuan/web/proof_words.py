"""The seven proofs that a mechanism is closed, each in a sentence, with what was found against it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.prove import Finding, prove
from bihuan.mechanism.sentence import N_

#: What each proof shows, in its order.
PROOFS: tuple[str, ...] = (
    N_("Every stage can be reached, and from every stage an end can be reached."),
    N_("Every stage that is no end has exactly one owner and a deadline, or a bounded time between two looks."),
    N_("Every deadline's ladder ends at a named top role, so that silence ends somewhere."),
    N_("Every path to a successful end passes a verification by a role other than the one that did the work."),
    N_("Every cycle is bounded: it counts its rounds, and at its limit goes up the ladder."),
    N_("Whatever closing demands can be given at some stage before it, by the role that must give it."),
    N_("Everything that is named exists and is used, and every expression fits its fields."),
)


@dataclass(frozen=True, slots=True)
class Proof:
    """One of the seven: its number, what it shows, and why it does not hold (nothing when it holds)."""

    number: int
    shows: str
    findings: tuple[Finding, ...]


def proofs(mechanism: Mechanism, children: Mapping[str, Mechanism]) -> list[Proof]:
    """Run the seven proofs on `mechanism`. Missing names are all that is found while there are any."""
    found = prove(mechanism, children=children)
    return [
        Proof(number, shows, tuple(each for each in found if each.proof == number))
        for number, shows in enumerate(PROOFS, start=1)
    ]
