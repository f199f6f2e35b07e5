"""Mechanisms: which there are, and one of them drawn, proved and told, with the matters that follow it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from bihuan.ledger.listing import Filter, select
from bihuan.ledger.models import Matter, MechanismText
from bihuan.ledger.packs import current, pinned, texts
from bihuan.mechanism.diagram import draw
from bihuan.mechanism.model import Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_

from .address import address
from .mechanism_words import Telling
from .proof_words import proofs
from .speaking import language
from .viewer import PageRefusal, ViewerRequest


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a mechanism that open matters follow, or that is in force."""

    text_hash: str
    in_force: bool
    first_used: datetime | None
    open: int
    list: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A mechanism in the list of them: none is in force that is not proved closed."""

    mechanism: Mechanism
    open: int
    list: str


def mechanisms(request: ViewerRequest) -> HttpResponse:
    return render(request, "mechanisms/list.html", {"listed": list(_listed(request))})


def mechanism(request: ViewerRequest, key: str) -> HttpResponse:
    asked = request.GET.get("version", "")
    shown = _version(key, asked) if asked else current().get(key)
    if shown is None or shown.key != key:
        raise PageRefusal(Refusal("unknown_mechanism", N_("There is no mechanism “%(key)s”."), key=key), status=404)
    told = Telling(shown, language())
    return render(
        request,
        "mechanisms/mechanism.html",
        {
            "mechanism": shown,
            "told": told,
            # The drawing escapes every text in it; see bihuan.mechanism.diagram.svg.
            "drawing": mark_safe(draw(shown, language=language(), ids="loop")),
            "proofs": proofs(shown, current()),
            "versions": _versions(request, key),
            "in_force": key in current() and current()[key].text_hash == shown.text_hash,
            "text": _text(shown.text_hash),
        },
    )


def _listed(request: ViewerRequest) -> Iterator[Listed]:
    open_now = dict(_select(request, Filter(state="open")).values_list("mechanism").annotate(Count("pk")))
    for key, each in current().items():
        address_of_list = address("ledger", {"mechanism": key, "state": "open"})
        yield Listed(each, open_now.get(key, 0), address_of_list)


def _versions(request: ViewerRequest, key: str) -> list[Version]:
    """Return the version in force, then every other one that an open matter follows, the newest first."""
    chosen = _select(request, Filter(mechanism=key, state="open"))
    open_now = dict(chosen.values_list("mechanism_hash").annotate(Count("pk")))
    in_force = current()[key].text_hash if key in current() else ""
    used = dict(MechanismText.objects.filter(key=key).values_list("text_hash", "first_used"))
    hashes = sorted({*used, *open_now}, key=lambda each: used.get(each) or request.now, reverse=True)
    if in_force:
        hashes = [in_force, *(each for each in hashes if each != in_force)]
    return [
        Version(
            text_hash=each,
            in_force=each == in_force,
            first_used=used.get(each),
            open=open_now.get(each, 0),
            list=address("ledger", {"mechanism": key, "state": "open", "version": each}),
        )
        for each in hashes
    ]


def _select(request: ViewerRequest, wanted: Filter) -> QuerySet[Matter]:
    return select(request.viewer, wanted, request.today, request.calendar)


def _version(key: str, text_hash: str) -> Mechanism | None:
    known = text_hash in texts() or MechanismText.objects.filter(key=key, text_hash=text_hash).exists()
    return pinned(text_hash) if known else None


def _text(text_hash: str) -> str:
    """Return the text of the file with this hash: in force, or kept for the matters that follow it."""
    return texts().get(text_hash) or MechanismText.objects.get(text_hash=text_hash).text
