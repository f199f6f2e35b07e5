"""The tutorials of the packs that offices keep among themselves, as their readers follow them, step by step."""

from bihuan.demo.walking import Walker
from bihuan.directory.models import Unit
from bihuan.ledger.models import Matter

from .tutorial_reader import Reader, client_of, day, this_year

HOUSING, SCIENCE, REFORM = "棠川市住房和城乡建设局", "棠川市科学技术局", "棠川市发展和改革局"
TOWN, TOWN_MEDIATORS, PARK = "棠川市雁汀镇人民政府", "棠川市雁汀镇人民调解委员会", "棠川经济开发区管理委员会"
RAILWAY, SCHOOL = "棠川市铁路护路联防办公室", "棠川市第二中学"


def meeting_decision(walker: Walker) -> None:
    reader = Reader("meeting_decision")
    meeting = {"meeting": "市政府常务会议", "decision": "会议要求，改造老旧公厕。"}
    item = reader.register("duanduban", title="公共厕所改造", responsible_unit=HOUSING, **meeting)
    reader.press("duanduban", "提请立项", item, item_class="phased", decomposition="分解为一项任务。")
    reader.press("zongducu", "同意立项", item)
    assert not reader.sees("duanduban", "交办", item)
    about = {"title": "改造三座公厕", "stage_goals": "首月开工，次月完工。", "assisting_units": "棠川市财政局"}
    task = reader.open("duanduban", "分解立项", item, responsible_unit=HOUSING, due=day(60), **about)
    reader.press("duanduban", "交办", item)
    assert not reader.sees("haozhenggai", "申请办结", item)
    reader.press("haozhenggai", "签收", task)
    reader.press("haozhenggai", "报送进展", task, progress="已完工两座。", percent="60")
    assert reader.is_refused("haozhenggai", "报告完成", task, result="三座均已完工。")
    reader.press("haozhenggai", "报告完成", task, files=1, result="三座均已完工。")
    assert not reader.sees("haozhenggai", "核查办结", task)
    reader.press("chashiqing", "核查办结", task, check_way="on_site", opinion="属实。")
    assert task.ended == "success"
    reader.press("haozhenggai", "申请办结", item, files=1, result="改造完成。")
    reader.press("chashiqing", "核查属实", item, opinion="属实。")
    reader.press("zongducu", "审定办结", item, conclusion="同意。")
    assert item.ended == "success"


def leader_instruction(walker: Walker) -> None:
    reader = Reader("leader_instruction")
    paper = {"signed_by": "方统筹", "instruction": "请核查。", "urgency": "urgent"}
    matter = reader.register("duanduban", title="工地夜间施工扰民", responsible_unit=HOUSING, **paper)
    reader.press("duanduban", "转办", matter, responsible_unit=HOUSING, urgency="urgent", proposal="请限时核查。")
    reader.press("haozhenggai", "签收", matter)
    assert reader.is_refused("haozhenggai", "报送办理结果", matter, result="已纠正。")
    reader.press("haozhenggai", "报送办理结果", matter, files=1, result="已纠正。")
    assert not reader.sees("haozhenggai", "核查属实", matter)
    reader.press("chashiqing", "核查属实", matter, opinion="属实。")
    reader.press("duanduban", "回报批示领导", matter, files=1, reported_on=day(0), report_way="written")
    assert reader.sees("zongducu", "回报后办结", matter)
    reader.press("chashiqing", "领导阅示认可", matter, files=1, reply_kind="noted")
    assert matter.ended == "success"


def dispute_screening(walker: Walker) -> None:
    reader, offices = Reader("dispute_screening"), ["棠川市雁汀镇司法所", PARK]
    days = {"period_from": day(0), "period_to": day(10), "report_by": day(20)}
    about = {"title": "节前排查", "kind": "festival", "responsible_unit": "棠川市司法局", "target_units": offices}
    screening = reader.register("heweigui", **about, **days)
    reader.press("heweigui", "下发排查任务", screening, title="节前报告", report_by=day(12))
    ours, others = (Matter.objects.get(parent=screening, responsible__name=name) for name in offices)
    assert reader.finds_on_desk("yuanlianluo", others)
    found_none = {"villages": "3", "households": "40", "statement": "没有。", "signed_by": "主任"}
    reader.press("yuanlianluo", "零报告", others, files=1, **found_none)
    office = Unit.objects.get(name=offices[0]).key
    settled = {"found_on": day(0), "place": "村口", "parties": "两户", "about": "争水", "how": "劝解"}
    reader.press("heweigui", "登记就地化解", ours, files=1, unit=office, **settled)
    assert not reader.sees("heweigui", "零报告", ours)
    found_some = {"villages": "3", "statement": "有。", "signed_by": "所长"}
    reader.press("heweigui", "报送排查情况", ours, files=1, unit=office, **found_some)
    reader.press("juanbiqing", "抽查", others, checked_on=day(0), way="phone", result="属实。")
    reader.press("juanbiqing", "核查通过", others, opinion="属实。")
    assert others.stage == "none_found"
    reader.press("heweigui", "汇总报核", screening, files=1, summary="汇总。")
    assert not reader.sees("juanbiqing", "核查办结", screening) or reader.is_refused(
        "juanbiqing", "核查办结", screening, opinion="属实。"
    )
    reader.press("juanbiqing", "核查通过", ours, opinion="属实。")
    reader.press("juanbiqing", "核查办结", screening, opinion="办结。")
    assert screening.ended == "success"


