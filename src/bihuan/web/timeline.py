"""A matter's history in words: who, when, with which post, what changed from what to what, on what proof."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bihuan.directory.models import Account, Post
from bihuan.directory.organisation import Organisation
from bihuan.ledger.history import Told
from bihuan.ledger.models import Matter
from bihuan.mechanism.model import Field, Label, Mechanism
from bihuan.mechanism.sentence import N_, Listed, Named, Sentence

from .showing import GONE, NONE, unit_name, value_words
from .speaking import post_words

Words = Sentence | Named | str
#: Pictures that every browser shows, and that hold no script (an SVG can).
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after. `long` values keep their lines."""

    label: Named | Sentence
    old: Words
    new: Words


@dataclass(frozen=True, slots=True)
class File:
    sha256: str
    name: Words
    size: int
    there: bool
    media_type: str = ""

    @property
    def picture(self) -> bool:
        """Whether it is a picture that a browser shows, and not too large to be loaded beside a text."""
        return self.there and self.media_type in PICTURES and self.size <= 12 << 20


@dataclass(frozen=True, slots=True)
class Line:
    """One event in words. `late_entry` is set when it was taken down on another day than it happened."""

    version: int
    at: datetime
    late_entry: datetime | None
    who: Words
    post: Words
    heading: Words
    changes: tuple[Change, ...]
    files: tuple[File, ...]
    reason: Words | None
    matter: Matter | None
    notes: tuple[Sentence, ...]
    hash: str
    look: str


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the people and posts that events are by, and the matters that they mention and the viewer may open."""

    accounts: Mapping[str, str]
    posts: Mapping[str, str]
    matters: Mapping[uuid.UUID, Matter]


@dataclass(slots=True)
class Telling:
    """Walks the events once, from the first on, carrying what each value was before."""

    mechanism: Mechanism
    organisation: Organisation
    names: Names
    erased: frozenset[str]
    _values: dict[str, Words] = field(default_factory=dict)
    _slots: dict[str, str] = field(default_factory=dict)
    _entries: dict[tuple[str, str], dict[str, Words]] = field(default_factory=dict)
    _marks: dict[str, str | None] = field(default_factory=dict)

    def tell(self, events: Iterable[Told]) -> list[Line]:
        return [self._one(event) for event in events]

    def erased_fields(self) -> frozenset[str]:
        """Return the fields whose last value was erased; to be asked after `tell`."""
        return frozenset(key for key, slot in self._slots.items() if slot in self.erased)

    def _one(self, event: Told) -> Line:
        body = event.body
        return Line(
            version=event.version,
            at=event.at,
            late_entry=event.recorded_at if event.recorded_at.date() != event.at.date() else None,
            who=self._who(event),
            post=self._post(event),
            heading=self._heading(event),
            changes=tuple(self._changes(event)),
            files=tuple(self._files(event)),
            reason=self._reason(event),
            matter=self._matter(body),
            notes=tuple(self._notes(event)),
            hash=event.hash,
            look=self._look(event),
        )

    def _who(self, event: Told) -> Words:
        """Return who did it, and for which unit where it was entered for one."""
        who = self.names.accounts.get(event.account, event.account)
        if behalf := event.body.get("behalf"):
            unit = unit_name(behalf, self.organisation)
            return Sentence(N_("%(who)s for %(unit)s"), {"who": who, "unit": unit})
        if outside := self.mechanism.roles.get(event.body.get("voice", "")):
            named = self._values.get(outside.field or "", NONE)
            return Sentence(N_("%(who)s for %(role)s %(name)s"), {"who": who, "role": outside.label, "name": named})
        return who

    def _post(self, event: Told) -> Words:
        post = self.names.posts.get(event.post, event.post)
        return Sentence(N_("entered as %(post)s"), {"post": post}) if event.body.get("behalf") else post

    def _heading(self, event: Told) -> Words:
        if event.kind == "acted":
            action = self.mechanism.actions.get(event.body["action"])
            return action.label if action else str(event.body["action"])
        if event.kind == "child":
            return _CHILD[event.body["change"]]
        return _KINDS[event.kind]

    def _look(self, event: Told) -> str:
        moved = event.body.get("moved", {})
        if event.kind == "redacted" or event.body.get("does") == "reject":
            return "soon"
        return "done" if moved.get("ended") == "success" else ""

    def _changes(self, event: Told) -> Iterator[Change]:
        body = event.body
        given = body.get("set", {})
        for key, known in self.mechanism.fields.items():
            if key in given:
                yield from self._field_change(event, known, given[key])
        if record := body.get("record"):
            yield from self._record_changes(event, record)
        if event.kind == "urged":
            yield Change(_URGED["unit"], NONE, unit_name(body["unit"], self.organisation))
            yield Change(_URGED["text"], NONE, body["text"] or GONE)
        yield from self._mark_changes(body)

    def _field_change(self, event: Told, known: Field, value: Any) -> Iterator[Change]:
        slot = f"{event.version}:set.{known.key}"
        words = self._words(known, value, slot)
        old = self._values.get(known.key, NONE)
        self._values[known.key], self._slots[known.key] = words, slot
        if old != words:
            yield Change(known.label, old, words)

    def _record_changes(self, event: Told, record: Mapping[str, Any]) -> Iterator[Change]:
        group = self.mechanism.records.get(record["group"])
        entry = self._entries.setdefault((record["group"], record.get("entry") or str(event.version)), {})
        for known in group.fields if group else ():
            if known.key not in record["set"]:
                continue
            slot = f"{event.version}:record.set.{known.key}"
            words = self._words(known, record["set"][known.key], slot)
            yield Change(known.label, entry.get(known.key, NONE), words)
            entry[known.key] = words

    def _mark_changes(self, body: Mapping[str, Any]) -> Iterator[Change]:
        """What the event made of stage, deadlines, report and recognition."""
        moved = body.get("moved", {})
        now: dict[str, str | None] = {}
        if stage := moved.get("to") or body.get("stage"):
            now["stage"] = stage
        for key in ("due", "stage_due", "assertion", "recognition"):
            if key in body or key in moved:
                now[key] = moved.get(key, body.get(key))
        if "asking" in body:
            now["asking"] = body["asking"]["until"] if body["asking"] else None
        for key, value in now.items():
            old, self._marks[key] = self._marks.get(key), value
            if (old or None) != (value or None):
                yield Change(_MARKS[key], self._mark(key, old), self._mark(key, value))

    def _mark(self, key: str, value: str | None) -> Words:
        if not value:
            return NONE
        named: Mapping[str, Mapping[str, Label]] = {
            "stage": {name: stage.label for name, stage in self.mechanism.stages.items()},
            "assertion": self.mechanism.assertions,
            "recognition": self.mechanism.recognitions,
        }
        return named.get(key, {}).get(value, value)

    def _words(self, known: Field, value: Any, slot: str) -> Words:
        if value is None and slot in self.erased:
            return GONE
        return value_words(known, value, self.organisation)

    def _files(self, event: Told) -> Iterator[File]:
        for place, proof in enumerate(event.body.get("evidence", ())):
            gone = f"{event.version}:evidence.{place}.name" in self.erased
            name = GONE if gone else proof["name"] or NONE
            yield File(proof["sha256"], name, proof["size"], not gone, proof["media_type"])

    def _reason(self, event: Told) -> Words | None:
        if "reason" not in event.body:
            return str(event.body["ground"]) if "ground" in event.body else None
        return event.body["reason"] or (GONE if f"{event.version}:reason" in self.erased else None)

    def _matter(self, body: Mapping[str, Any]) -> Matter | None:
        named = next((each for key in _MATTERS if (each := body.get(key))), None)
        return self.names.matters.get(uuid.UUID(named)) if named else None

    def _notes(self, event: Told) -> Iterator[Sentence]:
        body = event.body
        if body.get("behalf"):
            yield Sentence(N_("entered for the unit"))
        for old, new in body.get("units", {}).items() if event.kind == "handed_over" else ():
            named = {"old": unit_name(old, self.organisation), "new": unit_name(new, self.organisation)}
            yield Sentence(N_("%(old)s → %(new)s"), named)
        if spread := body.get("spread"):
            units = Listed.of(unit_name(unit, self.organisation) for unit, _ in spread)
            yield Sentence(N_("went out to: %(units)s"), {"units": units})
        if event.kind == "redacted":
            approver = self.names.posts.get(body["approver"], body["approver"])
            yield Sentence(
                N_("%(count)d values were erased; approved by %(approver)s."),
                {"count": len(body["slots"]), "approver": approver},
            )
        if body.get("round"):
            yield Sentence(N_("round %(number)d"), {"number": body["round"]})


_KINDS = {
    "registered": Sentence(N_("Registered")),
    "withdrawn": Sentence(N_("Withdrawn")),
    "redacted": Sentence(N_("Erased by law")),
    "linked": Sentence(N_("Linked with another matter")),
    "handed_over": Sentence(N_("Handed over")),
    "evidence": Sentence(N_("Evidence added")),
    "urged": Sentence(N_("Unit urged")),
}
_CHILD = {
    "ended": Sentence(N_("A part of it ended")),
    "reopened": Sentence(N_("A part of it was reopened")),
}
#: Where an event names another matter.
_MATTERS = ("child", "other", "raised", "raised_from")
_URGED = {"unit": Sentence(N_("To")), "text": Sentence(N_("Message"))}
_MARKS = {
    "stage": Sentence(N_("Stage")),
    "due": Sentence(N_("Deadline")),
    "stage_due": Sentence(N_("Deadline of the stage")),
    "assertion": Sentence(N_("Unit says")),
    "recognition": Sentence(N_("Recognised")),
    "asking": Sentence(N_("Extension asked to")),
}


def mentioned(events: Iterable[Told]) -> set[uuid.UUID]:
    """Return the keys of the matters that events name: children and linked ones."""
    keys = (event.body.get(name) for event in events for name in _MATTERS)
    return {uuid.UUID(key) for key in keys if key}


def names(events: Iterable[Told], matters: Mapping[uuid.UUID, Matter]) -> Names:
    """Look up, in two queries, the people and posts behind `events`."""
    told = list(events)
    accounts = {event.account for event in told}
    posts = {event.post for event in told} | {event.body["approver"] for event in told if event.kind == "redacted"}
    held = Post.objects.filter(key__in=posts).select_related("unit")
    return Names(
        accounts=dict(Account.objects.filter(account__in=accounts).values_list("account", "name")),
        posts={post.key: post_words(post) for post in held},
        matters=matters,
    )
