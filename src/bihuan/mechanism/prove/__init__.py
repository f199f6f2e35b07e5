"""Is this mechanism closed? Seven proofs, each with the shortest path or cycle that shows why not."""

from collections.abc import Mapping

from ..model import Mechanism
from .bounded import bounded
from .finding import Finding
from .given import given
from .heard import heard
from .named import named
from .opened import opened
from .owned import owned
from .reached import reached
from .used import used
from .verified import verified

__all__ = ["Finding", "prove"]


def prove(mechanism: Mechanism, *, children: Mapping[str, Mechanism]) -> tuple[Finding, ...]:
    """Return why `mechanism` is not closed, in order of proof; nothing if it is closed.

    `children` are the mechanisms, by key, that its parts may follow; each must be proved for itself. While
    names are missing there is no loop to look at, so then these are all that is returned.
    """
    missing = tuple(named(mechanism, children))
    if missing:
        return missing
    proofs = (reached, owned, heard, verified, bounded, given, used)
    found = [finding for proof in proofs for finding in proof(mechanism)] + list(opened(mechanism, children))
    return tuple(sorted(found, key=lambda finding: finding.proof))
