"""A clerk's table: ledgers written as real workbooks, brought in with the posts of the small city."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from django.db import connection

from bihuan.intake.bringing import import_ledger
from bihuan.intake.models import Intake, IntakeRow
from bihuan.intake.opening import open_intake
from bihuan.intake.report import Brought
from bihuan.mechanism.refusal import Refusal
from city import City

COLUMNS = (
    *("问题编号", "审计项目", "被审计单位", "问题摘要", "涉及金额（元）", "整改类型"),
    *("责任单位", "责任人", "整改期限", "整改状态", "整改进展情况", "备注"),
)

_SHORT = {
    "number": "问题编号",
    "project": "审计项目",
    "title": "问题摘要",
    "amount": "涉及金额（元）",
    "klass": "整改类型",
    "unit": "责任单位",
    "due": "整改期限",
    "status": "整改状态",
    "progress": "整改进展情况",
}


def row(number: int | str = 1, /, **changed: Any) -> dict[str, Any]:
    """Return a row that is understood; `changed` are other texts, by column or short name."""
    made = {
        "问题编号": f"{number:03d}" if isinstance(number, int) else number,
        "审计项目": "澄湖市2025年度预算执行审计",
        "被审计单位": "澄湖市住房和城乡建设局",
        "问题摘要": f"专项资金未及时收回（{number}）",
        "涉及金额（元）": "120000.50",
        "整改类型": "立行立改",
        "责任单位": "澄湖市住房和城乡建设局",
        "责任人": "甲某",
        "整改期限": "2026-12-31",
        "整改状态": "整改中",
        "整改进展情况": "已收回一半",
        "备注": "见底稿",
    }
    return made | {_SHORT.get(name, name): text for name, text in changed.items()}


@dataclass
class Table:
    """`bring` takes rows all the way; `open` only reads and stores them."""

    city: City
    folder: Path
    _made: list[Path] = field(default_factory=list)

    def write(
        self, rows: Sequence[Mapping[str, Any]], *, columns: Sequence[str] = COLUMNS, name: str = "台账.xlsx"
    ) -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.append(list(columns))
        for each in rows:
            sheet.append([each.get(column) for column in columns])
        path = self.folder / f"{len(self._made)}-{name}"
        book.save(path)
        self._made.append(path)
        return path

    def bring(self, path: Path | Sequence[Mapping[str, Any]], by: str = "clerk", **more: Any) -> Brought:
        path = path if isinstance(path, Path) else self.write(path)
        return import_ledger(path, **(self._asked(path, by) | more))

    def open(self, path: Path | Sequence[Mapping[str, Any]], by: str = "clerk", **more: Any) -> Intake:
        path = path if isinstance(path, Path) else self.write(path)
        return open_intake(path, **(self._asked(path, by) | more))

    def acting(self, by: str = "clerk") -> dict[str, Any]:
        """What every deed needs: the post, its account, and the time."""
        post = self.city.posts[by]
        return {"post": post, "account": post.account.account, "now": self.city.now}

    def _asked(self, path: Path, by: str) -> dict[str, Any]:
        return {"name": path.name, "mechanism": self.city.mechanism, **self.acting(by)}


def statuses(brought: Brought) -> list[str]:
    """Return the status of each stored row, those that are skipped left out."""
    assert brought.intake is not None
    rows = IntakeRow.objects.filter(intake=brought.intake).exclude(status="skipped").order_by("id")
    return list(rows.values_list("status", flat=True))


def race(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs at once, each on a connection of its own; return their results or refusals in order."""
    results: list[Any] = [None] * len(jobs)
    barrier = threading.Barrier(len(jobs))

    def run(place: int, job: Callable[[], Any]) -> None:
        barrier.wait()
        try:
            results[place] = job()
        except Refusal as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
