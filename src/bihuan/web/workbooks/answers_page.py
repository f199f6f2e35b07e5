"""What units sent back: files dropped in, who has answered, who is missing and how late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import urlencode

from bihuan.directory.models import Post, Unit
from bihuan.intake.reading import Refusal as FileRefusal
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import current
from bihuan.ledger.visible import visible_to
from bihuan.mechanism.model import Label
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.workbooks.answer_rights import seen_by
from bihuan.workbooks.collecting import Collected, collect
from bihuan.workbooks.files import room
from bihuan.workbooks.merging import Brought, Merged, merge
from bihuan.workbooks.missing import missing_of
from bihuan.workbooks.models import Answer, Handout, HandoutPart, ProposalStatus

from ..bulk.urge_page import HANDOUT
from ..importing.upload import Upload, takes_files
from ..sign_in import RESUME
from ..viewer import ViewerRequest
from .merge_access import merging_post
from .putting_away import NAMED, decided, put_all_away

#: So many handouts are followed on the page, and so many files are listed.
_HANDOUTS, _FILES = 6, 200
#: An address of more matters than this is too long for some proxies.
_MOST_NAMED = 120


@dataclass(frozen=True, slots=True)
class Waited:
    """A unit in a handout. `urge` is the address of the words with which it is urged, '' where nothing is open."""

    part: HandoutPart
    answer: Answer | None
    days_late: int
    urge: str


@dataclass(frozen=True, slots=True)
class Followed:
    """A handout with who has answered it."""

    handout: Handout
    mechanism: Label | str
    missing: Sequence[Waited]
    answered: Sequence[Waited]
    urge_all: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A file in the list, with how many of its values stand where."""

    answer: Answer
    counts: Mapping[str, int]


@takes_files(merging_post)
def answers(request: ViewerRequest) -> HttpResponse:
    """Show the page, take files in, or put away those of which nothing is left to decide."""
    if request.method != "POST":
        return _page(request)
    if request.POST.get("do") != "away":
        return _bring_in(request)
    return _page(request) if RESUME in request.POST else put_all_away(request)


def _bring_in(request: ViewerRequest) -> HttpResponse:
    post = merging_post(request)
    uploads = [each for each in request.FILES.getlist("files") if isinstance(each, Upload)]
    if not uploads:
        return _page(request, refused=Sentence(N_("No file was sent; choose the workbooks that came back.")))
    merged, collected = bring(uploads, post, request)
    return _page(request, merged=merged, collected=collected)


def bring(uploads: Sequence[Upload], post: Post, request: ViewerRequest) -> tuple[Merged, Collected]:
    """Merge what was uploaded; a file that is too large is refused like one that cannot be read."""
    sources: list[tuple[str, Path]] = []
    late: list[Brought] = []
    for upload in uploads:
        try:
            upload.check()
        except FileRefusal as refusal:
            late.append(Brought(upload.name or "", refused=refusal.sentence))
        else:
            sources.append((upload.name or "", Path(upload.temporary_file_path())))
    with room() as folder:
        collected = collect(sources, folder)
        account = request.viewer.account.account
        merged = merge(collected.pieces, post=post, account=account, now=request.now)
    merged.files += [Brought(name, refused=sentence) for name, sentence in collected.refused] + late
    return merged, collected


def _page(
    request: ViewerRequest,
    *,
    merged: Merged | None = None,
    collected: Collected | None = None,
    refused: Sentence | None = None,
) -> HttpResponse:
    files = Answer.objects.filter(seen_by(request.viewer)).select_related("unit", "post__account")
    units = list(Unit.objects.filter(pk__in=files.values("unit")).order_by("name"))
    chosen = request.GET.get("unit", "")
    if chosen in {unit.key for unit in units}:
        files = files.filter(unit__key=chosen)
    open_files = _listed(files.filter(ended_at=None))
    shown: dict[str, Any] = {
        "merged": merged,
        "brought": [_result(each) for each in _refused_first(merged)] if merged else [],
        "ignored": collected.ignored if collected else [],
        "refused": refused,
        "followed": [_follow(request, each) for each in _handouts(request)],
        "open_files": open_files,
        "done_files": _listed(files.exclude(ended_at=None)),
        "decided": [each.pk for each in decided(request).filter(pk__in=[each.answer.pk for each in open_files])],
        "named": NAMED,
        "units": units,
        "chosen": chosen,
    }
    return render(request, "workbooks/answers.html", shown, status=422 if refused else 200)


