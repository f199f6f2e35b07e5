"""Which part of a list its bringer may write: with both rights all of it, else accounts now and posts when confirmed.

While nobody is in office, whoever stands in brings people in with their posts. Afterwards the system administrator
makes the accounts, and the posts wait for the security administrator; who brings posts for accounts that are there
already gives them at once.
"""

from enum import Enum

from django.db import transaction
from django.utils.translation import gettext

from bihuan.directory.alterations import Author
from bihuan.directory.confirming import PEOPLE as POSTS_OF_A_LIST
from bihuan.directory.confirming import ask
from bihuan.directory.people_writing import import_accounts
from bihuan.directory.rights import keeping, who_may
from bihuan.directory.tables import Rows

from ..role_names import role_words
from ..viewer import ViewerRequest
from .bringing import PEOPLE, Kind, Looked, text_of, write
from .keepers import author


class Part(Enum):
    """What of a list is written when it is brought in."""

    ALL = "all"
    ACCOUNTS = "accounts"
    POSTS = "posts"


def part_of(request: ViewerRequest, kind: Kind) -> Part:
    """Return what the viewer may bring in. Raises `PageRefusal`, which names who can."""
    if kind is not PEOPLE:
        author(request, kind.keeps)
        return Part.ALL
    accounts, posts = (keeping(request.viewer.posts, what, request.today) for what in ("accounts", "posts"))
    if posts is None:
        author(request, "accounts")
        return Part.ACCOUNTS
    return Part.ALL if accounts else Part.POSTS


def bring_in(request: ViewerRequest, kind: Kind, part: Part, rows: Rows, looked: Looked) -> str:
    """Write what may be written, lay the rest before the other administration, and say so. Raises `BadFile`."""
    if part is Part.ACCOUNTS:
        return _accounts(request, rows, looked)
    who = author(request, kind.keeps)
    written = write(kind, rows, author=who, today=request.today, posts_only=part is Part.POSTS)
    said = gettext("%(created)d created, %(changed)d changed, %(unchanged)d as they were.")
    return said % {"created": written.created, "changed": written.changed, "unchanged": written.unchanged}


@transaction.atomic
def _accounts(request: ViewerRequest, rows: Rows, looked: Looked) -> str:
    post = keeping(request.viewer.posts, "accounts", request.today)
    assert post is not None
    made = import_accounts([rows], roles=role_words(), today=request.today, author=Author.of(post, request.now))
    posts = looked.written.created + looked.written.changed
    values: dict[str, object] = {"created": made.created, "changed": made.changed, "posts": posts}
    if not posts:
        return gettext("Accounts: %(created)d made, %(changed)d renamed. No post in the list is new.") % values
    ask(POSTS_OF_A_LIST, {"text": text_of(rows), "count": posts}, post=post, now=request.now, today=request.today)
    names = "、".join(each.account.name for each in who_may("posts", request.today))
    values["who"] = names or gettext("security administrator")
    said = gettext(
        "Accounts: %(created)d made, %(changed)d renamed. %(posts)d post(s) wait for %(who)s to confirm them."
    )
    return said % values
