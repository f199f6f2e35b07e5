"""The same news, minutes and notice are read alike however they are laid out."""

from datetime import date

import pytest

from bihuan.intake.text import Reading, read_text
from intake.texts.columns import cut

DAY = date(2026, 9, 18)
NAMES = {
    "棠川市住房和城乡建设局": "zjj",
    "市住建局": "zjj",
    "住建": "zjj",
    "棠川市水务局": "swj",
    "市水务局": "swj",
    "棠川市审计局": "sjj",
    "市审计局": "sjj",
    "柳浦区人民政府": "lp",
    "柳浦区": "lp",
}
MECHANISMS = (
    ("audit_rectification", ("审计整改", "审计")),
    ("hazard", ("隐患", "积水点")),
    ("meeting_decision", ("会议决定", "会议")),
)

DRAINS = [
    "9月16日，市长罗望舒调研城市排水防涝工作。今年以来，全市已改造雨污管网42公里，消除积水点17处。",
    "在杏花路泵站，罗望舒听取了工程进展汇报，要求市水务局在10月15日前完成剩余9处积水点改造，确保汛期排水畅通。",
    "罗望舒强调，住建、城管等部门要加强夜间巡查，发现隐患当日登记。要进一步坚定信心，在全省发展大局中勇挑重担。",
]
AUDIT = [
    "市审计局近日通报逾期未整改的问题清单，涉及3家单位、资金860万元。",
    "会议要求，被审计单位要逐条制定审计整改方案，一个月内报送市审计局。",
]
HEADS = ("罗望舒调研城市排水防涝工作", "市审计局通报逾期未整改问题")


def _page(width: int, *, indent: str = "", blank: bool = False) -> str:
    """A page with a masthead, a headline above its article, and one below it on the next article's line."""
    joint = "\n\n" if blank else "\n"
    first = cut(["本报讯（记者 姜知远）" + DRAINS[0], *DRAINS[1:]], width=width, indent=indent, blank=blank)
    second = cut(["（上接一版）" + AUDIT[0], AUDIT[1] + "（下转四版）"], width=width, indent=indent, blank=blank)
    return joint.join(["2 版 2026年9月18日 星期五 责任编辑：苏问渠", HEADS[1], "", first.rstrip(), HEADS[0], second])


LAYOUTS = pytest.mark.parametrize(
    "text",
    [_page(15), _page(19, blank=True), _page(17, indent="　　"), _page(28), _page(14, blank=True)],
    ids=["columns", "wide columns, blank lines", "indents", "broad", "narrow, blank lines"],
)


def _read(text: str, day: date | None = DAY) -> Reading:
    return read_text(text, names=NAMES, mechanisms=MECHANISMS, day=day)


@LAYOUTS
def test_a_page_gives_the_same_articles_in_every_layout(text: str) -> None:
    drains, audit = _read(text).articles
    assert list(drains.paragraphs) == DRAINS
    assert list(audit.paragraphs) == AUDIT
    assert (drains.headline, drains.byline, drains.continued_from) == (HEADS[0], "记者 姜知远", None)
    assert (audit.headline, audit.byline, audit.continued_from) == (HEADS[1], None, 1)


@LAYOUTS
def test_a_page_proposes_the_same_matters_in_every_layout(text: str) -> None:
    drains, audit = _read(text).articles
    pump, patrol = drains.proposals
    assert (pump.speaker, pump.post, pump.units, pump.due) == ("罗望舒", "市长", ("swj",), date(2026, 10, 15))
    assert pump.task.startswith("完成剩余9处积水点改造") or pump.task.startswith("市水务局")
    assert pump.mechanism == "hazard"
    assert (patrol.units, patrol.due, str(patrol.due_note)) == (("zjj",), None, "no deadline in the text")
    (plan,) = audit.proposals
    assert (plan.speaker, plan.units, plan.due) == ("会议", (), date(2026, 10, 18))
    assert plan.mechanism == "audit_rectification"


