"""The words of a drawing: what a mechanism says in keys and numbers, said to a person."""

from collections.abc import Mapping

from ..model import Action, Does, Field, Label, Mechanism, Span, Stage, Term
from .guard import say_expression
from .route import Way

WORDS: Mapping[str, Label] = {
    "register": Label("登记", "Register"),
    "here": Label("现在在这里", "Here now"),
    "beside": Label("主线以外", "Beside the main line"),
    "verify": Label("核验", "verify"),
    "main": Label("主线", "main line"),
    "back": Label("退回、恢复", "back or reopened"),
    "ahead": Label("跳过环节或转向", "ahead or aside"),
    "success": Label("办成的终点", "end: done and verified"),
    "other": Label("其他终点", "other end"),
    "check": Label("由另一角色独立核验", "looked at by another role"),
    "been": Label("已走过", "already passed"),
    "whole": Label("整个事项的期限", "Deadline of the whole matter"),
    "anyone": Label("未定", "not named"),
}
_SPANS = {
    Span.DAYS: Label("{n}天", "{n} days"),
    Span.WORKING_DAYS: Label("{n}个工作日", "{n} working days"),
    Span.MONTHS: Label("{n}个月", "{n} months"),
}
#: What an owner does on the way besides moving on; corrections and logs would only fill the picture.
_MEANWHILE = frozenset({Does.WORK, Does.ASSIGN, Does.ASK_EXTENSION, Does.CHILD, Does.SPREAD, Does.RAISE})
_ANCHORS = {"registered": Label("登记", "registration"), "entered": Label("进入本环节", "entering the stage")}


class Wording:
    """Says the parts of one mechanism in one language."""

    def __init__(self, mechanism: Mechanism, language: str) -> None:
        self.mechanism = mechanism
        self.language = language

    def say(self, label: Label) -> str:
        return label.text(self.language)

    def word(self, key: str) -> str:
        return self.say(WORDS[key])

    def both(self, zh: str, en: str) -> str:
        return self.say(Label(zh, en))

    def role(self, key: str) -> str:
        role = self.mechanism.roles.get(key)
        return self.say(role.label) if role else key

    def roles(self, keys: tuple[str, ...]) -> str:
        return self.both("、", ", ").join(map(self.role, keys))

    def stage_note(self, stage: Stage) -> tuple[str, ...]:
        """Say who must act and until when; nothing for an end."""
        if stage.end:
            return ()
        owner = self.role(stage.owner) if stage.owner else self.word("anyone")
        clock = self.term(stage.term) if stage.term else self.review(stage.review) if stage.review else ""
        return tuple(filter(None, (owner, clock)))

    def term(self, term: Term) -> str:
        span = self._span(term)
        if term.anchors == ("entered",):
            return span
        anchors = self.both("或", " or ").join(map(self._anchor, term.anchors))
        return self.both(f"自{anchors}起{span}", f"{span} from {anchors}")

    def review(self, term: Term) -> str:
        span = self._span(term)
        return self.both(f"每{span}至少报告一次", f"a look every {span}")

    def summit(self, ladder: str | None) -> str:
        """Say when and to which top role a ladder leads; empty if it reaches none."""
        declared = self.mechanism.ladders.get(ladder or "")
        rungs = declared.rungs if declared else ()
        roles = self.mechanism.roles
        tops = [(rung.at, tuple(key for key in rung.to if key in roles and roles[key].top)) for rung in rungs]
        at, told = max(((at, told) for at, told in tops if told), default=(0, ()))
        if not told:
            return ""
        zh = f"逾期{at}天" if at > 0 else f"到期前{-at}天" if at else "到期当天"
        days = f"{abs(at)} day{'' if abs(at) == 1 else 's'}"
        en = f"{days} late" if at > 0 else f"{days} before" if at else "on the last day"
        return self.both(f"{zh}提级至{self.roles(told)}", f"{en}: {self.roles(told)}")

    def way_note(self, way: Way, *, owner: str | None, beyond: bool) -> tuple[str, ...]:
        """Say who may go this way (if not the stage's owner), when it is open, and how often."""
        action = way.action
        parts = ["" if action.by == (owner,) else self.roles(action.by)]
        parts += [say_expression(guard, self.mechanism, self.language) for guard in way.guards]
        if action.not_before:
            parts.append(self.both(f"满{self.term(action.not_before)}后", f"after {self.term(action.not_before)}"))
        if action.not_after:
            parts.append(self.both(f"限{self.term(action.not_after)}内", f"within {self.term(action.not_after)}"))
        if action.limit is not None:
            parts.append(self.both(f"≤{action.limit}次", f"≤{action.limit}×"))
        if beyond and action.beyond:
            parts.append(self.both(f"其后由{self.role(action.beyond)}", f"then {self.role(action.beyond)}"))
        return tuple(filter(None, parts))

    def meanwhile(self, stage: Stage) -> str:
        """Name what the stage's owner can do without leaving it, as far as it belongs to the loop."""
        staying = [
            self.say(action.label)
            for action in self.mechanism.actions_at(stage.key)
            if not action.to and action.does in _MEANWHILE and stage.owner in action.by
        ]
        return self.both("在此可：", "Meanwhile: ") + self.both("、", ", ").join(staying) if staying else ""

    def whole(self) -> tuple[str, ...]:
        """Say the deadline of the whole matter, line by line, and how far it may be moved."""
        deadline, extension = self.mechanism.deadline, self.mechanism.extension
        lines = [self._class_term(key, term) for key, term in deadline.terms.items()]
        if deadline.term:
            lines.append(self.term(deadline.term))
        lines.append(self.summit(deadline.ladder))
        if extension:
            zh = f"可延期{extension.limit}次，每次不超过{extension.max_days}天"
            en = f"may be extended {extension.limit}×, by at most {extension.max_days} days each"
            lines.append(self.both(zh, en))
        return tuple(filter(None, lines))

    def back(self, ways: tuple[Way, ...], *, beyond: bool) -> str:
        """Say what a way back is and, with `beyond`, who decides when its rounds are used up."""
        top = next((way.action.beyond for way in ways if way.action.beyond), None) if beyond else None
        if not top:
            return self.word("back")
        zh = f"（次数用尽后由{self.role(top)}决定）"
        en = f" (rounds used up: {self.role(top)} decides)"
        return self.word("back") + self.both(zh, en)

    def _class_term(self, key: str, term: Term) -> str:
        """Say the term of one class; a class of continuing work is looked at then, not ended."""
        by_class = self.mechanism.fields.get(self.mechanism.deadline.by_class or "")
        label = next((each.label for each in by_class.choices if each.key == key), None) if by_class else None
        said = f"{self.say(label) if label else key}{self.both('：', ': ')}{self.term(term)}"
        review = key in self.mechanism.deadline.reviews
        return said + (self.both("（到期复查）", " (then reviewed)") if review else "")

    def _span(self, term: Term) -> str:
        span = self.say(_SPANS[term.span]).format(n=term.length)
        return span.removesuffix("s") if term.length == 1 else span

    def _anchor(self, anchor: str) -> str:
        kind, _, key = anchor.partition(":")
        declared: Action | Field | None = None
        if kind == "action":
            declared = self.mechanism.actions.get(key)
        elif kind == "field":
            declared = self.mechanism.fields.get(key)
        if declared is None:
            return self.say(_ANCHORS[anchor]) if anchor in _ANCHORS else anchor
        return self.both(declared.label.zh, f'"{declared.label.en}"')
