"""The side panel: the essentials of one matter beside the list, so that the place in the list is not lost."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from bihuan.ledger.history import history

from .. import asked
from ..lateness import Clock
from ..rows import rows, stage_word
from ..scene import Scene, find_visible, scene, visible_among
from ..showing import Shown, groups
from ..timeline import Telling, mentioned, names
from ..viewer import ViewerRequest

#: How many of the last records stand in the panel.
TOLD = 3


def side(request: ViewerRequest, number: str) -> HttpResponse:
    """Answer the panel of a matter to the script of the list; anybody else gets the matter's page."""
    place = scene(request, number)
    if not request.htmx:
        return redirect("matter", place.matter.number)
    return render(request, "ledger/side.html", {"side": _shown(place)})


def side_of(request: ViewerRequest, number: str) -> dict[str, Any] | None:
    """Return what the panel shows of the matter that an address has open; None for one that may not be opened."""
    return _shown(scene(request, number)) if find_visible(request, number) else None


def _shown(place: Scene) -> dict[str, Any]:
    clock, matter, state = Clock.on(place.request.today, place.request.calendar), place.matter, place.state
    told = history(matter.pk)
    seen = visible_among(place.request, mentioned(told))
    telling = Telling(place.mechanism, place.organisation, names(told, seen), state.redacted)
    lines = telling.tell(told)
    known = groups(place.mechanism, state, telling.erased_fields(), place.organisation)
    return {
        "matter": matter,
        "row": rows([matter], clock)[0],
        "mechanism": place.mechanism,
        "state": state,
        "stage": stage_word(matter, place.mechanism),
        "late": clock.of(matter.due, matter.ended, matter.ended_on),
        "stage_late": clock.of(matter.stage_due) if not matter.ended else None,
        "reviewed": place.mechanism.stages[state.stage].review is not None,
        "now": asked.now(place),
        "long": [field for group in known for field in group.fields if _tells(field)],
        "last": list(reversed(lines))[:TOLD],
        "told": len(lines),
        "proofs": len(state.evidence),
    }


def _tells(field: Shown) -> bool:
    """Whether a field says in words what was found or done; short facts stand in the list already."""
    return field.long
