"""The page of one matter: what is asked of me now, where it stands, what is known, what happened, on what proof."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from bihuan.ledger.history import Told, history, link_notes, stages_passed
from bihuan.ledger.models import Matter
from bihuan.ledger.store import same_elsewhere
from bihuan.ledger.verify import Broken, verify
from bihuan.ledger.visible import visible_to
from bihuan.mechanism.diagram import draw
from bihuan.mechanism.model import Label
from bihuan.mechanism.sentence import Named, Sentence
from bihuan.mechanism.state import Proof

from . import asked
from .bulk.urgeable import may_urge
from .consequences import consequences
from .extending import extension_offer
from .lateness import Clock
from .rows import Row, rows, stage_word
from .scene import Scene, scene, visible_among
from .showing import GONE, groups, unit_name, value_words
from .speaking import language
from .timeline import File, Line, Telling, mentioned, names
from .viewer import ViewerRequest
from .withdrawing import withdrawable


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a record group: its fields in words, the files that came with it, the key that corrects it."""

    key: str
    cells: tuple[tuple[Label, Sentence | Named | str], ...]
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Records:
    """A record group with its entries; `add` is the action that adds one, if the viewer may do it now."""

    label: Label
    entries: tuple[Entry, ...]
    add: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of evidence with the event that gave it. `twice` are other matters that the same file proves."""

    proof: Proof
    name: Sentence | str
    there: bool
    line: Line | None
    twice: tuple[Matter, ...]

    @property
    def picture(self) -> bool:
        proof = self.proof
        return File(proof.sha256, self.name, proof.size, self.there, proof.media_type).picture


def matter(request: ViewerRequest, number: str) -> HttpResponse:
    place = scene(request, number)
    broken = next(verify(place.matter.pk), None)
    told = history(place.matter.pk)
    seen = visible_among(request, mentioned(told))
    telling = Telling(place.mechanism, place.organisation, names(told, seen), place.state.redacted)
    lines = telling.tell(told)
    involved = asked.involved(place)
    steps = asked.now(place, involved)
    shown = {
        **_head(place),
        "now": steps,
        "consequences": consequences(place, involved),
        "withdrawable": bool(withdrawable(place)),
        "urgeable": may_urge(place),
        "broken": broken,
        "lines": list(reversed(lines)),
        "groups": groups(place.mechanism, place.state, telling.erased_fields(), place.organisation),
        "parties": list(parties_of(place)),
        "records": list(records_of(place, told, lines, steps)),
        "pieces": list(pieces_of(place, lines)),
        "children": (parts := _children(place)),
        "ended_children": sum(bool(each.matter.ended) for each in parts),
        "links": list(_links(request, told)),
        "parent": _parent(request, place.matter),
        "diagram": _diagram(place, told, broken),
        "source": place.state.source,
    }
    return render(request, "matter/matter.html", shown)


def _head(place: Scene) -> dict[str, Any]:
    clock, row, state = Clock.on(place.request.today, place.request.calendar), place.matter, place.state
    stage = place.mechanism.stages[state.stage]
    return {
        "matter": row,
        "row": rows([row], clock)[0],
        "mechanism": place.mechanism,
        "state": state,
        "stage": stage_word(row, place.mechanism),
        "late": clock.of(row.due, row.ended, row.ended_on),
        "stage_late": clock.of(row.stage_due) if not row.ended else None,
        "supervising": unit_name(state.supervising, place.organisation) if state.supervising else "",
        "moved": row.original_due != row.due,
        "reviewed": stage.review is not None,
        "extension": place.mechanism.extension,
        "extension_offer": extension_offer(place.mechanism, state, place.request.today) if not row.ended else None,
        "provisional": bool(row.due and place.request.calendar.provisional(row.due)),
    }


def parties_of(place: Scene) -> Iterator[tuple[Label, str]]:
    for role, units in place.state.parties.items():
        known = place.mechanism.roles.get(role)
        for key in units:
            if known:
                yield known.label, unit_name(key, place.organisation)


def records_of(place: Scene, told: list[Told], lines: list[Line], steps: asked.Now | None = None) -> Iterator[Records]:
    """Yield the record groups with their entries; with `steps`, what the viewer may add to each."""
    open_now = (*steps.mine, *steps.also) if steps else ()
    may = {each.action.record: each.action.key for each in open_now if each.action.record}
    files = _files_of_entries(told, lines)
    for group in place.mechanism.records.values():
        entries = place.state.records.get(group.key, {})
        shown = tuple(
            _entry(place, group.fields, key, entry, files.get((group.key, key), ())) for key, entry in entries.items()
        )
        yield Records(group.label, shown, may.get(group.key, ""))


def _files_of_entries(told: list[Told], lines: list[Line]) -> dict[tuple[str, str], tuple[File, ...]]:
    """Return which files came with which entry: those of the events that added or corrected it."""
    found: dict[tuple[str, str], tuple[File, ...]] = {}
    for event, line in zip(told, lines, strict=True):
        if record := event.body.get("record"):
            key = (record["group"], record.get("entry") or str(event.version))
            found[key] = (*found.get(key, ()), *line.files)
    return found


def _entry(place: Scene, fields: Any, key: str, entry: Any, files: tuple[File, ...]) -> Entry:
    cells = []
    for field in fields:
        gone = entry.get(field.key) is None and f"{key}:record.set.{field.key}" in place.state.redacted
        words = GONE if gone else value_words(field, entry.get(field.key), place.organisation)
        cells.append((field.label, words))
    return Entry(key, tuple(cells), files)


def pieces_of(place: Scene, lines: list[Line]) -> Iterator[Piece]:
    given = {file.sha256: (line, file) for line in lines for file in line.files}
    proofs = {proof.sha256: proof for proof in place.state.evidence}
    twice: dict[str, list[Any]] = {}
    for proof, other in same_elsewhere(place.matter.pk, (each for each in proofs.values() if not each.origin)):
        twice.setdefault(proof.sha256, []).append(other.matter_id)
    visible = visible_among(place.request, (key for keys in twice.values() for key in keys))
    for key, proof in proofs.items():
        line, file = given.get(key, (None, None))
        others = tuple(visible[each] for each in twice.get(key, ()) if each in visible)
        there = file.there if file else True
        yield Piece(proof, proof.name if there else GONE, there, line, others)


def _children(place: Scene) -> list[Row]:
    found = Matter.objects.filter(visible_to(place.request.viewer), parent=place.matter.pk)
    clock = Clock.on(place.request.today, place.request.calendar)
    listed = rows(found.select_related("responsible").order_by("registered_on", "pk"), clock)
    return sorted(listed, key=lambda row: bool(row.matter.ended))  # those that are missing first


def _links(request: ViewerRequest, told: list[Told]) -> Iterator[tuple[Matter | None, str]]:
    """Yield each linked matter with its note; one that the viewer may not open stays unnamed."""
    notes = link_notes(told)
    seen = visible_among(request, notes)
    return ((seen.get(other), note) for other, note in notes.items())


def _parent(request: ViewerRequest, row: Matter) -> Matter | None:
    return visible_among(request, [row.parent_id]).get(row.parent_id) if row.parent_id else None


def _diagram(place: Scene, told: list[Told], broken: Broken | None) -> SafeString:
    visited = frozenset(stages_passed(told)) if not broken else frozenset()
    drawing = draw(place.mechanism, language=language(), current=place.state.stage, visited=visited)
    return mark_safe(drawing)  # our own drawing, every text in it escaped
