"""The tutorials of the packs that serve enterprises, as their readers follow them, step by step."""

from django.utils import timezone

from bihuan.demo.walking import Days, Walker, played
from bihuan.demo.walks import subjects, walks
from bihuan.ledger.models import Matter

from .tutorial_reader import Reader, client_of, day, this_year

REFORM, SCIENCE, PARK = "棠川市发展和改革局", "棠川市科学技术局", "棠川经济开发区管理委员会"


def standing(walker: Walker, pack: str, walk: str, *, steps: int, ago: int) -> Matter:
    """Return a matter as the demonstration has it: `steps` steps of the walk, begun `ago` working days ago."""
    today = timezone.localdate()
    first = walker.calendar.add_working_days(today, -ago)
    made = walker.begin(walks(pack)[walk], subjects(pack)[0], first)
    played(walker, walks(pack)[walk], made, Days(walker.calendar, first, today), stop=steps)
    return Matter.objects.get(pk=made)


def enterprise_difficulty(walker: Walker) -> None:
    reader = Reader("enterprise_difficulty")
    about = {"title": "厂区蒸汽压力不足", "enterprise": "E003", "category": "energy", "clock": "usual"}
    matter = reader.register("fuqiyou", responsible_unit=REFORM, **about)
    assert not reader.sees("fuqiyou", "交办", matter)
    reader.press("fuqiyou", "改定类别和时限", matter, category="energy", clock="quick")
    reader.press("fuqiyou", "交办", matter)
    reader.press("falianluo", "接收", matter)
    reader.press("falianluo", "首次答复", matter, plan="本周到厂查看。")
    reader.press("falianluo", "登记办理情况", matter, done_on=day(0), content="已到厂查看。")
    answer = {"result": "solved", "answer": "已恢复。", "delivered_way": "letter", "delivered_on": day(0)}
    assert reader.is_refused("falianluo", "答复企业", matter, **answer)
    reader.press("falianluo", "答复企业", matter, files=1, **answer)
    assert not reader.sees("falianluo", "企业确认", matter)
    assert reader.is_refused("fangwenqing", "企业确认", matter, satisfaction="satisfied")
    reader.press("fangwenqing", "企业确认", matter, files=1, satisfaction="satisfied")
    assert (matter.stage, matter.ended) == ("solved", "success")


def enterprise_difficulty_one_level_up(walker: Walker) -> None:
    reader = Reader("enterprise_difficulty")
    matter = standing(walker, "enterprise_difficulty", "solved", steps=5, ago=20)
    reader.press("fangwenqing", "企业不满意，提级重办", matter, files=1, said_on=day(0), wanted="没有解决。")
    reader.press("tongquanju", "提级交办", matter, responsible_unit=REFORM, instruction="一周内解决。")
    assert matter.stage == "handling"


def enterprise_cultivation(walker: Walker) -> None:
    reader = Reader("enterprise_cultivation")
    about = {"title": "申报专精特新", "enterprise": "E004", "title_kind": "srdi"}
    matter = reader.register("gongxisuan", responsible_unit=PARK, **about)
    reader.press("yuanlianluo", "登记差距和培育措施", matter, gap="专利偏少。")
    applied = {"batch": "第一批", "applied_on": day(0), "main_product": "杂粮粉"}
    reader.press("yuanlianluo", "报送申报材料", matter, files=1, **applied)
    reader.press("fuzaihe", "受理申报", matter, standard="current")
    reader.press("fuzaihe", "评审通过", matter, files=1, opinion="达到标准。")
    reader.press("gongxisuan", "登记公示", matter, files=1, publicity_place="门户网站")
    assert not reader.sees("xingchanye", "公示期满，同意认定", matter)

    older = standing(walker, "enterprise_cultivation", "held_to_the_end", steps=5, ago=60)
    reader.press("xingchanye", "公示期满，同意认定", older)
    filed = {"certificate_no": "示例一号", "granted_on": day(0), "valid_until": day(-1)}
    reader.press("fuzaihe", "登记证书和有效期", older, files=1, **filed)
    reader.press("fuzaihe", "有效期满，核验结束", older, ending_note="期满。")
    assert older.ended == "success"


