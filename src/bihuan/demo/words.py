"""What is said at each step of a story: the values, the entry, the reason that the actor gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from bihuan.mechanism.state import Value

from .material import Finding, particular, texts
from .outcome import criterion, outcome
from .stories import Course
from .suiting import suits
from .timetable import Step

_STANDARDS = {
    "资金管理": "涉及资金全部上缴、归还或拨付到位，附缴款书、银行回单和记账凭证；相关制度印发执行。",
    "项目管理": "问题部位返工或手续补办完毕，附第三方检测、验收或批复文件；结算差额已扣回。",
    "内部管理": "账实相符、岗位分离，附调账凭证和盘点表；修订后的制度执行满一个季度且有记录。",
    "政策落实": "应补、应退事项逐户办结，附发放或退款明细；长效机制明确责任单位和完成时限。",
}
_NEXT_STEPS = (
    "每周调度一次，未完成事项明确到科室和责任人，月底前报送佐证材料。",
    "由分管负责人牵头，会同配合单位集中办理，逐项对账销号。",
    "对照整改标准补齐凭证和制度执行记录，完成后立即申请销号。",
    "已列入本单位党组会议督办事项，倒排时间逐项推进。",
)
_DROPPED = "上级统一规定已作调整，该项措施与其他措施合并实施，不再单独执行。"


@dataclass(frozen=True, slots=True)
class Said:
    """What goes into a command beside who acts and what is attached."""

    values: Mapping[str, Value] = field(default_factory=dict)
    record: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""


@dataclass(slots=True)
class Script:
    """A finding's part in words. What was said once is not said again while there is something else to say."""

    course: Course
    units: Mapping[str, str]
    _said: set[str] = field(default_factory=set)
    _cause_told: bool = False

    @property
    def finding(self) -> Finding:
        return self.course.finding

    def say(self, step: Step, day: date, *, measure: int | None = None) -> Said:
        """Return what is said at `step`; `measure` is the number of the measure it is about, if it is about one."""
        chance = self.finding.chance(f"{step.action}/{step.note}/{day}/{measure}")
        if measure is None:
            return _LINES[step.action](self, step, day, chance)
        if step.action == "report":
            return Said({"result": f"该项措施（{self.measures()[measure]}）已按方案完成，佐证材料随附，请予核查。"})
        return _MEASURE_LINES[step.action](self, step, day, chance)

    def text(self, kind: str, chance: Random, fits: Callable[[str], bool] = lambda text: True) -> str:
        fitting = [each for each in texts(kind, self.finding) if fits(each)]
        suiting = [each for each in fitting if suits(each, self.finding)] or fitting
        chosen = chance.choice([each for each in suiting if each not in self._said] or suiting)
        self._said.add(chosen)
        return chosen

    def cause(self, chance: Random) -> dict[str, Value]:
        """Return the root cause the first time that it is asked for; it does not change afterwards."""
        if self._cause_told:
            return {}
        self._cause_told = True
        return {"cause": self.text("root_cause", chance)}

    def registration(self) -> dict[str, Value]:
        """Return the finding as the clerk writes it down."""
        finding, course = self.finding, self.course
        given: dict[str, Any] = {
            key: getattr(finding, key)
            for key in ("finding_no", "audited_unit", "category", "title", "description", "amount", "rectify_type")
        }
        given |= {
            "project": finding.project.title,
            "advice": finding.measures,
            "delivered_on": course.delivered.isoformat(),
            "in_report": "yes" if "预算" in finding.project.title or finding.lateness % 3 == 0 else "no",
            "responsible_unit": self.units[finding.responsible_unit],
            "assisting_units": [self.units[name] for name in finding.assisting_units],
            "responsible_person": finding.responsible_person,
            "due": self.first_due.isoformat(),
            "due_rule": finding.due_rule,
        }
        if not course.planned:
            given["measures"] = finding.measures
        return {key: value for key, value in given.items() if value not in (None, "", [])}

    @property
    def first_due(self) -> date:
        """The due day before any extension."""
        return self.course.due - timedelta(days=self.finding.extended_by)

    def measures(self) -> list[str]:
        """Return the parts of a numbered list of measures."""
        parts = [part.strip("；。 ") for part in self.finding.measures.split("；")]
        return [part.partition(".")[2] if part[:1].isdecimal() and part[1:2] == "." else part for part in parts]


def _dispatch(script: Script, step: Step, day: date, chance: Random) -> Said:
    return Said({"standard": _STANDARDS[script.finding.group]})


def _sign(script: Script, step: Step, day: date, chance: Random) -> Said:
    return Said(reason=script.text("sign", chance, lambda each: script.course.planned or "整改方案" not in each))


def _particular(script: Script, step: Step, day: date, chance: Random) -> Said:
    """Stories that turn on one thing say what it was."""
    if script.finding.story == "planning":
        return Said(reason=script.text("return_reason", chance, lambda each: "职责随机构调整" not in each))
    return Said(reason=particular(script.finding, step.action))


def _submit_plan(script: Script, step: Step, day: date, chance: Random) -> Said:
    """A draft that will be returned speaks in general terms only."""
    finding = script.finding
    measures = "对照问题逐项整改，加强管理，举一反三。" if step.note == "draft" else finding.measures
    given: dict[str, Value] = {"measures": measures, "stage_goals": script.text("plan", chance)}
    return Said(given if step.note == "draft" else given | script.cause(chance))


