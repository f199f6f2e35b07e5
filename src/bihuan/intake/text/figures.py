"""Quantities with their unit, and whether each has been reached or is to be reached."""

import re
from collections.abc import Iterable
from decimal import Decimal

from bihuan.intake.reading.writing import read_numeral

from .fold import narrow
from .model import Figure, Kind, Number

_SCALES = {
    "万亿": 10**12,
    "千亿": 10**11,
    "百亿": 10**10,
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 1000,
    "百": 100,
}
_UNITS = (
    "个百分点|百分点|平方公里|平方千米|平方米|立方米|千瓦时|兆瓦时|兆瓦|千瓦|公里|千米|公顷|"
    "公斤|千克|批次|人次|户次|车次|班次|件次|架次|家次|标箱"
    "|美元|欧元|港元|元|家|人|户|件|场|亩|个|名|项|座|条|处|次|台|辆|套|张|份|篇|起|例|宗|吨|"
    "米|册|眼|盏|部|所|栋|幢|间|只|头|株|棵|斤|升|倍|位|支|批"
    "|天|门|对|片|块|口|艘|架|本|卷|幅|颗|道|孔|班|组|队|团|村|类|种|匹|尾|羽|枚|根|箱|桶|车|票|单|度"
)
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_SCALE = "|".join(_SCALES)
_FIGURE = re.compile(
    rf"(?P<first>{_NUMBER})(?P<part>%|{_SCALE})?(?:(?:-+|至|到)(?P<last>{_NUMBER}))?"
    rf"(?P<more>余|多)?(?P<scale>{_SCALE})?(?P<rest>余|多)?(?P<unit>%|‰|{_UNITS})(?P<about>以上|以下|以内|左右|上下)?"
)
_WORDS = re.compile(
    r"(?P<n>[零一二三四五六七八九十百千两]+)(?P<scale>万亿|亿|万)?(?P<rest>余|多)?(?P<unit>元|"
    r"家|户|人|名|件|亩|公里|个|项|所|座|处|吨|条)"
)
_PERCENT = re.compile(r"百分之(?P<n>[零一二三四五六七八九十百]+)(?:点(?P<part>[零一二三四五六七八九]+))?")
_NOT_BEFORE = re.compile(r"(?:第|[A-Za-z\d.〔\[#№/:]|[A-Za-z]-|编号|电话|热线)$")
_NOT_AFTER = {
    "天": r"之内|以内|内|之后|以后|后|之前|前|来|时间|假",
    "个": r"月|工作日|小时|星期|年|自然日|季度|日历日|一(?!个)",
    "次": r"会议|全会|常务|党组",
    "度": r"夏|春",
    "元": r"旦|素|宝|件|宵",
    "人": r"大(?:会|代|常)|民",
    "班": r"子",
    "部": r"门|队|委",
    "组": r"织",
    "团": r"队|员|委",
    "对": r"[\u3400-\u9fff]{2,}(?:进行|开展)",
    "名": r"(?:录|单|称)",
    "项": r"目",
    "条": r"(?:例|件)",
    "单": r"位",
    "道": r"路",
    "所": r"有",
    "位": r"于",
    "种": r"植|粮",
    "类": r"别",
}
_TITLES = re.compile(r"《[^》]*》")
_APPROXIMATE = re.compile(r"(?:约|近|超|超过|逾|大约|将近|接近)$")
_TO_DO = re.compile(
    r"力争|确保|(?<![”》])计划(?=[\u3400-\u9fff\d])|目标|拟(?=[\u3400-\u9fff])|将(?=于|在|把|"
    r"新|建|实|举|投|开|完|对|继|再|达|进|持)|争取(?=到|完|实|达|在|于|今|明|年|\d)|"
    r"[底日月]前(?!已|，已)"
    r"|不少于|不低于|不超过|(?:今年|再)(?:再|新|建|改)|务必|必须|预期|"
    r"(?<![重主需只首必纪])要(?![素求闻点])|须|到20\d\d年"
)
_RESET = re.compile(r"(?:提高|增加|提升|上升|降|下降|压减|扩大)(?:到|至)|(?<!已)达到")
_DONE = re.compile(
    r"已(?!(?:查|发|排|梳|收|受|反|明|确|批|立|列|纳|签|登)[\u3400-\u9fff]{0,4}的\d)|累计|"
    r"去年|上年|截至|同比|目前|共(?:受理|收到|完成|建成|办理|计\b)|了(?!解)"
)


