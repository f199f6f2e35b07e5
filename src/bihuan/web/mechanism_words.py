"""A mechanism told in words: its stages, actions, ladders and fields, row by row."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bihuan.mechanism.diagram.guard import say_expression
from bihuan.mechanism.diagram.wording import Wording
from bihuan.mechanism.expression import Expression
from bihuan.mechanism.model import Action, Does, End, Field, FieldKind, Held, Label, Ladder, Mechanism, Role, Stage
from bihuan.mechanism.sentence import N_, Listed, Sentence

KINDS = {
    FieldKind.TEXT: N_("text"),
    FieldKind.LONG_TEXT: N_("long text"),
    FieldKind.CHOICE: N_("choice"),
    FieldKind.DATE: N_("date"),
    FieldKind.MONEY: N_("money"),
    FieldKind.NUMBER: N_("number"),
    FieldKind.UNIT: N_("unit"),
    FieldKind.PERSON: N_("person"),
    FieldKind.ENTRY: N_("register entry"),
    FieldKind.PLACE: N_("place"),
    FieldKind.EVIDENCE: N_("evidence"),
}
HELD = {
    Held.UNIT: N_("held by a post in the unit that is this to the matter"),
    Held.SUPERVISING: N_("held by a post in the unit that supervises the matter"),
    Held.PORTFOLIO: N_("held by a leader who answers for the responsible unit"),
    Held.OUTSIDE: N_("stands outside; what they say or do is entered for them, with evidence"),
}
DOES = {
    Does.STEP: "",
    Does.WORK: N_("does the work"),
    Does.VERIFY: N_("verifies"),
    Does.REJECT: N_("rejects"),
    Does.ASSIGN: N_("names the responsible unit"),
    Does.CHILD: N_("opens a part"),
    Does.SPREAD: N_("opens a part for every unit named"),
    Does.RAISE: N_("registers another matter, linked with this one"),
    Does.ASK_EXTENSION: N_("asks for an extension"),
    Does.GRANT_EXTENSION: N_("grants an extension"),
    Does.REFUSE_EXTENSION: N_("refuses an extension"),
    Does.REVIEW: N_("looks at continuing work"),
    Does.REOPEN: N_("reopens"),
}
ENDS = {End.SUCCESS: N_("end: done and verified"), End.OTHER: N_("another end")}
REVIEWED = {
    "secondary": N_(
        "The rules were taken from secondary sources and have not been compared with the official text yet."
    ),
    "official": N_("The rules were compared with the official text."),
}
UNREVIEWED = N_("Nobody has said yet how far these rules were checked.")


@dataclass(frozen=True, slots=True)
class StageTold:
    stage: Stage
    owner: Role | None
    clock: str
    ladder: Ladder | None
    end: str
    actions: Listed


@dataclass(frozen=True, slots=True)
class WayTold:
    stage: Label
    condition: str


@dataclass(frozen=True, slots=True)
class ActionTold:
    action: Action
    does: str
    by: Listed
    stages: Listed
    ways: tuple[WayTold, ...]
    notes: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class RungTold:
    when: Sentence
    to: Listed
    letter: Label | None


@dataclass(frozen=True, slots=True)
class FieldTold:
    field: Field
    kind: str
    by: Listed
    choices: Listed


class Telling:
    """Tells one mechanism in one language (`zh` or `en`)."""

    def __init__(self, mechanism: Mechanism, language: str) -> None:
        self.mechanism, self.language = mechanism, language
        self._wording = Wording(mechanism, language)

    def reviewed(self) -> str:
        return REVIEWED.get(self.mechanism.review_status, UNREVIEWED)

    def whole(self) -> tuple[str, ...]:
        """Say how long the whole matter may take, line by line."""
        return self._wording.whole()

    def roles(self) -> list[tuple[Role, str]]:
        return [(role, HELD[role.held]) for role in self.mechanism.roles.values()]

    def stages(self) -> list[StageTold]:
        return [self._stage(stage) for stage in self.mechanism.stages.values()]

    def actions(self) -> list[ActionTold]:
        return [self._action(action) for action in self.mechanism.actions.values()]

    def ladders(self) -> list[tuple[Ladder, list[RungTold]]]:
        letters = self.mechanism.letters
        return [
            (
                ladder,
                [
                    RungTold(
                        when_told(rung.at), self._roles(rung.to), letters[rung.letter].label if rung.letter else None
                    )
                    for rung in ladder.rungs
                ],
            )
            for ladder in self.mechanism.ladders.values()
        ]

    def fields(self) -> list[tuple[Label | None, list[FieldTold]]]:
        """Return the fields by group, in the order declared; those without one first."""
        groups: dict[str | None, list[FieldTold]] = {None: [], **{key: [] for key in self.mechanism.groups}}
        for field in self.mechanism.fields.values():
            groups[field.group].append(self._field(field))
        return [(self.mechanism.groups[key] if key else None, told) for key, told in groups.items() if told]

    def records(self) -> list[tuple[Label, list[FieldTold]]]:
        return [(each.label, [self._field(field) for field in each.fields]) for each in self.mechanism.records.values()]

    def _field(self, field: Field) -> FieldTold:
        choices = Listed.of(choice.label for choice in field.choices)
        return FieldTold(field, KINDS[field.kind], self._roles(field.by), choices)

    def _stage(self, stage: Stage) -> StageTold:
        words = self._wording
        clock = words.term(stage.term) if stage.term else words.review(stage.review) if stage.review else ""
        return StageTold(
            stage=stage,
            owner=self.mechanism.roles[stage.owner] if stage.owner else None,
            clock=clock,
            ladder=self.mechanism.ladders[stage.ladder] if stage.ladder else None,
            end=ENDS[stage.end] if stage.end else "",
            actions=Listed.of(action.label for action in self.mechanism.actions_at(stage.key)),
        )

    def _action(self, action: Action) -> ActionTold:
        stages = self.mechanism.stages
        ways = [
            WayTold(stages[branch.stage].label, self._condition(branch.when) if branch.when else "")
            for branch in action.to
        ]
        return ActionTold(
            action=action,
            does=DOES[action.does],
            by=self._roles(action.by),
            stages=Listed.of(stages[key].label for key in action.stages),
            ways=tuple(ways),
            notes=tuple(self._notes(action)),
        )

    def _notes(self, action: Action) -> Iterator[Sentence]:
        if action.guard:
            yield Sentence(N_("only when %(condition)s"), {"condition": self._condition(action.guard)})
        if action.requires:
            yield Sentence(N_("must be known: %(fields)s"), {"fields": self._fields(action.requires)})
        if given := [key for key in action.sets if key not in action.requires]:
            yield Sentence(N_("may come with it: %(fields)s"), {"fields": self._fields(given)})
        if action.record:
            yield Sentence(N_("adds a line to: %(record)s"), {"record": self.mechanism.records[action.record].label})
        if action.evidence:
            yield Sentence(N_("evidence: at least %(number)d"), {"number": action.evidence})
        if action.reason:
            yield Sentence(N_("with a reason"))
        if action.not_before:
            yield Sentence(N_("only after: %(term)s"), {"term": self._wording.term(action.not_before)})
        if action.not_after:
            yield Sentence(N_("only until: %(term)s"), {"term": self._wording.term(action.not_after)})
        if action.holds:
            yield Sentence(N_("must hold afterwards: %(condition)s"), {"condition": self._condition(action.holds)})
        if action.apart_from:
            doers = Listed.of(self.mechanism.actions[key].label for key in action.apart_from)
            yield Sentence(N_("not by whoever did: %(actions)s"), {"actions": doers})
        yield from self._rounds(action)

    def _rounds(self, action: Action) -> Iterator[Sentence]:
        if action.limit is not None and action.beyond:
            values = {"limit": action.limit, "role": self.mechanism.roles[action.beyond].label}
            yield Sentence(N_("at most %(limit)d times, then only by: %(role)s"), values)
        elif action.limit is not None:
            yield Sentence(N_("at most %(limit)d times"), {"limit": action.limit})

    def _condition(self, expression: Expression) -> str:
        return say_expression(expression, self.mechanism, self.language)

    def _roles(self, keys: Iterable[str]) -> Listed:
        return Listed.of(self.mechanism.roles[key].label for key in keys)

    def _fields(self, keys: Iterable[str]) -> Listed:
        computed = self.mechanism.computed
        return Listed.of((self.mechanism.fields.get(key) or computed[key]).label for key in keys)


def when_told(days: int) -> Sentence:
    """Say when a rung is due, `days` after the deadline (before it, if negative)."""
    if days == 0:
        return Sentence(N_("on the day itself"))
    if abs(days) == 1:
        return Sentence(N_("1 day before") if days < 0 else N_("1 day late"))
    return Sentence(N_("%(days)d days before") if days < 0 else N_("%(days)d days late"), {"days": abs(days)})
