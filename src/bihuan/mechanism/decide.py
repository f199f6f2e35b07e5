"""What a command would do to a matter, or why it may not: the rules of the loop, and nothing else.

`decide` and `register` are pure. They read the declared mechanism, the matter as it stands, and the facts
gathered for them; they return drafts of events that carry every outcome, or raise `Refusal`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from .clock import stage_due, whole_due
from .diagram.guard import Spoken
from .environment import environment
from .extension import extension_part
from .model import Action, Branch, Does, End, Field, FieldKind, Held, Mechanism, Stage
from .permit import acting_roles, lent, permit, voices
from .refusal import Refusal
from .sentence import N_, Listed
from .state import Command, Draft, Facts, Private, Proof, Registration, State, Value, opened
from .values import check_reason, check_year, checked, missing, sealed
from .whole import due_part


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
    _check_budget(mechanism, mechanism.fields, values)
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
    supervising = values.get(mechanism.index.supervising or "") or asked.supervising
    marks = {key: getattr(asked, key) for key in ("number", "parent", "raised_from", "assertion")}
    body |= {key: each for key, each in {**marks, "supervising": supervising}.items() if each}
    if asked.source:
        body["source"] = [[label, Private(text)] for label, text in asked.source]
    if asked.evidence:
        body["evidence"] = [{**_proof(each), "origin": True} for each in asked.evidence]
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
    held = [role for role in mechanism.roles.values() if role.held is Held.UNIT and role.field]
    named = {role.key: _as_list(values.get(role.field)) for role in held if role.field}
    return {role: units for role, units in named.items() if units}


def spread_over(action: Action, state: State) -> tuple[str, ...]:
    """Return the keys of the units to which the round has not gone out yet."""
    wanted = dict.fromkeys(_as_list(state.values.get(str(action.over))))
    return tuple(unit for unit in wanted if unit not in state.spread)


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
            if any(role.field in given for role in self.mechanism.roles.values() if role.held is Held.UNIT):
                body["parties"] = parties(self.mechanism, values)
        body |= self._record() | self._proofs() | self._marks() | self._opened(values)
        after = self._with_opened(self._with_entry(body.get("record")))
        self._check_holds(after, values)
        body |= extension_part(self.mechanism, self.action, self.command.who, self.state, given, self.facts)
        body |= self._move(after, values, moments)
        if "due" not in body:
            asked = (self.mechanism, self.action, self.state, self.facts)
            body |= due_part(*asked, values=values, given=given, moments=moments)
        return Draft("acted", body)

    def _given(self) -> dict[str, Value]:
        if self.action.opens:  # the values are those of the matter that is opened
            return {}
        fields = {key: self.mechanism.fields[key] for key in self.action.sets}
        _refuse_strangers(fields, self.command.values, by=self._giving_roles())
        given = checked(fields, self.command.values, self.facts)
        _check_budget(self.mechanism, fields, given)
        return given

    def _held(self) -> frozenset[str]:
        held, behalf = self.facts.roles, self.command.behalf
        return lent(self.mechanism, self.state, self.facts, behalf) if behalf else held

    def _giving_roles(self) -> frozenset[str]:
        """The roles whose values may come with it; who enters a word from outside may add what is theirs to say."""
        acting = acting_roles(self.mechanism, self.action, self._held())
        outside = voices(self.mechanism, self.action, self._held())
        return acting | {role.entered_by for role in outside if role.entered_by}

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
        outside = voices(self.mechanism, self.action, self._held())
        if outside and not self.command.evidence:
            raise Refusal(
                "missing_scan",
                N_(
                    "What %(role)s says or does is entered with evidence of it: a signed form, the note of a call, "
                    "a picture; attach it."
                ),
                field="evidence",
                role=Listed.of(role.label for role in outside),
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
        _refuse_strangers(fields, self.command.record)  # who may add entries may give each of their fields: proof 6
        entry = checked(fields, self.command.record, self.facts)
        _check_budget(self.mechanism, fields, entry, record=group.key)
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
                raise missing(field)
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
        if len(outside := voices(self.mechanism, self.action, self._held())) == 1:
            marks["voice"] = outside[0].key
        elif outside:  # of two parties the record cannot say which one it was
            marks["voices"] = [role.key for role in outside]
        return marks

    def _opened(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """What is noted here of the matters that the action registers."""
        match self.action.does:
            case Does.CHILD:
                return {"child": self.command.opened[0]}
            case Does.RAISE:
                return {"raised": self.command.opened[0]}
            case Does.SPREAD:
                return {"spread": [list(pair) for pair in zip(self._units(), self.command.opened, strict=True)]}
        return {}

    def _units(self) -> tuple[str, ...]:
        units = spread_over(self.action, self.state)
        if not units:
            raise Refusal(
                "nothing_to_spread",
                N_("Every unit under “%(name)s” has its part already; add the units that are missing."),
                field=self.action.over,
                name=self.mechanism.fields[str(self.action.over)].label,
            )
        return units

    def _with_entry(self, part: Mapping[str, Any] | None) -> State:
        """The matter with the new entry in its records, for what is computed over them."""
        if part is None:
            return self.state
        group, entry = self.state.records.get(part["group"], {}), part.get("entry") or str(self.state.version + 1)
        merged = {**group, entry: {**group.get(entry, {}), **opened(part["set"])}}
        return replace(self.state, records={**self.state.records, part["group"]: merged})

    def _with_opened(self, state: State) -> State:
        """The matter with what the action opens counted in, for conditions and for whether it may end."""
        more = len(self.command.opened)
        if self.action.child:
            return replace(state, open_children=state.open_children + more, children=state.children + more)
        return replace(state, raised=state.raised + more) if self.action.raises else state

    def _check_holds(self, after: State, values: Mapping[str, Value]) -> None:
        holds = self.action.holds
        if holds is not None and not holds.evaluate(environment(self.mechanism, after, values)):
            raise Refusal(
                "would_break",
                N_("“%(action)s” is not possible with these values: afterwards this would not hold: %(condition)s."),
                action=self.action.label,
                condition=Spoken(holds, self.mechanism),
            )

    def _move(self, after: State, values: Mapping[str, Value], moments: Mapping[str, date]) -> dict[str, Any]:
        action, today = self.action, self.facts.today
        if not action.to:
            here = self.mechanism.stages[self.state.stage]
            looked = here.review and action.does in (Does.WORK, Does.REVIEW)
            again = {**moments, "entered": today}
            return {"stage_due": _iso(stage_due(here, values, again, self.facts.calendar))} if looked else {}
        target = self.mechanism.stages[self._branch(after, values).stage]
        if target.end:
            self._check_closing(target, after, values)
        entered = {**moments, "entered": today}
        moved: dict[str, Any] = {"from": self.state.stage, "to": target.key, "owner": target.owner}
        moved["stage_due"] = _iso(stage_due(target, values, entered, self.facts.calendar))
        return {"moved": moved | ({"ended": target.end.value} if target.end else {})}

    def _branch(self, after: State, values: Mapping[str, Value]) -> Branch:
        known = environment(self.mechanism, after, values)
        for branch in self.action.to:
            if branch.when is None or branch.when.evaluate(known):
                return branch
        raise Refusal(
            "no_branch",
            N_("None of the ways out of “%(action)s” is open with these values."),
            action=self.action.label,
        )

    def _check_closing(self, target: Stage, after: State, values: Mapping[str, Value]) -> None:
        if after.open_children:
            raise Refusal(
                "open_children",
                N_("%(count)d part(s) of this matter are still open; end them first."),
                count=after.open_children,
            )
        if target.end is not End.SUCCESS:
            return
        _require(self.mechanism, self.mechanism.closing.requires, values)
        proofs = sum(not each.origin for each in self.state.evidence) + len(self.command.evidence)
        if proofs < self.mechanism.closing.evidence:
            raise Refusal(
                "missing_evidence",
                N_("A matter is closed on evidence: %(count)d piece(s) at least, and there are %(present)d."),
                field="evidence",
                count=self.mechanism.closing.evidence,
                present=proofs,
            )


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


def _check_budget(
    mechanism: Mechanism, fields: Mapping[str, Field], values: Mapping[str, Value], *, record: str | None = None
) -> None:
    """The budget year among `values` is a year: sums are told by it."""
    budget = mechanism.budget
    if budget is not None and budget.record == record and budget.year in values:
        check_year(fields[budget.year], values[budget.year])


def _require(mechanism: Mechanism, keys: tuple[str, ...], values: Mapping[str, Value]) -> None:
    for key in keys:
        if values.get(key) is None:
            raise missing(mechanism.fields[key])


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
