"""The week's files, as a city that has nothing yet would have them: its units, its people, their ledger."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl

CITY = "澄川市"
AUDIT = f"{CITY}审计局"
_NAMES = """
财政局 住房和城乡建设局 教育局 科学技术局 工业和信息化局 公安局 民政局 司法局
人力资源和社会保障局 自然资源局 生态环境局 交通运输局 水利局 农业农村局 商务局 文化和旅游局
卫生健康委员会 退役军人事务局 应急管理局 市场监督管理局 体育局 统计局 医疗保障局 林业和草原局
信访局 乡村振兴局 城市管理局 行政审批局 大数据局 机关事务中心 住房公积金管理中心 供销合作社
地方志办公室 档案馆 图书馆 博物馆 残疾人联合会 红十字会 国有资产管理中心 公路养护中心
"""
BUREAUS = tuple(_NAMES.split())
PROJECTS = ("2025年度预算执行审计", "专项债券资金审计", "民生资金审计", "工程建设审计")
HEADS = (
    *("问题编号", "审计项目", "问题摘要", "具体描述", "涉及金额（万元）", "整改类型", "责任单位", "责任人"),
    *("整改期限", "备注"),
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many bureaus the city has, and how many findings each of them. The walk is the same in every size."""

    bureaus: int
    each: int

    @property
    def rows(self) -> int:
        return self.bureaus * self.each

    @property
    def unknown_unit(self) -> tuple[int, ...]:
        """The rows whose unit nobody can know; they wait for a person."""
        return tuple(7 + self.rows // 4 * n for n in range(4))

    @property
    def no_amount(self) -> tuple[int, ...]:
        """The rows whose amount is no number; they wait too."""
        return tuple(11 + self.rows // 4 * n for n in range(4))

    @property
    def no_day(self) -> tuple[int, ...]:
        """The findings whose ledger names no day; the clerk sets one for all of them."""
        return tuple(14 + self.rows // 8 * n for n in range(5))

    @property
    def waiting(self) -> int:
        return len(self.unknown_unit + self.no_amount + self.no_day)


WHOLE = Size(bureaus=40, each=20)
EVERYDAY = Size(bureaus=12, each=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """One row as it should stand in the ledger after the import and the settling. `amount` is fen."""

    number: str
    unit: str
    title: str
    amount: int
    due: date | None


def unit_name(index: int) -> str:
    return f"{CITY}{BUREAUS[index]}"


def liaison(index: int) -> str:
    return f"lianluo{index:02d}"


def findings(size: Size, today: date) -> list[Finding]:
    """Return the findings; the unknown units are those that the clerk will name."""
    made = []
    for n in range(1, size.rows + 1):
        due = None if n in size.no_day else today + timedelta(days=-10 if n % 25 == 20 else 30 + n % 60)
        amount = 0 if n in size.no_amount else n * 1_234_500 + n % 100
        made.append(Finding(f"CC-{n:03d}", unit_name((n - 1) % size.bureaus), f"第{n}项资金未按规定使用", amount, due))
    return made


def write_units(path: Path, size: Size) -> Path:
    rows: list[list[Any]] = [[f"{CITY}人民政府", "市政府", 1, ""], [AUDIT, "市审计局|审计局", 2, f"{CITY}人民政府"]]
    rows += [
        [unit_name(index), f"市{each}|{each}", 2, f"{CITY}人民政府"]
        for index, each in enumerate(BUREAUS[: size.bureaus])
    ]
    return _write(path, ("单位名称", "简称", "级别", "上级单位"), rows)


def write_people(path: Path, size: Size) -> Path:
    rows = [
        ["zhengli", "郑理", AUDIT, "整改科科员", "审计整改管理岗", "2026-01-01"],
        ["hecha", "何查", AUDIT, "审计组主审", "审计组核查人", "2026-01-01"],
        ["shending", "沈定", AUDIT, "分管副局长", "审定销号人", "2026-01-01"],
    ]
    rows += [
        [liaison(index), f"联{each[:2]}", unit_name(index), "整改联络员", "责任单位联络人", "2026-01-01"]
        for index, each in enumerate(BUREAUS[: size.bureaus])
    ]
    return _write(path, ("账号", "姓名", "单位", "岗位", "角色", "任职起"), rows)


def write_ledger(path: Path, size: Size, today: date) -> Path:
    """Write the ledger as somebody else's Excel has it: a title row, short names, texts where numbers should be."""
    rows: list[list[Any]] = []
    for n, each in enumerate(findings(size, today), 1):
        short = each.unit.replace(CITY, "市") if n % 3 else each.unit
        unit = "待定（两家会商）" if n in size.unknown_unit else short
        amount: Any = "约三四百" if n in size.no_amount else each.amount / 1_000_000
        due = "" if each.due is None else each.due.strftime("%Y年%-m月%-d日") if n % 2 else each.due
        project = f"{CITY}{PROJECTS[n % 4]}"
        rows.append(
            [each.number, project, each.title, f"{each.title}，经抽查属实。", amount, "立行立改", unit, "某科", due, ""]
        )
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append([f"{CITY}审计查出问题整改台账"])
    sheet.append(list(HEADS))
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def _write(path: Path, heads: tuple[str, ...], rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (heads, *rows):
        sheet.append(list(row))
    book.save(path)
    return path
