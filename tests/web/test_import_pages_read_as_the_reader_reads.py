"""A messy ledger goes in by the pages as the reader understands it; again, and nothing is new."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from bihuan.directory.calendars import load_calendar
from bihuan.directory.organisation import Organisation
from bihuan.intake.contents import problems_of, values_of
from bihuan.intake.layouts import layout_of
from bihuan.intake.models import IntakeRow
from bihuan.intake.reading import Reading, read_ledger
from bihuan.intake.unit_names import unit_index
from bihuan.ledger.days import today
from bihuan.ledger.fold import load_state
from bihuan.ledger.models import Matter
from bihuan.mechanism.state import State
from city import City
from import_desk import LEDGERS, committed, counts, load_units, opened

MESSY = sorted(path for path in LEDGERS.iterdir() if path.name[:2] in ("a1", "a4", "a5", "b2"))
A1 = LEDGERS / "a1_two_line_header_merged"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.BIHUAN_INTAKE = tmp_path / "intake"


@pytest.fixture
def enter(open_page: Callable[..., Any], live_server: Any, city: City) -> Callable[..., Any]:
    """Open a browser for one of the cast and sign in by typing."""

    def open_for(account: str, **options: Any) -> Any:
        page = open_page(base_url=live_server.url, **options)
        page.goto("/sign-in/")
        page.get_by_label("账号").fill(account)
        page.get_by_label("密码").fill("test-only-passphrase")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="我的工作台").wait_for()
        return page

    return open_for


def ledger_file(folder: Path) -> Path:
    return next(path for path in folder.iterdir() if path.stem == "ledger")


def as_read(path: Path) -> Reading:
    """Read the file with the reader alone, as of today."""
    return read_ledger(
        path,
        units=unit_index(Organisation.on(today())),
        layout=layout_of("audit_rectification"),
        reference_day=today(),
        count_working_days=load_calendar().add_working_days,
    )


@pytest.mark.either_engine
@pytest.mark.parametrize("folder", MESSY, ids=lambda folder: folder.name)
def test_every_row_is_shown_as_the_reader_understood_it(folder: Path, city: City, signed_in: Any) -> None:
    load_units(folder / "units.csv")
    intake = opened(signed_in("clerk"), ledger_file(folder))
    reading = as_read(ledger_file(folder))
    assert reading.sheets
    for number, sheet in enumerate(reading.sheets):
        kept = {row.row: row for row in intake.rows.filter(sheet_no=number)}
        assert kept.keys() == {row.row for row in sheet.rows}
        for row in sheet.rows:
            assert kept[row.row].read_as == row.status, row.row
            assert [(each.field, str(each.message)) for each in problems_of(kept[row.row])] == [
                (each.field, str(each.message)) for each in row.problems
            ]
            values = values_of(kept[row.row])
            assert row.status == "skipped" or {key: values[key] for key in row.values} == row.values


def test_a_ready_row_becomes_the_matter_that_it_describes(city: City, signed_in: Any) -> None:
    load_units(A1 / "units.csv")
    intake = opened(signed_in("clerk"), ledger_file(A1))
    read = {row.row: values_of(row) for row in intake.rows.filter(status="ready")}
    signed_in("clerk").post(f"/import/{intake.pk}/commit/")
    made = {row.row: load_state(row.matter.state) for row in intake.rows.filter(status="created")}
    assert made.keys() == read.keys() and made
    for row, state in made.items():
        assert agrees(state, read[row]), row


def agrees(state: State, read: dict[str, Any]) -> bool:
    fen = state.values.get("amount")
    return (
        state.values.get("title") == read["title"]
        and state.values.get("description") == read["description"]
        and (state.assertion or None) == read["claimed_status"]
        and (None if fen is None else fen) == (None if read["amount"] is None else round(float(read["amount"]) * 100))
        and (read["due"] is None or str(state.due) == read["due"])
    )


def test_in_a_browser_from_the_file_to_the_ledger_and_a_second_time(city: City, enter: Any, signed_in: Any) -> None:
    load_units(A1 / "units.csv")
    page = enter("clerk")
    page.goto("/import/")
    page.set_input_files("#file", ledger_file(A1))
    page.get_by_role("button", name="读取文件").click()
    page.wait_for_selector("[data-ready]")
    assert Axe().run(page, options={"resultTypes": ["violations"]}).violations_count == 0
    ready = int(page.locator("[data-ready]").inner_text())
    rows = page.locator("#rows tbody tr")
    assert rows.count() == int(page.locator("[data-tab=waiting] strong").inner_text()) > 0
    assert "城管局" in rows.nth(1).inner_text(), "the problem is named with the text of its cell"
    page.locator("[data-tab=ready]").click()
    page.wait_for_selector('#rows tr[data-status="ready"]')
    assert rows.count() == ready > 0
    page.get_by_role("button", name=f"登记 {ready} 行").click()
    page.wait_for_selector("[data-count=created]")
    assert page.locator("[data-count=created] .count-number").inner_text() == str(ready) == str(Matter.objects.count())

    page.goto("/import/")
    page.set_input_files("#file", ledger_file(A1))
    page.get_by_role("button", name="读取文件").click()
    page.wait_for_selector("[data-ready]")
    page.locator(".commit-box .btn-primary").click()
    page.wait_for_selector("[data-count=created]")
    assert page.locator("[data-count=created] .count-number").inner_text() == "0"
    assert Matter.objects.count() == ready


def test_a_second_time_without_scripts(city: City, signed_in: Any) -> None:
    load_units(A1 / "units.csv")
    client = signed_in("clerk")
    first = counts(client, committed(client, ledger_file(A1)))
    again = counts(client, committed(client, ledger_file(A1)))
    assert first["created"] > 0 and first["waiting"] > 0
    assert again["created"] == again["waiting"] == again["differing"] == 0
    assert again["unchanged"] == first["created"] + first["waiting"]
    assert IntakeRow.objects.filter(status="waiting").count() == first["waiting"], "what waits, waits once"


@pytest.mark.parametrize("width", [360, 1280])
def test_the_pages_of_an_import_fit_and_can_be_read_by_everybody(
    width: int, city: City, enter: Any, signed_in: Any
) -> None:
    load_units(A1 / "units.csv")
    intake = committed(signed_in("clerk"), ledger_file(A1))
    waiting = intake.rows.filter(status="waiting").first()
    page = enter("clerk", viewport={"width": width, "height": 800})
    addresses = ["/import/", f"/import/{intake.pk}/", "/import/tray/", f"/import/rows/{waiting.pk}/"]
    addresses += [
        "/mechanisms/",
        "/mechanisms/audit_rectification/",
        "/units/",
        "/units/housing/",
        "/people/",
        "/registers/",
    ]
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, (address, found.generate_report())