def find_figures(
    text: str, *, asked: bool, skip: Iterable[tuple[int, int]] = ()
) -> list[tuple[int, Figure, tuple[str, ...]]]:
    """Return (place, figure, rules) of each quantity in a sentence.

    `asked` says that the sentence gives a task, so that a figure is to be reached unless a word says it was. Days,
    deadlines (`skip`, as spans), numbers of documents and the like are no quantities.
    """
    folded = narrow(text)
    shut = [*skip, *(found.span() for found in _TITLES.finditer(folded))]
    found: list[tuple[int, Figure, tuple[str, ...]]] = []
    for read in (_read_digits, _read_words, _read_percents):
        for start, end, value, unit, rules in read(folded):
            taken = [*shut, *((place, place + len(figure.text)) for place, figure, _ in found)]
            if any(first < end and start < last for first, last in taken):
                continue
            kind = _kind(folded, start, asked=asked)
            found.append((start, Figure(text[start:end], value, unit, kind), (*rules, f"figure.{kind}")))
    return sorted(found, key=lambda one: one[0])


_Found = tuple[int, int, Number, str, tuple[str, ...]]


def _read_digits(text: str) -> list[_Found]:
    found: list[_Found] = []
    for one in _FIGURE.finditer(text):
        unit = one["unit"]
        after = _NOT_AFTER.get(unit)
        if _NOT_BEFORE.search(text[: one.start()]) or (after and re.match(after, text[one.end("unit") :])):
            continue
        if one["part"] and not one["last"] and one["part"] != one["scale"] and one["part"] == "%":
            continue
        scale = one["scale"] or (one["part"] if one["part"] != "%" else None)
        rules = ["figure.wan"] if scale else []
        if one["last"]:
            rules.append("figure.range")
        if one["more"] or one["rest"] or one["about"] or _APPROXIMATE.search(text[: one.start()]):
            rules.append("figure.about")
        value = _plain(Decimal(one["first"].replace(",", "")) * _SCALES.get(scale or "", 1))
        found.append((one.start(), one.end(), value, _unit(unit), tuple(rules)))
    return found


def _read_words(text: str) -> list[_Found]:
    """Read 三十家, 两千余户, 五百万元; a single numeral (一个, 三项) is speech rather than a quantity."""
    found: list[_Found] = []
    for one in _WORDS.finditer(text):
        number = read_numeral(one["n"])
        spoken = not one["scale"] and (len(one["n"]) < 2 or not set(one["n"]) & set("十百千"))
        after = _NOT_AFTER.get(one["unit"])
        if number is None or spoken or _NOT_BEFORE.search(text[: one.start()]):
            continue
        if after and re.match(after, text[one.end() :]):
            continue
        rules = (
            "figure.words",
            *(("figure.wan",) if one["scale"] else ()),
            *(("figure.about",) if one["rest"] else ()),
        )
        value = number * _SCALES.get(one["scale"] or "", 1)
        found.append((one.start(), one.end(), value, _unit(one["unit"]), rules))
    return found


def _read_percents(text: str) -> list[_Found]:
    found: list[_Found] = []
    for one in _PERCENT.finditer(text):
        number = read_numeral(one["n"])
        if number is None:
            continue
        part = "".join(str(read_numeral(c)) for c in one["part"] or "")
        value = _plain(Decimal(f"{number}.{part or 0}"))
        found.append((one.start(), one.end(), value, "%", ("figure.words",)))
    return found


def _plain(value: Decimal) -> Number:
    return int(value) if value == value.to_integral_value() else float(value)


def _unit(unit: str) -> str:
    return {"元": "yuan", "个百分点": "百分点"}.get(unit, unit)


def _kind(text: str, at: int, *, asked: bool) -> Kind:
    """Return what the last word before the figure that says anything says; the whole sentence's sense without one."""
    kind: Kind = "to_do" if asked else "achieved"
    last = -1
    signs: list[tuple[re.Pattern[str], Kind]] = [(_TO_DO, "to_do"), (_DONE, "achieved")]
    if asked:
        signs.append((_RESET, "to_do"))
    for pattern, meaning in signs:
        for found in pattern.finditer(text):
            if last < found.start() and found.end() <= at:
                last, kind = found.start(), meaning
    return kind
