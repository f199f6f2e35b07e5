"""What happens to the matters of the big ledger, and the texts in them."""

import random
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import orjson
from big_ledger_city import BigCity

#: What is struck off has so many events; what is open fewer. On average there are ten.
EVENTS = 12
ZONE = ZoneInfo("Asia/Shanghai")

_PHRASES = (
    *(
        "经查阅会计凭证、合同和银行流水",
        "未按规定履行报批手续",
        "将专项资金用于日常公用经费",
        "挤占挪用项目资金",
        "影响项目建设进度",
    ),
    *(
        "工程结算多计工程量",
        "未按合同约定支付进度款",
        "固定资产长期未入账",
        "往来款项长期挂账未清理",
        "非税收入未及时上缴财政",
    ),
    *("预算编制不细化", "年初预算到位率偏低", "政府采购程序不规范", "招标文件设置不合理条件", "已建成设施长期闲置"),
    *(
        "补助对象审核把关不严",
        "向不符合条件的人员发放补贴",
        "绩效目标设置不完整",
        "绩效评价结果未有效运用",
        "内部控制制度不健全",
    ),
    *(
        "责任单位已召开专题会议研究部署",
        "明确牵头领导和具体责任人",
        "制定整改方案并倒排工期",
        "完善审批制度和台账管理",
        "组织业务培训",
    ),
    *(
        "资金已全部追回并上缴国库",
        "会计账目已作调整",
        "相关责任人员已被批评教育",
        "其余问题正在按计划推进",
        "下一步将加强日常监督检查",
    ),
)
_CHARACTERS = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 6000, 2))
_CATEGORIES = (
    "预算执行",
    "政府采购",
    "工程建设",
    "资产管理",
    "民生资金",
    "非税收入",
    "债务管理",
    "内部控制",
    "国企国资",
    "生态环保",
)


def play(city: BigCity, count: int, chance: random.Random) -> None:
    """Play `count` matters through the real write path, two thirds of them to their end."""
    for number in range(count):
        _play(city, number, chance)


def _play(city: BigCity, number: int, chance: random.Random) -> None:
    from bihuan.ledger.execute import execute
    from bihuan.ledger.orders import Entering, Order
    from bihuan.ledger.register import register_matters
    from bihuan.ledger.store import keep
    from bihuan.mechanism.state import Command

    unit, _ = city.owners[number % len(city.owners)]
    closed = number % 3 != 0
    ago = chance.randrange(100, 1500) if closed else chance.randrange(40, 420)
    now = datetime.combine(date.today() - timedelta(days=ago), time(9, 30), ZONE)
    immediate = number % 2 == 0
    values = {
        "title": f"{number}号问题：{sentence(chance, 1)}",
        "description": f"{number}：{sentence(chance, 6)}",
        "finding_no": f"T{number:06d}",
        "project": f"样例市第{number}号专项资金审计",
        "category": f"其他问题{number}类",
        "audited_unit": f"被审计单位{number}",
        "responsible_person": f"人员{number}甲",
        "standard": f"标准{number}：{sentence(chance, 2)}",
        "amount": chance.choice([None, chance.randrange(1_000_00, 90_000_000_00)]),
        "rectify_type": "immediate" if immediate else chance.choice(["phased", "continuous"]),
        "responsible_unit": unit,
    }
    values = {key: value for key, value in values.items() if value is not None}
    clerk = city.posts["clerk"]
    matter = register_matters([Entering("audit_rectification", values)], post=clerk, account="clerk", now=now)[0]
    steps = [("dispatch", "clerk", {}), ("sign", "liaison", {})]
    if not immediate:
        steps += [("submit_plan", "liaison", {"measures": _said(number, "措施", chance)}), ("accept_plan", "clerk", {})]
    ending = [
        ("claim_done", "liaison", {"result": _said(number, "结果", chance), "cause": _said(number, "根源", chance)}),
        ("recognise", "verifier", {"criterion": "money_settled", "opinion": _said(number, "意见", chance)}),
        ("strike_off", "approver", {}),
    ]
    reports = EVENTS - 1 - len(steps) - len(ending)
    for turn in range(reports):
        given = {"progress": _said(number, f"进展{turn}", chance), "next_step": _said(number, f"下一步{turn}", chance)}
        steps.append(("report_progress", "liaison", given))
    # What is open stands at every stage, most of it where the work is done; reports make up for missing events.
    kept = (
        len(steps) + len(ending)
        if closed
        else chance.choice([0, 1, 2, 3, *[len(steps)] * 6, len(steps) + 1, len(steps) + 2])
    )
    for action, by, given in (steps + ending)[:kept]:
        now += timedelta(days=chance.randrange(1, 4), minutes=chance.randrange(300))
        post = city.posts[f"liaison-{unit}" if by == "liaison" else by]
        proof = (keep(matter.pk, f"凭证{number}.txt", [f"{number}".encode()]),) if action == "claim_done" else ()
        command = Command(action, post.account.account, values=given, evidence=proof)
        execute(Order(matter.pk, command, post, None), now=now)


def _said(number: int, what: str, chance: random.Random) -> str:
    return f"{what}{number}：{sentence(chance, 2)}"


def sentence(chance: random.Random, phrases: int) -> str:
    """Return a text of so many phrases, with a name and a figure of its own, so that texts differ as real ones do."""
    parts = [chance.choice(_PHRASES) for _ in range(phrases)]
    name = "".join(chance.choices(_CHARACTERS, k=4))
    parts.insert(chance.randrange(len(parts) + 1), f"涉及{name}项目{chance.randrange(100_000) / 100}万元")
    return "，".join(parts) + "。"


def text_for(slot: str, value: str, chance: random.Random) -> str:
    """Return the JSON text of another value for `slot`, as long as such values are."""
    field = slot.rpartition(".")[2]
    if field == "name" or not value.startswith('"'):
        return value
    match field:
        case "finding_no":
            made = f"审〔{chance.randrange(2019, 2027)}〕{chance.randrange(400)}号-{chance.randrange(10_000):04d}"
        case "project":
            made = f"样例市{chance.randrange(2019, 2027)}年度第{chance.randrange(200):03d}号专项资金审计"
        case "category":
            made = chance.choice(_CATEGORIES)
        case "audited_unit" | "responsible_person":
            made = "".join(chance.choices(_CHARACTERS[:400], k=3))
        case "title":
            made = sentence(chance, 1)
        case "description":
            made = sentence(chance, chance.choice([2, 4, 8, 20]))
        case _:
            made = sentence(chance, chance.randrange(1, 5))
    return orjson.dumps(made).decode()
