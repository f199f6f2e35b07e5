"""Who may bring in what units sent back, and with which of their posts; everybody else is told who can."""

import uuid
from collections.abc import Iterable

from bihuan.directory.models import Post
from bihuan.ledger.next_steps import current_posts
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_
from bihuan.workbooks.answer_rights import check_answer, check_merge, mergeable, seen_by
from bihuan.workbooks.models import Answer

from ..viewer import PageRefusal, ViewerRequest

#: How many people are named to whoever may not.
_NAMED = 5


def merging_post(request: ViewerRequest) -> Post:
    """Return the viewer's first post that may bring such files in; refuses a viewer without one."""
    for post in request.viewer.posts:
        if mergeable(post):
            return post
    try:
        for post in request.viewer.posts:
            check_merge(post)
    except Refusal as refusal:
        raise PageRefusal(refusal, who=_able(current_posts(request.today))) from None
    raise PageRefusal(Refusal("no_post", N_("You hold no post today.")))


def answer_for(request: ViewerRequest, pk: uuid.UUID) -> tuple[Answer, Post]:
    """Return an answer that the viewer may see, and the post with which they decide on it."""
    merging_post(request)
    found = Answer.objects.filter(seen_by(request.viewer), pk=pk)
    answer = found.select_related("unit", "post__unit", "part__handout").first()
    last = Refusal("not_visible", N_("There is no such answer among those that your unit brought in."))
    if answer is None:
        raise PageRefusal(last, status=404)
    for post in sorted(request.viewer.posts, key=lambda post: post.pk != answer.post_id):
        try:
            check_answer(answer, post)
        except Refusal as refusal:
            last = refusal
        else:
            return answer, post
    raise PageRefusal(last)


def _able(posts: Iterable[Post]) -> list[Post]:
    return [post for post in posts if mergeable(post)][:_NAMED]
