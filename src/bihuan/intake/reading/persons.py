"""A unit with its person in one cell, under a header that names both: 市水利局/张某, 市水利局（张某）.

Only a cell of one known unit and of what can only be a person's name is divided; every other waits.
"""

import re

from bihuan.intake.reading.units import UnitIndex, UnitName
from bihuan.intake.reading.writing import fold

_PERSON_IN_HEADER = re.compile(r"责任人|负责人|联系人|承办人|经办人|责任领导")
_BREAKS = re.compile(r"[/、,;:()\s|\\-]+")
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦"
    "付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤甲乙丙丁"
)
_NOT_A_NAME = re.compile(r"[局委办厅府会院校部处科室所站队司团镇乡村街组心]$")
_TITLE = re.compile(r"(?:副?(?:局长|主任|书记|县长|镇长|乡长|科长|处长|经理|董事长|院长|校长))$")
_LONGEST = 60


def names_person_too(name: str) -> bool:
    """Tell whether the name of a column of units says that a person stands there too."""
    return _PERSON_IN_HEADER.search(name) is not None


def divide(text: str, units: UnitIndex) -> tuple[UnitName, str] | None:
    """Return the one unit and the person's text of a cell that holds both, or None where that is not certain."""
    if len(text) > _LONGEST:
        return None
    pieces = [piece for piece in _BREAKS.split(text.translate(_NARROW)) if piece]
    if len(pieces) < 2:
        return None
    unit = units.find(pieces[0]).unit
    if unit is None or not all(_is_person(piece) and not units.find(piece).unit for piece in pieces[1:]):
        return None
    return unit, "、".join(pieces[1:])


_NARROW = str.maketrans("／，；：（）｜－—", "/,;:()|--")


def _is_person(piece: str) -> bool:
    name = _TITLE.sub("", fold(piece))
    return (
        2 <= len(name) <= 4
        and name[0] in _SURNAMES
        and re.fullmatch(r"[\u4e00-\u9fff]+", name) is not None
        and not _NOT_A_NAME.search(name)
    )
