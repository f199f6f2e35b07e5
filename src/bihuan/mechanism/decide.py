"""What a command would do to a matter, or why it may not: the rules of the loop, and nothing else.

`decide` and `register` are pure. They read the declared mechanism, the matter as it stands, and the facts
gathered for them; they return drafts of events that carry every outcome, or raise `Refusal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .clock import stage_due, whole_due
from .environment import environment
from .extension import extension_part
from .model import Action, Branch, Does, End, Field, FieldKind, Mechanism, Stage
from .permit import lent, permit
from .refusal import Refusal
from .sentence import N_, Listed
from .state import Command, Draft, Facts, Private, Proof, Registration, State, Value
from .values import check_reason, checked, sealed


def register(mechanism: Mechanism, asked: Registration, facts: Facts) -> Draft:
    """Return the first event of a matter. Raises `Refusal` if it would be ownerless or has a bad value."""
    if not facts.roles & set(mechanism.register_by):
        raise Refusal(
            "not_role",
            N_("Only %(roles)s may register a matter of “%(mechanism)s”."),
            roles=_roles(mechanism, mechanism.register_by),
            mechanism=mechanism.title,
        )
    _refuse_strangers(mechanism.fields, asked.values, by=facts.roles & set(mechanism.register_by))
    values = checked(mechanism.fields, asked.values, facts)
    _require(mechanism, (*mechanism.register_requires, mechanism.index.responsible), values)
    if asked.assertion and asked.assertion not in mechanism.assertions:
        raise Refusal("bad_value", N_("“%(value)s” is not a word of the unit's own report."), value=asked.assertion)
    start = mechanism.stages[mechanism.start]
    moments = {"registered": facts.today, "entered": facts.today}
    body: dict[str, Any] = {
        "matter": asked.matter,
        "mechanism": mechanism.key,
        "mechanism_hash": mechanism.text_hash,
        "stage": start.key,
        "owner": start.owner,
        "set": sealed(mechanism.fields, {key: value for key, value in values.items() if value is not None}),
        "parties": parties(mechanism, values),
        "due": _iso(whole_due(mechanism, values, moments, facts.calendar)),
        "stage_due": _iso(stage_due(start, values, moments, facts.calendar)),
    }
    for key in ("number", "parent", "supervising", "assertion"):
        if given := getattr(asked, key):
            body[key] = given
    if asked.source:
        body["source"] = [[label, Private(text)] for label, text in asked.source]
    return Draft("registered", body)


def decide(mechanism: Mechanism, command: Command, state: State, facts: Facts) -> Draft:
    """Return the event that `command` makes of the matter. Raises `Refusal` when a rule stands against it."""
    action = permit(mechanism, command.action, command.who, state, facts, behalf=command.behalf)
    return _Decision(mechanism, action, command, state, facts).draft()


def child_changed(change: str, child: State) -> Draft:
    """Return what a parent notes when its child has `ended` or was `reopened`."""
    return Draft("child", {"child": child.matter, "change": change, "doers": sorted(child.doers)})


def withdraw(state: State, reason: str) -> Draft:
    """Return the withdrawal of a matter that nobody has touched since it was registered."""
    if state.version > 1:
        raise Refusal("touched", N_("Somebody has worked on this matter since it was registered; it stays."))
    return Draft("withdrawn", {"reason": Private(reason)})


def parties(mechanism: Mechanism, values: Mapping[str, Value]) -> dict[str, list[str]]:
    """Return role → unit keys, for the roles that are held by the unit named in a field."""
    named = {role.key: _as_list(values.get(role.field)) for role in mechanism.roles.values() if role.field}
    return {role: units for role, units in named.items() if units}


@dataclass(frozen=True, slots=True)
class _Decision:
    """One permitted action on its way to becoming an event."""

    mechanism: Mechanism
    action: Action
    command: Command
    state: State
    facts: Facts

    def draft(self) -> Draft:
        given = self._given()
        values = {**self.state.values, **given}
        _require(self.mechanism, self.action.requires, values)
        _require(self.mechanism, self._judged_anew(), given)
        self._check_proofs()
        moments = {**self.state.moments, f"action:{self.action.key}": self.facts.today}
        body: dict[str, Any] = {"action": self.action.key, "does": self.action.does.value}
        if given:
            body["set"] = sealed(self.mechanism.fields, given)
            if any(role.field in given for role in self.mechanism.roles.values() if role.field):
                body["parties"] = parties(self.mechanism, values)
        body |= self._record() | self._proofs() | self._marks()
        body |= extension_part(self.mechanism, self.action, self.command.who, self.state, given, self.facts)
        body |= self._move(values, moments)
        body |= self._whole_due(values, given, moments, body)
        return Draft("acted", body)

    def _given(self) -> dict[str, Value]:
        if self.action.does is Does.CHILD:
            return {}
        fields = {key: self.mechanism.fields[key] for key in self.action.sets}
        _refuse_strangers(fields, self.command.values, by=self._acting_roles())
        return checked(fields, self.command.values, self.facts)

    def _acting_roles(self) -> frozenset[str]:
        """The roles in which this is done; who steps in above a limit stands in the place of those below."""
        held, behalf = self.facts.roles, self.command.behalf
        if behalf:
            held = lent(self.mechanism, self.state, self.facts, behalf)
        acting = held & {*self.action.by, *((self.action.beyond,) if self.action.beyond else ())}
        return acting if acting & set(self.action.by) else frozenset(self.action.by)

    def _judged_anew(self) -> tuple[str, ...]:
        """The required fields that are the verifier's own judgement: those of an earlier round do not count."""
        if self.action.does is not Does.VERIFY:
            return ()
        judges = set(self.action.by)
        return tuple(key for key in self.action.requires if set(self.mechanism.fields[key].by) <= judges)

    def _check_proofs(self) -> None:
        if self.command.behalf and not self.command.evidence:
            raise Refusal(
                "missing_scan",
                N_("What is entered for another unit needs the scan or picture of what that unit said; attach it."),
                field="evidence",
            )
        if len(self.command.evidence) < self.action.evidence:
            raise Refusal(
                "missing_evidence",
                N_("“%(action)s” needs at least %(count)d piece(s) of evidence; attach the file that proves it."),
                field="evidence",
                action=self.action.label,
                count=self.action.evidence,
            )
        check_reason(self.command.reason)
        if self.action.reason and not self.command.reason.strip():
            raise Refusal(
                "missing_reason",
                N_("“%(action)s” needs a reason; write it down."),
                field="reason",
                action=self.action.label,
            )

    def _record(self) -> dict[str, Any]:
        if not self.action.record:
            if self.command.record:
                raise Refusal("no_record", N_("“%(action)s” takes no entry."), action=self.action.label)
            return {}
        group = self.mechanism.records[self.action.record]
        fields = {field.key: field for field in group.fields}
        _refuse_strangers(fields, self.command.record)
        entry = checked(fields, self.command.record, self.facts)
        known = self.state.records.get(group.key, {})
        if self.command.entry is not None and self.command.entry not in known:
            raise Refusal(
                "no_entry",
                N_("“%(group)s” has no entry %(entry)s."),
                group=group.label,
                entry=self.command.entry,
            )
        merged = {**known.get(self.command.entry or "", {}), **entry}
        for field in group.fields:
            if merged.get(field.key) is None:
                raise _missing(field)
        part: dict[str, Any] = {"group": group.key, "set": sealed(fields, entry)}
        return {"record": part | ({"entry": self.command.entry} if self.command.entry else {})}

    def _proofs(self) -> dict[str, Any]:
        proofs = [_proof(each) for each in self.command.evidence]
        return {"evidence": proofs} if proofs else {}

    def _marks(self) -> dict[str, Any]:
        action = self.action
        marks: dict[str, Any] = {}
        if self.command.reason.strip():
            marks["reason"] = Private(self.command.reason.strip())
        if self.command.behalf:
            marks["behalf"] = self.command.behalf
        if self.command.who != self.command.account:
            marks["person"] = self.command.who
        if action.assertion:
            marks["assertion"] = action.assertion
        if action.recognition or action.does is Does.REOPEN:
            marks["recognition"] = action.recognition or ""
        if action.limit is not None:
            marks["round"] = self.state.rounds.get(action.key, 0) + 1
        if action.does is Does.WORK:
            marks["worked"] = True
        if action.does is Does.CHILD:
            marks["child"] = self.command.child
        return marks

    def _move(self, values: Mapping[str, Value], moments: Mapping[str, date]) -> dict[str, Any]:
        action, today = self.action, self.facts.today
        if not action.to:
            here = self.mechanism.stages[self.state.stage]
            looked = here.review and action.does in (Does.WORK, Does.REVIEW)
            again = {**moments, "entered": today}
            return {"stage_due": _iso(stage_due(here, values, again, self.facts.calendar))} if looked else {}
        target = self.mechanism.stages[self._branch(values).stage]
        if target.end:
            self._check_closing(target, values)
        entered = {**moments, "entered": today}
        moved: dict[str, Any] = {"from": self.state.stage, "to": target.key, "owner": target.owner}
        moved["stage_due"] = _iso(stage_due(target, values, entered, self.facts.calendar))
        return {"moved": moved | ({"ended": target.end.value} if target.end else {})}

    def _branch(self, values: Mapping[str, Value]) -> Branch:
        known = environment(self.mechanism, self.state, values)
        for branch in self.action.to:
            if branch.when is None or branch.when.evaluate(known):
                return branch
        raise Refusal(
            "no_branch",
            N_("None of the ways out of “%(action)s” is open with these values."),
            action=self.action.label,
        )

    def _check_closing(self, target: Stage, values: Mapping[str, Value]) -> None:
        if self.state.open_children:
            raise Refusal(
                "open_children",
                N_("%(count)d part(s) of this matter are still open; end them first."),
                count=self.state.open_children,
            )
        if target.end is not End.SUCCESS:
            return
        _require(self.mechanism, self.mechanism.closing.requires, values)
        proofs = len(self.state.evidence) + len(self.command.evidence)
        if proofs < self.mechanism.closing.evidence:
            raise Refusal(
                "missing_evidence",
                N_("A matter is closed on evidence: %(count)d piece(s) at least, and there are %(present)d."),
                field="evidence",
                count=self.mechanism.closing.evidence,
                present=proofs,
            )

    def _whole_due(
        self,
        values: Mapping[str, Value],
        given: Mapping[str, Value],
        moments: Mapping[str, date],
        body: Mapping[str, Any],
    ) -> dict[str, Any]:
        """While the matter stands where it began, its deadline follows its fields; after that it is fixed.

        What moves it then is an extension (already in `body`), a look at continuing work, a reopening.
        """
        field, state = self.mechanism.deadline.field, self.state
        if "due" in body:
            return {}
        if self.action.does is Does.REOPEN and field in self.action.sets:
            self._check_new_day(given.get(field))
        restarted = self.action.does in (Does.REVIEW, Does.REOPEN) and field not in given
        if restarted:
            moments = {**moments, "registered": self.facts.today}
            values = {**values, **dict.fromkeys((field, *_anchor_fields(self.mechanism)))}
        elif state.due is not None and self._is_fixed() and self.action.does is not Does.REOPEN:
            if field in given and given[field] != _iso(state.due):
                raise Refusal(
                    "deadline_fixed",
                    N_("The deadline %(due)s stands; only an extension that was asked for in time can move it."),
                    field=field,
                    due=state.due,
                )
            return {}
        due = whole_due(self.mechanism, values, moments, self.facts.calendar)
        if due is None and state.due is not None:
            raise _missing(self.mechanism.fields[field])
        return {"due": _iso(due)} if due != state.due else {}

    def _is_fixed(self) -> bool:
        """Whether the matter has ever left its first stage, or its deadline was ever moved lawfully."""
        done = (self.mechanism.actions.get(key) for key in self.state.acted)
        movers = (Does.GRANT_EXTENSION, Does.REVIEW, Does.REOPEN)
        return any(action is None or action.to or action.does in movers for action in done)

    def _check_new_day(self, given: Value) -> None:
        """A matter that is reopened gets a day of its own, and not one that has passed already."""
        field = self.mechanism.fields[self.mechanism.deadline.field]
        if given is None:
            raise _missing(field)
        if date.fromisoformat(str(given)) < self.facts.today:
            raise Refusal(
                "day_passed",
                N_("“%(name)s” %(day)s has passed already; name a day from today on."),
                field=field.key,
                name=field.label,
                day=given,
            )


