"""Urging (催办): the messages to copy, unit by unit, and the note in the ledger that they were sent."""

import secrets
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from bihuan.ledger.days import local_day
from bihuan.ledger.models import Matter
from bihuan.ledger.urging import note_urged
from bihuan.ledger.visible import visible_to
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence
from bihuan.workbooks.answer_rights import seen_by
from bihuan.workbooks.models import Handout, HandoutPart

from ..scene import Scene
from ..showing import unit_name
from ..sign_in import RESUME
from ..viewer import PageRefusal, ViewerRequest
from .chosen import Chosen, choose, not_visible, places
from .messages import Workbook, compose
from .urgeable import best_post, owing, urging_refusal

#: The value of the button that notes every message of the page at once.
ALL = "all"
#: The part of the address that says of which handout the workbook is owed.
HANDOUT = "handout"


@dataclass(frozen=True, slots=True)
class Part:
    """One message as the page shows it: `key` names it in the form, `of` are the numbers of its matters."""

    key: str
    unit: str
    text: str
    of: str
    noted: int = 0

    @property
    def count(self) -> int:
        return len(self.of.split())


@dataclass(frozen=True, slots=True)
class Letter:
    """The messages to one unit."""

    unit: str
    name: str
    parts: tuple[Part, ...]


def urge_page(request: ViewerRequest) -> HttpResponse:
    """Show the messages; with `note`, write down on each matter of them that the unit was urged."""
    if not request.viewer.posts:
        raise PageRefusal(Refusal("no_post", N_("You hold no post today, so you urge nobody.")))
    if request.method == "POST" and "part" in request.POST:
        parts = list(_sent(request))
        faults: list[tuple[Matter, Sentence]] = []
        wanted = "" if RESUME in request.POST else str(request.POST.get("note", ""))
        once = str(request.POST.get("once", ""))[:32]
        done = [_noted(request, part, once, faults) if wanted in (part.unit, ALL) else part for part in parts]
        noted = sum(part.noted for part in done) if wanted else None
        if noted == 0 and not faults:
            raise not_visible()
        return _page(request, done, once=once, faults=faults, noted=noted)
    chosen = choose(request)
    aside: list[tuple[Scene, Sentence]] = []
    units: dict[str, list[Scene]] = {}
    for place in chosen.places:
        unit = owing(place)
        if refusal := urging_refusal(place, unit):
            aside.append((place, refusal.sentence))
        else:
            units.setdefault(unit, []).append(place)
    workbooks = _workbooks(request)
    composed = [
        Part(f"{unit}.{number}", unit, message.text, " ".join(place.matter.number for place in message.places))
        for unit, of in units.items()
        for number, message in enumerate(compose(unit, of, today=request.today, workbook=workbooks.get(unit)))
    ]
    return _page(request, composed, once=secrets.token_hex(12), chosen=chosen, aside=aside)


def _workbooks(request: ViewerRequest) -> dict[str, Workbook]:
    """Return unit → its workbook of the handout in the address, where that is the viewer's and the unit owes it."""
    try:
        handout = uuid.UUID(request.GET.get(HANDOUT, ""))
    except ValueError:
        return {}
    mine = HandoutPart.objects.filter(handout__in=Handout.objects.filter(seen_by(request.viewer), pk=handout))
    parts = mine.filter(returned_at=None).select_related("handout", "unit")
    return {part.unit.key: Workbook(local_day(part.handout.made_at), part.handout.return_by) for part in parts}


def _sent(request: ViewerRequest) -> Iterator[Part]:
    """Yield the messages as they were sent, with what was changed in them."""
    sent = request.POST
    for key in map(str, sent.getlist("part")):
        unit = key.rpartition(".")[0]
        text = str(sent.get(f"text-{key}", "")).replace("\r\n", "\n").replace("\x00", "")
        yield Part(key, unit, text, str(sent.get(f"of-{key}", "")).replace("\x00", ""))


def _noted(request: ViewerRequest, part: Part, once: str, faults: list[tuple[Matter, Sentence]]) -> Part:
    """Note the message on each of its matters; what is refused on one keeps none of the others back."""
    numbers = part.of.split()
    rows = Matter.objects.filter(visible_to(request.viewer), number__in=numbers).select_related("responsible")
    account, noted = request.viewer.account.account, 0
    for place in places(request, rows.order_by("pk")):
        try:
            note_urged(
                place.matter.pk,
                unit=part.unit,
                text=part.text,
                once=f"{once}:{part.key}",
                post=best_post(place, part.unit),
                account=account,
                now=request.now,
            )
        except Refusal as refusal:
            faults.append((place.matter, refusal.sentence))
        else:
            noted += 1
    return Part(part.key, part.unit, part.text, part.of, noted)


def _page(
    request: ViewerRequest,
    parts: Iterable[Part],
    *,
    once: str,
    chosen: Chosen | None = None,
    aside: Iterable[tuple[Scene, Sentence]] = (),
    faults: Iterable[tuple[Matter, Sentence]] = (),
    noted: int | None = None,
) -> HttpResponse:
    by_unit: dict[str, list[Part]] = {}
    for part in parts:
        by_unit.setdefault(part.unit, []).append(part)
    organisation = request.viewer.organisation
    letters = [Letter(unit, unit_name(unit, organisation), tuple(of)) for unit, of in by_unit.items()]
    shown = {
        "letters": letters,
        "total": sum(part.count for letter in letters for part in letter.parts),
        "aside": list(aside),
        "faults": list(faults),
        "chosen": chosen,
        "noted": noted,
        "once": once,
        "copied": gettext("Copied."),
    }
    problem = chosen.problem if chosen else None
    status = 422 if problem or noted == 0 else 200
    return render(request, "bulk/urge.html", {**shown, "problem": problem}, status=status)