def _refused_first(merged: Merged) -> list[Brought]:
    return sorted(merged.files, key=lambda each: each.refused is None)


def _result(brought: Brought) -> dict[str, Any]:
    answer = brought.answer
    counts = _counts([answer]).get(answer.pk, {}) if answer else {}
    return {"file": brought, "answer": answer, "counts": counts}


def _handouts(request: ViewerRequest) -> list[Handout]:
    return list(Handout.objects.filter(seen_by(request.viewer)).order_by("-made_at")[:_HANDOUTS])


def _follow(request: ViewerRequest, handout: Handout) -> Followed:
    parts = list(handout.parts.select_related("unit").order_by("unit__name"))
    late = {each.part.pk: each.days_late for each in missing_of([handout], request.today)}
    answers = {each.part_id: each for each in Answer.objects.filter(part__in=parts).order_by("brought_at")}
    left = _open_matters(request, [part for part in parts if part.returned_at is None])
    waited = [
        Waited(part, answers.get(part.pk), late.get(part.pk, 0), _urge(left.get(part.pk, []), handout))
        for part in parts
    ]
    missing = [each for each in waited if each.part.returned_at is None]
    every = [number for each in missing for number in left.get(each.part.pk, [])]
    title = current()[handout.mechanism].title if handout.mechanism in current() else handout.mechanism
    return Followed(
        handout,
        title,
        sorted(missing, key=lambda each: -each.days_late),
        [each for each in waited if each.part.returned_at is not None],
        _urge(every, handout) if len(every) <= _MOST_NAMED else "",
    )


def _open_matters(request: ViewerRequest, parts: Sequence[HandoutPart]) -> dict[int, list[str]]:
    """Return part → the numbers of its matters that are still open and that the viewer may open."""
    rows = (
        Matter.objects.filter(visible_to(request.viewer), ended="", pk__in=_handed(parts))
        .order_by("due", "pk")
        .values_list("pk", "number")
    )
    numbers = dict(rows)
    found: dict[int, list[str]] = {}
    for part in parts:
        keys = part.rows.values_list("matter", flat=True)
        found[part.pk] = [numbers[key] for key in keys if key in numbers]
    return found


def _handed(parts: Sequence[HandoutPart]) -> QuerySet[Any]:
    return HandoutPart.objects.filter(pk__in=[part.pk for part in parts]).values("rows__matter")


def _urge(numbers: Sequence[str], handout: Handout) -> str:
    chosen = [("m", number) for number in numbers[:_MOST_NAMED]]
    return f"{resolve_url('urge')}?{urlencode([*chosen, (HANDOUT, str(handout.pk))])}" if chosen else ""


def _listed(files: QuerySet[Answer]) -> list[Listed]:
    found = list(files.order_by("-brought_at")[:_FILES])
    counts = _counts(found)
    return [Listed(each, counts.get(each.pk, {})) for each in found]


def _counts(answers: Sequence[Answer]) -> dict[Any, dict[str, int]]:
    rows = Answer.objects.filter(pk__in=[each.pk for each in answers]).values_list("pk", "proposals__status")
    counted: dict[Any, dict[str, int]] = {}
    for pk, status, number in rows.annotate(Count("proposals")):
        if status in ProposalStatus.values:
            counted.setdefault(pk, {})[status] = number
    return counted