def mediation(walker: Walker) -> None:
    reader = Reader("mediation")
    case = _dispute(reader)
    assert reader.finds_on_desk("quanheshun", case)
    reader.press("quanheshun", "受理", case, files=1, mediator_name="M001")
    reader.press("quanheshun", "告知权利义务", case, files=1, notice_way="written", session_mode="closed")
    assert not reader.sees("quanheshun", "达成书面协议", case)
    said = {"held_on": day(0), "place": "调解室", "present": "双方", "recorder": "书记员", "content": "谈妥。"}
    reader.press("quanheshun", "登记调解", case, files=1, **said)
    terms = {"facts": "院墙越界。", "terms": "给付。", "agreed_amount": "3000元", "perform_way": "银行转账"}
    dates = {"agreement_no": "一号", "agreed_on": day(0), "perform_by": day(21)}
    reader.press("quanheshun", "达成书面协议", case, files=1, **terms, **dates)
    assert not reader.sees("quanheshun", "履行完毕", case)
    paid = {"done_on": day(0), "item": "给付"}
    assert reader.is_refused("quanheshun", "登记履行", case, files=1, sum="3500元", **paid)
    reader.press("quanheshun", "登记履行", case, files=1, sum="3000元", **paid)
    reader.press("quanheshun", "履行完毕", case, files=1)
    seen = {"visited_on": day(0), "visited": "申请人", "kept": "yes", "satisfied": "yes", "signs": "无"}
    reader.press("quanheshun", "回访", case, files=1, **seen)
    reader.press("quanheshun", "立卷报评查", case, files=1, file_no="卷一", retention="short")
    assert not reader.sees("quanheshun", "评查合格，结案", case)
    reader.press("juanbiqing", "电话抽查", case, called_on=day(0), called="申请人", answer="属实。")
    reader.press("juanbiqing", "评查合格，结案", case, grade="ordinary", quality="good", opinion="同意。")
    assert case.ended == "success"


def mediation_refused(walker: Walker) -> None:
    reader = Reader("mediation")
    case = _dispute(reader)
    page = client_of("heweigui").get(f"/matters/{case.number}/act/refuse/").content.decode()
    assert 'id="outside"' in page
    reader.press("heweigui", "当事人明确拒绝调解", case, files=1, reason="不愿调解。")
    assert case.ended == "other"
    reader.press("heweigui", "重新受理", case, reason="双方又愿意了。", close_by=day(30))
    assert not case.ended


def _dispute(reader: Reader) -> Matter:
    about = {"title": "院墙纠纷", "dispute_type": "neighbours", "origin": "application"}
    return reader.register("heweigui", responsible_unit=TOWN_MEDIATORS, applicant="甲", respondent="乙", **about)


def expert_liaison(walker: Walker) -> None:
    reader = Reader("expert_liaison")
    terms = {"period": "one", "contacts_per_year": "2", "since": day(-367), "until": day(-2)}
    about = {"title": "联系新材料专家", "expert": "X001", "leader_name": "田问计"}
    pairing = reader.register("caiguangju", responsible_unit=SCIENCE, **about, **terms)
    assert reader.is_refused("hezhencai", "专家同意结对", pairing)
    reader.press("hezhencai", "专家同意结对", pairing, files=1)
    made = {"contacted_on": day(-1), "mode": "visit", "content": "走访实验室。"}
    for difficulty in ("passed_on", "none"):
        reader.press("kelianluo", "登记联系", pairing, difficulty=difficulty, **made)
    raised = {"title": "用电容量不足", "enterprise": "E001", "category": "energy", "clock": "quick"}
    units = {"responsible_unit": REFORM, "service_unit": "棠川市企业服务中心"}
    passed_on = reader.open("caiguangju", "转办困难问题", pairing, **raised, **units)
    assert passed_on.supervising.name == "棠川市企业服务中心"
    reader.press("kelianluo", "报送期满小结", pairing, files=1, summing_up="联系两次。")
    reader.press("hezhencai", "专家评价", pairing, files=1, satisfaction="satisfied")
    counted = {"year": day(-1)[:4], "counted": "2", "finding": "与记录一致。"}
    reader.press("hezhencai", "期满核验", pairing, opinion="达到约定次数。", **counted)
    assert pairing.ended == "success"


