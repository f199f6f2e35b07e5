"""What the headings of a document say of what stands below them: work done, work to be done, or general aims."""

import re
from typing import Literal

from .marks import item_level

Sense = Literal["past", "plan", "aims", "open"]

_PAST = re.compile(r"回顾|总结|取得的?成[效绩]|完成情况|进展情况|主要成[效绩]|存在(?:的)?(?:主要)?问题|基本情况")
_PLAN = re.compile(r"安排|打算|任务|重点工作|工作重点|措施|举措|要求|下一步|分工|保障|步骤|今后")
_AIMS = re.compile(r"指导思想|总体要求|基本原则|总体思路|重要意义|充分认识")
_AS_FOLLOWS = re.compile(r"(?:如下|以下(?:事项|意见|要求|工作))[：:]$")
_LONGEST = 40


def sense_of(heading: str) -> Sense | None:
    """Return what a paragraph that is a heading of the first levels says; None where it is none, or says nothing."""
    if len(heading) > _LONGEST or any(c in heading for c in "。；！？"):
        return None
    if _AIMS.search(heading):
        return "aims"
    if _PAST.search(heading):
        return "past"
    return "plan" if _PLAN.search(heading) else None


def is_heading(paragraph: str) -> bool:
    """Tell whether a paragraph is a heading: numbered or short, and without a sign at its end."""
    if len(paragraph) > _LONGEST or paragraph[-1] in "。；！？”：:":
        return False
    return item_level(paragraph) > 0 or not any(c in paragraph for c in "，。；：")


def announces(paragraph: str) -> bool:
    """Tell whether a paragraph announces what is asked for: 通知如下："""
    return bool(_AS_FOLLOWS.search(paragraph))