def enterprise_cultivation_withdrawn(walker: Walker) -> None:
    reader = Reader("enterprise_cultivation")
    matter = standing(walker, "enterprise_cultivation", "held_to_the_end", steps=2, ago=40)
    reader.press("gongxisuan", "企业撤回申报", matter, files=1, reason="不再申报。")
    assert matter.stage == "left"


def policy_funds(walker: Walker) -> None:
    reader = Reader("policy_funds")
    about = {"title": "设备补助", "policy": "P001", "benefit_kind": "equipment", "enterprise": "E028"}
    asked = {"apply_year": this_year(), "applied": "300000元", "responsible_unit": SCIENCE}
    matter = reader.register("gongxisuan", **about, **asked)
    reader.press("gongxisuan", "受理", matter, files=1, mode="fast", received_on=day(0))
    reader.press("kelianluo", "报送初审意见", matter, files=1, precheck="属实。", proposed="200000元")
    reader.press("fuzaihe", "复核通过，进入公示", matter, opinion="无误。")
    reader.press("gongxisuan", "登记公示", matter, files=1, publicity_place="门户网站")
    assert not reader.sees("gongxisuan", "公示期满，报审定", matter)

    older = standing(walker, "policy_funds", "funds_paid", steps=4, ago=40)
    reader.press("gongxisuan", "公示期满，报审定", older)
    reader.press("xingchanye", "审定兑现", older, files=1, decision_no="示例一号", granted="200000元")
    paid = {"paid_on": day(0), "budget_year": this_year(), "source": "city"}
    assert reader.is_refused("falianluo", "登记拨付", older, files=1, amount="250000元", **paid)
    reader.press("falianluo", "登记拨付", older, files=1, amount="200000元", **paid)
    reader.press("falianluo", "拨付完毕", older)
    reader.press("fuzaihe", "企业确认到账", older, files=1, receipt_note="已到账。")
    assert (older.stage, older.ended) == ("paid_out", "success")

    reader.press("xingchanye", "启动追回", older, files=1, to_return="200000元", due=day(60), reason="发票重复。")
    assert older.stage == "recovering"


def project_milestone(walker: Walker) -> None:
    reader = Reader("project_milestone")
    project = reader.register("xiangtuijin", title="示范厂房", project_kind="base", responsible_unit=PARK, due=day(300))
    assert not reader.sees("xiangtuijin", "发榜", project)
    signed = {"undertaker": "市城投", "contract_no": "示例一号", "started_on": day(0)}
    reader.press("xiangtuijin", "签订任务书", project, files=1, **signed)
    about = {"title": "主体完工", "seq": "1", "target": "封顶。", "planned_on": day(-1), "payment": "100000元"}
    milestone = reader.open("xiangtuijin", "设置节点", project, responsible_unit=PARK, **about)
    assert not reader.sees("yuanlianluo", "申请验收", project)
    reached = {"actual": "已封顶。", "actual_on": day(0), "slip_cause": "雨季。"}
    reader.press("yuanlianluo", "申请节点考核", milestone, files=1, **reached)
    reader.press("xiangshice", "考核达标", milestone, files=1, opinion="达到。")
    assert "是否滞后于计划" in client_of("xiangshice").get(f"/matters/{milestone.number}/").content.decode()
    paid = {"paid_on": day(0), "budget_year": this_year(), "source": "city", "amount": "100000元"}
    reader.press("xiangtuijin", "登记拨款", milestone, files=1, **paid)
    reader.press("xiangtuijin", "拨款完毕，节点完成", milestone)
    assert milestone.ended == "success"
    reader.press("yuanlianluo", "申请验收", project, files=1, result="建成。", completed_on=day(0))
    reader.press("xiangshice", "验收核验通过", project, files=1, opinion="属实。")
    reader.press("xiangtonglan", "审定通过验收", project, approval="同意。")
    assert project.ended == "success"
