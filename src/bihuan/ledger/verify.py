"""Walking the chains: is every matter exactly what its events made it, and every event what was written?"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.core.exceptions import ObjectDoesNotExist

from bihuan.mechanism.sentence import N_, Sentence
from bihuan.mechanism.state import State

from .chain import MARK, START, Header, commitments, event_hash
from .fold import columns, load_state
from .history import folded, link_notes, told
from .mentioned import mentions_of, spending_of
from .models import Disclosed, Event, Matter
from .packs import pinned
from .roles import responsible
from .store import intact

_STEP = 500


@dataclass(frozen=True, slots=True)
class Broken:
    """The first thing that is wrong with a matter. `version` is that of the event, 0 for the matter as a whole."""

    matter: uuid.UUID
    number: str
    version: int
    sentence: Sentence


def verify(
    matter: uuid.UUID | None = None,
    *,
    files: bool = False,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Broken]:
    """Yield what is broken, at most one finding a matter, in the order of registration.

    Walks one matter, or the whole ledger; with `files`, every stored file is read too. `progress(done, total)`
    is told how many matters have been walked.
    """
    chosen = (
        Matter.objects.order_by("pk")
        .select_related("responsible", "supervising")
        .prefetch_related("parties__unit", "links", "files", "spending", "mentions")
    )
    if matter is not None:
        chosen = chosen.filter(pk=matter)
    total, done, last = chosen.count(), 0, None
    while True:
        page = list((chosen if last is None else chosen.filter(pk__gt=last))[:_STEP])
        if not page:
            return
        yield from _walk(page, files=files)
        done, last = done + len(page), page[-1].pk
        progress(done, total)


def _walk(page: list[Matter], *, files: bool) -> Iterator[Broken]:
    keys = [matter.pk for matter in page]
    rows = Event.objects.filter(matter__in=keys).order_by("matter_id", "version")
    events = {pk: list(group) for pk, group in groupby(rows, key=attrgetter("matter_id"))}
    disclosed: dict[uuid.UUID, dict[int, dict[str, tuple[str, str]]]] = defaultdict(lambda: defaultdict(dict))
    for each in Disclosed.objects.filter(matter__in=keys):
        disclosed[each.matter_id][each.version][each.slot] = (each.salt, each.value)
    for matter in page:
        broken = _broken(matter, events.get(matter.pk, []), disclosed[matter.pk], files=files)
        if broken is not None:
            yield Broken(matter.pk, matter.number, *broken)


def _broken(
    matter: Matter, events: list[Event], disclosed: dict[int, dict[str, tuple[str, str]]], *, files: bool
) -> tuple[int, Sentence] | None:
    previous = START
    for position, event in enumerate(events, start=1):
        if event.version != position:
            return position, Sentence(N_("event %(version)d is missing"), {"version": position})
        if (wrong := _wrong(event, previous)) is not None:
            return event.version, wrong
        previous = event.hash
    if not events or matter.head != previous or matter.version != len(events):
        last = Sentence(
            N_("the chain ends at event %(version)d, but the matter was at %(known)d"),
            {"version": len(events), "known": matter.version},
        )
        return len(events) + 1, last
    wrong_values = _values_wrong(events, disclosed) or _fold_wrong(matter, events, disclosed)
    return wrong_values or (_files_wrong(matter, events) if files else None)


def _wrong(event: Event, previous: str) -> Sentence | None:
    header = Header(
        str(event.matter_id),
        event.version,
        event.kind,
        event.at,
        event.recorded_at,
        event.account,
        event.post,
    )
    if event.previous != previous:
        return Sentence(N_("it does not follow on the event before it"))
    if event_hash(previous, header, bytes(event.payload)) != event.hash:
        return Sentence(N_("its content does not match its hash"))
    return None


def _values_wrong(events: list[Event], disclosed: dict[int, dict[str, tuple[str, str]]]) -> tuple[int, Sentence] | None:
    """Check every value kept outside the payload against the commitment inside it."""
    erased: set[str] | None = None
    for event in events:
        payload, values = bytes(event.payload), disclosed.get(event.version, {})
        for slot, (salt, value) in values.items():
            commitment = hashlib.sha256(f"{salt}\n{slot}\n{value}".encode()).hexdigest()
            if MARK + commitment.encode() + b'"' not in payload:
                return event.version, Sentence(N_("the value at “%(slot)s” was changed"), {"slot": slot})
        if payload.count(MARK) != len(values):
            erased = _erased(events) if erased is None else erased
            for slot in commitments(payload):
                if slot not in values and f"{event.version}:{slot}" not in erased:
                    return event.version, Sentence(
                        N_("the value at “%(slot)s” is gone without a redaction"), {"slot": slot}
                    )
    return None


def _erased(events: list[Event]) -> set[str]:
    return {slot for event in events if event.kind == "redacted" for slot in told(event, {}).body["slots"]}


def _fold_wrong(
    matter: Matter, events: list[Event], disclosed: dict[int, dict[str, tuple[str, str]]]
) -> tuple[int, Sentence] | None:
    """Check that the rows which lists and counts read are those that the events make."""
    opened = [
        told(event, {slot: value for slot, (_, value) in disclosed.get(event.version, {}).items()}) for event in events
    ]
    try:
        state = folded(opened)
        mechanism = pinned(state.mechanism_hash)
    except (ValueError, KeyError, TypeError, ObjectDoesNotExist) as error:
        return events[-1].version, Sentence(N_("its events do not add up: %(error)s"), {"error": str(error)})
    expected = {
        **{name: value for name, value in columns(mechanism, state).items() if name != "state"},
        "number": state.number,
        "mechanism": state.mechanism,
        "mechanism_hash": state.mechanism_hash,
        "responsible.key": responsible(mechanism, state),
        "supervising.key": state.supervising,
        "parent_id": uuid.UUID(state.parent) if state.parent else None,
    }
    if _kept_state(matter) != state:
        return 0, Sentence(N_("the matter's row is not what its events make of it"))
    for name, value in expected.items():
        if _attribute(matter, name) != value:
            wrong = N_("“%(name)s” in the matter's row is not what its events make of it")
            return 0, Sentence(wrong, {"name": name.partition(".")[0]})
    kept = {(party.role, party.unit.key) for party in matter.parties.all()}
    if kept != {(role, unit) for role, units in state.parties.items() for unit in units}:
        return 0, Sentence(N_("the matter's parties are not what its events make of them"))
    if {link.other_id for link in matter.links.all()} != set(link_notes(opened)):
        return 0, Sentence(N_("the matter's links are not what its events make of them"))
    spent = {(each.place, each.year, each.source, each.amount) for each in matter.spending.all()}
    if spent != set(spending_of(mechanism, state)):
        return 0, Sentence(N_("the matter's money by budget year is not what its events make of it"))
    if {(each.field, each.register, each.entry) for each in matter.mentions.all()} != set(
        mentions_of(mechanism, state)
    ):
        return 0, Sentence(N_("the register entries of the matter are not those that its events name"))
    if {file.sha256 for file in matter.files.all()} != {proof.sha256 for proof in state.evidence}:
        return 0, Sentence(N_("the matter's list of files is not what its events make of it"))
    return None


def _kept_state(matter: Matter) -> State | None:
    """Return the state as the row has it; None when it is no state at all."""
    try:
        return load_state(matter.state)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _attribute(matter: Matter, name: str) -> Any:
    value: Any = matter
    for part in name.split("."):
        value = getattr(value, part, None)
    return value


def _files_wrong(matter: Matter, events: list[Event]) -> tuple[int, Sentence] | None:
    """Check that every file given as proof is there, byte for byte, unless it was erased."""
    erased, slots = _erased(events), []
    for event in events:
        proofs = told(event, {}).body.get("evidence", ())
        slots += [
            (event.version, each["sha256"], f"{event.version}:evidence.{n}.name") for n, each in enumerate(proofs)
        ]
    needed = {sha256 for _, sha256, slot in slots if slot not in erased}
    for version, sha256, _ in slots:
        whole = intact(matter.pk, sha256)
        if whole is None and sha256 in needed:
            return version, Sentence(N_("the file %(hash)s… is missing"), {"hash": sha256[:12]})
        if whole is False:
            return version, Sentence(N_("the file %(hash)s… was changed"), {"hash": sha256[:12]})
    return None