def _accept_plan(script: Script, step: Step, day: date, chance: Random) -> Said:
    fits = "同意" if script.finding.assisting_units else "同意按方案实施"
    return Said(reason=script.text("plan_opinion", chance, lambda each: fits in each or "设置合理" in each))


def _return_plan(script: Script, step: Step, day: date, chance: Random) -> Said:
    return Said(reason=script.text("plan_opinion", chance, lambda each: "过于笼统" in each))


def _report(script: Script, step: Step, day: date, chance: Random) -> Said:
    given: dict[str, Value] = {"progress": script.text("progress", chance), "next_step": chance.choice(_NEXT_STEPS)}
    if day > script.course.due:
        why = script.text("extension_reason", chance, lambda each: "，申请延期" in each)
        given["reason"] = why.replace("，申请延期", "")
    return Said(given)


def _talk(script: Script, step: Step, day: date, chance: Random) -> Said:
    left = (script.course.due - day).days
    content = script.text("communication", chance, lambda each: _fits_talk(each, left, script.finding))
    whom = "leader" if "副市长" in content else "audit_office" if "审计组" in content else "department"
    return Said(record={"talked_on": day.isoformat(), "talked_with": whom, "content": content})


def _fits_talk(content: str, left: int, finding: Finding) -> bool:
    if "不足十个工作日" in content:
        return 0 <= left <= 13
    if "报告逾期" in content or "联合督办" in content:
        return left < 0
    if "逾期后" in content:
        return 0 <= left <= 30
    if "走访三户" in content:
        return "补" in finding.title or "救助" in finding.title
    return "配合单位" not in content or bool(finding.assisting_units)


def _ask_extension(script: Script, step: Step, day: date, chance: Random) -> Said:
    course = script.course
    if script.finding.story == "rectifying_progress":  # the one that is refused
        until = course.due + timedelta(days=60)
        reason = script.text("extension_reason", chance)
    else:
        longer = 0 if script.finding.extended_by else chance.choice((30, 45, 60))
        until, reason = course.due + timedelta(days=longer), particular(script.finding, step.action)
    return Said({"extended_to": until.isoformat(), "next_step": chance.choice(_NEXT_STEPS)}, reason=reason)


def _grant(script: Script, step: Step, day: date, chance: Random) -> Said:
    return Said(
        reason=script.text("extension_opinion", chance, lambda each: "同意延期" in each and "不同意" not in each)
    )


def _refuse(script: Script, step: Step, day: date, chance: Random) -> Said:
    return Said(reason=script.text("extension_opinion", chance, lambda each: "不同意" in each))


def _claim(script: Script, step: Step, day: date, chance: Random) -> Said:
    return Said({"result": script.text("claim", chance), **script.cause(chance), **outcome(script.finding)})


def _recognise(script: Script, step: Step, day: date, chance: Random) -> Said:
    opinion = script.text("verification_pass", chance)
    way = "on_site" if any(word in opinion for word in ("现场", "实地", "实物")) else "paper"
    return Said({"criterion": criterion(script.finding), "check_way": way, "opinion": opinion})


def _send_back(script: Script, step: Step, day: date, chance: Random) -> Said:
    money = script.finding.amount is not None
    return Said(reason=script.text("verification_refuse", chance, lambda each: money or not {"款", "银行"} & set(each)))


def _strike_off(script: Script, step: Step, day: date, chance: Random) -> Said:
    return Said({"approval": script.text("approval", chance)})


def _accept_impossible(script: Script, step: Step, day: date, chance: Random) -> Said:
    return Said(
        {"approval": "经审核，所述情况属实、证据充分，认定为无法整改，资料归入审计项目档案；请完善制度，防止再次发生。"}
    )


def _reopen(script: Script, step: Step, day: date, chance: Random) -> Said:
    return Said({"due": script.course.due.isoformat()}, reason=particular(script.finding, step.action))


def _add_measure(script: Script, step: Step, day: date, chance: Random) -> Said:
    """The first is due before today, so that some are late; the others after it."""
    part, timetable = int(step.note), script.course.timetable
    soon = day + timedelta(days=max(2, (timetable.today - day).days * 6 // 10))
    due = timetable.from_today(18 + 25 * part) if part else soon
    return Said(
        {
            "title": script.measures()[part],
            "due": due.isoformat(),
            "responsible_person": script.finding.responsible_person,
        }
    )


def _measure_recognise(script: Script, step: Step, day: date, chance: Random) -> Said:
    return Said({"opinion": "经核查，该项措施已按方案落实，佐证材料真实、完整，同意办结。"})


def _measure_drop(script: Script, step: Step, day: date, chance: Random) -> Said:
    return Said(reason=_DROPPED)


Line = Callable[[Script, Step, date, Random], Said]

_LINES: Mapping[str, Line] = {
    "dispatch": _dispatch,
    "sign": _sign,
    "return": _particular,
    "submit_plan": _submit_plan,
    "accept_plan": _accept_plan,
    "return_plan": _return_plan,
    "report_progress": _report,
    "log_communication": _talk,
    "add_measure": _add_measure,
    "ask_extension": _ask_extension,
    "grant_extension": _grant,
    "refuse_extension": _refuse,
    "claim_done": _claim,
    "recognise": _recognise,
    "send_back": _send_back,
    "strike_off": _strike_off,
    "propose_impossible": _particular,
    "accept_impossible": _accept_impossible,
    "transfer": _particular,
    "reopen": _reopen,
}
_MEASURE_LINES: Mapping[str, Line] = {
    "recognise": _measure_recognise,
    "send_back": _send_back,
    "drop": _measure_drop,
}
