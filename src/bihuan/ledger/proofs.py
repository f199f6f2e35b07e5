"""Adding evidence to a matter by itself: which files, given by whom, for which unit."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.proof import give_evidence
from bihuan.mechanism.state import Proof

from .author import check_author
from .days import local_day
from .facts import standing
from .loading import load
from .models import Evidence, Matter
from .refused import recorded
from .writing import Author, Writing


def add_evidence(
    matter: uuid.UUID,
    proofs: Sequence[Proof],
    *,
    behalf: str | None,
    post: Post,
    account: str,
    now: datetime,
) -> Matter:
    """Put `proofs` (kept by `store.keep` before) on record and return the matter after it. Raises `Refusal`.

    `behalf` is the key of the unit that they are entered for, None where a post of that unit gives them itself.
    """
    with recorded(post, account, matter, "evidence", now), transaction.atomic():
        check_author(post, account, now)
        day = local_day(now)
        organisation = Organisation.on(day)
        loaded = load(matter, post, day, organisation)
        row, mechanism, state = loaded.row, loaded.mechanism, loaded.state
        facts = standing(post, mechanism, state, organisation, today=day, calendar=load_calendar())
        holder = post.account.account
        draft = give_evidence(
            mechanism, state, facts, proofs, behalf=behalf, person="" if holder == account else holder
        )
        writing = Writing(Author(account, post.key), day, now, now, organisation)
        writing.go_on(mechanism, row, state, draft)
        keep_rows(row, proofs, now)
        writing.flush()
        return row


def keep_rows(matter: Matter, proofs: Sequence[Proof], now: datetime) -> None:
    """Write the rows by which a file is found again, in the caller's transaction."""
    for proof in proofs:
        Evidence.objects.get_or_create(
            matter=matter,
            sha256=proof.sha256,
            defaults={"size": proof.size, "media_type": proof.media_type, "given_at": now},
        )