@LAYOUTS
def test_what_was_reached_is_told_from_what_is_to_be_reached(text: str) -> None:
    drains, audit = _read(text).articles
    assert [(f.text, f.value, f.unit, f.kind) for f in drains.figures] == [
        ("42公里", 42, "公里", "achieved"),
        ("17处", 17, "处", "achieved"),
        ("9处", 9, "处", "to_do"),
    ]
    assert [(f.value, f.unit, f.kind) for f in audit.figures] == [
        (3, "家", "achieved"),
        (8_600_000, "yuan", "achieved"),
    ]


def test_the_day_of_a_page_is_that_of_its_masthead() -> None:
    reading = _read(_page(16), day=None)
    assert reading.day == DAY
    assert reading.articles[0].proposals[0].due == date(2026, 10, 15)


MINUTES = [
    "9月15日，市长罗望舒主持召开专题会议，研究城市内涝治理工作。现纪要如下：",
    "会议听取了市水务局关于汛期应对情况的汇报，汛期全市累计转移群众1200余人。",
    "会议议定：",
    "（一）由市住建局牵头，市水务局、柳浦区人民政府配合，12月底前改造易涝小区12个。",
    "（二）市审计局于10月20日前完成治涝资金专项审计。",
    "会议强调，各级各部门要提高政治站位，切实增强责任感使命感。",
]


@pytest.mark.parametrize("width", [16, 19, 28, 400])
def test_minutes_give_their_decisions_whether_cut_or_not(width: int) -> None:
    head = "棠川市人民政府\n专题会议纪要\n\n（第12期）\n\n棠川市人民政府办公室　　　2026年9月16日\n\n"
    reading = _read(
        head + cut(MINUTES, width=width, indent="　　") + "\n参加：市水务局何青岑，市住建局陆听松\n", day=None
    )
    (minutes,) = reading.articles
    assert minutes.headline == "棠川市人民政府专题会议纪要"
    assert list(minutes.paragraphs) == MINUTES
    first, second = minutes.proposals
    assert (first.speaker, first.units, first.due) == ("会议", ("zjj", "swj", "lp"), date(2026, 12, 31))
    assert (second.units, second.due) == (("sjj",), date(2026, 10, 20))
    assert {"task.led", "speaker.list", "due.month_end", "figure.to_do"} <= set(first.rules)
    assert [(f.value, f.kind) for f in minutes.figures] == [(1200, "achieved"), (12, "to_do")]


NOTICE = [
    "为做好冬季道路保畅工作，现就有关事项通知如下：",
    "一、全面排查隐患",
    "（一）排查范围。市住建局要在10月底前排查桥梁86座，建立隐患台账。",
    "（二）整改时限。一般隐患一周内整改，重大隐患尽快整改。",
    "1.柳浦区要于2026年11月20日前完成背街小巷路面修复。",
    "二、工作要求",
    "各单位要高度重视，主要负责同志亲自抓。",
]


@pytest.mark.parametrize("width", [18, 26, 400])
def test_a_notice_gives_its_numbered_tasks_and_no_more(width: int) -> None:
    head = "棠川市人民政府办公室文件\n\n棠政办发〔2026〕41号\n\n关于做好冬季道路保畅工作的通知\n\n"
    head += "各县（区）人民政府，市政府各部门：\n"
    tail = "\n　　　　棠川市人民政府办公室\n　　　　2026年9月18日\n　　（此件公开发布）\n抄送：市委办公室。\n"
    reading = _read(head + cut(NOTICE, width=width, indent="　　") + tail, day=None)
    (notice,) = reading.articles
    assert notice.headline == "关于做好冬季道路保畅工作的通知"
    assert list(notice.paragraphs) == NOTICE
    assert [(each.units, each.due) for each in notice.proposals] == [
        (("zjj",), date(2026, 10, 31)),
        ((), date(2026, 9, 25)),
        (("lp",), date(2026, 11, 20)),
    ]
    assert reading.day == DAY
    assert any("棠政办发" in strand.text for strand in reading.aside)
