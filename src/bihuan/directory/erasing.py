"""Erasing names and reasons from the directory's history by law; the record of what was done stays whole.

The values and their salts are deleted, and an alteration says which, on what ground and with whose approval. The
security auditor, who keeps the record, asks for it; the security administrator approves.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .alterations import Author, note
from .disclosed import ERASED
from .models import Account, Alteration, AlterationValue, Post
from .rights import keeping


def erasable(*, person: Account | None = None) -> list[AlterationValue]:
    """Return the values that can be erased, newest first; with `person`, those of that person's entries."""
    rows = AlterationValue.objects.select_related("alteration").order_by("-alteration_id", "slot")
    return list(rows if person is None else rows.filter(alteration__person=person))


@transaction.atomic
def erase(
    slots: Sequence[tuple[int, str]], *, ground: str, post: Post, approver: Post, now: datetime, today: date
) -> None:
    """Erase the values at `slots` (entry, place) and say so, once for each entry. Raises `Refusal`.

    `ground` is the legal ground. `post` is the auditor's, `approver` that of another person, the security
    administrator; while an administration is not in office, whoever stands in for it.
    """
    check_auditor(post, today)
    check_approver(approver, post, today)
    check_ground(ground)
    places: dict[int, list[str]] = {}
    for entry, slot in dict.fromkeys(slots):
        places.setdefault(entry, []).append(slot)
    check_places(places)
    found = Alteration.objects.select_related("unit", "person").in_bulk(list(places))
    for entry, taken in places.items():
        AlterationValue.objects.filter(alteration=entry, slot__in=taken).delete()
        row = found[entry]
        note(
            Author.of(post, now), ERASED, since=today, unit=row.unit, person=row.person,
            entry=entry, slots=taken, ground=ground.strip(), approver=approver.key,
        )  # fmt: skip


def check_auditor(post: Post, today: date) -> None:
    """Raise `Refusal` unless the post may ask for values of the record to be erased."""
    if keeping((post,), "log", today) is None or not _may_act(post, today):
        raise Refusal("not_keeper", N_("Erasing from the record of changes is the security auditor's to ask for."))


def check_approver(approver: Post, post: Post, today: date) -> None:
    """Raise `Refusal` unless `approver` is another person's post that may approve of it."""
    may = keeping((approver,), "posts", today) is not None and _may_act(approver, today)
    if not may or approver.account_id == post.account_id:
        raise Refusal("not_approved", N_("Erasing needs the approval of another person, the security administrator."))


def check_ground(ground: str) -> None:
    if not ground.strip():
        raise Refusal("missing_reason", N_("Write down the legal ground on which this is erased."), field="ground")


def check_places(places: dict[int, list[str]]) -> None:
    """Raise `Refusal` unless there is something to erase at every place."""
    if not places:
        raise Refusal("nothing_there", N_("Choose what is to be erased."), field="slots")
    there = set(AlterationValue.objects.filter(alteration__in=places).values_list("alteration_id", "slot"))
    for entry, slots in places.items():
        for slot in slots:
            if (entry, slot) not in there:
                raise Refusal(
                    "nothing_there", N_("Entry %(entry)d holds nothing erasable at “%(slot)s”."),
                    field="slots", entry=entry, slot=slot,
                )  # fmt: skip


def _may_act(post: Post, today: date) -> bool:
    return post.held_on(today) and post.account.is_active
