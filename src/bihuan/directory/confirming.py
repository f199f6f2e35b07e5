"""What one of the three administrations asks for and another confirms or declines; until then nothing of it holds.

Whatever is asked for stays as it was written. Declined, it waits with the words of whoever declined it, until the
one who asked puts it away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .alterations import Author, note
from .erasing import erase
from .models import Account, Alteration, Pending, Post
from .people_writing import import_posts
from .rights import keeping
from .tables import Rows
from .unit_files import Written


@dataclass(frozen=True, slots=True)
class Asking:
    """A kind of request: what is kept by whoever asks and by whoever decides (see `rights`), and its notes."""

    asks: str
    decides: str
    asked: str
    declined: str


#: `body` of an erasure: entry, slots, ground.
ERASURE = "erasure"
#: `body` of people from a list: text (rows as they were brought), count (how many posts it gives or changes).
PEOPLE = "people"
KINDS: Mapping[str, Asking] = {
    ERASURE: Asking("log", "posts", "erasure_asked", "erasure_declined"),
    PEOPLE: Asking("accounts", "posts", "posts_asked", "posts_declined"),
}


@transaction.atomic
def ask(kind: str, body: Mapping[str, Any], *, post: Post, now: datetime, today: date) -> Pending:
    """Lay something before the other administration."""
    made = Pending.objects.create(kind=kind, body=dict(body), post=post, at=now)
    _note(made, KINDS[kind].asked, post, now, today)
    return made


@transaction.atomic
def confirm_erasure(pending: Pending, *, post: Post, now: datetime, today: date) -> None:
    """Erase what the auditor asked for, with the approval of `post`. Raises `Refusal`."""
    pending = held(pending.pk)
    check_decider(pending, post, today)
    body = pending.body
    slots = [(body["entry"], slot) for slot in body["slots"]]
    erase(slots, ground=body["ground"], post=pending.post, approver=post, now=now, today=today)
    pending.delete()


@transaction.atomic
def confirm_people(
    pending: Pending, rows: Rows, *, roles: Mapping[str, str], post: Post, now: datetime, today: date
) -> Written:
    """Give and change the posts that were asked for; `rows` are those of its text. Raises `Refusal` and `BadFile`."""
    pending = held(pending.pk)
    check_decider(pending, post, today)
    written = import_posts([rows], roles=roles, today=today, author=Author.of(post, now))
    pending.delete()
    return written


@transaction.atomic
def decline(pending: Pending, *, reason: str, post: Post, now: datetime, today: date) -> None:
    """Say no, in words that whoever asked will read. Raises `Refusal`."""
    pending = held(pending.pk)
    check_decider(pending, post, today)
    if not reason.strip():
        raise Refusal("missing_reason", N_("Write why it is declined; whoever asked will read it."), field="reason")
    _note(pending, KINDS[pending.kind].declined, post, now, today, reason=reason)
    if not (pending.post.held_on(today) and pending.post.account.is_active):
        pending.delete()  # nobody is left to read it, and it may hold names
        return
    pending.answer = reason.strip()
    pending.save(update_fields=["answer"])


@transaction.atomic
def put_away(pending: Pending, *, account: Account) -> None:
    """Delete what was declined, or is no longer wanted by whoever asked. Raises `Refusal`."""
    if pending.post.account_id != account.pk:
        raise Refusal("not_yours", N_("Only whoever asked for this puts it away."))
    pending.delete()


def held(pk: int) -> Pending:
    """Return what is still to be decided, locked until the transaction ends. Raises `Refusal`."""
    found = Pending.objects.select_for_update(of=("self",)).select_related("post__account", "post__unit")
    pending = found.filter(pk=pk, answer="").first()
    if pending is None:
        raise Refusal("settled", N_("This was settled by somebody else in the meantime."))
    return pending


def check_decider(pending: Pending, post: Post, today: date) -> None:
    """Raise `Refusal` unless the post may decide: it keeps what is asked for, and is another person's."""
    keeps = keeping((post,), KINDS[pending.kind].decides, today) is not None
    if not keeps or post.account_id == pending.post.account_id:
        raise Refusal("not_approved", N_("This is for the security administrator to confirm, not for whoever asked."))


def _note(pending: Pending, kind: str, post: Post, now: datetime, today: date, *, reason: str = "") -> None:
    body = pending.body
    if pending.kind == ERASURE:
        row = Alteration.objects.select_related("unit", "person").get(pk=body["entry"])
        note(
            Author.of(post, now), kind, since=today, unit=row.unit, person=row.person, reason=reason,
            entry=body["entry"],
        )  # fmt: skip
        return
    note(Author.of(post, now), kind, since=today, reason=reason, count=body["count"])
