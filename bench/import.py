"""Bringing in a ledger of 100,000 rows and 15 columns, against the floor of the same run.

The floor reads the same file with the bare library and writes the same rows with plain SQL. The product reads,
shows and registers them: events, hash chains, claims and all. Usage: import.py [ROWS]
"""

import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

ROWS = 100_000
MOST_SECONDS, MOST_MEMORY = 60, 1_500
COLUMNS = [
    *("问题编号", "审计项目", "被审计单位", "问题分类", "问题摘要", "具体描述", "涉及金额（万元）", "整改类型"),
    *("整改措施", "责任单位", "责任人", "整改时限", "整改状态", "整改进展情况", "备注"),
]
UNITS = 60
CHILD = "--measure"


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "ledger.xlsx"
        _write(path, rows)
        size = path.stat().st_size / 1e6
        print(f"{rows:,} rows × {len(COLUMNS)} columns, {size:.1f} MB")
        floor = _measure("floor", path, folder)
        product = _measure("product", path, folder)
    for told in (floor, product):
        memory = f"{told['memory']:.0f} MB" + (f" + {told['children']:.0f} MB in children" if told["children"] else "")
        print(
            f"{told['what']:8} {told['seconds']:6.1f} s ({told['cpu']:.1f} s of processor)   {memory}   {told['parts']}"
        )
    print(f"ratio    {product['seconds'] / floor['seconds']:6.1f} ×")
    memory = product["memory"] + product["children"]
    if rows == ROWS and (product["seconds"] > MOST_SECONDS or memory > MOST_MEMORY):
        sys.exit(
            f"too slow or too large: {product['seconds']:.1f} s of {MOST_SECONDS}, {memory:.0f} MB of {MOST_MEMORY}"
        )


def _write(path: Path, rows: int) -> None:
    chance = random.Random(7)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("整改台账")
        sheet.write_row(0, 0, COLUMNS)
        for number in range(rows):
            sheet.write_row(number + 1, 0, _row(number, chance))


def _row(number: int, chance: random.Random) -> tuple[Any, ...]:
    day = date(2026, 12, 1) + timedelta(days=chance.randrange(400))
    unit = f"样例市第{number % UNITS + 1:02d}局"
    story = (
        f"经查，{unit}在第{number + 1}项支出中，将专项资金用于日常公用经费，未履行报批手续，"
        f"涉及凭证{chance.randrange(400)}号等共{chance.randrange(2, 40)}笔，挤占了项目支出，影响项目进度。"
    )
    return (
        f"{number + 1:06d}",
        f"样例市{2020 + number % 6}年度第{number // 500 + 1}号专项资金审计",
        unit,
        ("预算执行", "政府采购", "工程建设")[number % 3],
        f"第{number + 1}项问题：专项资金未按规定用途使用",
        story,
        round(chance.uniform(0.5, 9000), 2),
        ("立行立改", "分阶段整改", "持续整改")[number % 3],
        "归还原资金渠道，调整会计账目，完善审批制度并组织专题培训。",
        unit,
        f"人员{number % 997}",
        day.strftime("%Y.%m.%d") if number % 2 else day.isoformat(),
        ("未整改", "整改中", "已整改")[number % 3],
        f"已召开专题会议研究，完成第{number % 7 + 1}步工作，其余按计划推进。",
        f"备注{number % 1000}" if number % 4 else "",
    )


def _measure(what: str, path: Path, folder: Path) -> dict[str, Any]:
    """Run one measure in a process of its own, so that its peak memory is its own."""
    data = folder / what
    data.mkdir()
    environment = {**os.environ, "BIHUAN_DATA": str(data), "DJANGO_SETTINGS_MODULE": "bihuan.web.settings"}
    environment.pop("BIHUAN_DATABASE_URL", None)
    run = subprocess.run(
        [sys.executable, __file__, CHILD, what, path], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(run.stdout.splitlines()[-1])


def _floor(path: Path) -> dict[str, float]:
    began = time.perf_counter()
    rows = list(CalamineWorkbook.from_path(path).get_sheet_by_index(0).iter_rows())
    read = time.perf_counter()
    database = sqlite3.connect(Path(os.environ["BIHUAN_DATA"]) / "floor.sqlite3")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    names = ", ".join(f"c{number}" for number in range(len(COLUMNS)))
    database.execute(f"CREATE TABLE row (id INTEGER PRIMARY KEY, {names})")
    places = ", ".join("?" * len(COLUMNS))
    with database:
        database.executemany(f"INSERT INTO row ({names}) VALUES ({places})", rows[1:])
    return {"reading": read - began, "writing": time.perf_counter() - read}


def _product(path: Path) -> dict[str, float]:
    import django

    django.setup()
    from django.core.management import call_command

    from bihuan.intake.commit import commit
    from bihuan.intake.opening import Asked, read_file, store
    from bihuan.ledger.models import Matter
    from bihuan.ledger.search_index import finish

    call_command("migrate", verbosity=0, skip_checks=True)
    post, now = _city(), datetime.now(UTC)
    longest = [0.0]
    began = time.perf_counter()
    asked = Asked(path, path.name, "audit_rectification", post, "bench", now)
    sha256, reading = read_file(asked)
    read = time.perf_counter()
    intake = store(asked, sha256, reading)
    del reading
    stored = time.perf_counter()
    last = [stored]

    def told(_: Any) -> None:
        longest[0], last[0] = max(longest[0], time.perf_counter() - last[0]), time.perf_counter()

    made = commit(intake, post=post, account="bench", now=now, progress=told)
    ended = time.perf_counter()
    finish()
    indexed = time.perf_counter()
    if made.created != made.total or Matter.objects.count() != made.total:
        sys.exit(f"{made.created} of {made.total} rows were registered")
    return {
        "reading": read - began,
        "storing": stored - read,
        "registering": ended - stored,
        "indexing for search, apart": indexed - ended,
        "longest step": longest[0],
    }


def _city() -> Any:
    from bihuan.directory.models import Account, Post, Unit

    since = date(2020, 1, 1)
    top = Unit.objects.create(key="top", name="样例市人民政府", level=1, since=since)
    for number in range(1, UNITS + 1):
        Unit.objects.create(key=f"u{number}", name=f"样例市第{number:02d}局", level=2, parent=top, since=since)
    account = Account.objects.create(account="bench", name="bench")
    return Post.objects.create(key="bench", account=account, title="", roles=["supervisor"], since=since)


def _child(what: str, path: Path) -> None:
    began = time.perf_counter()
    parts = _floor(path) if what == "floor" else _product(path)
    seconds = sum(value for key, value in parts.items() if key in ("reading", "writing", "storing", "registering"))
    told = {
        "what": what,
        "seconds": seconds,
        "whole": time.perf_counter() - began,
        "cpu": _cpu(),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "children": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        "parts": ", ".join(f"{key} {value:.1f}" for key, value in parts.items()),
    }
    print(json.dumps(told))


def _cpu() -> float:
    """Seconds of processor time, the children's included: what a busy machine inflates least."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    if sys.argv[1:2] == [CHILD]:
        _child(sys.argv[2], Path(sys.argv[3]))
    else:
        main()
