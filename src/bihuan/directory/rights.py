"""Who may alter the directory. The three administrations (三员分立) are kept apart.

The system administrator keeps units and accounts, the security administrator posts with their roles and
portfolios, the security auditor reads what was done. Until they have taken up office, which is when each
has signed in and chosen a password, a post for the whole ledger does their work: somebody must begin.
"""

from datetime import date

from django.db.models import Q

from .models import Post
from .organisation import valid_on
from .viewer import HOUSEKEEPING

#: What is kept → the role that keeps it.
KEEPERS = {"units": "system_admin", "accounts": "system_admin", "posts": "security_admin", "log": "audit_admin"}


def keeping(posts: tuple[Post, ...], what: str, today: date) -> Post | None:
    """Return the post among `posts` that may alter (for the log: read) `what`, or None."""
    role = KEEPERS[what]
    for post in posts:
        if role in post.roles:
            return post
    stand_in = next((post for post in posts if post.unit_id is None and not HOUSEKEEPING.issuperset(post.roles)), None)
    return stand_in if stand_in is not None and not in_office(role, today) else None


def in_office(role: str, today: date) -> list[Post]:
    """Return the posts with an administration's role whose holders have taken up office."""
    return [post for post in holders(role, today) if post.account.has_usable_password()]


def holders(role: str, today: date) -> list[Post]:
    """Return the posts of today that carry `role` and can be signed in with, or could be once they take up office."""
    posts = Post.objects.filter(valid_on(today), account__is_active=True, account__must_change=False)
    named = posts.filter(Q(roles__icontains=f'"{role}"')).select_related("account", "unit").order_by("id")
    return [post for post in named if role in post.roles]


def who_may(what: str, today: date) -> list[Post]:
    """Return who may alter `what`, for a refusal to name: the administrators, or whoever stands in for them."""
    if found := in_office(KEEPERS[what], today):
        return found
    whole = Post.objects.filter(valid_on(today), unit=None, account__is_active=True).select_related("account", "unit")
    return [post for post in whole.order_by("id") if not HOUSEKEEPING.issuperset(post.roles)]