def _anchor_fields(mechanism: Mechanism) -> list[str]:
    terms = mechanism.deadline.terms.values()
    anchors = [anchor for term in terms for anchor in term.anchors]
    return [anchor.removeprefix("field:") for anchor in anchors if anchor.startswith("field:")]


def _refuse_strangers(
    fields: Mapping[str, Field], values: Mapping[str, Value], *, by: frozenset[str] | None = None
) -> None:
    """Refuse a value that has no place here, or that none of the roles `by` may give."""
    for key in values:
        field = fields.get(key)
        if field is None or (by is not None and by.isdisjoint(field.by)):
            allowed = [each.label for each in fields.values() if by is None or not by.isdisjoint(each.by)]
            raise Refusal(
                "field_not_allowed",
                N_("“%(key)s” cannot be given here; what can: %(allowed)s."),
                field=key,
                key=key,
                allowed=Listed.of(allowed) if allowed else "—",
            )
        if field.kind is FieldKind.EVIDENCE:
            raise Refusal("bad_value", N_("“%(name)s” is given as a file."), field=key, name=field.label)


def _require(mechanism: Mechanism, keys: tuple[str, ...], values: Mapping[str, Value]) -> None:
    for key in keys:
        if values.get(key) is None:
            raise _missing(mechanism.fields[key])


def _missing(field: Field) -> Refusal:
    return Refusal("missing_field", N_("“%(name)s” is missing; fill it in."), field=field.key, name=field.label)


def _roles(mechanism: Mechanism, keys: tuple[str, ...]) -> Listed:
    return Listed.of(mechanism.roles[key].label for key in keys)


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "sha256": proof.sha256,
        "name": Private(proof.name),
        "size": proof.size,
        "media_type": proof.media_type,
    }


def _as_list(value: Value) -> list[str]:
    if value is None:
        return []
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
