"""Erasing personal data from a matter without breaking its chain.

The values and their salts are deleted, an event says which, on what ground and with whose approval, and the
matter's row is folded again, so that lists, exports and searches no longer hold them either.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from bihuan.directory.models import Post
from bihuan.directory.organisation import Organisation
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.mechanism.state import Draft, Private, State

from .author import check_author
from .days import local_day
from .fold import load_state
from .history import folded, history
from .loading import load
from .models import Disclosed, Matter
from .refused import recorded
from .roles import roles_on
from .search_index import index
from .store import forget
from .writing import Author, Writing


def redact(
    matter: uuid.UUID,
    slots: Sequence[tuple[int, str]],
    *,
    ground: str,
    post: Post,
    approver: Post,
    now: datetime,
) -> Matter:
    """Erase the values at `slots` (event version, place in its body; see `redactable`) and say so.

    `ground` is the legal ground. The approver is another person, with a top role on the matter. Redacting
    the name of a piece of evidence deletes the file with it. Raises `Refusal`.
    """
    with recorded(post, post.account.account, matter, "redact", now), transaction.atomic():
        check_author(post, post.account.account, now)
        check_author(approver, approver.account.account, now)
        organisation = Organisation.on(local_day(now))
        loaded = load(matter, post, local_day(now), organisation)
        row, mechanism, state = loaded.row, loaded.mechanism, loaded.state
        top = {role.key for role in mechanism.roles.values() if role.top}
        if not roles_on(approver, mechanism, state, organisation) & top or approver.account_id == post.account_id:
            raise Refusal(
                "not_approved",
                N_("Erasing needs the approval of another person, in a top role on the matter."),
            )
        if not ground.strip():
            raise Refusal("missing_reason", N_("Write down the legal ground on which this is erased."), field="reason")
        _check_slots(matter, slots)
        for version, slot in slots:
            Disclosed.objects.filter(matter=matter, version=version, slot=slot).delete()
        body = {
            "slots": [f"{version}:{slot}" for version, slot in slots],
            "ground": Private(ground.strip()),
            "approver": approver.key,
        }
        writing = Writing(Author(post.account.account, post.key), local_day(now), now, now, organisation)
        writing.go_on(mechanism, row, folded(history(matter)), Draft("redacted", body))
        writing.flush()
        index([matter])  # and not later, as after other acts: what is erased is gone when this transaction ends
        for sha256 in _files_of(matter, slots, load_state(row.state)):
            transaction.on_commit(partial(forget, matter, sha256))
        return row


def redactable(matter: uuid.UUID) -> list[tuple[int, str]]:
    """Return the places (event version, slot) that hold an erasable value."""
    return list(Disclosed.objects.filter(matter=matter).order_by("version", "slot").values_list("version", "slot"))


def _check_slots(matter: uuid.UUID, slots: Sequence[tuple[int, str]]) -> None:
    present = set(redactable(matter))
    for version, slot in slots:
        if (version, slot) not in present:
            raise Refusal(
                "nothing_there",
                N_("Event %(version)d holds nothing erasable at “%(slot)s”."),
                version=version,
                slot=slot,
            )


def _files_of(matter: uuid.UUID, slots: Sequence[tuple[int, str]], after: State) -> set[str]:
    """Return the hashes of the files named at `slots`, except those that other proof of the matter still needs."""
    bodies = {event.version: event.body for event in history(matter)}
    named = {
        bodies[version]["evidence"][int(slot.split(".")[1])]["sha256"]
        for version, slot in slots
        if slot.startswith("evidence.")
    }
    return named - {proof.sha256 for proof in after.evidence if proof.name}
