"""Units named in a sentence: the longest name of the directory that fits, where it can stand as a name.

局 inside 大局, 格局 or 邮局 is no bureau because only names of the directory count; and a name counts only where what
stands beside it does not make another word of it (我国资源, 县城管网, 城市委托, 人民政府).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .fold import narrow

RECEIVER = "units.receiver"
#: A name that ends so names a body by itself; any other is a field of work, or a region.
_BODY = re.compile(
    r"(?:局|委|办|院|厅|部|处|科|室|署|中心|政府|队|站|所|社|会|校|公司|集团|银行|行|街道|"
    r"委员会|办公室|监委|纪委|军分区|人武部|园|馆|台|基地|学校|小学|中学|医院|大学|法院|"
    r"检察院|总工会|团委|妇联|残联|科协|侨联|工商联|文联)$"
)
_REGION = re.compile(r"(?:自治[州县区]|[市县区旗州镇乡村])$")
#: What may not follow a name that ends in this character: together they are another word.
_ELSE_AFTER = {
    "局": r"面(?![临对向])|势|长(?!期)|限[于性]|促",
    "委": r"员|托|派|屈|婉|常委|书记|副书记|秘书长|常务|全会|组织部|宣传部|统战部|政法委|办|督查|"
    r"党校|直属|编办|巡察|机构",
    "办": r"公|事|法|理(?!由)|学|案|结|好|成|妥|实",
    "院": r"长|校|线|士|落|系",
    "会": r"议|场|见|晤|同|商|计|谈|员|长|上|前|后|客|展|址",
    "队": r"伍|员|长|列|形",
    "所": r"有|以|需|长|得|谓|属|在|辖|涉|述",
    "部": r"门|长(?!期)|分|队(?!伍建)|级|署|位|件|委",
    "站": r"位|立|稳|点|长|台|岗",
    "社": r"会|区|保|交|团",
    "行": r"动|业|为|政|程|使|列|驶|走|情|长",
    "府": r"办|采购|性|投资|信息|网|工作报告|债",
    "园": r"区|林|丁",
    "台": r"账|阶|词",
    "室": r"内|外",
    "心": r"思想|组|任务|城区|工作|内容",
    "校": r"园|长|舍|友|外|内",
    "科": r"学|技|研|室|员|长|目|普",
    "处": r"理|置|罚|分|于|在|长|级|方",
}
_ELSE_BEFORE = {
    "市": "城都超门股上楼集夜菜闹街黑利",
    "县": "州市",
    "区": "市县社园山地景小城库校片辖赛雷郊",
    "省": "节反内",
}
#: The level of a body that a name of this city does not have.
_OTHER_LEVEL = "省州县区乡镇国"
#: After a region's name, so that the region is spoken to and not only the place of something.
_SPOKEN_TO = re.compile(
    r"(?:人民)?政府|[要将应须于等负牵配会及和与、，,：:；;]|在\d|必须|务必|主要|尽快|抓紧|"
    r"加快|按|参照|根据|结合|认真|切实|积极|做好|继续|进一步|全力|$"
)
_PLACE_BEFORE = re.compile(r"(?:在|位于|用于|来自|走进|到|赴|前往|来到|从|途经|涉及|覆盖|集中在|分布在)$")
_RECEIVES = re.compile(r"(?:报|报送|报至|上报|报请|呈报|抄送|送|送至|发送|移交|反馈至|提交)(?:给)?$")
_LIST = re.compile(r"[、和及与]|以及")
_FIELDS_END = re.compile(r"等?(?:\d{1,2}个|多个|各|有关|相关|主管|行政|职能|业务)*(?:部门|单位|系统|职能部门)")
#: A field in such a list that the directory does not know.
_STRANGER = re.compile(rf"[\u3400-\u9fff]{{2,6}}?(?=[、和及与]|{_FIELDS_END.pattern})")
_BESIDE = re.compile(r"委(?:、|和|及|与)(?:[区县市旗])(?:人民)?政府")


@dataclass(frozen=True, slots=True)
class Mention:
    """A unit named at `start` to `end` of a sentence."""

    key: str
    start: int
    end: int
    rule: str


class Names:
    """The names of a directory, ready to be looked for. Names of one character are left out."""

    def __init__(self, names: Mapping[str, str]) -> None:
        folded = {narrow("".join(name.split())): key for name, key in names.items()}
        self._keys = {name: key for name, key in folded.items() if len(name) > 1}
        ordered = sorted(self._keys, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def find(self, text: str, *, skip: Iterable[tuple[int, int]] = ()) -> tuple[Mention, ...]:
        """Return the units that `text` names as those who act, in order, each once; `skip` are spans to leave out."""
        return tuple(each for each in self.find_all(text, skip=skip) if each.rule != RECEIVER)

    def find_all(self, text: str, *, skip: Iterable[tuple[int, int]] = ()) -> tuple[Mention, ...]:
        """Return what `find` does, and after it the units to which something is only reported (rule `RECEIVER`)."""
        if self._pattern is None:
            return ()
        folded = narrow(text)
        spans = [found.span() for found in self._pattern.finditer(folded)]
        shut = tuple(skip)
        found: dict[str, Mention] = {}
        receiving: dict[str, Mention] = {}
        for place, (start, end) in enumerate(spans):
            if any(first <= start < last for first, last in shut):
                continue
            rule, end = self._judge(folded, spans, place)
            key = self._keys[folded[start : spans[place][1]]]
            named = receiving if rule == RECEIVER else found
            if rule and key not in named:
                named[key] = Mention(key, start, end, rule)
        return (*found.values(), *receiving.values())

    def _judge(self, text: str, spans: list[tuple[int, int]], place: int) -> tuple[str, int]:
        """Return by which rule the name at `place` names one who acts ('' by none), and where it ends."""
        start, end = spans[place]
        name, before, after = text[start:end], text[:start], text[end:]
        if _RECEIVES.search(before):
            return (RECEIVER if _BODY.search(name) else ""), end
        if _BODY.search(name) and not _REGION.search(name):
            return ("units.name" if _is_whole(name, before, after) else ""), end
        if _REGION.search(name):
            return self._judge_region(name, before, after, end)
        return ("units.department" if _is_field(text, spans, place) else ""), end

    @staticmethod
    def _judge_region(name: str, before: str, after: str, end: int) -> tuple[str, int]:
        beside = _BESIDE.match(after)
        if beside:
            return "units.government", end + beside.end()
        if _PLACE_BEFORE.search(before) or not _SPOKEN_TO.match(after):
            return "", end
        return "units.name", end


def _is_whole(name: str, before: str, after: str) -> bool:
    """Tell whether neither neighbour makes another word of the name."""
    wrong_after = _ELSE_AFTER.get(name[-1])
    if wrong_after and re.match(wrong_after, after):
        return False
    if before and before[-1] in _ELSE_BEFORE.get(name[0], ""):
        return False
    own_level = name[0] in "省市州县区" or len(name) > 6
    return own_level or not (before and before[-1] in _OTHER_LEVEL)


def _is_field(text: str, spans: list[tuple[int, int]], place: int) -> bool:
    """Tell whether a bare field of work stands in a list that ends in 部门 or 单位."""
    start, end = spans[place]
    if start and place and spans[place - 1][1] == start:
        return False
    while True:
        if _FIELDS_END.match(text, end):
            return True
        joint = _LIST.match(text, end)
        if not joint:
            return False
        following = next((span for span in spans if span[0] == joint.end()), None)
        stranger = _STRANGER.match(text, joint.end())
        if following is None and stranger is None:
            return False
        end = following[1] if following else stranger.end() if stranger else end