def safety_outreach(walker: Walker) -> None:
    reader = Reader("safety_outreach")
    about = {"title": "年度宣传计划", "year": this_year(), "audience": "pupils", "finish_by": day(120)}
    plan = reader.register("lupingan", responsible_unit=RAILWAY, **about)
    reader.press("lupingan", "报审计划", plan, files=1, goals="沿线学校全覆盖。")
    reader.press("luchangshou", "同意实施", plan, approval="同意。")
    visit = {"title": "进第二中学", "kind": "school", "school": "S002", "planned_on": day(7), "contact": "应老师"}
    activity = reader.open("lupingan", "安排活动", plan, responsible_unit=SCHOOL, **visit)
    assert reader.finds_on_desk("xiaolianluo", activity)
    held = {"held_on": day(0), "place": "操场", "audience_kind": "学生", "people": "300", "content": "讲课。"}
    reader.press("xiaolianluo", "登记活动开展", activity, files=1, **held)
    seen = {"title": "护栏缺口", "kind": "fence", "level": "general", "place": "校北", "found_on": day(0)}
    hazard = reader.open("xiaolianluo", "登记发现的隐患", activity, responsible_unit=TOWN, **seen)
    assert hazard.supervising.name == RAILWAY
    reader.press("xiaolianluo", "报送活动反馈", activity, files=1, feedback="好。")
    reader.press("luxikan", "受众单位确认", activity, files=1, confirmed_people="300")
    assert activity.ended == "success"
    reader.press("lupingan", "报送年度总结", plan, files=1, summary="完成。", people="300", missed="无")
    reader.press("luxikan", "核验办结", plan, opinion="属实。")
    assert plan.ended == "success"


def hazard(walker: Walker) -> None:
    reader = Reader("hazard")
    seen = {"title": "栅栏缺口", "kind": "fence", "level": "general", "place": "K1", "found_on": day(-1)}
    matter = reader.register("lupingan", responsible_unit=TOWN, **seen)
    assert str(matter.due) == day(29)
    reader.press("lupingan", "交办", matter)
    reader.press("yanlianluo", "签收", matter)
    reader.press("yanlianluo", "落实临时防护", matter, files=1, interim="围挡。")
    assert reader.is_refused("yanlianluo", "报请复查", matter, files=1, result="修好。")
    reader.press("yanlianluo", "报请复查", matter, files=2, result="修好。")
    assert not reader.sees("yanlianluo", "现场复查，销号", matter)
    reader.press("luxikan", "现场复查，销号", matter, files=1, checked_on=day(0), opinion="消除。")
    assert matter.ended == "success"


def eco_rectification(walker: Walker) -> None:
    """As far as a day allows: the publicity period has to run out first."""
    reader = Reader("eco_rectification")
    where = {"place": "雁汀桥下", "rectify_type": "immediate"}
    problem = reader.register("luchangqing", title="排口溢流", responsible_unit=HOUSING, **where)
    reader.press("luchangqing", "交办", problem, rectify_type="immediate")
    about = {"title": "封堵排口", "standard": "无溢流。", "due": day(20)}
    goal = reader.open("haozhenggai", "分解阶段目标", problem, responsible_unit=HOUSING, **about)
    reader.press("haozhenggai", "报送整改方案", problem, goal="消除溢流。", measures="封堵、截流。")
    reader.press("luchangqing", "同意方案", problem)
    assert not reader.sees("haozhenggai", "申请销号", problem)
    reader.press("haozhenggai", "报送完成情况", goal, files=1, result="已封堵。")
    reader.press("qingjiandi", "核查达到目标", goal, files=1, place="雁汀桥下", opinion="达到。")
    reader.press("haozhenggai", "申请销号", problem, files=2, result="无溢流。")
    seen = {"checked_at": "雁汀桥下", "checked_on": day(0), "opinion": "整改到位。"}
    assert reader.is_refused("qingjiandi", "现场核查合格", problem, **seen)
    reader.press("qingjiandi", "现场核查合格", problem, files=1, **seen)
    reader.press("luchangqing", "登记公示", problem, files=1, published_in="市生态环境局网站")
    again = {"title": "排口回头看", "place": "雁汀桥下"}
    later = reader.open("luchangqing", "安排回头看", problem, responsible_unit=HOUSING, **again)
    assert (later.mechanism, later.parent_id) == ("eco_lookback", None)
    assert not reader.sees("shuichangliu", "审定销号", problem)
    assert "审定销号" in client_of("shuichangliu").get(f"/matters/{problem.number}/").content.decode()
