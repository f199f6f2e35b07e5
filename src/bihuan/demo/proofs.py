"""What is attached to each step: the unit's own paper, and the proof of what it says."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from . import papers, pictures
from .material import Finding
from .timetable import Step
from .words import Said

#: What an action is called on the unit's stamped paper, for the actions that a clerk may enter from it.
_STAMPED = {
    "sign": "整改通知书签收回执",
    "return": "关于申请重新确定责任单位的函",
    "submit_plan": "审计整改方案",
    "report_progress": "审计整改进展情况报告",
    "ask_extension": "审计整改延期申请",
    "claim_done": "审计问题销号申请",
    "propose_impossible": "关于申请认定无法整改的报告",
    "report": "整改措施落实情况报告",
}
#: Papers that come as the picture of a page, as an office scanner makes it.
_SCANNED = frozenset({"sign"})
#: What shows that the money went where it belongs, for each way that it can go.
_VOUCHERS = {
    "paid_in": "缴款凭证.png",
    "returned": "收款凭证.png",
    "disbursed": "支付凭证.png",
    "budget_cut": "结算核减凭证.png",
    "adjusted": "记账凭证.png",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to be attached."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Scene:
    """A step of a finding on its day, said in these words, entered on behalf of its unit or by itself."""

    finding: Finding
    step: Step
    day: date
    said: Said
    behalf: bool

    @property
    def chance(self) -> Random:
        return self.finding.chance(f"proofs/{self.step.action}/{self.step.note}/{self.day}")


def proofs(scene: Scene) -> list[Paper]:
    """Return what the actor attaches."""
    return [*_stamped(scene), *_PROOFS.get(scene.step.action, _nothing)(scene)]


def _stamped(scene: Scene) -> Iterator[Paper]:
    title = _STAMPED.get(scene.step.action)
    if title is None or not scene.behalf:
        return
    finding, day = scene.finding, scene.day.isoformat()
    if scene.step.action in _SCANNED:
        yield Paper(f"{title}（扫描件）.png", pictures.slip(finding.finding_no, day, scene.chance))
        return
    told = [
        f"{finding.project.report_no}指出的“{finding.title}”（问题编号{finding.finding_no}），现将有关情况报告如下：",
        *_told(scene.said),
    ]
    page = papers.page(title, told, signed=finding.responsible_unit, day=_chinese(scene.day))
    yield Paper(f"{title}（盖章件）.pdf", page)


def _told(said: Said) -> list[str]:
    shown = ("measures", "stage_goals", "progress", "reason", "result", "cause", "next_step")
    return [str(said.values[key]) for key in shown if said.values.get(key)] + ([said.reason] if said.reason else [])


def _nothing(scene: Scene) -> Iterator[Paper]:
    return iter(())


def _claim(scene: Scene) -> Iterator[Paper]:
    finding, day = scene.finding, scene.day.isoformat()
    put_right = _put_right(scene.said)
    if put_right:
        name = next(name for way, name in _VOUCHERS.items() if way in scene.said.values)
        yield Paper(name, pictures.voucher(finding.finding_no, f"{put_right / 100:,.2f}", day))
    if finding.group == "项目管理":
        yield Paper("整改后现场照片.png", pictures.site(finding.finding_no, day, scene.chance))
    elif finding.group == "政策落实":
        lines = [
            "逐户办结情况",
            *(f"{n}. 第{n}户：已办结，经办人与对象双方签字确认。" for n in range(1, scene.chance.randint(5, 9))),
        ]
        yield Paper("办结明细.txt", papers.note(f"{finding.finding_no} {finding.title}", lines))
    elif finding.group == "内部管理" or not put_right:
        yield Paper("修订后的管理制度.pdf", _rules(scene))


def _put_right(said: Said) -> int:
    return sum(int(str(said.values.get(way) or 0)) for way in _VOUCHERS)


def _rules(scene: Scene) -> bytes:
    told = [
        "第一条　为堵塞审计指出的管理漏洞，结合本单位实际，制定本办法。",
        "第二条　经办、审核、审批岗位相互分离，资料不全的不予办理。",
    ]
    told += [
        "第三条　每季度开展一次自查，自查记录由内部审计岗位存档备查。",
        f"第四条　本办法自印发之日起执行，“{scene.finding.title}”事项对照执行。",
    ]
    return papers.page("内部管理办法（修订）", told, signed=scene.finding.responsible_unit, day=_chinese(scene.day))


def _report(scene: Scene) -> Iterator[Paper]:
    if scene.finding.group == "项目管理" and not scene.behalf:
        yield Paper("施工现场照片.png", pictures.site(scene.finding.finding_no, scene.day.isoformat(), scene.chance))


def _recognise(scene: Scene) -> Iterator[Paper]:
    if scene.said.values.get("check_way") == "on_site":
        told = [str(scene.said.values["opinion"]), f"核查事项：{scene.finding.title}。"]
        page = papers.page("审计整改核查记录", told, signed="棠川市审计局", day=_chinese(scene.day))
        yield Paper("实地核查记录.pdf", page)


def _proposal(scene: Scene) -> Iterator[Paper]:
    told = [f"经查，“{scene.finding.title}”事项所涉情况属实，特此证明。", "本证明仅用于办理审计整改事项。"]
    page = papers.page("情况证明", told, signed="出具证明单位（演示）", day=_chinese(scene.day))
    yield Paper("情况证明.pdf", page)


def _transfer(scene: Scene) -> Iterator[Paper]:
    page = papers.page("审计事项移送处理书", _told(scene.said), signed="棠川市审计局", day=_chinese(scene.day))
    yield Paper("移送处理书.pdf", page)


def _measure(scene: Scene) -> Iterator[Paper]:
    number = f"{scene.finding.finding_no}-{scene.step.note or 0}"
    yield Paper("措施落实佐证.png", pictures.site(number, scene.day.isoformat(), scene.chance))


def _talk(scene: Scene) -> Iterator[Paper]:
    content = str(scene.said.record["content"])
    if "电话" in content:
        yield Paper("电话记录.txt", papers.note(f"电话记录　{_chinese(scene.day)}", [scene.finding.title, content]))


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


_PROOFS: Mapping[str, Callable[[Scene], Iterator[Paper]]] = {
    "claim_done": _claim,
    "report_progress": _report,
    "log_communication": _talk,
    "recognise": _recognise,
    "propose_impossible": _proposal,
    "transfer": _transfer,
    "report": _measure,
}
