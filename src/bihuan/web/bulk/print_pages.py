"""Paper: one matter with its history, a list as a table, a slip for signature. Printed by the browser."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from bihuan.ledger.history import history
from bihuan.mechanism.model import Does, Field, FieldKind, Label, Mechanism
from bihuan.mechanism.sentence import N_, Named, Sentence

from ..lateness import Clock
from ..ledger_filters import Chip, chips
from ..matter_page import parties_of, pieces_of, records_of
from ..money import column_wan
from ..rows import Row, rows
from ..scene import Scene, scene, visible_among
from ..selection import filtered, named
from ..showing import Shown, groups, unit_name, value_words
from ..timeline import Telling, mentioned, names
from ..viewer import ViewerRequest
from .chosen import LIMIT, OVER, Chosen, choose

#: As many rows as one printed list takes: some hundred pages.
ROWS = 2_000

#: The kinds of slip: key in the address, name of the paper.
SLIPS = {"receipt": N_("Receipt slip"), "closing": N_("Strike-off approval slip")}


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip for signature: what the paper says of the matter, and who signs what on it."""

    row: Row
    unit: str
    fields: tuple[Shown, ...]
    report: tuple[Shown, ...]
    judges: tuple[Named, ...]


def print_matter(request: ViewerRequest, number: str) -> HttpResponse:
    place = scene(request, number)
    told = history(place.matter.pk)
    known = names(told, visible_among(request, mentioned(told)))
    telling = Telling(place.mechanism, place.organisation, known, place.state.redacted)
    lines = telling.tell(told)
    shown = {
        "matter": place.matter,
        "row": _row(place),
        "state": place.state,
        "groups": groups(place.mechanism, place.state, telling.erased_fields(), place.organisation),
        "parties": list(parties_of(place)),
        "records": [group for group in records_of(place, told, lines) if group.entries],
        "pieces": list(pieces_of(place, lines)),
        "lines": lines,
        "supervising": unit_name(place.state.supervising, place.organisation) if place.state.supervising else "",
    }
    return render(request, "bulk/print_matter.html", shown)


def print_list(request: ViewerRequest) -> HttpResponse:
    chosen = choose(request, limit=ROWS)
    clock = Clock.on(request.today, request.calendar)
    listed = rows([place.matter for place in chosen.places], clock)
    amounts = [place.matter.amount for place in chosen.places if place.matter.amount is not None]
    shown = {
        "chosen": chosen,
        "rows": listed,
        "sum": column_wan(sum(amounts)) if amounts else "",
        "chips": [] if named(request) is not None else _chips(request),
    }
    return _paper(request, "bulk/print_list.html", chosen, shown)


def print_slips(request: ViewerRequest) -> HttpResponse:
    """Print a slip for each matter; `kind` is a key of `SLIPS`, `per` how many stand on one page (1 or 2)."""
    asked = request.GET or request.POST
    kind = str(asked.get("kind", ""))
    kind = kind if kind in SLIPS else "receipt"
    per = "1" if kind == "closing" or asked.get("per") == "1" else "2"
    chosen = choose(request, limit=LIMIT)
    shown = {
        "slips": [_slip(place, closing=kind == "closing") for place in chosen.places],
        "kind": kind,
        "name": SLIPS[kind],
        "per": per,
        "others": list(_others(kind, per)),
        "carry": OVER,
    }
    return _paper(request, "bulk/print_slips.html", chosen, shown)


def _paper(request: ViewerRequest, template: str, chosen: Chosen, shown: Mapping[str, object]) -> HttpResponse:
    if chosen.problem:
        return render(request, "bulk/no_paper.html", {"problem": chosen.problem}, status=422)
    return render(request, template, {**shown, "chosen": chosen})


def _row(place: Scene) -> Row:
    return rows([place.matter], Clock.on(place.request.today, place.request.calendar))[0]


def _slip(place: Scene, *, closing: bool) -> Slip:
    known = place.mechanism.fields
    index = place.mechanism.index
    first = [key for key in (index.project, index.body) if key]
    duty = known[index.responsible].group
    wanted = [known[key] for key in first if key in known and key != index.title]
    if not closing:
        wanted += [field for field in known.values() if field.group == duty and field.key not in _told(place.mechanism)]
    reported = [known[key] for key in _reported(place.mechanism) if key in known] if closing else []
    return Slip(
        row=_row(place),
        unit=place.matter.responsible.name,
        fields=tuple(_filled(place, wanted)),
        report=tuple(_filled(place, reported)),
        judges=tuple(_judges(place.mechanism)) if closing else (),
    )


def _told(mechanism: Mechanism) -> frozenset[str | None]:
    """The fields that the slip has places of its own for, or that the unit gives later."""
    asking = mechanism.extension.field if mechanism.extension else None
    return frozenset({mechanism.index.responsible, mechanism.index.klass, mechanism.deadline.field, asking})


def _reported(mechanism: Mechanism) -> Iterable[str]:
    """Return the fields in which the work is claimed done: those of the work that leads on to a verification."""
    claims = [action for action in mechanism.actions.values() if action.does is Does.WORK and action.to]
    return dict.fromkeys(key for action in claims for key in action.sets)


def _judges(mechanism: Mechanism) -> Iterator[Label]:
    """Yield who verifies on the way to the end, in the order of the loop."""
    looks = [action for action in mechanism.actions.values() if action.does is Does.VERIFY]
    for role in dict.fromkeys(role for action in looks for role in action.by):
        yield mechanism.roles[role].label


def _filled(place: Scene, fields: Iterable[Field]) -> Iterator[Shown]:
    for field in fields:
        value = place.state.values.get(field.key)
        if value is not None:
            words: Sentence | Named | str = value_words(field, value, place.organisation)
            yield Shown(field.key, field.label, words, field.kind is FieldKind.LONG_TEXT)


def _chips(request: ViewerRequest) -> list[Chip]:
    return chips(filtered(request), request.viewer.organisation)


def _others(kind: str, per: str) -> Iterator[tuple[str, str]]:
    """Yield title and address of the same matters on the other kinds of slip, and in the other layout."""
    for key, title in SLIPS.items():
        if key != kind:
            yield title, f"{reverse('print_slips')}?kind={key}"
    if kind != "closing":
        title, other = (N_("One on a page"), "1") if per == "2" else (N_("Two on a page"), "2")
        yield title, f"{reverse('print_slips')}?kind={kind}&per={other}"
