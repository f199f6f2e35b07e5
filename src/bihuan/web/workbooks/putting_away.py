"""Putting away at once all files of which nothing is left to decide: they stand in the list for what was refused."""

import uuid
from collections.abc import Iterator

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from bihuan.directory.models import Post
from bihuan.mechanism.refusal import Refusal
from bihuan.workbooks.answer_rights import check_answer, seen_by
from bihuan.workbooks.deciding import Deed, look_again, put_away
from bihuan.workbooks.models import Answer, ProposalStatus

from ..viewer import ViewerRequest

#: The part of the form that names the files.
NAMED = "answer"


def decided(request: ViewerRequest) -> QuerySet[Answer]:
    """Return the open files of which the viewer sees that nothing is left to decide."""
    found = Answer.objects.filter(seen_by(request.viewer), ended_at=None)
    return found.exclude(proposals__status=ProposalStatus.PROPOSED).select_related("unit", "post")


def put_all_away(request: ViewerRequest) -> HttpResponse:
    """Put away the files that the form names, but for those of which something can be done by now."""
    named = list(_named(request))
    away = sum(_put_away(request, answer) for answer in decided(request).filter(pk__in=named))
    if away:
        words = ngettext("%d file is put away.", "%d files are put away.", away) % away
        messages.success(request, words)
    if left := len(named) - away:
        words = ngettext(
            "%d file stays: it was put away by somebody else, or something of it can be decided by now.",
            "%d files stay: they were put away by somebody else, or something of them can be decided by now.",
            left,
        )
        messages.warning(request, words % left)
    return redirect("answers")


def _put_away(request: ViewerRequest, answer: Answer) -> bool:
    post = next((post for post in request.viewer.posts if _may_decide(answer, post)), None)
    if post is None:
        return False
    look_again(answer, post=post, now=request.now)
    if answer.proposals.filter(status=ProposalStatus.PROPOSED).exists():
        return False
    put_away(answer, deed=Deed(post, request.viewer.account.account, request.now, ""))
    return True


def _may_decide(answer: Answer, post: Post) -> bool:
    try:
        check_answer(answer, post)
    except Refusal:
        return False
    return True


def _named(request: ViewerRequest) -> Iterator[uuid.UUID]:
    for text in dict.fromkeys(request.POST.getlist(NAMED)):
        try:
            yield uuid.UUID(str(text))
        except ValueError:
            continue
