"""What a text asks for: its articles with the sentences that were proposed, to be ticked and gone on with."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from bihuan.intake.reading import Refusal as TextRefusal
from bihuan.intake.text import RULES, Article, Figure, Proposal
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import current
from bihuan.mechanism.model import Label, Mechanism
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence

from ..viewer import PageRefusal, ViewerRequest
from . import kept


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal as the page shows it. `chosen` is the mechanism that is offered first.

    `fits` is the title of one that would fit, and that the viewer may not register.
    """

    place: str
    proposal: Proposal
    units: tuple[str, ...]
    chosen: str
    fits: Label | None
    reasons: tuple[Sentence, ...]
    is_registered: bool
    matter: Matter | None


@dataclass(frozen=True, slots=True)
class Shown:
    """An article with its proposals."""

    article: Article
    cards: tuple[Card, ...]

    @property
    def to_do(self) -> list[Figure]:
        return [figure for figure in self.article.figures if figure.kind == "to_do"]

    @property
    def achieved(self) -> list[Figure]:
        return [figure for figure in self.article.figures if figure.kind == "achieved"]


def text(request: ViewerRequest, sha256: str) -> HttpResponse:
    """Show what the text asks for; or, with sentences ticked, go on to register them."""
    mechanisms = kept.check_viewer(request)
    waiting = kept.find(request, sha256)
    if request.method == "POST":
        return _go_on(request, sha256, mechanisms)
    day = kept.day_of(request)
    try:
        reading = kept.read(request, waiting, day)
    except TextRefusal as refusal:
        raise PageRefusal(Refusal("not_read", refusal.sentence.pattern, **refusal.sentence.values)) from refusal
    held = kept.registered(request, sha256)
    articles = [Shown(article, tuple(_cards(request, article, held, mechanisms))) for article in reading.articles]
    cards = [card for shown in articles for card in shown.cards]
    shown = {
        "waiting": waiting,
        "articles": articles,
        "aside": reading.aside,
        "day": reading.day,
        "mechanisms": mechanisms,
        "count": len(cards),
        "open": sum(not card.is_registered for card in cards),
    }
    return render(request, "reading_text/text.html", shown)


@require_POST
def put_away(request: ViewerRequest, sha256: str) -> HttpResponse:
    """Forget the text; the matters registered from it stay."""
    kept.check_viewer(request)
    kept.forget(request, kept.find(request, sha256).sha256)
    return redirect("texts")


def _cards(
    request: ViewerRequest, article: Article, held: Mapping[str, Matter | None], mechanisms: Mapping[str, Mechanism]
) -> Iterator[Card]:
    by_key = request.viewer.organisation.by_key
    for proposal in article.proposals:
        place = kept.place_of(proposal)
        units = tuple(by_key[key].name for key in proposal.units if key in by_key)
        reasons = tuple(Sentence(RULES[rule]) for rule in proposal.rules)
        chosen = proposal.mechanism if proposal.mechanism in mechanisms else ""
        other = current().get(proposal.mechanism or "") if not chosen else None
        fits = other.title if other else None
        yield Card(place, proposal, units, chosen or "", fits, reasons, place in held, held.get(place))


def _go_on(request: ViewerRequest, sha256: str, mechanisms: Mapping[str, Mechanism]) -> HttpResponse:
    """Go to the form of the first ticked sentence; the others follow it in the address."""
    only = next(iter(mechanisms)) if len(mechanisms) == 1 else ""
    picked = [str(place) for place in request.POST.getlist("pick")]
    wanted = {place: str(request.POST.get(f"mechanism-{place}", "")) or only for place in picked}
    if not wanted:
        raise _unpicked(request, N_("Nothing was ticked; tick the sentences that are to become matters."))
    if lacking := [place for place, key in wanted.items() if key not in mechanisms]:
        sentence = N_("%(count)d of the ticked sentences have no kind of matter yet; choose it beside each.")
        raise _unpicked(request, sentence, count=len(lacking))
    queue = ",".join(f"{place}.{key}" for place, key in wanted.items())
    asked = {"queue": queue, **_day(request)}
    return redirect(f"{reverse('text_register', args=[sha256])}?{urlencode(asked)}")


def _day(request: ViewerRequest) -> dict[str, str]:
    day = str(request.GET.get("day", ""))
    return {"day": day} if day else {}


def _unpicked(request: ViewerRequest, pattern: str, count: int = 0) -> PageRefusal:
    back = request.get_full_path()
    return PageRefusal(Refusal("nothing_ticked", pattern, count=count), status=422, back=back)
