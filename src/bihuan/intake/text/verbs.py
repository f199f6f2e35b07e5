"""Words by which a clause is told to ask for work, or only for an attitude.

The lists are data: what a city's papers use beyond them can be added here.
"""

import re

_WORK = (
    "建立|健全|完善|制定|制订|出台|编制|印发|修订|落实|抓好|抓实|抓紧|抓牢|做好|做实|做优|"
    "做细|办好|办理|推进|推动|加快|加强|加密|加大|强化|深化|开展|组织|组建|实施|补齐|补足|"
    "备足|配足|配齐"
    "|整改|排查|化解|解决|处置|处理|治理|整治|清理|清零|清退|销号|建设|新建|改建|扩建|再建|"
    "建成|建好|建账|改造|修复|复绿|复核|核实|核定|核查|核销|提升|提高|优化|改善|完成|启动|"
    "开工|竣工|交付|支付|兑现|拨付"
    "|安排|筹措|争取|引进|引导|培育|培养|壮大|服务|帮助|帮扶|支持|协调|对接|沟通|衔接|配合|"
    "牵头|负责(?!同志|人)|督促|督办|督导|监督|检查|抽查|巡查|审核|审查|审批|验收|评估|报送|上报|反馈|"
    "通报|公示|公开|公布|提交"
    "|梳理|摸清|摸排|登记|建档|归档|收集|汇总|宣传|培训|发放|用好|用足|盘活|扩大|稳住|拓展|"
    "发展|打造|打通|畅通|抢通|压实|统筹安排|统筹推进|统筹起来|统筹做好|细化|明确|分解|跟进|"
    "跟踪|保护|维护|防范"
    "|严查|严打|严控|严防|杜绝|消除|关停|拆除|搬迁|安置|救助|追缴|收回|归还|退还|补缴|"
    "谋深做实|谋划|新增|增设|增加|减少|压减|降低|控制|抽调|拿出|提出|答复|书面答复|回复|问责|"
    "查处|责令|下架|集中办公|倒排工期|调度"
    "|调整|纳入|采取|采购|招标|签订|对照|转化|接入|覆盖|铺设|安装|升级|更新|维修|加固|疏浚|"
    "种植|绿化|供应|储备|投放|受理|移交|聘请|选派|下沉|走访|入户|回访|约谈|警示|曝光|执行|"
    "推广|总结|扛牢|落地|报"
)
WORK = re.compile(rf"(?:{_WORK})")

_ATTITUDE = (
    "高度重视|亲自抓|传导压力|提高站位|政治站位|深刻认识|深刻领会|增强|坚定|牢记|树立|树牢|"
    "弘扬|传承|凝心聚力|凝聚|展现|彰显|扛起|坚决扛|扛牢|坚持|保持|把握|紧扣|筑牢|严守|锚定|"
    "顾全|守住底线|勇挑|添彩|融入"
    "|统一思想|统一到|强支撑|持续用力|奋力|努力探索|开创|谱写|共建|走好|走出|引领|抓落实|"
    "真抓实干|实干争先|强基|力戒|守河"
)
#: Whole clauses of spirit, whatever verb stands in them.
_SPIRIT = re.compile(
    r"高度重视|亲自抓|传导压力|添彩|勇挑重担|持续用力|强支撑|上抓落实|更大作为|更大贡献|^.{0,4}发挥.*作用$|为.{2,16}(?:作出|做出|增光)"
)
ATTITUDE = re.compile(rf"(?:{_ATTITUDE})")

#: What a clause of mere intent ends in: there is nothing in it that anybody could check.
_ATTITUDE_END = re.compile(
    r"(?:精神|使命|担当|信心|决心|作风|导向|作为|站位|自觉|意识|合力|氛围|状态|大局|全局|格局|"
    r"形象|底线|红线|防线|篇章|贡献|姿态|本领|认识|思想)[”’」』）)]*$"
)
_ABSTRACT_END = re.compile(
    r"(?:力量|新路|道路|局面|优势|活力|动力|水平|能力|质量|效能|成效|实效|保障|支撑|环境|步伐"
    r"|行动|压力|未来|台阶|见效|责任|高质量发展|高水平保护|高水平安全|社会和谐稳定|获得感|"
    r"幸福感|安全感|落到实处|落地落实|取得实效|发展)[”’」』）)]*$"
)
#: Words that make work of an abstract end: 压实河长责任 is none, 落实整改责任清单 is.
_CONCRETE = re.compile(
    r"整改|台账|清单|方案|项目|工程|企业|资金|管网|园区|隐患|纠纷|问题|道路|公路|学校|医院|"
    r"社区|基础设施|预案|队伍|物资|制度|机制|平台|设施|政策|名单|报告|调度|审计|排查|调解|"
    r"招商|主体责任|一岗双责|农产品|农畜产品"
    r"|基地|标准化|服务体系|闭环"
)

