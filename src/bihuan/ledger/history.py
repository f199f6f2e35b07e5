"""Reading a matter's events back, with what has not been redacted put in place."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.mechanism.evolve import evolve
from bihuan.mechanism.state import Happened, State

from .chain import unseal
from .models import Disclosed, Event


@dataclass(frozen=True, slots=True)
class Told:
    """An event with its body opened; a value that was redacted is None."""

    version: int
    kind: str
    at: datetime
    recorded_at: datetime
    account: str
    post: str
    body: dict[str, Any]
    hash: str

    def happened(self) -> Happened:
        """As `evolve` reads it. The day is the one that was local when it was written, wherever the clock is now."""
        return Happened(self.kind, self.version, self.at.date(), self.account, self.body)


def history(matter: uuid.UUID) -> list[Told]:
    """Return the events of `matter`, oldest first."""
    disclosed: dict[int, dict[str, str]] = defaultdict(dict)
    for version, slot, value in Disclosed.objects.filter(matter=matter).values_list("version", "slot", "value"):
        disclosed[version][slot] = value
    events = Event.objects.filter(matter=matter).order_by("version")
    return [told(event, disclosed[event.version]) for event in events]


def told(event: Event, disclosed: dict[str, str]) -> Told:
    """Return `event` with its private values from `disclosed` (slot → JSON text)."""
    return Told(
        version=event.version,
        kind=event.kind,
        at=datetime.fromisoformat(event.at),
        recorded_at=datetime.fromisoformat(event.recorded_at),
        account=event.account,
        post=event.post,
        body=unseal(bytes(event.payload), disclosed),
        hash=event.hash,
    )


def folded(events: Iterable[Told]) -> State:
    """Return the matter that `events` make. Raises ValueError if they do not follow on each other."""
    state: State | None = None
    for event in events:
        state = evolve(state, event.happened())
    if state is None:
        raise ValueError("no events")
    return state


def stages_passed(events: Iterable[Told]) -> Iterator[str]:
    """Yield the keys of the stages that the matter has been in, in order, the present one last."""
    for event in events:
        if event.kind == "registered":
            yield event.body["stage"]
        elif moved := event.body.get("moved"):
            yield moved["to"]


def link_notes(events: Iterable[Told]) -> dict[uuid.UUID, str]:
    """Return linked matter → why it was linked; '' where that was erased, or where one was raised from the other."""
    notes: dict[uuid.UUID, str] = {}
    for event in events:
        if event.kind == "linked":
            notes[uuid.UUID(event.body["other"])] = event.body.get("note") or ""
        elif raised := event.body.get("raised") or event.body.get("raised_from"):
            notes[uuid.UUID(raised)] = ""
    return notes
