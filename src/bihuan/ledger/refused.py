"""Keeping a record of every refusal, outside the transaction that the refusal rolls back."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from bihuan.directory.models import Post
from bihuan.mechanism.refusal import Refusal

from .models import Refused


@contextmanager
def recorded(post: Post | None, account: str, matter: uuid.UUID | None, asked: str, now: datetime) -> Iterator[None]:
    """Run the block; if it is refused, write that down and let the refusal through."""
    try:
        yield
    except Refusal as refusal:
        note_refusal(refusal.rule, post=post, account=account, matter=matter, asked=asked, now=now)
        raise


def note_refusal(
    rule: str,
    *,
    account: str,
    asked: str,
    now: datetime,
    post: Post | None = None,
    matter: uuid.UUID | None = None,
    detail: str = "",
) -> None:
    """Write down that something was asked for and refused. `asked` is an action key or the path of a page."""
    Refused.objects.create(
        at=now,
        account=account[:80],
        post=post.key if post else "",
        matter=matter,
        asked=asked[:120],
        rule=rule,
        detail=detail,
    )