MUST = re.compile(
    r"(?<![重主需只首必纪摘简扼概提紧险次想快机政显索讨])要(?!看到|清醒|认识到|意识到|求|素|"
    r"闻|点|害|件|道(?!路)|塞|义|么|是|不是|不然|说(?![明清到])|我说|知道|价|约|务(?!必)|案|"
    r"领(?!导)|紧(?![盯扣紧抓跟密贴围锣]))"
    r"|务必|必须|不得|严禁|一律|(?<![必])须(?=[于在由将按对向从严\u3400-\u9fff])(?!知|要)|"
    r"(?<![相响供适反对效回感顺照])应(?=[于在将当该按立尽])(?!当时)|需(?=[于在由将按])"
)
_REQUEST = re.compile(r"(?:^|[，,。；;：:])(?:现)?请(?=[\u3400-\u9fff]{2,})(?!假|示|求|柬|教|客|愿|高度|审议|阅)")
_HABIT = re.compile(r"(?:每天|每日|天天|总|都快|还|就|打算|早晚)要$")

_RUN_IN = 26
_PAST = re.compile(
    r"已(?:经)?(?!(?:查|发|排|梳|收|受|反|明|确|批|立|列|纳|签|登)[\u3400-\u9fff]{0,4}的)|"
    r"了(?!解)|累计|去年|上年|截至|同比|近年来|以来|取得|共(?:受理|收到|完成|建成|办理)|听取|"
    r"研究了|审议了|通报(?!整改)近期|出席|参加|主持召开"
)


#: Verbs of work that need no object.
_BY_ITSELF = re.compile(
    r"服务|配合|整改|问责|对接|沟通|协调|衔接|反馈|下架|集中办公|整治|排查|销号|推进|落实|督办|验收|办结|处置|追缴"
)


def is_work(clause: str, *, firm: bool) -> int:
    """Return where the work that `clause` asks for begins, or -1 where it asks for none.

    `firm` says that the clause holds a figure or a day, so that even an abstract end can be checked.
    """
    found = WORK.search(clause)
    while found and not _has_object(clause, found):
        found = WORK.search(clause, found.end())
    if not found:
        return -1
    if _SPIRIT.search(clause) or (_ATTITUDE_END.search(clause) and not firm):
        return -1
    attitude = ATTITUDE.search(clause)
    if attitude and attitude.start() <= found.start() and not _CONCRETE.search(clause[found.start() :]):
        return -1
    if _ABSTRACT_END.search(clause) and not firm and not _CONCRETE.search(clause[found.start() :]):
        return -1
    return found.start()


def _has_object(clause: str, found: re.Match[str]) -> bool:
    """Tell whether the verb has something to act on: after it, or before it by 将, 把, 对, 由 and the like."""
    after = clause[found.end() :].strip("”’」』）)")
    if clause[: found.start()].endswith(("的", "《", "“", "各项", "有关")) or re.match(r"[的是得]", after):
        return False
    if found.group() == "报":
        return bool(re.search(r"[将把]", clause[: found.start()])) or bool(re.match(r"[省市县区我]", after))
    if len(after) < 2 and _BY_ITSELF.fullmatch(found.group()) and found.start() >= 2:
        return True
    return len(after) >= 2 or bool(re.search(r"[将把对由就向前内]|全部|逐[一条项]", clause[: found.start()]))


def find_must(text: str, start: int = 0) -> int:
    """Return where the first word of duty ends in `text` from `start` on, or -1."""
    for found in MUST.finditer(text, start):
        if not _HABIT.search(text[: found.end()]):
            return found.end()
    return -1


def find_request(text: str) -> int:
    """Return where a request by 请 begins to say what for, or -1."""
    found = _REQUEST.search(text)
    return found.end() if found else -1


def is_past(text: str) -> bool:
    """Tell whether a clause reports what has been."""
    return bool(_PAST.search(text))


def is_run_in(text: str) -> bool:
    """Tell whether a numbered paragraph's first sentence is its heading."""
    return len(text) <= _RUN_IN and not any(c in text for c in "，,；;：:0123456789")
