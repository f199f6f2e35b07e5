"""The matters under one form: which were chosen, and in which version they were before the person's eyes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from bihuan.ledger.fold import load_state
from bihuan.ledger.listing import ordered
from bihuan.ledger.models import Matter
from bihuan.ledger.packs import pinned
from bihuan.ledger.visible import visible_to
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.sentence import N_, Sentence

from ..scene import Scene
from ..selection import filtered, named, selected
from ..viewer import PageRefusal, ViewerRequest

#: As many matters as one request takes; more would keep everybody else waiting.
LIMIT = 500
#: The field that carries the chosen matters from step to step, each as NUMBER.VERSION.
OVER = "over"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen matters that the viewer may open, each with the version that they saw.

    `missing` is how many were named and are none of these. `problem` stands where nothing can be done with them.
    """

    places: tuple[Scene, ...]
    versions: dict[str, int]
    missing: int = 0
    problem: Sentence | None = None

    @property
    def over(self) -> str:
        """The text by which a form carries them."""
        return carried(self.places, self.versions)

    def seen(self, place: Scene) -> int:
        return self.versions.get(place.matter.number, place.matter.version)


def carried(places: Iterable[Scene], versions: dict[str, int] | None = None) -> str:
    """Return `places` as a form carries them; in the version of now where none is given."""
    known = versions or {}
    rows = (place.matter for place in places)
    return " ".join(f"{row.number}.{known.get(row.number, row.version)}" for row in rows)


def choose(request: ViewerRequest, *, limit: int = LIMIT) -> Chosen:
    """Return what was chosen: what a form carried along, else what `selection` reads; at most `limit`."""
    asked: int | None
    versions = dict(_carried(str(request.POST.get(OVER, ""))))
    if OVER in request.POST:
        rows = Matter.objects.filter(visible_to(request.viewer), number__in=versions).select_related("responsible")
        asked = len(versions)
    else:
        numbers = named(request)
        rows, asked = selected(request), len(numbers) if numbers is not None else None
        if problem := filtered(request).problem if numbers is None else None:
            return Chosen((), {}, problem=problem)
    count = rows.count()
    missing = 0 if asked is None else asked - count
    if missing and not count:
        raise not_visible()
    if problem := _problem(count, limit):
        return Chosen((), {}, missing, problem)
    prefetch_related_objects([request.viewer.account], "posts__unit")  # asked for on every matter
    return Chosen(tuple(places(request, ordered(rows, filtered(request).sort))), versions, missing)


def places(request: ViewerRequest, rows: Iterable[Matter]) -> Iterator[Scene]:
    return (Scene(request, row, pinned(row.mechanism_hash), load_state(row.state)) for row in rows)


def not_visible() -> PageRefusal:
    """The answer where none of the matters named may be opened, whether they are hidden or not there at all."""
    pattern = N_("None of the matters that you chose is among those that you may open.")
    return PageRefusal(Refusal("not_visible", pattern), status=404)


def _problem(count: int, limit: int) -> Sentence | None:
    if count > limit:
        pattern = N_(
            "You chose %(count)d matters; at most %(limit)d are taken at once. Narrow the list, or take parts."
        )
        return Sentence(pattern, {"count": count, "limit": limit})
    if count == 0:
        return Sentence(N_("No matter is chosen. Go to the ledger and choose those that you mean."))
    return None


def _carried(text: str) -> Iterator[tuple[str, int]]:
    for part in text.replace("\x00", "").split()[: 2 * LIMIT]:
        number, _, version = part.partition(".")
        yield number, int(version) if version.isdecimal() and len(version) < 9 else 0
