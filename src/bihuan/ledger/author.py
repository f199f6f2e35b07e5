"""Whether an act may go on record as somebody's."""

from datetime import datetime

from bihuan.directory.models import Post
from bihuan.directory.people import SYSTEM
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .days import local_day


def check_author(post: Post, account: str, at: datetime) -> None:
    """Raise `Refusal` unless `post` is held on the day of `at` and `account` is its holder's, or the ledger's own."""
    if account not in (post.account.account, SYSTEM):
        raise Refusal("not_yours", N_("The post “%(post)s” is not held by this account."), post=post.key)
    if not post.held_on(local_day(at)) or not post.account.is_active:
        raise Refusal("not_held", N_("The post “%(post)s” is not held on this day."), post=post.key)
