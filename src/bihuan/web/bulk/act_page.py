"""One action on many matters, step by step: choose it, fill in its form, see what it comes to, do it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render

from bihuan.mechanism.model import Label
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Named, Sentence

from .. import arriving, asked
from ..selection import PART
from ..showing import value_words
from ..sign_in import RESUME, typed_fields
from ..viewer import PageRefusal, ViewerRequest
from .chosen import OVER, Chosen, carried, choose
from .offers import Offer, find, offers
from .work import Outcome, Work, fields_form, record_form

#: What a form carries from step to step beside what was typed into it.
_OWN = frozenset({"step", "do", "kept", OVER, PART})


def bulk_act(request: ViewerRequest) -> HttpResponse:
    """Answer each step. `do` names the action (see `offers.Offer.key`), `step` what is wanted of it."""
    if not request.viewer.posts:
        raise PageRefusal(Refusal("no_post", N_("You hold no post today, so you can do nothing on these matters.")))
    chosen = choose(request)
    if chosen.problem:
        return _choosing(request, chosen)
    wanted = str(request.POST.get("do", "") or request.GET.get("do", ""))
    offer = find(chosen.places, wanted) if wanted else None
    if offer is None:
        problem = Sentence(N_("None of these matters knows such an action.")) if wanted else None
        return _choosing(request, chosen, problem)
    step = str(request.POST.get("step", ""))
    work = _work(request, chosen, offer, sent=bool(step))
    if RESUME in request.POST and step == "done":
        step = "seen"  # what was sent before the session ran out is looked at once more before it is done
    if step == "again":
        work.chosen = replace(chosen, versions={})  # the matters as they are now
        step = "seen"
    if step not in ("seen", "done"):
        return _form(work)
    return _sent(work, doing=step == "done")


def _sent(work: Work, *, doing: bool) -> HttpResponse:
    try:
        _take_files(work)
    except Refusal as refusal:
        work.read()
        work.problems["evidence"] = refusal.sentence
        return _form(work, status=422)
    if not work.read():
        return _form(work, status=422)
    if len(work.files) < work.files_needed:
        needed = N_("Attach at least %(count)d piece(s) of evidence.")
        work.problems["evidence"] = Sentence(needed, {"count": work.files_needed})
        return _form(work, status=422)
    if work.offer.action.reason and not work.reason.strip():
        work.problems["reason"] = Sentence(N_("Give a reason."))
        return _form(work, status=422)
    return _results(work) if doing else _preview(work)


def _work(request: ViewerRequest, chosen: Chosen, offer: Offer, *, sent: bool) -> Work:
    form, record = fields_form(request, offer, []), record_form(request, offer)
    typed = form.of_post(request.POST) if sent else form.of_values({})
    entry = record.of_post(request.POST) if sent else record.of_values({})
    work = Work(request, chosen, offer, typed, entry)
    work.reason = str(request.POST.get("reason", "")).replace("\r\n", "\n")
    work.files = list(arriving.chosen(work.waiting_place, map(str, request.POST.getlist("kept"))))
    return work


def _take_files(work: Work) -> None:
    """Let the files that came with the form wait beside those that it carried."""
    arriving.sweep(work.request.now)
    for file in work.request.FILES.getlist("evidence"):
        came = arriving.take(work.waiting_place, file.name or "", file.chunks())
        work.files = [each for each in work.files if each.sha256 != came.sha256] + [came]


def _choosing(request: ViewerRequest, chosen: Chosen, problem: Sentence | None = None) -> HttpResponse:
    problem = problem or chosen.problem
    shown = {"chosen": chosen, "offers": offers(chosen.places), "problem": problem, "carry": OVER}
    return render(request, "bulk/choose.html", shown, status=422 if problem else 200)


def _form(work: Work, *, status: int = 200) -> HttpResponse:
    shown = {
        **_shared(work),
        "possible": sum(work.post(place) is not None for place in work.fits),
        "needs": list(asked.needs(work.offer.mechanism, work.offer.action)),
        "widgets": work.form.widgets(work.typed, work.problems),
        "entry_widgets": work.record.widgets(work.entry_typed, work.problems),
        "units": work.request.viewer.organisation.units,
    }
    return render(work.request, "bulk/form.html", shown, status=status)


def _preview(work: Work) -> HttpResponse:
    return render(work.request, "bulk/preview.html", {**_shared(work), **_counted(list(work.foreseen()))})


def _results(work: Work) -> HttpResponse:
    outcomes = list(work.done())
    left = carried(outcome.place for outcome in outcomes if outcome.refusal)
    for each in () if left else work.files:
        arriving.drop(work.waiting_place, each.sha256)
    nothing = all(outcome.refusal for outcome in outcomes)
    shown = {**_shared(work), **_counted(outcomes), "left": left}
    return render(work.request, "bulk/results.html", shown, status=422 if nothing else 200)


def _shared(work: Work) -> dict[str, object]:
    return {
        "work": work,
        "offer": work.offer,
        "action": work.offer.action,
        "total": len(work.chosen.places),
        "files": [(each.sha256, each) for each in work.files],
        "typed": [each for each in typed_fields(work.request.POST) if each[0] not in _OWN],
        "given": list(_given(work)),
    }


def _given(work: Work) -> Iterator[tuple[Label, Sentence | Named | str]]:
    """Yield what was filled in, in words."""
    organisation = work.request.viewer.organisation
    for form, values in ((work.form, work.values), (work.record, work.entry)):
        for field in form.fields:
            if field.key in values:
                yield field.label, value_words(field, values[field.key], organisation)


def _counted(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Return the outcomes, what is not done first, and how many there are of each kind."""
    return {
        "outcomes": sorted(outcomes, key=lambda each: each.does),
        "does": sum(each.does for each in outcomes),
        "already": sum(each.already for each in outcomes),
        "refused": sum(each.refusal is not None for each in outcomes),
    }
