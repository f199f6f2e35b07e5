"""Everything that is known of one matter, in the shape that `bihuan show --json` prints."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localtime

from bihuan.directory.calendars import load_calendar
from bihuan.directory.models import Account
from bihuan.directory.people import SYSTEM
from bihuan.ledger.facts import standing
from bihuan.ledger.fold import load_state
from bihuan.ledger.history import Told, history, link_notes
from bihuan.ledger.models import Link, Matter
from bihuan.ledger.next_steps import Step, current_posts, next_steps
from bihuan.ledger.packs import pinned
from bihuan.ledger.verify import verify
from bihuan.ledger.visible import visible_to
from bihuan.mechanism.environment import environment, is_money
from bihuan.mechanism.model import Field, FieldKind, Label, Mechanism
from bihuan.mechanism.permit import permit
from bihuan.mechanism.refusal import Refusal
from bihuan.mechanism.state import State, Value

from .actor import Actor
from .money import yuan
from .rows import Describing
from .words import _, say


def describe(matter: Matter, actor: Actor, today: date) -> dict[str, Any]:
    """Return the matter: its row of the list, and all below it."""
    describing = Describing.on(today)
    return describing.row(matter) | _Matter(matter, actor, today, describing, history(matter.pk)).parts()


@dataclass(slots=True)
class _Matter:
    """One matter being described."""

    row: Matter
    actor: Actor
    today: date
    describing: Describing
    events: list[Told]

    def parts(self) -> dict[str, Any]:
        mechanism, state = self.mechanism, self.state
        broken = next(iter(verify(self.row.pk)), None)
        return {
            "mechanism_title": say(mechanism.title),
            "supervising_unit": self._unit(state.supervising) if state.supervising else None,
            "parties": [
                {"role": role, "label": say(mechanism.roles[role].label), "units": [self._unit(key) for key in keys]}
                for role, keys in state.parties.items()
            ],
            "axes": self._axes(),
            "extension_asked_to": state.asking.until if state.asking else None,
            "extensions": state.extensions,
            "fields": self._known(),
            "computed": [
                {"key": each.key, "label": say(each.label), "value": self._computed(each.key)}
                for each in mechanism.computed.values()
            ],
            "records": self._records(),
            "evidence": [
                {"sha256": proof.sha256, "name": proof.name or None, "size": proof.size, "media_type": proof.media_type}
                for proof in {each.sha256: each for each in state.evidence}.values()
            ],
            "children": [self._other(child) for child in self._visible().filter(parent=self.row.pk).order_by("pk")],
            "links": [
                {**self._other(link.other), "note": link_notes(self.events).get(link.other_id, "")}
                for link in Link.objects.filter(matter=self.row.pk, other__in=self._visible()).select_related("other")
            ],
            "source": [{"column": column, "text": text} for column, text in state.source],
            "next": [self._step(step) for step in self._steps()],
            "timeline": self._timeline(),
            "chain": "ok" if broken is None else "broken",
            "chain_message": None if broken is None else say(broken.sentence),
        }

    @property
    def mechanism(self) -> Mechanism:
        return pinned(self.row.mechanism_hash)

    @property
    def state(self) -> State:
        return load_state(self.row.state)

    def _visible(self) -> QuerySet[Matter]:
        """Return what the asking post may open: no other matter is named to it."""
        return Matter.objects.filter(visible_to(self.actor.viewer))

    def _unit(self, key: str) -> dict[str, str]:
        return {"key": key, "name": self.describing.units.get(key, key)}

    def _axes(self) -> dict[str, Any]:
        """The four things that are never mixed: where it stands, what the unit says, what was verified, and when."""
        mechanism, row = self.mechanism, self.row
        return {
            "stage": _named(row.stage, mechanism.stages[row.stage].label),
            "claimed_status": _named(row.assertion, mechanism.assertions.get(row.assertion)),
            "recognition": _named(row.recognition, mechanism.recognitions.get(row.recognition)),
            "timeliness": _timeliness(row, self.today),
        }

    def _known(self) -> list[dict[str, Any]]:
        """The fields as they stand, each told as erased if the event that gave its value was redacted there."""
        given = {key: event.version for event in self.events for key in event.body.get("set", ())}
        return [
            self._field(field, self.state.values[key], f"{given.get(key)}:set.{key}")
            for key, field in self.mechanism.fields.items()
            if key in self.state.values
        ]

    def _field(self, field: Field, value: Value, slot: str) -> dict[str, Any]:
        return {
            "key": field.key,
            "label": say(field.label),
            "value": yuan(value) if field.kind is FieldKind.MONEY and isinstance(value, int) else value,
            "text": self._text(field, value),
            "erased": slot in self.state.redacted,
        }

    def _text(self, field: Field, value: Value) -> str:
        if value is None:
            return ""
        if isinstance(value, list):
            return "、".join(self._text(field, each) for each in value)
        match field.kind:
            case FieldKind.UNIT:
                return self.describing.units.get(str(value), str(value))
            case FieldKind.CHOICE:
                return next((say(choice.label) for choice in field.choices if choice.key == value), str(value))
            case FieldKind.MONEY:
                return _("%(yuan)s yuan") % {"yuan": yuan(int(value))}
        return str(value)

    def _computed(self, key: str) -> Any:
        """A computed value; one that is made of money alone is money too."""
        mechanism, state = self.mechanism, self.state
        value = environment(mechanism, state, state.values)[key]
        return yuan(value) if is_money(mechanism, key) else value

    def _records(self) -> list[dict[str, Any]]:
        groups = self.mechanism.records
        return [
            {
                "group": key,
                "label": say(groups[key].label),
                "entries": [
                    {"entry": entry, "fields": self._changes(values, self._fields(key), f"{entry}:record.set")}
                    for entry, values in entries.items()
                ],
            }
            for key, entries in self.state.records.items()
        ]

    def _fields(self, group: str) -> dict[str, Field]:
        return {field.key: field for field in self.mechanism.records[group].fields}

    def _changes(self, given: Mapping[str, Value], fields: Mapping[str, Field], place: str) -> list[dict[str, Any]]:
        return [self._field(field, given[key], f"{place}.{key}") for key, field in fields.items() if key in given]

    def _other(self, matter: Matter) -> dict[str, Any]:
        stage = pinned(matter.mechanism_hash).stages[matter.stage]
        return {
            "number": matter.number, "id": matter.pk, "title": matter.title, "stage": matter.stage,
            "stage_label": say(stage.label), "ended": matter.ended or None, "due": matter.due,
        }  # fmt: skip

    def _steps(self) -> Iterable[Step]:
        return next_steps(
            self.mechanism, self.state, posts=current_posts(self.today), organisation=self.actor.viewer.organisation,
            today=self.today, calendar=load_calendar(),
        )  # fmt: skip

    def _step(self, step: Step) -> dict[str, Any]:
        action = step.action
        return {
            "action": action.key,
            "label": say(action.label),
            "roles": list(step.roles),
            "role_labels": [say(self.mechanism.roles[role].label) for role in step.roles],
            "sets": list(action.sets),
            "requires": list(action.requires),
            "record": action.record,
            "evidence": action.evidence,
            "reason": action.reason,
            "posts": [
                {
                    "post": post.key, "account": post.account.account, "name": post.account.name,
                    "unit": post.unit.name if post.unit else None,
                }
                for post in step.posts
            ],
            "refused_for_you": self._refusal(action.key),
            "on_behalf": [unit for post, unit in step.entering if post.pk == self.actor.post.pk],
            "entered_by": [
                {"post": post.key, "name": post.account.name, "for": self._unit(unit)} for post, unit in step.entering
            ],
        }  # fmt: skip

    def _refusal(self, action: str) -> str | None:
        post, organisation = self.actor.post, self.actor.viewer.organisation
        facts = standing(post, self.mechanism, self.state, organisation, today=self.today, calendar=load_calendar())
        try:
            permit(self.mechanism, action, post.account.account, self.state, facts)
        except Refusal as refusal:
            return say(refusal.sentence)
        return None

    def _timeline(self) -> list[dict[str, Any]]:
        names = dict(Account.objects.values_list("account", "name")) | {SYSTEM: _("the ledger itself")}
        return [self._event(event, names) for event in self.events]

    def _event(self, event: Told, names: Mapping[str, str]) -> dict[str, Any]:
        body = event.body
        action = self.mechanism.actions.get(body.get("action", ""))
        record = body.get("record")
        changes = self._changes(body.get("set", {}), self.mechanism.fields, f"{event.version}:set")
        if record:
            changes += self._changes(record["set"], self._fields(record["group"]), f"{event.version}:record.set")
        return {
            "version": event.version,
            "kind": event.kind,
            "action": body.get("action"),
            "label": say(action.label) if action else _kind(event.kind),
            "account": event.account,
            "name": names.get(event.account, event.account),
            "post": event.post,
            "on_behalf": self._unit(body["behalf"]) if body.get("behalf") else None,
            "at": localtime(event.at),
            "recorded_at": localtime(event.recorded_at),
            "changes": changes,
            "moved": body.get("moved"),
            "due": body.get("due"),
            "reason": body.get("reason"),
            "message": body.get("text"),
            "evidence": [{"sha256": each["sha256"], "name": each["name"]} for each in body.get("evidence", ())],
            "hash": event.hash,
        }


def _named(key: str, label: Label | None) -> dict[str, str] | None:
    return {"key": key, "label": say(label) if label else key} if key else None


def _timeliness(row: Matter, today: date) -> str | None:
    """`in_time`, `overdue` (open and past its day), `late` (ended after it), or None without a deadline."""
    if row.due is None:
        return None
    if row.ended_on is not None:
        return "late" if row.ended_on > row.due else "in_time"
    return "overdue" if today > row.due else "in_time"


def _kind(kind: str) -> str:
    names = {
        "registered": _("Registered"), "child": _("A part of it changed"), "withdrawn": _("Withdrawn"),
        "redacted": _("Values erased"), "linked": _("Linked to another matter"),
        "handed_over": _("Handed over"),
        "evidence": _("Evidence added"), "urged": _("Unit urged"),
    }  # fmt: skip
    return names.get(kind, kind)
