"""Dropping a file, being refused, and settling a row by keyboard alone, in a real browser."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bihuan.intake.models import Intake
from bihuan.ledger.models import Matter
from city import City
from clerks_table import Table, row
from import_desk import committed

DROP = """
async ({name, bytes}) => {
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(bytes)], name));
  for (const kind of ["dragenter", "dragover", "drop"])
    document.body.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: transfer}));
}
"""


@pytest.fixture
def table(city: City, tmp_path: Path, settings: Any) -> Table:
    settings.BIHUAN_INTAKE = tmp_path / "intake"
    return Table(city, tmp_path)


@pytest.fixture
def clerk(table: Table, open_page: Callable[..., Any], live_server: Any) -> Any:
    page = open_page(base_url=live_server.url)
    page.goto("/sign-in/")
    page.get_by_label("账号").fill("clerk")
    page.get_by_label("密码").fill("test-only-passphrase")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="我的工作台").wait_for()
    return page


def test_a_file_dropped_anywhere_on_the_page_is_read(table: Table, clerk: Any) -> None:
    path = table.write([row(1), row(2)])
    clerk.goto("/import/")
    clerk.evaluate(DROP, {"name": path.name, "bytes": list(path.read_bytes())})
    clerk.wait_for_selector("[data-ready]")
    assert clerk.locator("[data-ready]").inner_text() == "2"
    assert clerk.locator("h1").inner_text() == path.name


def test_a_refused_file_is_told_on_the_page_and_the_form_stays(table: Table, clerk: Any) -> None:
    path = table.folder / "信.csv"
    path.write_text("各位同事：\n请于周五前报送。\n", encoding="utf-8")
    clerk.goto("/import/")
    clerk.get_by_text("更多选项").click()
    clerk.get_by_label("未写年份时参照的日期").fill("2026-03-01")
    clerk.set_input_files("#file", path)
    clerk.get_by_role("button", name="读取文件").click()
    clerk.wait_for_selector("[data-refused]")
    assert "没有台账" in clerk.locator("[data-refused]").inner_text()
    assert clerk.get_by_label("未写年份时参照的日期").input_value() == "2026-03-01"
    assert clerk.get_by_role("button", name="读取文件").is_enabled()
    assert not Intake.objects.exists()


def test_a_commit_of_many_steps_runs_through_by_itself(table: Table, clerk: Any) -> None:
    clerk.goto("/import/")
    clerk.set_input_files("#file", table.write([row(number) for number in range(1, 181)]))
    clerk.get_by_role("button", name="读取文件").click()
    clerk.wait_for_selector("[data-ready]")
    Intake.objects.update(pace=50)
    clerk.get_by_role("button", name="登记 180 行").click()
    clerk.wait_for_selector("#progress progress")
    clerk.wait_for_selector("[data-count=created]")
    assert clerk.locator("[data-count=created] .count-number").inner_text() == "180"


def test_a_row_is_settled_by_keyboard_alone(table: Table, clerk: Any, signed_in: Callable[..., Client]) -> None:
    committed(signed_in("clerk"), table.write([row(1, unit="住建居")]))
    clerk.goto("/import/tray/")
    clerk.get_by_role("link", name="逐行处理").focus()
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("[data-field=responsible_unit]")
    clerk.get_by_label("责任单位").first.focus()
    clerk.keyboard.type("澄湖市住房和城乡建设局")
    clerk.keyboard.press("Enter")
    clerk.get_by_text("已登记，事项编号").wait_for()
    assert Matter.objects.get().responsible.key == "housing"
