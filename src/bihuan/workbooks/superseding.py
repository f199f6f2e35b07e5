"""When a unit sends more than one file: cell by cell, the later takes the place of the earlier.

What a later file does not speak of stays as the earlier one proposes it, and a file of an older handout never takes
the place of what a newer one's says: the older was written from an older state of things.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial

from django.db import transaction

from bihuan.directory.models import Unit
from bihuan.intake.contents import dump, packed
from bihuan.mechanism.sentence import N_, Sentence

from . import files
from .merger import Merger
from .models import Answer, HandoutPart, Proposal, ProposalStatus
from .proposing import Proposed

_WAITING = (ProposalStatus.PROPOSED, ProposalStatus.REFUSED)
_SUPERSEDED = N_("A later file of the unit took its place: %(file)s.")
_OLDER = N_(
    "This file answers an earlier handout than “%(file)s”, which speaks of the same cell and is not decided yet; "
    "what that one says stands."
)


@dataclass(slots=True)
class Beside:
    """What a file proposes beside the earlier ones, and which of their proposals it takes the place of."""

    all: list[Proposed] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)


def stand_beside(unit: Unit | None, part: HandoutPart | None, made: Iterable[Proposed]) -> Beside:
    """Return `made` as it stands beside what earlier files of `unit` propose and nobody has decided."""
    proposed = list(made)
    matters = {each.matter.pk for each in proposed if each.matter is not None and not each.is_crossed}
    if unit is None or not matters:
        return Beside(proposed)
    earlier: dict[tuple[object, str], list[Proposal]] = {}
    rows = Proposal.objects.filter(
        matter__in=matters, version__isnull=False, answer__unit=unit, answer__ended_at=None, status__in=_WAITING
    )
    for row in rows.select_related("answer__part__handout"):
        earlier.setdefault((row.matter_id, row.field), []).append(row)
    found = Beside()
    for each in proposed:
        rivals = earlier.get((each.matter.pk, each.field), []) if each.matter and not each.is_crossed else []
        newer = next((row for row in rivals if _is_newer(row.answer, part)), None)
        if newer is not None:
            why = Sentence(_OLDER, {"file": newer.answer.name})
            found.all.append(replace(each, reason=why, action="", is_open=False))
        else:
            found.all.append(each)
            found.replaced += [row.pk for row in rivals if row.pk not in found.replaced]
    return found


def lay_aside(merger: Merger, answer: Answer, replaced: list[int]) -> None:
    """Decline the earlier proposals that `answer` takes the place of, and end the files of which nothing is left."""
    rows = Proposal.objects.filter(pk__in=replaced, status__in=_WAITING)
    touched = set(rows.values_list("answer", flat=True))
    reason = dump(packed(Sentence(_SUPERSEDED, {"file": answer.name})))
    rows.update(
        status=ProposalStatus.DECLINED, old="", new="", reason=reason, decided_by=merger.account, decided_at=merger.now
    )
    for each in Answer.objects.filter(pk__in=touched):
        if not each.proposals.filter(status__in=_WAITING).exists():
            each.ended_at = merger.now
            each.save(update_fields=["ended_at"])
            transaction.on_commit(partial(files.release, each.sha256))


def _is_newer(answer: Answer, part: HandoutPart | None) -> bool:
    """Tell whether `answer` answers a later handout than `part` does, where both are known."""
    return answer.part is not None and part is not None and answer.part.handout.made_at > part.handout.made_at
