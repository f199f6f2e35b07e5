"""The tutorials of the talent office's packs, as their readers follow them, step by step."""

import pytest

from bihuan.demo.walking import Walker
from bihuan.ledger.models import Link, Matter

from .tutorial_reader import Reader, day, this_year
from .tutorials_of_enterprises import standing

INDUSTRY, SCIENCE, PARK = "棠川市工业和信息化局", "棠川市科学技术局", "棠川经济开发区管理委员会"
OFFICE = "棠川市人才工作办公室"


def talent_demand(walker: Walker) -> None:
    reader = Reader("talent_demand")
    about = {"title": "装备产业人才需求摸底", "kind": "industry", "period_from": day(0), "period_to": day(10)}
    targets = (PARK, INDUSTRY)
    asked = {"responsible_unit": OFFICE, "target_units": targets, "report_by": day(40)}
    survey = reader.register("caiguangju", "talent_survey", **about, **asked)
    reader.press("caiguangju", "下发摸底任务", survey, title="人才需求摸底报告", report_by=day(20))
    found, none = (_return_of(survey, unit) for unit in (PARK, INDUSTRY))

    assert reader.finds_on_desk("yuanlianluo", found)
    visit = {"visited_on": day(0), "enterprise": "E006", "way": "visit", "staff": "420", "found": "缺工艺工程师"}
    reader.press("yuanlianluo", "登记走访企业", found, **visit)
    assert reader.sees("yuanlianluo", "零报告", found)
    wanted = {"enterprise": "E006", "post": "结晶工艺工程师", "number": "1", "urgency": "urgent"}
    demand = reader.open("yuanlianluo", "登记人才需求", found, responsible_unit=SCIENCE, talent_unit=OFFICE, **wanted)
    assert Link.objects.filter(matter=found, other=demand).exists()
    assert not reader.sees("yuanlianluo", "零报告", found)
    told = {"statement": "逐户询问。", "signed_by": "尤求贤"}
    reader.press("yuanlianluo", "报送摸底情况", found, files=1, **told)
    assert not reader.sees("gonglianluo", "报送摸底情况", none)
    reader.press("gonglianluo", "零报告", none, files=1, **told)

    reader.press("hezhencai", "抽查企业", none, checked_on=day(0), enterprise="E010", result="没有需求。")
    for each in (none, found):
        reader.press("hezhencai", "核查通过", each, opinion="属实。")
    assert (none.stage, found.stage) == ("none_found", "reported")
    reader.press("caiguangju", "汇总报核", survey, files=1, summary="均已报告。")
    reader.press("hezhencai", "核查办结", survey, opinion="一致。")
    assert survey.ended == "success"

    reader.press("caiguangju", "交办", demand)
    reader.press("kelianluo", "接收", demand)
    reader.press("kelianluo", "首次响应", demand, plan="联系院校。")
    match = {"done_on": day(0), "way": "expert", "recommended": "2", "content": "已签约。"}
    assert reader.is_refused("kelianluo", "登记对接", demand, hired="2", **match)
    reader.press("kelianluo", "登记对接", demand, hired="1", **match)
    reader.press("kelianluo", "答复企业", demand, files=1, answer="已到岗。", answered_on=day(0))
    reader.press("hezhencai", "企业确认", demand, files=1, satisfaction="satisfied")
    assert (demand.stage, demand.ended) == ("filled", "success")


def talent_demand_one_level_up(walker: Walker) -> None:
    reader = Reader("talent_demand")
    matter = standing(walker, "talent_demand", "filled", steps=6, ago=30)
    reader.press("hezhencai", "企业不满意，提级", matter, files=1, said_on=day(0), wanted="没有专人对接。")
    reader.press("lanqunying", "提级交办", matter, responsible_unit=INDUSTRY, instruction="确定专员。")
    assert matter.stage == "matching"


def talent_support(walker: Walker) -> None:
    reader = Reader("talent_support")
    about = {"talent_no": "TCRC-9001", "applicant": "虚人才", "employer": "示例企业", "benefit_kind": "elite"}
    asked = {"way": "introduced", "title": "精英人才引进", "requested": "300000元", "responsible_unit": SCIENCE}
    matter = reader.register("caiguangju", **about, **asked)
    with pytest.raises(AssertionError, match="该人才已有同类支持申请"):
        reader.register("caiguangju", **about, **asked)
    reader.press("caiguangju", "受理", matter, files=1, received_on=day(0))
    for kind in ("degree", "employment", "credit"):
        reader.press("kelianluo", "登记联审结果", matter, checked_on=day(0), kind=kind, result="属实。")
    reader.press("kelianluo", "联审符合，报评审", matter, files=1, precheck="符合。")
    assert not reader.sees("hezhencai", "评审通过，进入公示", matter)
    for expert in ("X001", "X002", "X003"):
        marks = {"reviewed_on": day(0), "expert": expert, "score": "80", "comment": "同意。"}
        reader.press("hezhencai", "登记专家评审", matter, files=1, **marks)
    reader.press("hezhencai", "评审通过，进入公示", matter, opinion="通过。")
    reader.press("caiguangju", "登记公示", matter, files=1, publicity_place="门户网站")
    assert not reader.sees("caiguangju", "公示期满，报审定", matter)

    older = standing(walker, "talent_support", "two_years", steps=10, ago=60)
    reader.press("caiguangju", "公示期满，报审定", older)
    granted = {"decision_no": "示例一号", "granted": "200000元", "service_years": "1"}
    reader.press("lanqunying", "审定支持", older, files=1, **granted)
    signed = {"agreement_no": "示例一号", "service_from": day(0), "service_to": day(365)}
    reader.press("caiguangju", "签订协议", older, files=1, **signed)
    paid = {"paid_on": day(0), "budget_year": this_year(), "source": "city"}
    assert reader.is_refused("kelianluo", "登记拨付", older, files=1, amount="150000元", **paid)
    reader.press("kelianluo", "登记拨付", older, files=1, amount="100000元", **paid)
    reader.press("kelianluo", "报送年度履约报告", older, files=1, year=this_year(), content="完成。")
    reader.press("hezhencai", "年度考核通过", older, checked_on=day(0), finding="合格。")
    reader.press("kelianluo", "登记拨付", older, files=1, amount="100000元", **paid)
    reader.press("kelianluo", "期满报核", older, files=1, achievements="完成。")
    reader.press("hezhencai", "核验期满办结", older, opinion="齐全。")
    assert (older.stage, older.ended) == ("concluded", "success")

    reader.press("lanqunying", "启动追回", older, files=1, to_return="200000元", due=day(60), reason="业绩不实。")
    assert older.stage == "recovering"


def _return_of(survey: Matter, unit: str) -> Matter:
    return Matter.objects.get(parent=survey, responsible__name=unit)
