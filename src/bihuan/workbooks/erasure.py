"""Erasing what returned workbooks still say of a matter, when values of it are erased by law.

What waits to be decided is forgotten, and so is every kept file that holds a row of the matter: nobody can take a
name out of a workbook that somebody else wrote.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from bihuan.directory.models import Post
from bihuan.intake import erasure as intake
from bihuan.intake.contents import dump, packed
from bihuan.ledger.models import Matter
from bihuan.ledger.refused import recorded
from bihuan.mechanism.sentence import N_, Sentence

from . import files
from .models import Answer, Proposal, ProposalStatus

_ERASED = N_("Values of this matter were erased by law; what the file says of it is no longer kept.")


def erase(
    matter: uuid.UUID, slots: Sequence[tuple[int, str]], *, ground: str, post: Post, approver: Post, now: datetime
) -> Matter:
    """Redact `slots` of the matter (see `ledger.redact`) and forget what files say of it, all or nothing.

    Raises `Refusal`.
    """
    with recorded(post, post.account.account, matter, "redact", now), transaction.atomic():
        after = intake.erase(matter, slots, ground=ground, post=post, approver=approver, now=now)
        forget(matter, account=post.account.account, now=now)
        return after


def forget(matter: uuid.UUID, *, account: str, now: datetime) -> None:
    """Clear every proposal for the matter, let go of the files that hold a row of it; in the caller's transaction."""
    rows = Proposal.objects.filter(matter=matter)
    holding = Answer.objects.filter(proposals__matter=matter, ended_at=None) | Answer.objects.filter(
        part__rows__matter=matter, ended_at=None
    )
    touched = list(holding.values_list("pk", flat=True))
    for sha256 in set(holding.values_list("sha256", flat=True)):
        transaction.on_commit(partial(files.forget, sha256))
    rows.filter(status__in=(ProposalStatus.PROPOSED, ProposalStatus.REFUSED)).update(
        status=ProposalStatus.DECLINED,
        reason=dump(packed(Sentence(_ERASED))),
        decided_by=account,
        decided_at=now,
    )
    rows.update(old="", new="")
    # A row that was nobody's, or that contradicts itself, may be about anybody: it is in the same file.
    Proposal.objects.filter(version=None, answer__in=touched).update(old="", new="")
    left = Proposal.objects.filter(status__in=(ProposalStatus.PROPOSED, ProposalStatus.REFUSED))
    Answer.objects.filter(pk__in=touched).exclude(pk__in=left.values("answer")).update(ended_at=now)
