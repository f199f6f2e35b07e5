"""Who may alter the directory by page: the post that does it, or a refusal that names who can."""

from bihuan.directory.alterations import Author
from bihuan.directory.rights import keeping, who_may
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from ..viewer import PageRefusal, ViewerRequest

_ONLY = {
    "units": N_("Units are kept by the system administrator."),
    "accounts": N_("Accounts and passwords are kept by the system administrator."),
    "posts": N_("Posts, roles and portfolios are kept by the security administrator."),
    "log": N_("The record of all changes is read by the security auditor."),
}


def may(request: ViewerRequest, what: str) -> bool:
    """Whether one of the viewer's posts may alter `what` (for the log: read it)."""
    return keeping(request.viewer.posts, what, request.today) is not None


def author(request: ViewerRequest, what: str) -> Author:
    """Return who alters `what` here. Raises `PageRefusal`, which names who can."""
    post = keeping(request.viewer.posts, what, request.today)
    if post is None:
        raise PageRefusal(Refusal("not_keeper", _ONLY[what]), who=who_may(what, request.today))
    return Author.of(post, request.now)
